"""The network of offices as the store remembers it, loaded to be judged; it decides and writes nothing."""

from __future__ import annotations

from datetime import date, datetime

from domain.compliance.network import Network
from domain.compliance.sweep import OfficeState
from domain.organization.office import Office, Organization
from domain.plans.project import Project, Stage
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tasks.context import KEPT, current_application, evaluator


def participants(organization: Organization, day: date) -> tuple[Office, ...]:
    """The offices in which interactions may happen on that day and that plan in a tool, by id."""
    offices = organization.offices
    return tuple(
        offices[key]
        for key in sorted(offices)
        if organization.takes_part(key, day) and organization.partition(key) is not None
    )


def participating() -> tuple[str, ...]:
    """The ids of the offices that take part today, for a flow's tasks."""
    application = current_application()
    return tuple(o.id for o in participants(application.organization, application.clock.now().date()))


def load_network(unit: Unit, rulebook: Rulebook, now: datetime, only: str | None = None) -> Network:
    """The network as it was last read: the offices that take part, or `only` one of them.

    What was judged in the network loaded before, of the same rulebook's organization at the same time, is
    not judged anew.
    """
    taking_part = {office.id for office in participants(rulebook.organization, now.date())}
    found = unit.readings.latest().values() if only is None else filter(None, [unit.readings.of(only)])
    tools = {reading.office: reading.tool for reading in found if reading.tool is not None}
    stored = [s for s in unit.plans.current(only) if s.plan.project.office in taking_part]
    digests = {s.plan.project.key: s.digest for s in stored}
    plans = [s.plan for s in stored]
    questions = unit.questions.of(only)
    network = Network(rulebook, plans, tools, questions, now, digests, KEPT.network, evaluator())
    if only is None:
        KEPT.network = network
    return network


def office_states(unit: Unit, network: Network) -> tuple[OfficeState, ...]:
    """How each office was last read. One is stale when it could not be, or missed its own cut-off.

    Missed means that not one of its open projects was reported for the period of the last cut-off.
    """
    readings = unit.readings.latest()
    going_on: dict[str, list[Project]] = {}
    for plan in network.plans.values():
        if plan.project.stage is not Stage.CLOSED:
            going_on.setdefault(plan.project.office, []).append(plan.project)
    states = []
    for office in participants(network.organization, network.now.date()):
        reading = readings.get(office.id)
        open_projects = going_on.get(office.id, [])
        on_time = any(
            p.last_report is not None
            and not office.rhythm.is_stale(p.last_report, network.now, office.calendar)
            for p in open_projects
        )
        unread = reading is None or reading.ok_at is None or bool(reading.problem)
        states.append(
            OfficeState(
                office.id,
                reading.ok_at if reading else None,
                stale=unread or (bool(open_projects) and not on_time),
                problem=reading.problem if reading else "never read",
                unreadable=len(reading.unreadable) if reading else 0,
            )
        )
    return tuple(states)

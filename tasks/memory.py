"""What tasks share: the application of this process, and the network as the store remembers it.

Plain functions, no tasks: they load and hand over; they decide nothing.
"""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING, cast

from prefect.blocks.system import Secret

from config.settings import read_settings
from config.wiring import Application, wire
from connectors.protocol import Connector
from domain.canonical import digest
from domain.compliance.network import Network
from domain.compliance.sweep import OfficeState
from domain.ledger.chain import Event
from domain.organization.actions import Account, Actor, Permission, Sender
from domain.organization.office import Office
from domain.rollouts.rollout import Adoption, Standing
from domain.standards.checks.answers import Evaluator
from domain.standards.standard import Version
from domain.standards.verdict import Result
from tasks.evaluator import ProcessEvaluator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.unit import Unit


class Kept:
    """What a process keeps from one task to the next, so that nothing is made or read twice in it."""

    def __init__(self) -> None:
        """Nothing is made before it is asked for."""
        self.connectors: dict[str, Mapping[str, Connector]] = {}
        self.network: Network | None = None
        """All offices as they were loaded last, so that the next network judges only what changed."""

    @cached_property
    def application(self) -> Application:
        """The organization, store, clock and connectors, as the settings say."""
        return wire(read_settings())

    @cached_property
    def evaluator(self) -> ProcessEvaluator:
        """What runs the rules' expressions: a process of its own, which may be ended."""
        return ProcessEvaluator()

    def forget(self) -> None:
        """Keep nothing any more, as a new process."""
        self.connectors, self.network = {}, None
        for made in ("application", "evaluator"):
            self.__dict__.pop(made, None)


KEPT = Kept()


def current_application() -> Application:
    """The application of this process."""
    return KEPT.application


def evaluator() -> Evaluator:
    """What runs the rules' expressions for this process."""
    return KEPT.evaluator


def connectors(office: str) -> Mapping[str, Connector]:
    """An office's connectors by their tools."""
    if office not in KEPT.connectors:
        KEPT.connectors[office] = current_application().connectors(office, _block)
    return KEPT.connectors[office]


def connector(office: str) -> Connector:
    """The connector to the tool of an office in which we write and ask. Raises KeyError without one."""
    made = connectors(office)
    if not made:
        raise KeyError(f"{office} has no part of any tool")
    return next(iter(made.values()))


def _block(name: str) -> str:
    """What a Secret block of Prefect holds. Raises ValueError naming one that is not there."""
    found = cast("Secret[str]", asyncio.run(Secret.aload(name)))
    return str(found.get())


def participants(application: Application) -> tuple[Office, ...]:
    """The offices in which interactions may happen today and that plan in a tool, by id."""
    today = application.clock.now().date()
    offices = application.organization.offices
    return tuple(
        offices[key]
        for key in sorted(offices)
        if application.organization.takes_part(key, today)
        and application.organization.partition(key) is not None
    )


def load_network(application: Application, unit: Unit, only: str | None = None) -> Network:
    """The network as it was last read: the offices that take part, or `only` one of them."""
    taking_part = {office.id for office in participants(application)}
    readings = unit.readings.latest()
    tools = {key: reading.tool for key, reading in readings.items() if reading.tool is not None}
    stored = [s for s in unit.plans.current(only) if s.plan.project.office in taking_part]
    digests = {s.plan.project.key: s.digest for s in stored}
    plans = [s.plan for s in stored]
    network = Network(
        application.rulebook,
        plans,
        tools,
        unit.questions.of(),
        application.clock.now(),
        digests,
        KEPT.network,
        evaluator(),
    )
    if only is None:
        KEPT.network = network
    return network


def office_states(application: Application, unit: Unit, network: Network) -> tuple[OfficeState, ...]:
    """How each office was last read. One is stale when it could not be, or missed its own cut-off.

    Missed means that not one of its open projects was reported for the period of the last cut-off.
    """
    readings = unit.readings.latest()
    states = []
    for office in participants(application):
        reading = readings.get(office.id)
        open_projects = [
            p.project
            for p in network.plans.values()
            if p.project.office == office.id and p.project.stage != "closed"
        ]
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


def version_of(unit: Unit, standard: str, version: str) -> Version:
    """A published version. Raises LookupError, saying what to do, when it was not published."""
    found = unit.versions.get(standard, version)
    if found is None:
        raise LookupError(f"{standard}/{version} is not published: run publish-standard first")
    return found


def previous_of(unit: Unit, version: Version) -> Version | None:
    """The version before, when it was published."""
    return unit.versions.get(version.standard, version.previous) if version.previous else None


def grandfathered(adoptions: tuple[Adoption, ...]) -> frozenset[str]:
    """The projects that finish under the version before."""
    return frozenset(a.project for a in adoptions if a.standing is Standing.GRANDFATHERED)


def record(
    application: Application,
    unit: Unit,
    kind: str,
    subject: str,
    *,
    detail: Mapping[str, object],
    person: str = "",
    why: str = "",
    facts: str = "",
    version: str = "",
) -> None:
    """Append a decision or change to the ledger; a person stands there by pseudonym, a reason by its hash."""
    actor = unit.pseudonyms.of(person) if person else "system"
    told = {**detail, "reason": digest(why)} if why else detail
    unit.ledger.append(Event(kind, subject, actor, application.clock.now(), told, facts, version))


def record_incidents(application: Application, unit: Unit, network: Network, version: Version) -> int:
    """Note the checks that had to be ended, and how many there are; each once."""
    for incident in network.incidents:
        detail = {"project": incident.project, "why": incident.why}
        record(application, unit, "incident", incident.rule, detail=detail, version=version.id)
    count = len(network.incidents)
    network.incidents.clear()
    return count


def entry(actor: Actor, by: Permission) -> dict[str, object]:
    """How a decision came in, for the ledger: as entered or not, from which source, by which role."""
    entered = bool(actor.person) and not isinstance(actor, Account)
    found: dict[str, object] = {"entered_by_operator": entered}
    if isinstance(actor, Sender):
        found["source"] = actor.source.id
    if by.role is not None:
        found["role"] = str(by.role)
    if by.office:
        found["of"] = by.office
    return found


def band_counts(bands: Mapping[Result, int]) -> Mapping[str, int]:
    """Bands as they are printed, those without projects left out."""
    return {str(band): count for band, count in bands.items() if count}

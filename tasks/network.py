"""The network of offices as the store remembers it, loaded to be judged; it decides and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from domain.compliance.glossary import office_state
from domain.compliance.network import Network
from domain.compliance.sweep import OfficeState
from domain.deployments.sharing import Deployments, Reading, reading_of
from domain.deviations.deviation import Deviation
from domain.deviations.granting import with_granted
from domain.deviations.register import Register
from domain.ids import ProjectKey
from domain.organization.office import Office, Organization
from domain.plans.localization.derivation import Derivation, GroundKind
from domain.plans.not_read import NotRead
from domain.plans.project import Project
from domain.standards.tailoring import Rulebook
from store.plans import StoredPlan
from store.unit import Unit
from tasks.context import KEPT, Loaded, current_application, evaluator
from tasks.transactions import basis_of


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


def with_local_plans() -> Mapping[str, frozenset[str]]:
    """The offices of which local plans alone are read today, with the keys of the projects that hold them.

    They take part in no network: nothing else of them is read, and none of it is judged or counted.
    """
    application = current_application()
    organization, at = application.organization, application.clock.now()
    found: dict[str, frozenset[str]] = {}
    with application.store.read() as unit:
        known = unit.deployments.all()
        for office in organization.offices:
            local = reading_of(office, known, organization, at) is Reading.LOCAL_PLAN
            if not local or organization.partition(office) is None:
                continue
            plans = (each for each in unit.derivations.of_office(office) if each.project)
            keys = frozenset(
                str(ProjectKey(office, each.project)) for each in plans if _stands(each, known, at)
            )
            if keys:
                found[office] = keys
    return found


def _stands(derivation: Derivation, known: Deployments, at: datetime) -> bool:
    """Whether the deployment by which the office took the template still stands, if it was one."""
    if derivation.ground.kind is not GroundKind.DEPLOYMENT:
        return True
    deployment = known.get(derivation.ground.by)
    office = derivation.id.office
    return deployment is not None and deployment.is_open(at) and office in deployment.accepted()


def load_network(unit: Unit, rulebook: Rulebook, now: datetime) -> Network:
    """The network as it was last read: the offices that take part, ready to be judged.

    It is loaded once in a process for as long as nothing changes that it is judged by; where something
    does, only that is read and judged anew.
    """
    return load(unit, rulebook, now).network


def load(unit: Unit, rulebook: Rulebook, now: datetime) -> Loaded:
    """As `load_network`, with what it is judged by."""
    basis, before = basis_of(unit), KEPT.loaded
    deviations = unit.deviations.standing(now.date())
    rulebook = with_granted(rulebook, deviations, now)
    if before is not None and before.basis == basis and before.network.serves(rulebook, now):
        return before
    stored = unit.plans.current(known=before.plans if before else {})
    network = _network(unit, rulebook, now, stored, None, deviations)
    KEPT.loaded = Loaded(network, basis, {s.digest: s.plan for s in stored})
    return KEPT.loaded


def load_office(unit: Unit, rulebook: Rulebook, now: datetime, office: str) -> Network:
    """One office's part of the network; what was judged when all of it was loaded is not judged anew."""
    before = KEPT.loaded
    deviations = unit.deviations.standing(now.date())
    stored = unit.plans.current(office, before.plans if before else {})
    return _network(unit, with_granted(rulebook, deviations, now), now, stored, office, deviations)


def _network(
    unit: Unit,
    rulebook: Rulebook,
    now: datetime,
    stored: Iterable[StoredPlan],
    only: str | None,
    deviations: Iterable[Deviation],
) -> Network:
    taking_part = {office.id for office in participants(rulebook.organization, now.date())}
    found = unit.readings.latest().values() if only is None else filter(None, [unit.readings.of(only)])
    tools = {reading.office: reading.tool for reading in found if reading.tool is not None}
    counted = [s for s in stored if s.plan.project.office in taking_part]
    digests = {s.plan.project.key: s.digest for s in counted}
    before = KEPT.loaded.network if KEPT.loaded else None
    plans, questions = [s.plan for s in counted], unit.questions.of(only)
    register = Register(deviations, now)
    return Network(rulebook, plans, tools, questions, now, digests, before, evaluator(), register)


def office_states(unit: Unit, network: Network) -> tuple[OfficeState, ...]:
    """How each office stands: when it was read, and whether it is stale."""
    readings = unit.readings.latest()
    projects: dict[str, list[Project]] = {}
    for plan in network.plans.values():
        projects.setdefault(plan.project.office, []).append(plan.project)
    states = []
    for office in participants(network.organization, network.now.date()):
        reading = readings.get(office.id)
        states.append(
            office_state(
                office,
                projects.get(office.id, ()),
                network.now,
                read_at=reading.ok_at if reading else None,
                problem=reading.problem if reading else "never read",
                unreadable=len(reading.unreadable) if reading else 0,
                failure=reading.failure if reading else NotRead.NEVER,
            )
        )
    return tuple(states)

"""Simulate and approve a rollout: its manifest is fixed, and a named person approves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from prefect import task
from pydantic import TypeAdapter

from config.deciding import law_of
from config.envelope import referred
from config.fact_tables import table_of
from config.permitting import permitted
from config.rollouts import RolloutPlan
from config.voting import approving, asked, take_vote
from config.wiring import Clock
from domain.compliance.network import Network
from domain.decisions.request import Channel, Request, RequestState
from domain.ids import VersionId
from domain.organization.actions import Account, Action, Actor, Operator, Permission
from domain.organization.office import Organization
from domain.outcomes.rollouts import Approved, Effort, ForeseenProjects, Simulated
from domain.questions.needed_facts import gaps
from domain.rollouts.asking import entered_request
from domain.rollouts.blackouts import met
from domain.rollouts.foreseen_deviations import deviations_met
from domain.rollouts.progress import first_adoption
from domain.rollouts.rollout import (
    Manifest,
    Member,
    Rollout,
    RolloutState,
    WaveState,
    leader_of_waves,
)
from domain.rollouts.simulation import Simulation, foresee
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tasks.answering import actor_of
from tasks.choosing import person_of, simulation_of
from tasks.context import current_application
from tasks.network import load
from tasks.recording import entry, record, record_incidents
from tasks.transactions import Transactions, short, until_it_holds
from tasks.versions import previous_of, version_of

MANIFEST = TypeAdapter(Manifest)


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved, by which role of which office, on which day, and why."""

    actor: Actor
    by: Permission
    day: date
    why: str = ""


@task(name="simulate-rollout", task_run_name="simulate {version}")
def simulate_rollout(version: str, why: str = "") -> Simulated:
    """Simulate what the planned rollout of `standard/version` would do to the network, as it was last read.

    It judges as the rollout itself would; nothing is written to any tool. Raises LookupError where the
    version is not published or no rollout of it is planned, PermissionError for a message's source that may
    not ask for it, TryLater where the network changes again and again.
    """
    application = current_application()
    store, clock = application.store, application.clock
    plan = planned(application.rollouts, version)
    asking: Actor = Operator()
    if referred(why):
        with store.read() as unit:
            asking = actor_of(unit, application.organization.sources, why, {"version": version})
    leader = leader_of_waves(application.organization, plan.waves)
    permitted(application.organization, store, clock, asking, Action.SIMULATE, leader=leader, subject=version)
    simulation, published = _simulated(short(store), clock, application.rulebook, plan)
    load = simulation.effort({rule.uid: rule for rule in published.rules})
    effort = tuple(Effort(office, role, items) for (office, role), items in sorted(load.items()))
    counts = ForeseenProjects(**simulation.counts())
    digest = simulation.manifest.digest
    rows = table_of(published, application.organization, [o for wave in plan.waves for o in wave.offices])
    waves = (application.organization, plan.waves, max(rule.days for rule in published.rules))
    now = clock.now()
    with store.read() as unit:
        standing = [d for d in unit.deviations.standing(now.date()) if d.standard == plan.standard]
    return Simulated(
        plan.id, version, digest, counts, _per_office(simulation), effort, gaps(rows), tuple(met(*waves)),
        deviations_met(*waves, standing, now),
    )  # fmt: skip


def _simulated(
    transactions: Transactions, clock: Clock, rulebook: Rulebook, plan: RolloutPlan
) -> tuple[Simulation, Version]:
    """Judge, and store what is foreseen."""

    def attempt() -> tuple[Simulation, Version]:
        with transactions.read() as unit:
            loaded, published = (
                load(unit, rulebook, clock.now()),
                version_of(unit, plan.standard, plan.version),
            )
            basis, network = loaded.basis, loaded.network
            simulation = simulate(plan, published, previous_of(unit, published), network)
        with transactions.write() as unit:
            basis.check(unit)
            unit.simulations.add(simulation.manifest.digest, asdict(simulation), clock.now())
            record_incidents(unit, clock, network)
        return simulation, published

    return until_it_holds(attempt)


def simulate(plan: RolloutPlan, version: Version, previous: Version | None, network: Network) -> Simulation:
    """Every open project of the waves' offices as a member, with what is foreseen for it."""
    waves = {office: wave.number for wave in plan.waves for office in wave.offices}
    members = [
        Member(key, plan_of.project.office, waves[plan_of.project.office])
        for key, plan_of in network.plans.items()
        if plan_of.project.office in waves and not network.closed(key)
    ]
    today = leader_of_waves(network.organization, plan.waves).calendar.local_date(network.now)
    manifest = Manifest(version.standard, version.version, version.digest, today, plan.waves, tuple(members))
    keys, foreseen = [member.project for member in members], []
    for each in (version, previous):
        if each is not None:
            network.judge(keys, each)
    for member in members:
        new = network.judged(member.project, version)
        old = network.judged(member.project, previous).band if previous else None
        place = (member.project, member.office, member.wave)
        leeway = network.leeway(member.project, version)
        foreseen.append(foresee(place, old, new.band, new.verdicts, leeway, new.position))
    return Simulation(manifest, tuple(foreseen))


def planned(plans: Sequence[RolloutPlan], version: str) -> RolloutPlan:
    """The organization's rollout plan for `standard/version`. Raises LookupError without one."""
    for plan in plans:
        if plan.target == version:
            return plan
    known = ", ".join(p.target for p in plans) or "none"
    raise LookupError(f"no rollout of {version} is planned in rollouts/; planned are: {known}")


def _per_office(simulation: Simulation) -> Mapping[str, ForeseenProjects]:
    offices = sorted({f.office for f in simulation.foreseen})
    parts = {
        office: replace(simulation, foreseen=tuple(f for f in simulation.foreseen if f.office == office))
        for office in offices
    }
    return {office: ForeseenProjects(**part.counts()) for office, part in parts.items()}


@task(name="approve-rollout")
def approve_rollout(digest: str, approved_by: str, why: str, *, dry_run: bool) -> Approved:
    """Begin the rollout that was simulated under this name or digest, approved by a named person.

    Refuses an unknown digest, a person without the role to approve, a version that changed, a second
    rollout of one version with another manifest, and decisions entered by an operator where the
    organization does not permit them. Approving the same manifest again changes nothing.
    """
    application = current_application()
    store, clock = application.store, application.clock
    with store.read() as unit:
        manifest = simulated_manifest(unit, simulation_of(unit, digest))
        actor, organization = Operator(person_of(unit, approved_by)), application.organization
    plan = planned(application.rollouts, str(VersionId(manifest.standard, manifest.version)))
    leader = leader_of_waves(organization, plan.waves)
    by = permitted(
        organization, store, clock, actor, Action.APPROVE, leader=leader, subject=plan.id, why=why,
        dry_run=dry_run,
    )  # fmt: skip
    with store.begin() as unit:
        today = leader.calendar.local_date(clock.now())
        approval = Approval(actor, by, today, why)
        request = entered_request(plan.id, manifest, leader.id, clock.now())
        missing = _decide(unit, clock, application.organization, request, actor)
        new = begin(unit, clock, plan, manifest, approval) if not missing else False
        if not dry_run:
            unit.commit()
    return Approved(plan.id, len(manifest.members), len(manifest.waves), new, by, dry_run, missing)


def _decide(unit: Unit, clock: Clock, organization: Organization, request: Request, actor: Operator) -> int:
    """Take what an operator entered as a vote; how many more people have to approve.

    Raises PermissionError where it decides nothing by law.
    """
    law, there = law_of(unit, organization, clock.now()), asked(unit, request)
    judged = take_vote(unit, law, approving(there, actor.person, Channel.ENTERED, clock.now()))
    if actor.person in {vote.person for vote in judged.counted} and not judged.decided:
        return judged.needed - judged.approvals
    if judged.request.state is not RequestState.APPROVED:
        why = (
            ", ".join(why.replace("_", " ") for _, why in judged.uncounted) or f"it is {judged.request.state}"
        )
        raise PermissionError(f"the approval of {request.subject} does not count: {why}")
    return 0


def begin(unit: Unit, clock: Clock, plan: RolloutPlan, manifest: Manifest, approval: Approval) -> bool:
    """Begin the planned rollout for exactly this manifest, as it was approved; whether it is new.

    Raises ValueError for a version that was changed.
    """
    actor, version = approval.actor, unchanged(unit, manifest)
    waves = {wave.number: WaveState.PLANNED for wave in manifest.waves}
    rollout = Rollout(
        plan.id, manifest.summary, RolloutState.RUNNING, actor.person, entered=not isinstance(actor, Account),
        reason=approval.why, approved_on=approval.day, waves=waves,
    )  # fmt: skip
    if not unit.rollouts.add(rollout, manifest.members):
        return False
    for member in manifest.members:
        unit.adoptions.save(rollout.id, first_adoption(member, rollout))
    found = manifest.digest
    detail = {"manifest": found, "members": len(manifest.members), **entry(actor, approval.by)}
    record(
        unit, clock, "approval", rollout.id, detail=detail, person=actor.person, why=approval.why,
        facts=found, version=version.id,
    )  # fmt: skip
    return True


def unchanged(unit: Unit, manifest: Manifest) -> Version:
    """The published version of a manifest. Raises ValueError when it is not the one that was simulated."""
    version = version_of(unit, manifest.standard, manifest.version)
    if version.digest != manifest.version_digest:
        raise ValueError(f"{version.id} is not the version that was simulated: simulate it again")
    return version


def simulated_manifest(unit: Unit, digest: str) -> Manifest:
    """The manifest that was simulated under this digest. Raises LookupError for any other digest."""
    document = unit.simulations.get(digest)
    if document is None:
        raise LookupError(
            f"no simulation has the digest {digest[:12]}: run simulate-standard and give its digest"
        )
    manifest = MANIFEST.validate_python(document["manifest"])
    if manifest.digest != digest:
        raise ValueError(f"the simulation {digest[:12]} was changed after it was stored")
    return manifest

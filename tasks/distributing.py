"""Put a local plan into its office's tool: tasks, then links, in parts, each through an intent.

What was begun is completed by running it again. What stands there is the office's: nothing of it is written
again. Refuses to start where the tool, the access or the project do not permit it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from prefect import task

from config.permitting import permitted as may
from config.wiring import Application
from connectors.errors import Refused
from connectors.unforeseen import one_offices
from domain.delivery.distribution import Stage
from domain.delivery.wanted import WantedKind
from domain.ids import Subject
from domain.organization.actions import Action, Permission
from domain.organization.office import Conflict
from domain.outcomes.distributing import PlanDistributed
from domain.plans.certificate import Fate
from store.errors import StoreError
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import connector, current_application
from tasks.delivering import Delivered, Delivery, deliver_besides
from tasks.keeping import SoleWriter, sole_writer
from tasks.plan_targets import PlanTarget, check_target, derivation_of
from tasks.recording import entry, record

PART = 25
"""How many tasks of a tracker are put at a time, so that a run shows how far it is."""


@dataclass(frozen=True, slots=True)
class PartPut:
    """What one part of a distribution did, and how far all of it is."""

    outcome: PlanDistributed
    more: bool
    """Whether something is left that this run may still put."""
    refused: tuple[str, ...] = field(default=(), repr=False)
    """The keys that the tool did not take in this run."""


@task(name="foresee-distribution", task_run_name="foresee {derivation}")
def foresee(derivation: str, person: str, why: str) -> PlanDistributed:
    """What a distribution would do: certificate, calls and the least time; nothing is written.

    Raises LookupError, ValueError, PermissionError and the tool's errors; each says what to do.
    """
    application = current_application()
    target = _target(application, derivation)
    by, _ = _permitted(application, target, person, why, dry_run=True)
    with one_offices(target.project.office, passing=StoreError):
        reading = target.tool.read()
        check_target(application.organization, target, reading)
        with application.store.read() as unit:
            at = target.stage(unit, reading)
    left = {each.key for each in at.next}
    wanted = [each for each in target.fitted.wanted if each.key in left]
    done = deliver_besides(delivery_of(application, target), wanted, None)
    if done.problem:
        raise Refused(done.problem)
    outcome = _outcome(target, at, by, dry_run=True)
    return replace(outcome, calls=len(done.calls), seconds=done.seconds, left=done.held)


@task(name="put-plan", task_run_name="put {derivation}")
def put_part(derivation: str, person: str, why: str, skip: tuple[str, ...]) -> PartPut:
    """Put the next part of a plan into its tool, without `skip`; every part begins with what stands there.

    Raises LookupError, ValueError, PermissionError and the tool's errors; each says what to do, and what was
    put is noted.
    """
    application = current_application()
    target = _target(application, derivation)
    by, detail = _permitted(application, target, person, why, dry_run=False)
    store, office = application.store, target.project.office
    with sole_writer(store, application.machine, office) as writer:
        with one_offices(office, passing=StoreError):
            before = _looked(application, target, writer)
        chunk = [each for each in before.next if each.key not in skip]
        chunk = chunk if target.tool.plan_limits.whole else chunk[:PART]
        done = deliver_besides(delivery_of(application, target), chunk, writer) if chunk else None
        with one_offices(office, passing=StoreError):
            after = _looked(application, target, writer) if chunk else before
        with store.begin() as unit:
            writer.check(unit)
            held = _note_held(unit, office, done)
            if _note(unit, application, target, after, detail) or held:
                unit.commit()
    return _part(target, by, (before, after), done, skip)


def _target(application: Application, text: str) -> PlanTarget:
    with application.store.read() as unit:
        derivation = derivation_of(unit, text)
    if application.organization.partition(derivation.id.office) is None:
        raise LookupError(
            f"tools.yaml: {derivation.id.office} has no partition of a tool; add one, or write the plan as a "
            "file with `interoffice plan write`"
        )
    target = PlanTarget(derivation, connector(derivation.id.office))
    _ = target.fitted  # a plan that cannot be placed is refused before its tool is asked
    return target


def _permitted(
    application: Application, target: PlanTarget, person: str, why: str, *, dry_run: bool
) -> tuple[Permission, dict[str, object]]:
    """By which role it is permitted, and how the ledger says so."""
    organization, store, clock = application.organization, application.store, application.clock
    with store.read() as unit:
        reason, actor = (
            reason_of(unit, organization.sources, why),
            actor_of(unit, organization.sources, person, {}),
        )
    office = organization.offices[target.project.office]
    by = may(
        organization, store, clock, actor, Action.DISTRIBUTE, leader=office, concerned=office.id,
        subject=str(target.derivation.id), why=reason, dry_run=dry_run,
    )  # fmt: skip
    return by, {"person": actor.person, "why": reason, **entry(actor, by)}


def delivery_of(application: Application, target: PlanTarget) -> Delivery:
    """What a delivery of a plan works with: where the office changed a field, its value stays."""
    calendar = application.organization.offices[target.project.office].calendar
    return Delivery(
        target.tool, application.store, application.clock, application.machine, Conflict.THEIRS, calendar
    )


def _looked(application: Application, target: PlanTarget, writer: SoleWriter) -> Stage:
    """How far it is, by the tool; what was sent, is there and was not noted is noted."""
    reading = target.tool.read()
    check_target(application.organization, target, reading)
    keys = [each.key for each in target.fitted.wanted]
    with application.store.begin() as unit:
        writer.check(unit)
        sent = [key for key in keys if unit.intents.get(key) is not None]
        if target.note_found(unit, target.there(reading, sent)):
            unit.commit()
    with application.store.read() as unit:
        return target.stage(unit, reading)


def _note_held(unit: Unit, office: str, done: Delivered | None) -> bool:
    """Store which tasks the tool did not take, and why; what else is held of the office stays."""
    others = [each for each in unit.held.of(office) if each.kind is not WantedKind.TASK]
    return unit.held.replace(office, (*others, *(done.holding if done else ())))


def _note(
    unit: Unit, application: Application, target: PlanTarget, at: Stage, detail: dict[str, object]
) -> bool:
    """When all is there: which project holds the plan, its tasks' keys, and who had it put there; once."""
    derivation = target.derivation
    if at.waiting or derivation.project:
        return False
    gone = frozenset(at.removed)
    keys = {each.uid: w.key for each, w in zip(derivation.base.tasks, target.fitted.wanted, strict=True)}
    unit.derivations.place(derivation.id, {uid: key for uid, key in keys.items() if key not in gone})
    unit.derivations.hold(derivation.id, target.project.own)
    told = {name: value for name, value in detail.items() if name not in ("person", "why")}
    counts = {"tasks": at.tasks, "removed": len(gone), "lost": target.fitted.certificate.total(Fate.LOST)}
    record(
        unit, application.clock, "distribute", str(Subject(target.project.office, str(derivation.id))),
        detail={**counts, **told}, person=str(detail["person"]), why=str(detail["why"]),
        version=str(derivation.template),
    )  # fmt: skip
    return True


def _part(
    target: PlanTarget,
    by: Permission,
    at: tuple[Stage, Stage],
    done: Delivered | None,
    skip: Collection[str],
) -> PartPut:
    before, after = at
    outcome = _outcome(target, after, by, dry_run=False)
    if done is None:
        return PartPut(replace(outcome, left=len(skip)), more=False, refused=tuple(skip))
    if done.problem and not done.create + done.update:
        there = f"{after.placed} of {after.tasks} tasks are there with their links"
        raise Refused(f"{there}, and no more: {done.problem}; run it again, it goes on")
    refused = tuple(dict.fromkeys((*skip, *(each.key for each in done.holding))))
    outcome = replace(
        outcome,
        created=0 if before.linking else done.create,
        linked=done.update if before.linking else 0,
        left=len(refused),
        waiting=done.waiting,
        calls=len(done.calls),
        seconds=done.seconds,
    )
    stuck = not (done.create + done.update + done.same)
    more = any(each.key not in refused for each in after.next) and not stuck and not done.waiting
    return PartPut(outcome, more, refused)


def _outcome(target: PlanTarget, at: Stage, by: Permission, *, dry_run: bool) -> PlanDistributed:
    found = target.fitted.certificate
    return PlanDistributed(
        str(target.derivation.id), target.project.office, target.project.own, at.tasks, at.placed, by, dry_run,
        removed=len(at.removed),
        lost={each.field: each.lost for each in found.fields if each.lost},
        approximated={each.field: each.approximated for each in found.fields if each.approximated},
    )  # fmt: skip

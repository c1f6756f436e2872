"""Put a local plan into its office's tool: tasks, then links, in parts, each through an intent.

What was begun is completed by running it again. What stands there is the office's: nothing of it is written
again. Refuses to start where the tool, the access or the project do not permit it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from prefect import task

from config.local_plans import away_of
from config.permitting import permitted as may
from config.wiring import Clock
from connectors.errors import Refused
from connectors.unforeseen import one_offices
from domain.delivery.distribution import Stage
from domain.delivery.held import Cause
from domain.delivery.wanted import WantedKind
from domain.ids import ProjectKey, Subject
from domain.organization.actions import Action, Actor, Permission
from domain.organization.office import Conflict, Organization
from domain.outcomes.distributing import PlanDistributed
from domain.plans.certificate import Fate
from domain.plans.localization.derivation import Derivation
from domain.plans.project import Reading
from store import Store
from store.errors import StoreError
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import connector, current_application
from tasks.delivering import Delivered, Delivery, deliver_besides
from tasks.keeping import SoleWriter, sole_writer
from tasks.new_projects import check_access
from tasks.plan_projects import Asked, PlanProject
from tasks.plan_targets import PlanTarget, check_partition, check_target, derivation_of
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
    steps: int = 0
    """How many steps the whole plan takes."""
    steps_left: int = 0
    """How many of them are still to be done."""
    steps_done: int = 0
    """How many of them this part did."""


@task(name="foresee-distribution", task_run_name="foresee {derivation}")
def foresee(derivation: str, person: str, why: str) -> PlanDistributed:
    """What a distribution would do: certificate, calls and the least time; nothing is written.

    Raises LookupError, ValueError, PermissionError and the tool's errors; each says what to do.
    """
    application = current_application()
    organization, store = application.organization, application.store
    with store.read() as unit:
        found = derivation_of(unit, derivation)
        actor, reason = (
            actor_of(unit, organization.sources, person, {}),
            reason_of(unit, organization.sources, why),
        )
    target = PlanTarget(found, connector(check_partition(organization, found)))
    distribution = Distribution(target, organization, store, application.clock, application.machine)
    outcome = distribution.foreseen(distribution.permitted(actor, reason, dry_run=True))
    with store.read() as unit:
        return replace(outcome, away=len(away_of(application, unit, found)))


@task(name="put-plan", task_run_name="put {derivation}")
def put_part(derivation: str, person: str, why: str, skip: tuple[str, ...]) -> PartPut:
    """Put the next part of a plan into its tool, without `skip`; every part begins with what stands there.

    Raises LookupError, ValueError, PermissionError and the tool's errors; each says what to do, and what was
    put is noted.
    """
    application = current_application()
    organization, store = application.organization, application.store
    with store.read() as unit:
        found = derivation_of(unit, derivation)
        actor, reason = (
            actor_of(unit, organization.sources, person, {}),
            reason_of(unit, organization.sources, why),
        )
    target = PlanTarget(found, connector(check_partition(organization, found)))
    distribution = Distribution(target, organization, store, application.clock, application.machine)
    by = distribution.permitted(actor, reason, dry_run=False)
    with sole_writer(store, application.machine, target.project.office) as writer:
        return distribution.put(writer, Asked(actor, by, reason), skip)


@dataclass(frozen=True, slots=True)
class Distribution:
    """One plan that is put into one office's tool."""

    target: PlanTarget
    organization: Organization
    store: Store
    clock: Clock
    """The organization's time."""
    machine: Clock
    """The machine's time: for what a call may still be doing."""

    def permitted(self, actor: Actor, why: str, *, dry_run: bool) -> Permission:
        """By which role of the office it is permitted. Raises NotPermitted."""
        office = self.organization.offices[self.target.project.office]
        return may(
            self.organization, self.store, self.clock, actor, Action.DISTRIBUTE, leader=office,
            concerned=office.id, subject=str(self.target.derivation.id), why=why, dry_run=dry_run,
        )  # fmt: skip

    def foreseen(self, by: Permission) -> PlanDistributed:
        """What would be put there, with the tool's own calls, none of which is sent."""
        target, fit = self.target, self.target.fitted
        check_access(self.organization, target.tool, WantedKind.TASK, "give the office a file")
        if self._project.foreseen():
            return self._foreseen_new(by)
        with one_offices(target.project.office, passing=StoreError):
            reading, took = self._read()
            check_target(self.organization, target, reading)
            with self.store.read() as unit:
                at = target.stage(unit, target.looked(unit, reading))
        left = {each.key for each in at.next}
        wanted = [each for each in fit.wanted if each.key in left]
        done = deliver_besides(self._delivery, wanted, None, reading)
        if done.problem:
            raise Refused(_why(done))
        outcome = self._outcome(at, by, dry_run=True)
        calls = len(done.calls) + int(bool(wanted) and not at.linking and self._links_apart)
        about = calls * (done.pace or took)
        return replace(outcome, calls=calls, seconds=done.seconds, about=about, left=done.held)

    def _read(self) -> tuple[Reading, float]:
        """What the tool holds, and how many seconds it took to read it."""
        begun = self.machine.now()
        reading = self.target.tool.read()
        return reading, (self.machine.now() - begun).total_seconds()

    @property
    def _links_apart(self) -> bool:
        """Whether a file is saved once more for the links of the tasks."""
        return self.target.tool.plan_limits.whole and any(each.after for each in self.target.fitted.wanted)

    def _foreseen_new(self, by: Permission) -> PlanDistributed:
        """What would be put into a project that is made first; its calls are tried in one that is there."""
        target = self.target
        with self.store.read() as unit:
            at = target.stage(unit, ())
        outcome = replace(self._outcome(at, by, dry_run=True), starts=True)
        if target.tool.plan_limits.whole:  # saved once each for the project, the tasks and the links
            return replace(outcome, calls=2 + int(self._links_apart))
        with one_offices(target.project.office, passing=StoreError):
            reading, took = self._read()
        if not reading.plans:
            calls = 1 + len(target.fitted.wanted)
            return replace(outcome, calls=calls, about=calls * took)
        there = ProjectKey.read(reading.plans[0].project.key).own
        wanted = [replace(w, fields=replace(w.fields, project=there)) for w in target.fitted.wanted]
        done = deliver_besides(self._delivery, wanted, None, reading)
        if done.problem:
            raise Refused(_why(done))
        calls = 1 + len(done.calls)
        about = calls * (done.pace or took)
        return replace(outcome, calls=calls, seconds=done.seconds, about=about, left=done.held)

    def put(self, writer: SoleWriter, asked: Asked, skip: Collection[str]) -> PartPut:
        """Put the next part there; when all is there, note who had it put there."""
        target, fit = self.target, self.target.fitted
        office = target.project.office
        made = self._project.made(writer, asked)
        with one_offices(office, passing=StoreError):
            reading, there = self._looked(writer)
        with self.store.read() as unit:
            before = target.stage(unit, there)
        chunk = [each for each in before.next if each.key not in skip]
        chunk = chunk if target.tool.plan_limits.whole else chunk[:PART]
        done = deliver_besides(self._delivery, chunk, writer, reading) if chunk else None
        with self.store.begin() as unit:
            writer.check(unit)
            after = target.stage(unit, there | {each.key for each in chunk})
            held = _note_held(unit, office, done)
            noted = not after.waiting and self._note(unit, after, asked, fit.certificate.total(Fate.LOST))
            if noted or held:
                unit.commit()
        part = self._part((before, after), asked.by, done, skip)
        calls = part.outcome.calls + int(made)
        return replace(part, outcome=replace(part.outcome, starts=made, calls=calls))

    @property
    def _project(self) -> PlanProject:
        return PlanProject(self.target, self.organization, self.store, self.clock, self.machine)

    @property
    def _delivery(self) -> Delivery:
        """What the office changed stays as the office has it."""
        calendar = self.organization.offices[self.target.project.office].calendar
        tool, policy = self.target.tool, Conflict.THEIRS
        return Delivery(tool, self.store, self.clock, self.machine, policy, calendar)

    def _looked(self, writer: SoleWriter) -> tuple[Reading, frozenset[str]]:
        """What stands there now, and our keys; what was sent, is there and was not noted is noted."""
        reading = self.target.tool.read()
        check_target(self.organization, self.target, reading)
        with self.store.read() as unit:
            there = self.target.looked(unit, reading)
        with self.store.begin() as unit:
            writer.check(unit)
            if self.target.note_found(unit, there):
                unit.commit()
        return reading, there

    def _note(self, unit: Unit, at: Stage, asked: Asked, lost: int) -> bool:
        """All is there: note which project holds the plan, its tasks' keys, who had it put there; once."""
        derivation, gone = self.target.derivation, frozenset(at.removed)
        if derivation.project:
            return False
        keys = _keys(derivation, self.target)
        unit.derivations.place(derivation.id, {uid: key for uid, key in keys.items() if key not in gone})
        unit.derivations.hold(derivation.id, self.target.project.own)
        counts = {"tasks": at.tasks, "removed": len(gone), "lost": lost}
        record(
            unit, self.clock, "distribute", str(Subject(self.target.project.office, str(derivation.id))),
            detail={**counts, **entry(asked.actor, asked.by)}, person=asked.actor.person, why=asked.why,
            version=str(derivation.template),
        )  # fmt: skip
        return True

    def _part(
        self, at: tuple[Stage, Stage], by: Permission, done: Delivered | None, skip: Collection[str]
    ) -> PartPut:
        before, after = at
        outcome = self._outcome(after, by, dry_run=False)
        if done is None:
            outcome = replace(outcome, left=len(skip))
            return PartPut(
                outcome, more=False, refused=tuple(skip), steps=after.steps, steps_left=after.steps_left
            )
        if done.problem and not done.create + done.update:
            there = f"{after.placed} of {after.tasks} tasks are there with their links"
            raise Refused(f"{there}, and no more: {_why(done)}; run it again, it goes on")
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
        left = any(each.key not in refused for each in after.next)
        steps = (after.steps, after.steps_left, before.steps_left - after.steps_left)
        return PartPut(outcome, left and not stuck and not done.waiting, refused, *steps)

    def _outcome(self, at: Stage, by: Permission, *, dry_run: bool) -> PlanDistributed:
        target, found = self.target, self.target.fitted.certificate
        return PlanDistributed(
            str(target.derivation.id), target.project.office, target.project.own, at.tasks, at.placed, by,
            dry_run, removed=len(at.removed),
            lost=found.counts(Fate.LOST), approximated=found.counts(Fate.APPROXIMATED),
        )  # fmt: skip


def _note_held(unit: Unit, office: str, done: Delivered | None) -> bool:
    """Store which tasks the tool did not take, and why; what else is held of the office stays."""
    others = [each for each in unit.held.of(office) if each.kind is not WantedKind.TASK]
    return unit.held.replace(office, (*others, *(done.holding if done else ())))


def _keys(derivation: Derivation, target: PlanTarget) -> dict[str, str]:
    """Our keys of the plan's tasks, by uid."""
    tasks = zip(derivation.base.tasks, target.fitted.wanted, strict=True)
    return {task.uid: wanted.key for task, wanted in tasks}


def _why(done: Delivered) -> str:
    """Why nothing could be put: the first refusal, as others may only wait for what was refused."""
    refused = (each.why for each in done.holding if each.cause is not Cause.WAITING)
    return next(refused, done.problem)

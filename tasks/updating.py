"""Bring a template's new version into offices' plans: preview, write what the merge decided, note the rest.

A plan is read, merged, written and read again until nothing is left to write: what the office edits meanwhile
is merged too. What was begun is completed by running it again. Refuses to decide a conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from prefect import task

from config.local_plans import NotShared, offered
from config.permitting import permitted as may
from config.standing_templates import standing_templates
from config.wiring import Application
from connectors.errors import ToolError
from connectors.unforeseen import one_offices
from domain.delivery.delivery import IntentState
from domain.delivery.plan_tasks import UnplaceablePlan
from domain.delivery.plan_updates import Holding, TaskWrite, intent_of, task_writes
from domain.delivery.wanted import Wanted
from domain.ids import TemplateVersionId
from domain.organization.actions import Action, Permission
from domain.organization.office import Conflict
from domain.outcomes.updating import PlansUpdated, PlanUpdated, UpdateState
from domain.plans.certificate import Fate
from domain.plans.localization.derivation import Derivation
from domain.plans.localization.lacks import NotLocalizable
from domain.plans.merge.merging import Merged
from domain.plans.merge.place import SAME_TASK
from domain.plans.merge.sides import Unmergeable
from domain.plans.project import Placed, Reading
from domain.plans.updates.rebasing import in_plan_uids, sameness
from domain.plans.updates.standing import PlanStanding, Source, first
from store.errors import StoreError
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import connector, current_application
from tasks.delivering import Delivered, Delivery, deliver_besides, deliver_on
from tasks.keeping import SoleWriter, sole_writer
from tasks.noting_updates import Noting, foreseen_of, note_undone, note_update
from tasks.plan_merging import (
    PlanUpdate,
    at_places,
    choices_of,
    localized_anew,
    mandatory_of,
    meanwhile_of,
    open_places,
)
from tasks.plan_targets import PlanTarget, check_partition, check_target, derivation_of, ours
from tasks.releasing import owning

ROUNDS = 6
"""So often a plan is read, merged and written at most in one run: new tasks, links, an edit take one each."""


@dataclass(frozen=True, slots=True)
class Carried:
    """How far writing came: the merge that stands there now, or why not all of it does.

    `first` is the merge on what stood there before anything was written.
    """

    first: Merged
    merged: Merged
    reading: Reading
    holding: Holding
    created: int = 0
    changed: int = 0
    calls: int = 0
    left: tuple[str, ...] = ()
    problem: str = ""
    is_whole: bool = False

    def further(self, done: Delivered) -> Carried:
        """How far it is after one delivery."""
        left = dict.fromkeys((*self.left, *(each.key for each in done.holding)))
        return replace(
            self,
            created=self.created + done.create,
            changed=self.changed + done.update,
            calls=self.calls + len(done.calls),
            left=tuple(left),
            problem=done.problem,
        )


EVERY = "all"


@task(name="choose-plans", task_run_name="choose plans of {template}")
def plans_of(template: str, office: str, person: str, why: str, *, dry_run: bool) -> PlansUpdated:
    """The plans that came from a template, of one office or of all, and by whose role they may be updated.

    `template` may be `all`: those from every template, as far as the same person may update them. Raises
    LookupError for what is not there, PermissionError for a person who may not.
    """
    application = current_application()
    organization, store = application.organization, application.store
    if office and office not in organization.offices:
        raise LookupError(f"office: there is no office {office[:60]!r}; leave it empty for all of them")
    with store.read() as unit:
        reason = reason_of(unit, organization.sources, why)
        actor = actor_of(unit, organization.sources, person, {})
        known = standing_templates(application.templates, unit)
        used = sorted({each.template for each in unit.derivations.ids()})
        chosen = [known.newest(each) for each in used] if template == EVERY else [known.newest(template)]
        releases = [each for each in chosen if each is not None]
        found = {each.template.id: unit.derivations.of_template(each.template.id) for each in releases}
    if not releases and template != EVERY:
        there = ", ".join(sorted({each.template for each in known.versions})) or "none"
        raise LookupError(f"template: there is no released template {template[:80]!r}; there are {there}")
    by, plans = Permission(), []
    for newest in releases:
        owner = newest.template.owner
        by = may(
            organization, store, application.clock, actor, Action.UPDATE_PLANS,
            leader=owning(organization, owner), concerned=owner, subject=newest.template.id, why=reason,
            dry_run=dry_run,
        )  # fmt: skip
        plans += [
            PlanUpdated(str(each.id), each.id.office, UpdateState.UNCHANGED, each.version, newest.version)
            for each in found[newest.template.id]
            if office in ("", each.id.office)
        ]
    version = releases[0].version if template != EVERY else 0
    return PlansUpdated(template, version, tuple(plans), by, dry_run)


@task(name="update-plan", task_run_name="update {derivation}")
def update_plan(derivation: str, *, dry_run: bool, newer: bool = True) -> PlanUpdated:
    """Bring the newest version and the answers so far into one plan; a dry run says what that would do.

    Without `newer` a version that is not begun yet waits: only answers and what was begun are written.
    What a tool or a missing answer is in the way of is said in the outcome, and is of this plan only.
    """
    application = current_application()
    with application.store.read() as unit:
        found = derivation_of(unit, derivation)
    updating = Updating(application)
    told = PlanUpdated(derivation, found.id.office, UpdateState.NOT_STARTED, found.version, found.version)
    if not found.project:
        return told
    try:
        with application.store.read() as unit:
            update, settled = updating.update_of(unit, found, newer=newer)
            waiting = sum(each.is_open for each in unit.plan_updates.conflicts(found.id))
        if update is None:
            return replace(told, state=UpdateState.UNCHANGED, conflicts=waiting)
        told = replace(told, version=update.version, settled=settled)
        return updating.foreseen(update, told) if dry_run else updating.carried(update, told)
    except IN_THE_WAY as problem:
        return in_the_way(told, problem)


IN_THE_WAY = (NotLocalizable, ToolError, LookupError, Unmergeable, UnplaceablePlan)
"""What is of one plan only, whatever it is; others are updated all the same."""


def in_the_way(told: PlanUpdated, problem: Exception) -> PlanUpdated:
    """The outcome of a plan that something is in the way of. Raises again what is a fault of ours."""
    if isinstance(problem, NotLocalizable):
        lacks = "; ".join(map(str, problem.lacks))
        return replace(told, state=UpdateState.QUESTIONS, left=len(problem.lacks), problem=lacks)
    if type(problem) in (KeyError, IndexError):
        raise problem
    return replace(told, state=UpdateState.UNREACHABLE, problem=str(problem))


@dataclass(frozen=True, slots=True)
class Updating:
    """Updates of offices' plans: what is merged, what that would do, and how it is written."""

    application: Application

    @property
    def _noting(self) -> Noting:
        return Noting(self.application.organization, self.application.clock)

    def update_of(
        self, unit: Unit, found: Derivation, *, newer: bool = True
    ) -> tuple[PlanUpdate | None, int]:
        """What is to be merged into a plan, and how many answers count now; None where nothing is new.

        Without `newer` a version counts only where an update was begun.
        """
        standing = unit.plan_updates.standing(found.id) or first(found)
        if standing.begun is not None and standing.begun.source.template != standing.footing.source.template:
            return self.rebase_of(unit, found, standing, standing.begun.source, standing.begun.version), 0
        template = found.template.template
        known = standing_templates(self.application.templates, unit)
        newest = known.newest(template)
        if newest is None:
            raise LookupError(f"template: {template} is not there any more; put its file back")
        conflicts = unit.plan_updates.conflicts(found.id)
        choices = choices_of(unit, conflicts)
        is_new = newest.version > standing.footing.version and newest.version != standing.passed
        is_new = is_new and (newer or standing.begun is not None) and not known.is_stopped(newest)
        decided = at_places(conflicts, choices)
        source = standing.footing.source.decided(decided)
        if not is_new and not choices and open_places(conflicts).issuperset(source.pairs()):
            return None, 0
        target = PlanTarget(found, connector(check_partition(self.application.organization, found)))
        digest, theirs, version = found.digest, standing.footing.theirs, standing.footing.version
        release = known.version(str(TemplateVersionId(template, version)))
        here = replace(release, template=in_plan_uids(release.template, source))
        if is_new or source != standing.footing.source:
            asked_for = newest if is_new else release
            footing = replace(standing.footing, source=source)
            here, theirs = localized_anew(self.application, unit, target, asked_for.version, footing)
            release, digest, version = asked_for, here.digest, here.version
        update = PlanUpdate(
            target, standing, version, digest, theirs, self._today(found.id.office), mandatory_of(here),
            {place: side for place, side in decided.items() if place.field != SAME_TASK}, source=source,
            settling=choices, unsure=sameness(release.template, standing.footing.last, source),
        )  # fmt: skip
        return update, len(choices)

    def rebase_of(
        self, unit: Unit, found: Derivation, standing: PlanStanding, source: Source, version: int
    ) -> PlanUpdate:
        """What is merged where the plan goes over to a version of another template.

        Raises LookupError where that is not shared with the office, NotLocalizable where it needs more
        answers.
        """
        target = PlanTarget(found, connector(check_partition(self.application.organization, found)))
        footing = replace(standing.footing, source=source)
        release, theirs = localized_anew(self.application, unit, target, version, footing)
        text = str(TemplateVersionId(source.template or found.id.template, version))
        shared = offered(self.application, unit, found.id.office, text)
        return PlanUpdate(
            target, standing, version, release.digest, theirs, self._today(found.id.office),
            mandatory_of(release), source=source, ground=shared.ground,
            unsure=sameness(shared.release.template, standing.footing.last, source),
        )  # fmt: skip

    def undo_of(self, unit: Unit, found: Derivation) -> PlanUpdate:
        """The inverse of the last update. Raises ValueError where there is none to undo."""
        standing = unit.plan_updates.standing(found.id)
        if standing is None or standing.before is None:
            raise ValueError(
                f"{found.id}: there is no update to undo; only the last one can be undone, and only once"
            )
        before, target = standing.before, PlanTarget(found, connector(found.id.office))
        version, digest, source, ground = before.footing.version, found.digest, before.footing.source, None
        if source.template != standing.footing.source.template:
            text = str(TemplateVersionId(source.template or found.id.template, version))
            release = standing_templates(self.application.templates, unit).find(text)
            digest = release.digest if release is not None else digest
            with suppress(NotShared):  # where it is not shared any more, as it is noted now
                ground = offered(self.application, unit, found.id.office, text).ground
        return PlanUpdate(
            target, standing, version, digest, before.ours, self._today(found.id.office), undoing=True,
            source=source, ground=ground,
        )  # fmt: skip

    def _today(self, office: str) -> date:
        calendar = self.application.organization.offices[office].calendar
        return calendar.local_date(self.application.clock.now())

    def foreseen(self, update: PlanUpdate, told: PlanUpdated) -> PlanUpdated:
        """What it would do: what the tool cannot hold, counts, effect, conflicts, calls; writes nothing."""
        with one_offices(told.office, passing=StoreError):
            reading = update.target.tool.read()
            check_target(self.application.organization, update.target, reading)
        with self.application.store.read() as unit:
            meanwhile = meanwhile_of(unit, update, reading)
        merged = update.merged(reading, meanwhile, update.before)
        writes = task_writes(merged, update.holding_now(meanwhile))
        done = deliver_besides(
            self._delivery(update.target), [each.wanted for each in writes if each.is_new], None, reading
        )
        changed = sum(not each.is_new for each in writes)
        found = update.holding.certificate(merged.plan)
        told = replace(
            told, created=len(writes) - changed, changed=changed, state=UpdateState.UPDATED,
            lost=found.counts(Fate.LOST), approximated=found.counts(Fate.APPROXIMATED),
        )  # fmt: skip
        return replace(foreseen_of(told, update, merged), calls=len(done.calls) + changed)

    def carried(self, update: PlanUpdate, told: PlanUpdated) -> PlanUpdated:
        """Write an update into the office's tool and note how the plan stands; what is left is said."""
        store, office = self.application.store, told.office
        with sole_writer(store, self.application.machine, office) as writer:
            with one_offices(office, passing=StoreError):
                done = self._written(update, writer)
            with store.begin() as unit:
                writer.check(unit)
                told = replace(
                    foreseen_of(told, update, done.first), created=done.created, changed=done.changed,
                    conflicts=len(done.merged.conflicts) + len(update.unsure), calls=done.calls,
                    left=len(done.left), problem=done.problem or told.problem, state=UpdateState.UNFINISHED,
                )  # fmt: skip
                if done.is_whole:
                    _finish_intents(unit, update, done)
                    note = note_undone if update.undoing else note_update
                    told = note(unit, self._noting, update, done.merged, done.reading, told)
                unit.commit()
        return told

    def _written(self, update: PlanUpdate, writer: SoleWriter) -> Carried:
        """Read, merge and write until a reading shows all that the merge decided."""
        at: Carried | None = None
        for _ in range(ROUNDS):
            at = self._read_and_merged(update, at)
            writes = [each for each in task_writes(at.merged, at.holding) if each.key not in at.left]
            if not writes:
                return replace(at, is_whole=not at.left)
            wanted = self._stored(update, at, writes, writer)
            done = deliver_on(self._delivery(update.target), wanted, at.reading, writer)
            at = at.further(done)
            if done.waiting:
                break
            if done.same == len(wanted):  # the tool shows it otherwise than it was said to
                return replace(at, is_whole=not at.left)
        assert at is not None  # noqa: S101 - there is at least one round
        return at

    def _read_and_merged(self, update: PlanUpdate, at: Carried | None) -> Carried:
        """The merge on what the tool holds now."""
        reading = update.target.tool.read()
        check_target(self.application.organization, update.target, reading)
        before = update.before if at is None else update.before or at.first.given.ours
        with self.application.store.read() as unit:
            meanwhile = meanwhile_of(unit, update, reading)
        merged, holding = update.merged(reading, meanwhile, before), update.holding_now(meanwhile)
        if at is None:
            return Carried(merged, merged, reading, holding)
        return replace(at, merged=merged, reading=reading, holding=holding)

    def _delivery(self, target: PlanTarget) -> Delivery:
        """What a delivery of a plan works with: where the office changed a field, its value stays."""
        calendar = self.application.organization.offices[target.project.office].calendar
        return Delivery(
            target.tool,
            self.application.store,
            self.application.clock,
            self.application.machine,
            Conflict.THEIRS,
            calendar,
        )

    def _stored(
        self,
        update: PlanUpdate,
        at: Carried,
        writes: Sequence[TaskWrite],
        writer: SoleWriter,
    ) -> Sequence[Wanted]:
        """What is wanted, with the intents stored whose base is what the reading showed."""
        placed: dict[str, list[Placed]] = {}
        for one in at.reading.placed:
            placed.setdefault(one.key, []).append(one)
        wanted = []
        with self.application.store.begin() as unit:
            writer.check(unit)
            if not update.undoing:
                unit.plan_updates.keep(
                    update.standing.beginning(update.version, at.first.given.ours, update.source)
                )
            for each in writes:
                there = placed.get(each.key, [])
                asked, intent = intent_of(
                    each, unit.intents.get(each.key), there[0] if len(there) == 1 else None
                )
                wanted.append(asked)
                if intent is not None:
                    unit.intents.renew(intent)
            unit.commit()
        return wanted


def _finish_intents(unit: Unit, update: PlanUpdate, done: Carried) -> None:
    """What was begun and is so by now is done: a later distribution writes none of it.

    What the merge took away counts as never put there: when the office deletes it, as it is asked to, that is
    no deletion of its own, and a newer version that has the task brings it again.
    """
    stays = {each.uid for each in done.merged.plan.tasks}
    for uid in (each.uid for each in done.merged.given.ours.tasks if each.uid not in stays):
        intent = unit.intents.get(update.holding.key(uid))
        if intent is not None and intent.base is not None:
            unit.intents.save(replace(intent, state=IntentState.STORED, sent_at=None, delivered=None))
    for task_ in ours(update.target.derivation, done.reading).tasks:
        intent = unit.intents.get(update.holding.keys.get(task_.uid, ""))
        if intent is not None and intent.base is not None and intent.state is not IntentState.DONE:
            unit.intents.save(replace(intent, state=IntentState.DONE))

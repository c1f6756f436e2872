"""Note what an update left: how the plan stands, what is asked, what is deleted by hand; say it in counts.

Refuses to write into any tool: questions reach it with the next cycle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.wiring import Clock
from domain.delivery.held import Cause, Held
from domain.delivery.wanted import WantedKind
from domain.ids import Subject
from domain.organization.office import Organization
from domain.outcomes.updating import PlanUpdated, UpdateState
from domain.plans.merge.effect import effect
from domain.plans.merge.merging import Merged
from domain.plans.merge.place import Side
from domain.plans.project import Reading
from domain.plans.updates.asked import (
    Asking,
    ConflictState,
    PlanConflict,
    conflicts_now,
    names_of,
    no_longer_asked,
)
from domain.questions.plan_conflicts import plan_conflict_question
from domain.questions.question import QuestionState
from store.unit import Unit
from tasks.plan_merging import PlanUpdate, template_part
from tasks.recording import record

REMOVED = "the template does not have this task any more; delete it in the tool, or keep it as your own"


@dataclass(frozen=True, slots=True)
class Noting:
    """Whose offices they are, and their time."""

    organization: Organization
    clock: Clock


def foreseen_of(told: PlanUpdated, update: PlanUpdate, merged: Merged) -> PlanUpdated:
    """The same with the merge's counts, conflicts, flaws and effect."""
    counts = {str(fate): count for fate, count in merged.counts().items() if count}
    found = effect(merged)
    before, after = found.before, found.after
    days = None
    if before.finish is not None and after.finish is not None and not merged.flaws:
        days = (after.finish.date() - before.finish.date()).days
    more = {
        currency: after.cost.get(currency, 0) - before.cost.get(currency, 0)
        for currency in sorted({*before.cost, *after.cost})
    }
    cost = {name: str(amount) for name, amount in more.items() if amount}
    conflicts = len(merged.conflicts) + len(update.unsure)
    return replace(told, changes=counts, conflicts=conflicts, finish=days, cost=cost, flaws=len(merged.flaws))


def note_update(
    unit: Unit,
    noting: Noting,
    update: PlanUpdate,
    merged: Merged,
    reading: Reading,
    told: PlanUpdated,
) -> PlanUpdated:
    """Store how the plan stands after a merge that is written; the outcome with what it asks."""
    derivation = update.target.derivation
    standing = unit.plan_updates.standing(derivation.id) or update.standing
    unit.plan_updates.keep(standing.merged(update.version, merged, update.source))
    _keep_derivation(unit, noting, update, merged)
    is_new = not update.standing.has(update.version, update.source)
    asked = _note_conflicts(unit, noting, update, merged)
    by_hand = note_by_hand(unit, noting, update, merged, reading)
    detail = {
        "version": update.version, "before": told.before, "conflicts": len(asked), "settled": told.settled,
        "created": told.created, "changed": told.changed, "by_hand": by_hand, **told.changes,
    }  # fmt: skip
    if is_new or told.settled:
        record(
            unit, noting.clock, "plan_update", str(Subject(derivation.id.office, str(derivation.id))),
            detail=detail, version=f"{update.source.template or derivation.id.template}/{update.version}",
        )  # fmt: skip
    return replace(told, state=UpdateState.UPDATED, conflicts=len(asked), by_hand=by_hand)


def note_undone(
    unit: Unit,
    noting: Noting,
    update: PlanUpdate,
    merged: Merged,
    reading: Reading,
    told: PlanUpdated,
) -> PlanUpdated:
    """Store how the plan stands after its last update was taken back; nothing of that is asked any more."""
    derivation = update.target.derivation
    unit.plan_updates.keep(update.standing.undone(merged))
    _keep_derivation(unit, noting, update, merged)
    for conflict in unit.plan_updates.conflicts(derivation.id):
        if conflict.is_open:
            unit.plan_updates.save(conflict.settled(ConflictState.MOOT, None))
            close_question(unit, conflict)
    by_hand = note_by_hand(unit, noting, update, merged, reading)
    return replace(told, state=UpdateState.UPDATED, by_hand=by_hand)


def _keep_derivation(unit: Unit, noting: Noting, update: PlanUpdate, merged: Merged) -> None:
    derivation, holding = update.target.derivation, update.holding
    plan = template_part(merged.plan)
    keys = {task.uid: holding.key(task.uid) for task in plan.tasks}
    unit.derivations.keep(
        replace(
            derivation,
            version=update.version,
            digest=update.digest,
            base=plan,
            keys=keys,
            at=noting.clock.now(),
            follows=update.source.template,
            ground=update.ground or derivation.ground,
        )
    )


def _note_conflicts(unit: Unit, noting: Noting, update: PlanUpdate, merged: Merged) -> Sequence[PlanConflict]:
    """Store what is asked now, and settle what is not; the open ones."""
    derivation = update.target.derivation.id
    office = noting.organization.offices[derivation.office]
    today = office.calendar.local_date(noting.clock.now())
    by = office.calendar.add_business_days(today, noting.organization.clocks.decision_days)
    known = list(unit.plan_updates.conflicts(derivation))
    for at, each in enumerate(known):
        if each.is_open and str(each.id) in update.settling:
            known[at] = _settled(unit, each, update.settling[str(each.id)])
    asking = Asking(derivation, update.version, today, by)
    names = names_of(merged.given.base, merged.given.theirs, merged.given.ours)
    now = conflicts_now(asking, (*merged.conflicts, *update.unsure), known, names)
    says = noting.organization.language_of(office.id)
    for conflict in no_longer_asked(known, now):
        unit.plan_updates.save(conflict)
        close_question(unit, conflict)
    for conflict in now:
        unit.plan_updates.save(conflict)
        unit.questions.add(plan_conflict_question(conflict, str(update.target.project), says))
    return now


def _settled(unit: Unit, conflict: PlanConflict, choice: Side) -> PlanConflict:
    question = unit.questions.get(str(conflict.id))
    chosen = question is not None and question.state is QuestionState.ANSWERED
    state = ConflictState.DECIDED if chosen else ConflictState.DEFAULTED
    found = conflict.settled(state, choice)
    unit.plan_updates.save(found)
    return found


def close_question(unit: Unit, conflict: PlanConflict) -> None:
    """The question of a conflict that nobody has to decide any more is moot."""
    question = unit.questions.get(str(conflict.id))
    if question is not None and question.state is QuestionState.OPEN:
        unit.questions.save(replace(question, state=QuestionState.MOOT))


def note_by_hand(unit: Unit, noting: Noting, update: PlanUpdate, merged: Merged, reading: Reading) -> int:
    """Store which tasks the office has to delete by hand, until they are gone; how many."""
    office, holding = update.target.project.office, update.holding
    stays = {task.uid for task in merged.plan.tasks}
    there = {task.uid for task in merged.given.live.tasks} - stays
    uids = sorted({*there, *update.withdrawn(reading)})
    uids = [uid for uid in uids if uid not in stays]
    found = unit.held.of(office)
    gone = {holding.key(uid) for uid in uids}
    mine = {holding.key(uid) for uid in (*update.target.derivation.keys, *uids)}
    others = [each for each in found if each.kind is not WantedKind.TASK or each.key not in mine]
    since = noting.clock.now()
    held = tuple(Held(key, office, WantedKind.TASK, Cause.REFUSED, REMOVED, since) for key in sorted(gone))
    unit.held.replace(office, (*others, *held))
    return len(held)

"""Decide a conflict of a plan in a person's name; page and tool of the office answer the same question.

Deciding is stored; writing it into the tool is the update of the plan. Refuses what is settled otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from prefect import task

from config.permitting import permitted as may
from config.wiring import Clock
from domain.organization.actions import Action
from domain.outcomes.updating import ConflictResolved, PlanUpdated
from domain.plans.merge.place import Side
from domain.plans.updates.asked import ConflictState, PlanConflict, PlanConflictId
from domain.questions.question import Question, QuestionState
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import current_application
from tasks.recording import entry, record, record_settled

MOST_NAMED = 12


@task(name="resolve-conflict", task_run_name="resolve {conflict}")
def resolve_conflict_of(
    conflict: str, choice: str, person: str, why: str, *, dry_run: bool
) -> ConflictResolved:
    """Store the choice; the same again changes nothing.

    Raises LookupError for a conflict that is not there, ValueError for one that is settled, PermissionError
    for a person who may not.
    """
    application = current_application()
    organization, store, clock = application.organization, application.store, application.clock
    with store.read() as unit:
        reason = reason_of(unit, organization.sources, why)
        actor = actor_of(unit, organization.sources, person, {})
        found = conflict_of(unit, conflict)
        asked = unit.questions.get(str(found.id))
    office = organization.offices[found.derivation.office]
    by = may(
        organization, store, clock, actor, Action.RESOLVE_CONFLICT, leader=office, concerned=office.id,
        subject=str(found.id), why=reason, dry_run=dry_run,
    )  # fmt: skip
    side, before = _side(choice), _chosen(found, asked)
    if before is side:
        return ConflictResolved(str(found.id), choice, by, dry_run, new=False)
    if not found.is_open or before is not None:
        raise ValueError(f"{found.id} is settled ({_how(found, before)}): change it in the office's tool")
    if not dry_run:
        with store.begin() as unit:
            _answered(unit, clock, (found, side), actor.person, office.calendar.local_date(clock.now()))
            detail = {"choice": choice, **entry(actor, by)}
            record(
                unit, clock, "plan_conflict", str(found.id), detail=detail, person=actor.person, why=reason
            )
            unit.commit()
    return ConflictResolved(str(found.id), choice, by, dry_run)


def _side(choice: str) -> Side:
    """Whose value counts. Raises ValueError for what is neither."""
    if choice not in set(Side):
        raise ValueError(f"choice: {choice[:40]!r} is neither; write theirs (the template's) or ours")
    return Side(choice)


def _chosen(found: PlanConflict, asked: Question | None) -> Side | None:
    """What was chosen, in the tool, on the page or here; None where nothing was."""
    if asked is not None and asked.state is QuestionState.ANSWERED:
        return Side(str(asked.answer))
    return found.choice if found.state is ConflictState.DECIDED else None


def _answered(unit: Unit, clock: Clock, chosen: tuple[PlanConflict, Side], person: str, today: date) -> None:
    """The question of the conflict, with that answer."""
    found, side = chosen
    question = unit.questions.get(str(found.id))
    if question is not None:
        answer = replace(
            question, answer=str(side), answered_by=person, answered=today, state=QuestionState.ANSWERED
        )
        unit.questions.save(answer)
        record_settled(unit, clock, answer)


def conflict_of(unit: Unit, text: str) -> PlanConflict:
    """The conflict with that id. Raises LookupError, naming open ones."""
    found = unit.plan_updates.conflict(text.strip())
    if found is not None:
        return found
    known = ", ".join(map(str, unit.plan_updates.open()[:MOST_NAMED]))
    there = f"give one of {known}" if known else "none is open"
    raise LookupError(f"conflict: there is no conflict {text.strip()[:100]!r}; {there}")


def written_as(decided: ConflictResolved, written: PlanUpdated) -> ConflictResolved:
    """The decision with what writing it into the office's tool came to: tasks that came, and that changed."""
    return replace(decided, changed=written.created + written.changed, state=str(written.state))


def plan_of_conflict(conflict: str) -> str:
    """The id of the plan that a conflict is of."""
    return PlanConflictId.read(conflict).plan


def _how(found: PlanConflict, choice: Side | None) -> str:
    return str(found.state) if choice is None else f"{found.state}, {choice}"

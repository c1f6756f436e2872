"""resolve-conflict: whose value counts in a plan that the template and the office changed."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.updating import ConflictResolved
from domain.plans.merge.place import Side
from flows.outcome import answering, done
from tasks.resolving import plan_of_conflict, resolve_conflict_of, written_as
from tasks.updating import update_plan


@flow(name="resolve-conflict", flow_run_name="resolve {conflict}")
@answering("resolve-conflict")
async def resolve_conflict(
    conflict: str, choice: Side, person: str, why: str, dry_run: bool = True
) -> State[ConflictResolved]:
    """Decide a conflict of a plan's update in the name of the office's head.

    Run it when an office decides elsewhere than in its own tool. Nothing else waits for a conflict.

    The choice is stored first; then the plan is updated, which writes it into the office's tool.

    Args:
        conflict: The conflict, by its id: the key of the question in the office's tool.
        choice: theirs: the template's value counts. ours: the office's stays.
        person: The head of the office, recorded as entered by an operator; see `interoffice person list`.
        why: The reason; recorded.
        dry_run: Only say what would count. Off: it is decided, and written into the office's tool.
    """
    decided = resolve_conflict_of(conflict.strip(), choice.value, person.strip(), why, dry_run=dry_run)
    if dry_run or not decided.new:
        return done(decided)
    written = update_plan(plan_of_conflict(decided.conflict), dry_run=False)
    return done(written_as(decided, written))

"""roll-out-standard: a simulated rollout is approved by a named person, or approval is asked for."""

from __future__ import annotations

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State

from domain.words import counted
from flows.outcome import REFUSALS, done, refused, run_of
from tasks.deciding import ask_approval
from tasks.delivering import deliver_office
from tasks.rolling import approve_rollout


@flow(name="roll-out-standard", flow_run_name="roll out {digest:.12}")
async def roll_out_standard(
    digest: str, why: str, approved_by: str = "", dry_run: bool = True
) -> State[None]:
    """Begin the rollout that simulate-standard froze under a digest, or ask the approvers whether it may.

    Without approved_by the approvers are asked in the strategic office's own tool, and advance-rollouts
    begins it once one of them approved there. With it the approval is recorded as entered by an operator,
    and every report says so. advance-rollouts then takes it forward wave by wave, and writes questions and
    work items into the offices' tools.

    Args:
        digest: The digest that the simulation gave, all 64 characters.
        why: The reason for the rollout; recorded.
        approved_by: The id of the approver who approved elsewhere; empty: ask them in their own tool.
        dry_run: Only say what would happen. Off: the approval is recorded, or the question written.
    """
    async with run_of("roll-out-standard"):
        try:
            if not approved_by.strip():
                return await _asked(digest.strip(), why, dry_run=dry_run)
            found = approve_rollout(digest.strip(), approved_by.strip(), why, dry_run=dry_run)
        except REFUSALS as problem:
            return refused(problem)
        if not found.new:
            return done(f"Rollout {found.rollout} was approved before with this digest; nothing changed.")
        would = "would begin" if dry_run else "begins"
        return done(
            f"Rollout {found.rollout} {would}: {counted(found.members, 'project')} in "
            f"{counted(found.waves, 'wave')}; approval entered by an operator, permitted {found.by}."
        )


async def _asked(digest: str, why: str, *, dry_run: bool) -> State[None]:
    """The question is stored and stands in the tool; nobody waits for the answer."""
    asked = ask_approval(digest, why, dry_run=dry_run)
    if dry_run:
        return done(f"Dry run: the approvers of {asked.office} would be asked in its tool.")
    delivered = await asyncio.to_thread(deliver_office, asked.office, dry_run=False)
    stands = "stands in its tool" if not delivered.problem else "will stand in its tool when it answers again"
    again = "" if asked.new else " again"
    return done(
        f"The approvers of {asked.office} are asked{again}; the question {stands}. advance-rollouts begins "
        "the rollout once one of them approved there."
    )

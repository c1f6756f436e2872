"""roll-out-standard: a simulated rollout is approved by a named person, or approval is asked for."""

from __future__ import annotations

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.rollouts import ApprovalAsked, Approved
from flows.outcome import REFUSALS, done, refused, run_of
from tasks.deciding import ask_approval
from tasks.delivering import deliver_offices
from tasks.rolling import approve_rollout


@flow(name="roll-out-standard", flow_run_name="roll out {digest:.12}")
async def roll_out_standard(
    digest: str, why: str, approved_by: str = "", dry_run: bool = True
) -> State[Approved] | State[ApprovalAsked]:
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
            return done(approve_rollout(digest.strip(), approved_by.strip(), why, dry_run=dry_run))
        except REFUSALS as problem:
            return refused(problem)


async def _asked(digest: str, why: str, *, dry_run: bool) -> State[ApprovalAsked]:
    """Store the question and write it into the tool, without waiting for the answer."""
    asked = ask_approval(digest, why, dry_run=dry_run)
    stands = False
    if not dry_run:
        (delivered,) = await asyncio.to_thread(deliver_offices, (asked.office,), dry_run=False)
        stands = not delivered.problem
    return done(ApprovalAsked(asked.question, asked.office, asked.new, stands, dry_run))

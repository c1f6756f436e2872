"""roll-out-standard: a simulated rollout is approved by a named person and begins."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.told import REFUSALS, done, refused, run_of, some
from tasks.rolling import approve_rollout


@flow(name="roll-out-standard", flow_run_name="roll out {digest:.12}")
async def roll_out_standard(digest: str, approved_by: str, why: str, dry_run: bool = True) -> State[None]:
    """Begin the rollout that simulate-standard froze under a digest.

    Records the approval as entered by an operator, and every report says so. advance-rollouts then takes
    it forward wave by wave, and writes questions and work items into the offices' tools.

    Args:
        digest: The digest that the simulation gave, all 64 characters.
        approved_by: The id of the person who approved, an approver of the strategic office.
        why: The reason for the approval; recorded.
        dry_run: Only say what would happen. Off: the approval is recorded; this run writes into no tool.
    """
    async with run_of("roll-out-standard"):
        try:
            found = approve_rollout(digest.strip(), approved_by.strip(), why, dry_run=dry_run)
        except REFUSALS as problem:
            return refused(problem)
        if not found.new:
            return done(f"Rollout {found.rollout} was approved before with this digest; nothing changed.")
        would = "would begin" if dry_run else "begins"
        return done(
            f"Rollout {found.rollout} {would}: {some(found.members, 'project')} in "
            f"{some(found.waves, 'wave')}; approval entered by an operator."
        )

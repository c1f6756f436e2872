"""roll-out-standard: a simulated rollout is approved by a named person, or approval is asked for."""

from __future__ import annotations

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from domain.outcomes.rollouts import ApprovalAsked, Approved
from flows.outcome import answering, done
from tasks.choosing import ASK
from tasks.deciding import ask_approval
from tasks.delivering import deliver_offices
from tasks.rolling import approve_rollout

WHOLE_DIGEST = 64


def _name() -> str:
    """The name of a run: a digest in it is cut, a simulation's name is not."""
    asked = str(flow_run.parameters["digest"])
    return f"roll out {asked[:12] if len(asked) == WHOLE_DIGEST else asked[:60]}"


@flow(name="roll-out-standard", flow_run_name=_name)
@answering("roll-out-standard")
async def roll_out_standard(
    digest: str, why: str, approved_by: str = ASK, dry_run: bool = True
) -> State[Approved] | State[ApprovalAsked]:
    """Begin the rollout that simulate-standard froze, or ask the approvers whether it may.

    Run it once for each rollout, when its simulation is as it should be.

    With "ask them" the approvers are asked in the strategic office's own tool, and by a link to their
    address. advance-rollouts begins it once one of them approved. With an approver it is recorded as
    entered by an operator, and every report says so. advance-rollouts then takes it forward wave by wave,
    and writes questions and work items into the offices' tools.

    Args:
        digest: The simulation by version and day; its digest, or 8 characters of it, in commands.
        why: The reason for the rollout; recorded.
        approved_by: "ask them", in their tool, or who approved elsewhere; see `interoffice person list`.
        dry_run: Only say what would happen. Off: the approval is recorded, or the question written.
    """
    if approved_by.strip() in ("", ASK):
        return await _asked(digest.strip(), why, dry_run=dry_run)
    return done(approve_rollout(digest.strip(), approved_by.strip(), why, dry_run=dry_run))


async def _asked(digest: str, why: str, *, dry_run: bool) -> State[ApprovalAsked]:
    """Store the question and write it into the tool, without waiting for the answer."""
    asked = ask_approval(digest, why, dry_run=dry_run)
    stands = False
    if not dry_run:
        (delivered,) = await asyncio.to_thread(deliver_offices, (asked.office,), dry_run=False)
        stands = asked.in_tool and not delivered.problem
    return done(ApprovalAsked(asked.question, asked.office, asked.new, stands, dry_run, asked.in_tool))

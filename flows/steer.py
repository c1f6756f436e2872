"""steer-rollout: pause and resume, take out and bring back; by a named person who may."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.rollouts import Steered
from flows.outcome import answering, done
from tasks.steering import Steering, steer


@flow(name="steer-rollout", flow_run_name="{action} {rollout}")
@answering("steer-rollout")
async def steer_rollout(
    rollout: str, action: Steering, person: str, why: str, subject: str = "", dry_run: bool = True
) -> State[Steered]:
    """Steer a rollout in the name of a person who may.

    Run it when a rollout has to stop or go on, or an office or project has to be taken out or brought back.

    Pausing begins nothing new; what is found is still noted. Resuming accepts what is late and failed now.
    Rolling back takes every project of one office out, and the next advance-rollouts withdraws its items.
    Leaving out takes one unanswered project out of its wave's exit criterion. Bringing back undoes either:
    the projects are told, judged and asked anew, and their time runs anew. This run writes into no tool.

    Args:
        rollout: The rollout that is steered.
        action: What to do. This run writes into no tool; the next advance-rollouts does.
        person: Who decided, recorded as entered by an operator; `interoffice person list` says who is who.
        why: The reason; recorded.
        subject: For roll_back an office, for leave_out a project as office/id, for bring_back either.
        dry_run: Only say who may and what would come of it. Off: it is done, and recorded.
    """
    return done(steer(rollout, action, subject.strip(), person.strip(), why, dry_run=dry_run))

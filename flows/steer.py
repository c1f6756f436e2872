"""steer-rollout: pause, resume, roll back an office, leave out who does not answer; by a named person."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.told import REFUSALS, done, refused, run_of, some
from tasks.steering import Action, Command, steer


@flow(name="steer-rollout", flow_run_name="{action} {rollout}")
async def steer_rollout(
    rollout: str, action: Action, person: str, why: str, subject: str = ""
) -> State[None]:
    """Steer a rollout in the name of a person.

    Pausing begins nothing new; what is found is still noted. Resuming accepts what is late and failed now.
    Rolling back takes every project of one office out, and the next advance-rollouts withdraws its items.
    Leaving out takes one unanswered project out of its wave's exit criterion. Nothing is written into any
    tool by this run itself.

    Args:
        rollout: The id of the rollout.
        action: What to do. This run writes into no tool; the next advance-rollouts does.
        person: The id of the person who decided; recorded as entered by an operator.
        why: The reason; recorded.
        subject: For roll_back an office, for leave_out a project as office/id; else empty.
    """
    async with run_of("steer-rollout"):
        try:
            command = Command(rollout, action, subject.strip(), person.strip(), why)
            found = steer(command, dry_run=False)
        except REFUSALS as problem:
            return refused(problem)
        if not found.changed:
            return done(f"Rollout {found.rollout} was so already; it is {found.state}.")
        taken = f"; {some(found.taken_out, 'project')} taken out" if found.taken_out else ""
        return done(f"Rollout {found.rollout} is {found.state}{taken}; entered by an operator.")

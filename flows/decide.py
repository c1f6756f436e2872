"""decide: a vote on a request that an operator enters for a person who may decide."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deviations import VoteTaken
from flows.outcome import answering, done
from tasks.ending import decide as vote


@flow(name="decide", flow_run_name="{choice} {request}")
@answering("decide")
async def decide(request: str, choice: str, person: str, why: str, dry_run: bool = True) -> State[VoteTaken]:
    """Enter what a person decided on a request.

    Run it when somebody decided otherwise than in their tool or on their page. It is recorded as entered by
    an operator, every report says so, and it counts only where the organization permits it.

    Who asked, who stands in for them, and who has no role there decides nothing. Writes into no tool.

    Args:
        request: The request, or the id of the deviation or draft that waits.
        choice: approve, decline, or return (with a question).
        person: Who decided; `interoffice person list` says who is who.
        why: The reason; recorded.
        dry_run: Only say what would come of it. Off: the vote is taken, and recorded.
    """
    return done(vote(request, choice, person.strip(), why, dry_run=dry_run))

"""review-deviations: what was decided takes effect, and what deviations are for is looked at anew."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deviations import DeviationsReviewed
from flows.outcome import answering, done
from tasks.reviewing import review_deviations as review


@flow(name="review-deviations", flow_run_name="review deviations")
@answering("review-deviations")
async def review_deviations(why: str) -> State[DeviationsReviewed]:
    """Look at every deviation that did not end.

    Run it every day, which a schedule does; run-cycle does it too.

    Decisions take effect. A deviation whose project, facts or rule changed ends and has to be asked for anew;
    one that a version adopts closes itself; offices get a notice of what ends. Writes into no tool.

    Args:
        why: Why it is run now; kept with the run. No tool is written to.
    """
    del why
    return done(review())

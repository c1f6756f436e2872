"""escalate-feedback: answers are taken, clocks read and checks looked at, in every case and directive."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.cases import CasesEscalated
from flows.outcome import answering, done
from tasks.looking_after import escalate_cases


@flow(name="escalate-feedback", flow_run_name="look after the cases")
@answering("escalate-feedback")
async def escalate_feedback(why: str, dry_run: bool = True) -> State[CasesEscalated]:
    """Look after every case of feedback, every objection and every directive in force.

    Run it every hour, which a schedule does; run-cycle does it too.

    Answers from the offices' tools are taken, who is silent is escalated up the tree of offices, each level
    once, and a case closes or is opened again by both offices' checks. A directive is fulfilled by what its
    addressees attest, or by the fact that shows it. This run writes into no tool.

    Args:
        why: Why it is run now; kept with the run.
        dry_run: Only count what would be done. Off: it is done, and recorded.
    """
    del why
    return done(escalate_cases(dry_run=dry_run))

"""issue-directive: a strategic office instructs offices once, until a day, and sees who acknowledged it."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.directives import DirectiveIssued
from flows.outcome import answering, done
from tasks.issuing import issue


@flow(name="issue-directive", flow_run_name="issue a directive")
@answering("issue-directive")
async def issue_directive(
    text: str, addressees: str, terms: str, person: str, why: str, dry_run: bool = True
) -> State[DirectiveIssued]:
    """Instruct offices, roles or a whole subtree to do something once, until a day.

    Run it for what is no rule of a standard: an inspection, a freeze, a one-off report.

    Each addressee is asked in its office's own tool to acknowledge it, and until when; its clocks run from
    the delivery, in its own business days. Writes into no tool: questions go there with the next cycle.

    Args:
        text: What is to be done; all addressees read it.
        addressees: Whom: `subtree=ports; except=oslo; role=head`, or `office=mersin, vigo`. Each role of each
            office is asked by itself; without a role it is the head.
        terms: The last day and what shows that it is done: `due=2027-03-31; evidence=attested: every crane
            was inspected`, or `evidence=fact cost.overrun_percent <= 10`. Also acknowledge (business days),
            issuer, document.
        person: Who issues it, recorded as entered by an operator; see `interoffice person list`.
        why: The reason; all addressees read it.
        dry_run: Only say whom it would reach. Off: it is issued, and recorded.
    """
    return done(issue(text, addressees, terms, person, why, dry_run=dry_run))

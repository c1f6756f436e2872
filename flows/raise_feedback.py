"""raise-feedback: an office says what does not work for it, and the office that answers for it is asked."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.cases import CaseRaised
from flows.outcome import answering, done
from tasks.raising import raise_case


@flow(name="raise-feedback", flow_run_name="raise feedback for {office}")
@answering("raise-feedback")
async def raise_feedback(
    about: str, office: str, terms: str, person: str, why: str, dry_run: bool = True
) -> State[CaseRaised]:
    """Raise what does not work for an office: a rule, a template, a report, a tool.

    Run it when a standard does not fit a division, as where a regulator demands something else.

    It becomes a case between the two offices; raised by several it is one. Each side says when it is served,
    and it closes when both are. Questions go into the offices' tools with the next cycle, not by this run.

    Args:
        about: What it is about, such as `rule delivery-method/2.0 plan-size`; also version, template,
            update, item, report, tool.
        office: The office that raises it.
        terms: The cause and what else there is: `cause=regulatory; deadline=2027-03-01; citation=Ports Act;
            check=rule plan-size; project=mersin/MR-01`. Also counterpart, sponsor, days, document.
        person: Who raises it, recorded as entered by an operator; see `interoffice person list`.
        why: What does not work; both offices read it.
        dry_run: Only say what would come of it. Off: it is raised, and recorded.
    """
    return done(raise_case(office, about, terms, person, why, objection=False, dry_run=dry_run))

"""raise-objection: an office refuses what it was asked for, with a reason, and its clock stands."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.cases import CaseRaised
from flows.outcome import answering, done
from tasks.raising import raise_case


@flow(name="raise-objection", flow_run_name="object for {office}")
@answering("raise-objection")
async def raise_objection(
    about: str, office: str, person: str, why: str, terms: str = "", dry_run: bool = True
) -> State[CaseRaised]:
    """Object to a version, a work item or an update of a plan, for an office.

    Run it when an office refuses what it was asked for: a refusal is said, never read out of silence.

    It opens a case with the office that asked, and the clock of the office that objects stands once, until
    it is agreed or decided; after 15 business days the sponsor decides. Writes into no tool.

    Args:
        about: What is refused, such as `version delivery-method/2.0`; also item and update with their ids.
        office: The office that objects.
        person: Who objects, recorded as entered by an operator; see `interoffice person list`.
        why: The reason; both offices read it.
        terms: What else there is: `cause=capacity; document=https://...`.
        dry_run: Only say what would come of it. Off: it is recorded, and the clock stands.
    """
    return done(raise_case(office, about, terms, person, why, objection=True, dry_run=dry_run))

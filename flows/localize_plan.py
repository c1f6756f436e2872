"""localize-plan: a template becomes an office's plan, by what the office answered."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.local_plans import PlanLocalized
from flows.outcome import answering, done
from tasks.localizing import localize_plan_of


@flow(name="localize-plan", flow_run_name="localize {office}/{released}")
@answering("localize-plan")
async def localize_plan(
    office: str, released: str, person: str, why: str, answers: str = "", dry_run: bool = True
) -> State[PlanLocalized]:
    """Make a template that is shared with an office that office's plan.

    Run it when the office has answered: the day from which dates are counted, roles, rates, parameters.

    Dates follow from the office's calendar; a role without a person is a vacancy with an owner and a day.
    Done twice with the same answers it changes nothing. No tool is written: distributing comes after.
    `interoffice plan localize` writes the file of answers to fill in, and shows each date's explanation.

    Args:
        office: The office that takes the plan.
        released: The version of the template.
        person: The office's head, recorded as entered by an operator; see `interoffice person list`.
        why: Why the plan is made now; recorded.
        answers: A file of answers in the organization's folder. Empty: what the office answered before. Or
            only how large it is at the office, such as 180 users, by which savings are compared.
        dry_run: Only say what would be made. Off: the plan and its answers are stored; no tool is written.
    """
    return done(localize_plan_of(office, released, person.strip(), why, answers, dry_run=dry_run))

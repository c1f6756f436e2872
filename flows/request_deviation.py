"""request-deviation: an office asks for a permitted departure from a rule, in advance."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deviations import DeviationAsked
from flows.outcome import answering, done
from tasks.entering import request_deviation as request


@flow(name="request-deviation", flow_run_name="request a deviation")
@answering("request-deviation")
async def request_deviation(
    rule: str, terms: str, person: str, why: str, project: str = "", dry_run: bool = True
) -> State[DeviationAsked]:
    """Ask for a deviation from a rule, for one project or for a class of projects.

    Run it when a project is to depart from a rule: before it does.

    What it weighs is computed. Below significance it is recorded and holds; else the office that leads
    decides. It ends on its last day, 6 months after its first at most. This run writes into no tool.

    Args:
        rule: The uid of the rule, as the reports name it; before it, if need be, the version.
        terms: The last day, and what else there is: `last=2027-03-18; limit=15; cost=5000; delay_days=10`.
            Also first, gate, category, measure, document, citation (the law that demands it), and of a class
            office or program, and fact.
        person: Who asks, of the project's office; `interoffice person list` says who is who.
        why: The reason; whoever decides reads it.
        project: The project as office/id. Empty for a class.
        dry_run: Only say what would come of it. Off: it is asked for, and recorded.
    """
    return done(request(project, rule, terms, person, why, dry_run=dry_run))

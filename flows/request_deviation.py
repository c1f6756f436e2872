"""request-deviation: an office asks for a permitted departure from a rule, in advance."""

from __future__ import annotations

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from domain.deviations.deviation import Category
from domain.outcomes.deviations import DeviationAsked
from flows.outcome import answering, done
from tasks.entering import Entered
from tasks.entering import request_deviation as request


@flow(name="request-deviation", flow_run_name="request a deviation from {rule}")
@answering("request-deviation")
async def request_deviation(
    rule: str,
    first: date,
    last: date,
    person: str,
    why: str,
    project: str = "",
    version: str = "newest",
    office: str = "",
    program: str = "",
    facts: str = "",
    limit: str = "",
    category: Category = Category.WAIVED,
    measures: str = "",
    documents: str = "",
    citation: str = "",
    cost: float = 0,
    delay_days: int = 0,
    gate: str = "",
    dry_run: bool = True,
) -> State[DeviationAsked]:
    """Ask for a deviation from a rule, for one project or for a class of projects.

    Run it when a project is to depart from a rule: before it does.

    What it weighs is computed. Below significance it is recorded and holds; else the office that leads
    decides. It ends on its last day, 6 months after its first at most. This run writes into no tool.

    Args:
        rule: The uid of the rule, as the reports name it.
        first: The first day on which the rule is departed from. Its day begins at the office.
        last: The last day; with its end at the office the rule holds again.
        person: Who asks, of the project's office; `interoffice person list` says who is who.
        why: The reason; whoever decides reads it.
        project: The project as office/id. Empty for a class.
        version: The version whose rule it is, or the newest.
        office: Of a class: all projects of this office and those below it.
        program: Of a class: all projects of this program.
        facts: Of a class, what narrows it: `project.stage=closing; tool.kind=trac`.
        limit: The limit that is to hold instead; empty where the rule is to be waived.
        category: In which way the rule is not kept.
        measures: What makes up for it, with `;` between several.
        documents: Links to documents, with `;` between several.
        citation: The law that demands it; then it has interim effect until it is decided.
        cost: What it costs, in the project's currency.
        delay_days: By how many days the project takes longer.
        gate: The gate that is skipped, if one is.
        dry_run: Only say what would come of it. Off: it is asked for, and recorded.
    """
    entered = Entered(
        version, rule, first, last, person.strip(), why, project, office, program, facts, limit, category,
        measures, documents, citation, cost, delay_days, gate,
    )  # fmt: skip
    return done(request(entered, dry_run=dry_run))

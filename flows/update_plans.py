"""update-plans: a template's newest version comes into the plans that offices made of it."""

from __future__ import annotations

from dataclasses import replace

from prefect import flow
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State

from domain.outcomes.updating import PlansUpdated
from flows.outcome import answering, done
from flows.tables import of_updates
from tasks.updating import plans_of, update_plan


@flow(name="update-plans", flow_run_name="update plans of {template}")
@answering("update-plans")
async def update_plans(
    why: str,
    template: str = "all",
    person: str = "",
    office: str = "",
    new_versions: bool = True,
    dry_run: bool = True,
) -> State[PlansUpdated]:
    """Merge a template's newest version, and the answers so far, into the offices' plans in their tools.

    Run it when a version was released. What was answered, and defaults at their dates, are written every
    working day, which a schedule does; a new version it leaves to you.

    The dry run says first what the tools cannot hold of the plans, by field, then for each plan how many
    changes come, by how many days it ends later, what it costs more, and how many calls it takes. What an
    office changed or deleted stays; what both changed is asked in its own tool. Running and finished work
    is not touched. Run again it goes on, and writes nothing twice.

    Args:
        why: Why the plans are updated now; recorded.
        template: The template, by its id; all: every one from which an office has a plan.
        person: The owner of the template, recorded as entered by an operator. Empty: nobody is named.
        office: Only this office's plan. Empty: all of them.
        new_versions: Bring in a newer version. Off: only what was answered, and what was begun.
        dry_run: Only say what would change. Off: it is written into the offices' tools.
    """
    chosen = plans_of(template.strip(), office.strip(), person.strip(), why, dry_run=dry_run)
    plans = tuple(update_plan(each.derivation, dry_run=dry_run, newer=new_versions) for each in chosen.plans)
    outcome = replace(chosen, plans=plans)
    await acreate_table_artifact(
        key="plan-updates",
        table=of_updates(outcome),
        description=f"{outcome.template}: what the update does to each plan, in counts.",
    )
    return done(outcome)

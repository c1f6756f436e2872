"""propose-improvements: what offices changed for good goes back to the owner of the template."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.updating import ImprovementsProposed
from flows.outcome import answering, done
from tasks.proposing import propose_improvements_of


@flow(name="propose-improvements", flow_run_name="propose improvements of {template}")
@answering("propose-improvements")
async def propose_improvements(
    template: str, why: str, person: str = "", dry_run: bool = True
) -> State[ImprovementsProposed]:
    """Tell the owner of a template what offices changed for good in their plans, and how many of them.

    Run it before the next version of a template is made.

    A change counts that stood at the plan's last update already, or whose task is finished. No office and no
    person is named. The owner is told in its own tool, once for the same proposals.

    Args:
        template: The template, by its id.
        why: Why it is asked now; recorded.
        person: The owner of the template, recorded as entered by an operator. Empty: nobody is named.
        dry_run: Only say how many proposals there are. Off: the owner is told.
    """
    return done(propose_improvements_of(template, person.strip(), why, dry_run=dry_run))

"""re-base-plan: an office's plan goes over to another pilot's template."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.updating import PlansUpdated
from flows.outcome import answering, done
from tasks.rebasing import rebase_plan


@flow(name="re-base-plan", flow_run_name="take {derivation} over to {onto}")
@answering("re-base-plan")
async def re_base_plan(
    derivation: str, onto: str, person: str, why: str, same: str = "", dry_run: bool = True
) -> State[PlansUpdated]:
    """Take an office's plan over to another template, which is shared with the office.

    Run it when another pilot's template fits an office better than the one that its plan came from.

    Tasks that are the same keep their keys, links and edits; new ones come; those that the other template
    does not have are the office's own from then on. What is unsure is asked of the head in the office's own
    tool, with a default and a date, and nothing else waits for it. undo-update goes back.

    Args:
        derivation: The local plan, as office/template/number.
        onto: The other template, as its id for its newest version, or as id/version.
        person: The head of the office, recorded as entered by an operator; see `interoffice person list`.
        why: The reason; recorded.
        same: Which task of the plan a task of the other template is, as T7=T2; T9=new; asked otherwise.
        dry_run: Only say what would change. Off: it is written into the office's tool.
    """
    return done(rebase_plan(derivation, onto.strip(), same, person.strip(), why, dry_run=dry_run))

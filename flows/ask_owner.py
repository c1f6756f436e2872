"""ask-owner: an office asks about a template that it has."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deployments import PeerQuestioned
from flows.outcome import answering, done
from tasks.deploying import ask_owner_of


@flow(name="ask-owner", flow_run_name="ask about {template} for {office}")
@answering("ask-owner")
async def ask_owner(
    template: str, office: str, question: str, person: str, dry_run: bool = True
) -> State[PeerQuestioned]:
    """Ask the owner of a template a question, for an office that the template is shared with.

    Run it when something in the plan is not clear to the office that takes it over.

    The owner is told, and answers on the page of the deployment or with answer-peer. Question and answer
    become a lesson of the template's next version, which everybody who has it reads. Writes into no tool.

    Args:
        template: The id of the template.
        office: The office that asks.
        question: The question, without names of people; Prefect's page shows it.
        person: Who asks, recorded as entered by an operator; see `interoffice person list`.
        dry_run: Only say whether it could be asked. Off: it is asked, and the owner is told.
    """
    return done(ask_owner_of(template, office, question, person.strip(), dry_run=dry_run))

"""answer-peer: the owner of a template answers another office."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.deployments import PeerQuestioned
from flows.outcome import answering, done
from tasks.deploying import answer_peer_of


@flow(name="answer-peer", flow_run_name="answer {question}")
@answering("answer-peer")
async def answer_peer(question: str, answer: str, person: str, dry_run: bool = True) -> State[PeerQuestioned]:
    """Answer a question that another office asked on a template, for the office that owns it.

    Run it when the owner has an answer; it can also be given on the page of the deployment.

    Question and answer become a lesson of the template's next version. Writes nothing into any tool.

    Args:
        question: The id of the question, such as peer/finance-system/0123456789ab, as its notice says.
        answer: The answer, without names of people; Prefect's page shows it.
        person: Who answers, recorded as entered by an operator; see `interoffice person list`.
        dry_run: Only say whether it could be answered. Off: it is answered, and the asking office is told.
    """
    return done(answer_peer_of(question, answer, person.strip(), dry_run=dry_run))

"""answer-feedback: an office answers in a case: proposes, accepts, says when it is served, attests."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.cases import CaseAnswered
from flows.outcome import answering, done
from tasks.case_answers import answer_case


@flow(name="answer-feedback", flow_run_name="answer {case} for {office}")
@answering("answer-feedback")
async def answer_feedback(
    case: str, office: str, answer: str, person: str, why: str, dry_run: bool = True
) -> State[CaseAnswered]:
    """Answer in a case of feedback for an office, where it is not answered in the office's own tool.

    Run it when an office has an answer, and when whoever is above both offices decides.

    The office whose turn it is proposes an outcome, counter-proposes or accepts; then the other has the turn.
    What was agreed is begun at once: a deviation is asked for by its own law. Writes into no tool.

    Args:
        case: The id of the case, as `interoffice cases` shows it.
        office: The office that answers, or the one that decides above both.
        answer: A word: accept, acknowledge, done, works (until 2027-06-30); amendment, tailoring, deviation,
            template, explanation, nothing, analysis, check, fails, cannot, withdraw, dissent. With its
            terms: `deviation: last=2027-06-30; limit=80`, `check: rule plan-size`.
        person: Who answers, recorded as entered by an operator; see `interoffice person list`.
        why: What is proposed or found, or the reason; both offices read it.
        dry_run: Only say what would come of it. Off: it is recorded.
    """
    return done(answer_case(case, office, answer, person, why, dry_run=dry_run))

"""answer-directive: an office acknowledges a directive, attests that it is carried out, or objects."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.directives import DirectiveAnswered
from flows.outcome import answering, done
from tasks.directive_answers import answer_to


@flow(name="answer-directive", flow_run_name="answer {directive} for {office}")
@answering("answer-directive")
async def answer_directive(
    directive: str, office: str, answer: str, person: str, why: str, dry_run: bool = True
) -> State[DirectiveAnswered]:
    """Answer to a directive for an office, where it is not answered in the office's own tool.

    Run it when an office acknowledged it or carried it out, and said so by telephone or mail.

    An objection becomes a case with the office that issued it, and the office's clock stands once. Writes
    into no tool.

    Args:
        directive: The id of the directive, as `interoffice directives` shows it.
        office: The id of the office that answers.
        answer: A word: acknowledge, done, object.
        person: Who answers, recorded as entered by an operator; see `interoffice person list`.
        why: What shows that it is done (a link), the reason of an objection, or how it was said.
        dry_run: Only say what would come of it. Off: it is recorded.
    """
    return done(answer_to(directive, office, answer, person, why, dry_run=dry_run))

"""answer-comment: the owner of a standard accepts or declines what an office said to a draft."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.drafts import DraftCommented
from flows.outcome import answering, done
from tasks.commenting import answer_comment as answer_one


@flow(name="answer-comment", flow_run_name="answer comment {comment} on {draft}")
@answering("answer-comment")
async def answer_comment(
    draft: str, comment: int, answer: str, person: str, why: str, dry_run: bool = True
) -> State[DraftCommented]:
    """Answer one comment on a draft of a version: accepted, or declined with a reason.

    Run it once for each comment; the approvers are asked when all are answered and the time is over.

    What is accepted has to be changed in the draft by draft-amendment; nobody is asked anew by that. The
    office that commented gets a notice. Writes into no tool.

    Args:
        draft: The id of the draft, or its version, as `interoffice drafts` shows it.
        comment: The number of the comment.
        answer: accepted or declined.
        person: Who answers, recorded as entered by an operator; see `interoffice person list`.
        why: The reason; the office reads it. Needed where it is declined.
        dry_run: Only say what would come of it. Off: it is recorded.
    """
    return done(answer_one(draft, comment, answer, person, why, dry_run=dry_run))

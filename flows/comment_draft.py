"""comment-draft: an office says what it thinks of a draft of a version."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.drafts import DraftCommented
from flows.outcome import answering, done
from tasks.commenting import comment_draft as comment


@flow(name="comment-draft", flow_run_name="comment on {draft} for {office}")
@answering("comment-draft")
async def comment_draft(
    draft: str, office: str, person: str, why: str, dry_run: bool = True
) -> State[DraftCommented]:
    """Comment on a draft of a version for an office, where it does not in its own tool or on its page.

    Run it as often as the office has something to say, while its time for comments runs.

    Each comment is answered by the owner of the standard before anybody decides. Writes into no tool.

    Args:
        draft: The id of the draft, or its version, as `interoffice drafts` shows it.
        office: The office that comments; it has to be consulted.
        person: Who comments, recorded as entered by an operator; see `interoffice person list`.
        why: The comment; or `nothing`, where the office has none and is not to be waited for.
        dry_run: Only say what would come of it. Off: it is recorded.
    """
    return done(comment(draft, office, person, why, dry_run=dry_run))

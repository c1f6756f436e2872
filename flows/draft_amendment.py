"""draft-amendment: a version is drafted and put to the offices, before anybody decides on it."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.drafts import VersionDrafted
from flows.outcome import answering, done
from tasks.drafting import draft_version


@flow(name="draft-amendment", flow_run_name="draft {subject}")
@answering("draft-amendment")
async def draft_amendment(
    subject: str, terms: str, person: str, why: str, dry_run: bool = True
) -> State[VersionDrafted]:
    """Draft a version and put it to the offices for comments, or change or withdraw a draft.

    Run it for every new version of a standard but its first, and when a case ends in an amendment.

    Simulated at once. When the time for comments is over and each is answered, the approvers are asked; once
    they approve it, publish-standard takes it. Questions go into the offices' tools with the next cycle.

    Args:
        subject: A version of the organization's files that is not published, as standard/version; the id of
            a case that ends in an amendment; or the id of a draft, to change it by its file or by terms.
        terms: Empty, or `limit=100; effective=2027-06-01; days=10; office=porto`, with `rule=` for another
            rule than the case's; `step=keep` puts it to nobody yet, `step=withdraw` takes it back.
        person: Who drafts it, recorded as entered by an operator; see `interoffice person list`.
        why: Why it is changed; the offices and the approvers read it.
        dry_run: Only say what would come of it. Off: it is stored, and the offices are asked.
    """
    return done(draft_version(subject, terms, person, why, dry_run=dry_run))

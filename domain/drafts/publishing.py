"""Whether a version may be published: consulted on and approved, the first of its standard, or not consulted.

Refuses to decide who may publish it: the table of actions does.
"""

from __future__ import annotations

from collections.abc import Collection

from domain.drafts.draft import Clearance, Draft, DraftState, Ground
from domain.drafts.moving import words
from domain.ids import VersionId
from domain.standards.standard import Version
from domain.words import counted


def clearance(version: Version, published: Collection[str], draft: Draft | None) -> Clearance:
    """Whether it may be published; `published` are the ids of all versions that are, `draft` the one of it.

    A version is consulted on, unless it is the first of its standard or its file sets the period to 0.
    """
    if version.id in published:
        return Clearance(Ground.AGAIN)
    if not any(VersionId.read(each).standard == version.standard for each in published):
        return Clearance(Ground.FIRST)
    if version.consulted.days == 0:
        return Clearance(Ground.NO_PERIOD)
    if draft is None:
        return Clearance(None, f"{version.id} was not consulted on: {HOW.format(version=version.id)}")
    if draft.content != version.digest:
        return Clearance(
            None,
            f"the file of {version.id} is not the draft {draft.id} that was consulted on: run "
            f"draft-amendment for {version.id}, which takes the file over, or `interoffice draft export "
            f"{draft.id} DIR`",
        )
    if draft.state is DraftState.APPROVED:
        return Clearance(Ground.CONSULTED, draft=draft)
    return Clearance(None, f"{version.id} is not approved: {standing(draft)}")


HOW = (
    "run draft-amendment for {version}, or set `consultation: {{days: 0}}` in its file, which the reports "
    "then say"
)


def standing(draft: Draft) -> str:
    """What it waits for, and what to do, in English."""
    match draft.state:
        case DraftState.DRAFTED if draft.flaws:
            return f"it is in preparation, and has to be mended: {'; '.join(draft.flaws)}"
        case DraftState.DRAFTED:
            return f"it is in preparation: draft-amendment for {draft.id} puts it to the offices"
        case DraftState.CONSULTATION:
            last = max(each.until or each.latest for each in draft.consulted)
            waiting = counted(len([each for each in draft.consulted if not each.silent]), "office")
            return f"{waiting} may comment on it, until {last} at the latest"
        case DraftState.ANSWERING if draft.unanswered:
            count = counted(len(draft.unanswered), "comment")
            return f"{count} to be answered by {draft.owner}: answer-comment"
        case DraftState.ANSWERING:
            return "it is simulated and put to the approvers by the next escalate-feedback"
        case DraftState.DECISION:
            return f"it waits for the approvers: decide, request {draft.request}"
        case _:
            return f"it is {words(draft.state)}; draft another version"

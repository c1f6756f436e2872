"""The request for the approval of a draft: for exactly this content, these comments and this simulation."""

from __future__ import annotations

from dataclasses import asdict

from domain.canonical import digest
from domain.decisions.request import DecisionKind, Request, Shown, Significance, Stakes
from domain.drafts.draft import Draft


def shown_of(draft: Draft) -> Shown:
    """What the approvers are shown, in digests: the simulation, the comments and answers, the content."""
    comments = [asdict(each) for each in draft.comments]
    return Shown(
        facts=draft.simulation.digest if draft.simulation else "",
        text=digest(comments),
        rule=draft.content,
    )


def request_of(draft: Draft) -> Request:
    """The request, before it is known which office has enough who may decide.

    Who drafted it and who changed it last do not decide on it. Every version is significant.
    """
    shown = shown_of(draft)
    return Request(
        id=f"{draft.id}@{shown.digest[:12]}",
        kind=DecisionKind.DRAFT,
        subject=draft.id,
        office=draft.owner,
        shown=shown,
        requester=draft.person,
        editor=draft.editor,
        stakes=Stakes(Significance.SIGNIFICANT),
        why=draft.why,
    )

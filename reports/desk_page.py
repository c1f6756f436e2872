"""A person's desk as HTML: all that waits for them, oldest first, with what happens otherwise; no scripts.

Refuses undefined names, and to load anything from elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.cases.objection import ToObject
from domain.language import Language, Message
from reports.render import filled


class Told(StrEnum):
    """What became of a link that was asked for. The names stand in addresses."""

    SENT = "sent"
    FAILED = "failed"
    NOT_TO_THEM = "not-to-you"
    NOT_SHOWN = "in-the-tool"
    TOO_OFTEN = "too-often"


TOLD: Mapping[Told, Message] = {
    Told.SENT: Message("A link was sent to your address. It decides once; an earlier one opens nothing now."),
    Told.FAILED: Message("Nothing could be sent to your address. Try again later, or have it corrected."),
    Told.NOT_TO_THEM: Message("It is not asked of you any more."),
    Told.NOT_SHOWN: Message("It can be decided in the tool only."),
    Told.TOO_OFTEN: Message("Too many links were asked for at once. Try again in a minute."),
}


@dataclass(frozen=True, slots=True)
class DeskItem:
    """One thing that waits."""

    since: date
    by: date | None
    late: bool
    what: str
    """In words: a decision, an election, a question."""
    text: str
    office: str
    otherwise: str
    where: str
    """Where it is answered or decided, if not by a link that is sent from here."""
    request: str = ""
    """The request for which a link can be sent; empty where none can."""
    form: str = ""
    """The mark of the form that has it sent."""
    chart: str = ""
    """The path of the chart of the plan that it is about; empty where there is none."""
    objects: ToObject | None = None
    """What the person may object to instead; None for nothing."""


@dataclass(frozen=True, slots=True)
class DeskShown:
    """The desk of one person."""

    person: str
    until: date
    """Until when their link lasts."""
    base: str
    """The path of their pages."""
    has_pages: bool
    """Whether they have pages besides."""
    items: tuple[DeskItem, ...]
    told: Told | None = None
    deployments: bool = False
    """Whether they see a deployment."""
    cases: bool = False
    """Whether their offices take part in an open case of feedback."""
    directives: bool = False
    """Whether their offices issued or got a directive that is in force."""
    plans: bool = False
    """Whether they head an office, and there are templates: they may make one the office's plan."""
    templates: bool = False
    """Whether an office for which they speak owns a template."""


def desk_html(desk: DeskShown, language: Language) -> bytes:
    """The page."""
    told = language.message(TOLD[desk.told]) if desk.told is not None else ""
    return filled("desk.html.j2", language, desk=desk, told=told, problem=desk.told not in (None, Told.SENT))

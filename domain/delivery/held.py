"""What should stand in an office's tool and does not, or not as it should: why, and what to do about it.

Nothing of it is silent: it is listed until it stands there. Refuses to decide whether it is tried again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.delivery.wanted import Wanted, WantedKind
from domain.language import Message


class Cause(StrEnum):
    """Why something does not stand in a tool, by who has to do something about it."""

    NOT_GRANTED = "not_granted"
    """The office did not grant that kind of thing."""
    REFUSED = "refused"
    """The tool, its settings or what stands there says no."""
    UNCLEAR = "unclear"
    """What stands there leaves open what is meant: it was removed, or it is there twice."""
    WAITING = "waiting"
    """The tool does not answer, or asks to wait."""


REMEDIES: Mapping[Cause, Message] = {
    Cause.NOT_GRANTED: Message(
        "agree with the office on more access, and write it into tools.yaml; "
        "where it is granted, write there what the reason names"
    ),
    Cause.REFUSED: Message(
        "change in the tool, or in its settings, what the reason names; the next run tries again"
    ),
    Cause.UNCLEAR: Message(
        "put back what was removed, or delete all but one of what stands there twice; the next run goes on"
    ),
    Cause.WAITING: Message("nothing, if the tool is back by the next run; else ask who runs the tool"),
}
"""What people do about it."""
CAUSES: Mapping[Cause, Message] = {
    Cause.NOT_GRANTED: Message("not granted", about="cause"),
    Cause.REFUSED: Message("refused", about="cause"),
    Cause.UNCLEAR: Message("unclear", about="cause"),
    Cause.WAITING: Message("waiting", about="cause"),
}
"""The causes as people read them."""
THINGS: Mapping[WantedKind, Message] = {
    WantedKind.ITEM: Message("{n} item", "{n} items"),
    WantedKind.TASK: Message("{n} task of a plan", "{n} tasks of a plan"),
    WantedKind.QUESTION: Message("{n} question", "{n} questions"),
    WantedKind.DECISION: Message("{n} decision", "{n} decisions"),
    WantedKind.NOTICE: Message("{n} notice", "{n} notices"),
    WantedKind.PROJECT: Message("{n} project", "{n} projects"),
    WantedKind.REMARK: Message("{n} remark at a request", "{n} remarks at requests"),
}
"""How many of a kind there are."""


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that does not stand in its office's tool as it should; `since` is when it was first so."""

    key: str
    office: str
    kind: WantedKind
    cause: Cause
    why: str
    """The reason, where there is one in the tool's own words; one line."""
    since: datetime

    @property
    def remedy(self) -> str:
        """What people do about it."""
        return REMEDIES[self.cause].text


def is_missed(wanted: Wanted, *, delivered: bool) -> bool:
    """Whether it matters that the thing does not stand there: not where it came to its end unseen."""
    return delivered or not wanted.ended

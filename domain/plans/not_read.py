"""Why an office's tools could not be read, by what is to be done next.

A tool says in words of its own what went wrong, in whatever language; pages say the kind in the reader's, and
quote the tool behind it. Refuses to know tools, and to guess a kind from words.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from domain.language import Language, Message


class NotRead(StrEnum):
    """Why the last try to read an office's tools brought nothing. Stored, so the words stay."""

    REFUSED = "refused"
    AWAY = "away"
    NOT_KEPT = "not_kept"
    NEVER = "never"


WHY: Mapping[NotRead, Message] = {
    NotRead.REFUSED: Message("a tool, or something in it, has to be changed before it can be read"),
    NotRead.AWAY: Message("a tool could not be reached; the next run tries again"),
    NotRead.NOT_KEPT: Message("a tool holds something that cannot be stored"),
    NotRead.NEVER: Message("no reading was tried yet"),
}
OF_OLD = Message("the last reading failed")
"""Said of a failure that was stored without its kind."""


class Unsuccessful(Protocol):
    """What knows how a reading failed: `problem` in the tool's own words, empty where none failed."""

    @property
    def problem(self) -> str:
        """What the tool said."""

    @property
    def failure(self) -> NotRead | None:
        """The kind of the failure."""


def why(of: Unsuccessful, says: Language) -> str:
    """Why it was not read, in that language, without the tool's own words; empty where it was read."""
    if of.failure is not None:
        return says.message(WHY[of.failure])
    return says.message(OF_OLD) if of.problem else ""


def own_words(of: Unsuccessful) -> str:
    """What the tool said, to be quoted; empty where nothing was tried."""
    return "" if of.failure is NotRead.NEVER else of.problem

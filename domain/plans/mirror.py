"""What a connector remembers of its tool between readings: a copy that is only replaced by newer states.

Refuses to know what the copy means: content and cursor are the connector's own text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing of a tool as it is remembered: its id there, its last change, its content.

    `stamp` orders two states of one thing (a later one is greater); `body` is the connector's own text.
    """

    ref: str
    stamp: str
    body: str


class Mirror(Protocol):
    """The copy of one office's part of a tool."""

    def cursor(self) -> str:
        """How far the tool was read, in the connector's own form; empty when it never was."""
        ...

    def keep(self, things: Iterable[Kept], cursor: str, gone: Collection[str] = ()) -> None:
        """Remember a page, forget what is gone, and move the cursor, all in one transaction.

        What is remembered with a later stamp stays: older never replaces newer.
        """
        ...

    def held(self) -> AbstractContextManager[None]:
        """A context in which many pages are kept, so that what is opened for one stays open for the next."""
        ...

    def things(self) -> Iterable[Kept]:
        """Everything that is remembered, by ref."""
        ...

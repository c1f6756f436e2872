"""Pages of changes, and how far a tool was read, as values and as text; refuses to read a tool."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from connectors.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """One page of changes, oldest first; `token` leads to the next one and is empty on the last."""

    tickets: tuple[Ticket, ...]
    token: str = ""
    total: int | None = None
    """How many changes there are in all; None where the tool does not say."""
    steady: bool = False
    """Whether the next page begins at this page's last change, so that no change can be missed."""
    upto: datetime | None = None
    """Where containers are read one after the other, the server's time at the end of one of them: later
    changes in it are not included."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a tool was read: changes up to `mark` are in; the pass under way saw `seen`, is at `token`.

    `upto` is the earliest `upto` of the pass's pages.
    """

    mark: str = ""
    seen: str = ""
    token: str = ""
    swept: str = ""
    upto: str = ""
    made: str = ""
    """The digest of the settings used to read: with other settings a ticket may have other values."""

    @classmethod
    def of(cls, text: str) -> Cursor:
        """The cursor that was kept as text."""
        return cls(**json.loads(text)) if text else cls()

    def __str__(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__})

    @property
    def since(self) -> datetime | None:
        """The time after which changes are read; None: everything."""
        return datetime.fromisoformat(self.mark) if self.mark else None

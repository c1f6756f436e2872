"""Pages of changes, and how far a tool was read, as values and as text; refuses to read anything itself."""

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
    """How many there are in all, where the tool says so."""
    steady: bool = False
    """The next page begins at this one's last change: what changes meanwhile comes again."""
    upto: datetime | None = None
    """The server's time at the end of one of several containers that are read one after the other: what
    changes there later is not in."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far it was read: changes up to `mark` are in; the pass under way saw `seen` and is at `token`.

    `upto` is the earliest of its pages' own.
    """

    mark: str = ""
    seen: str = ""
    token: str = ""
    swept: str = ""
    upto: str = ""
    made: str = ""
    """Of the settings with which it was read: read with others, a ticket may say something else."""

    @classmethod
    def of(cls, text: str) -> Cursor:
        """The cursor that was kept as text."""
        return cls(**json.loads(text)) if text else cls()

    def __str__(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__})

    @property
    def since(self) -> datetime | None:
        """The changes after this time are asked for; None: everything."""
        return datetime.fromisoformat(self.mark) if self.mark else None

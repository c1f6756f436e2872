"""Pages of changes and of lists, and how far a tool was read, as values and as text.

Refuses to ask on for ever: a token or a page that was there before ends a list as an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import TryLater
from connectors.tickets.ticket import Malformed, Ticket
from connectors.tickets.typed import shown

A_WHILE = timedelta(minutes=1)


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

    @property
    def content(self) -> Hashable:
        """What is never the same on two pages; empty where a page may be."""
        return () if self.steady else tuple((ticket.ref, ticket.updated) for ticket in self.tickets)


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


def contradicted(tickets: Sequence[Ticket]) -> Iterator[Ticket]:
    """The tickets of an answer; where one comes twice with different content, that is noted in it."""
    first: dict[str, Ticket] = {}
    twice = {ticket.ref for ticket in tickets if first.setdefault(ticket.ref, ticket) != ticket}
    for ticket in tickets:
        odd = Malformed("", shown(ticket.title), "it comes twice in one answer, with different content")
        yield replace(ticket, malformed=(*ticket.malformed, odd)) if ticket.ref in twice else ticket


class Turning:
    """Turns the pages of one list and raises `TryLater` where they lead in a circle, whatever turns them."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._tokens: set[str] = set()
        self._pages: set[Hashable] = set()

    def on(self, token: str, page: Hashable) -> str:
        """The token of the next page after a page; `page` stands for its content where that never repeats."""
        if token and (token in self._tokens or (page and page in self._pages)):
            raise TryLater(f"{self._what}: a page leads back to one that was read already", after=A_WHILE)
        self._tokens.add(token)
        self._pages.add(page)
        return token


def every(
    read: Callable[[str], tuple[Sequence[Any], str]], what: str, content: Callable[[Any], Hashable] = repr
) -> Iterator[Any]:
    """Every element of a list.

    `read` gives the page of a token and the token of the next one, which is empty after the last page; the
    first page's own token is empty. `what` names the list in the error of pages that lead in a circle, which
    is known by their tokens, and by the `content` of a page.
    """
    turning, token, first = Turning(what), "", True
    while first or token:
        page, following = read(token)
        yield from page
        token, first = turning.on(following, content(page) if following else ""), False


def by_offset(read: Callable[[int], tuple[Sequence[Any], int]], what: str) -> Iterator[Any]:
    """Every element of a list that is asked for by the number of elements before the page.

    `read` gives a page and how many elements there are in all: the tool decides how many a page holds.
    """

    def page(token: str) -> tuple[Sequence[Any], str]:
        found, total = read(int(token or 0))
        return found, after(int(token or 0), len(found), total, what)

    return every(page, what)


def after(start: int, count: int, total: int, what: str) -> str:
    """The number of elements before the next page, as a token; empty after the last page.

    Where fewer are said to be there than were given, the next page is asked for until one is empty. Raises
    `TryLater` where an empty page comes before all that are said to be there.
    """
    if not count and start < total:
        raise TryLater(f"{what}: there are said to be {total}, and only {start} are given", after=A_WHILE)
    return str(start + count) if count and start + count != total else ""

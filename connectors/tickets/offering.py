"""What a tool really has, held against what the settings name: fields, statuses and types.

What is not there is told with the names that are nearest to it, and does not count as offered. Refuses to
call a tool, and to say that something is missing where the tool does not tell what it has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from connectors.records.mapping import columns_of
from connectors.tickets.settings import ItemsFields, ProjectsFields, TicketSettings
from domain.plans.project import Unreadable

NEAREST = 3
MOST = 8
"""Up to so many names are all told; of more, those that are nearest."""


@dataclass(frozen=True, slots=True)
class Has:
    """What a tool has, by the names that people see there; None where it does not tell."""

    item_fields: Collection[str] | None = None
    project_fields: Collection[str] | None = None
    statuses: Collection[str] | None = None
    types: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that the settings name at `place` and the tool does not have."""

    place: str
    name: str
    why: str
    offered: str = ""
    """The field that is not offered then, by our name for it; empty for statuses and types."""

    def __str__(self) -> str:
        return f"{self.place}: {self.why}"

    @property
    def unreadable(self) -> Unreadable:
        """The same as something that a reading could not understand."""
        return Unreadable(self.place, self.name, self.why)


def lacks(settings: TicketSettings, has: Has) -> tuple[Lack, ...]:
    """What the settings name and the tool does not have, in the order of the settings."""
    items = settings.items
    return (
        *_fields(settings.projects, "projects", has.project_fields),
        *_fields(items, "items", has.item_fields),
        *_named("status", "items.statuses", items.status_names, has.statuses),
        *_named("type", "items.words.kind", items.words.kind, has.types),
        *_named("type", "deviations.type", _deviations(settings), has.types),
        *_named("type", "ask_owner", settings.ask_owner, has.types),
    )


def _deviations(settings: TicketSettings) -> tuple[str, ...]:
    """The type of ticket that asks for a deviation; none where no type does."""
    return tuple(each for each in settings.asks_by_type if each not in settings.ask_owner)


def _named(what: str, place: str, named: Iterable[str], there: Collection[str] | None) -> Iterator[Lack]:
    for name in named if there is not None else ():
        if name not in (there or ()):
            yield Lack(place, name, f"there is no {what} {name!r}{near(name, there or ())}")


def _fields(part: ProjectsFields | ItemsFields, where: str, there: Collection[str] | None) -> Iterator[Lack]:
    """The columns that name a field which is not there; those of the tool's own are not looked at."""
    if there is None:
        return
    for name, column in columns_of(part):
        if column.header != name and column.header not in there:
            why = f"there is no field {column.header!r}{near(column.header, there)}"
            place = f"{where}.{name}" if "." in name else f"{where}.columns.{name}"
            yield Lack(place, column.header, why, _offered(where, name))


def _offered(where: str, name: str) -> str:
    """The name by which a standard asks for what that column holds."""
    if where == "items":
        return f"item.{name}"
    return name.rpartition(".")[0] if name.startswith("attested.") else name.removeprefix("field.")


def near(name: str, there: Collection[str]) -> str:
    """The names that are nearest to one that is not there, as the end of a remark."""
    known = sorted(set(there))
    if not known:
        return "; there is none at all"
    if len(known) <= MOST:
        return f"; there are {', '.join(known)}"
    folded = {each.casefold(): each for each in known}
    close = get_close_matches(name.casefold(), folded, NEAREST, 0.4)
    return f"; nearest are {', '.join(folded[each] for each in close)}" if close else ""

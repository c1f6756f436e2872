"""What a tool of tickets says beforehand: whether it can be read, and whether what we put there can stand.

Every type that we put (of items, of questions and notices) is looked at in every project. Refuses to write.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from connectors.errors import ToolError
from connectors.protocol import Health
from connectors.tickets.keying import in_line_only
from connectors.tickets.offering import Has, Lack, lacks
from connectors.tickets.pulling import Pulling
from connectors.tickets.required import TypeField, lacking, unknown
from connectors.tickets.served import ServedPart
from connectors.tickets.settings import TicketSettings
from connectors.tickets.ticket import Ticket
from domain.plans.project import Scalar

SHOWN = 5
"""How many examples a remark names."""


class Checking(Pulling):
    """The base of every tool of tickets, as far as it is looked at and not changed."""

    keys_in_lines: ClassVar[bool] = False
    """Whether a line of the description is where our key belongs; else it stands in a field."""
    filled: ClassVar[frozenset[str]] = frozenset()
    """The fields that a new ticket of ours always has, by the tool's names."""
    tells_fields: ClassVar[bool] = False
    """Whether `remarks` says itself which mapped fields are not there."""

    def __init__(self, part: ServedPart, settings: TicketSettings) -> None:
        super().__init__(part, settings)
        self._fields_of: dict[tuple[str, str], Sequence[TypeField] | None] = {}

    @abstractmethod
    def remarks(self) -> Iterator[str]:
        """What a person should correct: missing fields, types, rights; raises `ToolError`."""

    def notes(self) -> Iterable[str]:
        """What is good to know and asks for nothing: which of our fields the tool computes itself."""
        return ()

    def has(self, tickets: Sequence[Ticket]) -> Has:
        """What the tool has, by the names that people see; `tickets` are all that are remembered."""
        del tickets
        return Has()

    def type_fields(self, project: str, type_: str) -> Sequence[TypeField] | None:
        """The fields of a type in a project; None where the tool does not tell them."""
        del project, type_
        return None

    def fields_of(self, project: str, type_: str) -> Sequence[TypeField] | None:
        """The same, read once."""
        if (project, type_) not in self._fields_of:
            self._fields_of[project, type_] = self.type_fields(project, type_)
        return self._fields_of[project, type_]

    def constants(self, project: str, type_: str) -> Sequence[tuple[TypeField, Scalar]]:
        """The values of `constants` for the fields of a type there; all where the tool tells none."""
        given = self.settings.constants
        fields = self.fields_of(project, type_) if given else ()
        if fields is None:
            return [(TypeField(name, name), value) for name, value in given.items()]
        return [
            (field, given[name])
            for field in fields
            for name in dict.fromkeys((field.name, field.id))
            if name in given
        ]

    def check(self) -> Health:
        """Whether the tool answers, knows us, and has what the settings name; never raises, never writes."""
        self._fields_of.clear()
        try:
            remarks = tuple(dict.fromkeys((*self.remarks(), *self._beforehand())))
        except ToolError as problem:
            return Health(readable=False, writable=False, remarks=(problem.text,))
        writable = self._access.may_ask and not remarks
        return Health(readable=True, writable=writable, remarks=remarks, notes=tuple(self.notes()))

    def lacks(self, tickets: Sequence[Ticket]) -> tuple[Lack, ...]:
        """What the settings name and the tool does not have."""
        return lacks(self.settings, self.has(tickets))

    def _beforehand(self) -> Iterator[str]:
        """What would go wrong: names that are not there, a key left out, required fields without value."""
        tickets = self._mirror.tickets()
        for each in self.lacks(tickets):
            if not (each.offered and self.tells_fields):
                yield str(each)
        if self._access.may_ask:
            yield from self._types_of_ours()
            yield from () if self.keys_in_lines else self._keyless(tickets)

    def _types_of_ours(self) -> Iterator[str]:
        """What the types that we put cannot hold: each remark once, with types and projects."""
        columns = self.settings.items.columns
        mapped = (getattr(columns, name) for name in ("key", "role", "standing", "start", "due", "work"))
        filled = self.filled | {column.header for column in mapped if column is not None}
        every: list[TypeField] = []
        said: dict[str, list[str]] = {}
        for project, type_ in self.puts():
            fields = self.fields_of(project, type_)
            if fields is None:
                return
            every += fields
            found = list(lacking(fields, filled, self.settings.constants))
            if not self.keys_in_lines and columns.key is not None and fields:
                found += _of_key(columns.key.header, fields)
            for remark in found:
                said.setdefault(remark, []).append(f"{type_} in {project}")
        for remark, places in said.items():
            more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
            yield f"{', '.join(places[:SHOWN])}{more}: {remark}"
        yield from unknown(every, self.settings.constants) if every else ()

    def puts(self) -> Iterator[tuple[str, str]]:
        """The projects and types that we put: of items, of questions and notices."""
        asked, items = self.settings.questions, self.settings.items
        for project in self.settings.projects.within:
            if self._access.may_write:
                yield project, items.put_as
            if asked.project in ("", project) and not (
                self._access.may_write and asked.put_as == items.put_as
            ):
                yield project, asked.put_as

    def _keyless(self, tickets: Iterable[Ticket]) -> Iterator[str]:
        """What bears our key in its description only: the tool left the key out when it was created."""
        places: dict[tuple[str, str], list[str]] = {}
        for each in filter(in_line_only, tickets):
            places.setdefault((each.project, each.type), []).append(each.ref)
        for (project, type_), refs in sorted(places.items()):
            yield (
                f"our key is left out in {project} for the type {type_}: {', '.join(refs[:SHOWN])} "
                f"{'has' if len(refs) == 1 else 'have'} it in the description only; let our user write "
                f"{self.spec.key_place} there, the next run then goes on"
            )


def _of_key(header: str, fields: Sequence[TypeField]) -> Iterator[str]:
    """Whether a type has the field of our key, and we may write it."""
    found = [field for field in fields if field.name == header]
    if not found:
        yield f"there is no field {header!r} for our key; activate it there"
    elif not found[0].writable:
        yield f"our user may not write {header!r}, where our key belongs; let it"

"""What a tool of tickets lacks for its work with us: fields, statuses, types; and the calls that make some.

What a check remarks besides is told as it says it. Refuses to make what the tool shows already, and to say
that something is there which the tool does not tell.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, ClassVar, Generic, TypeVar

from connectors.errors import OutcomeUnknown, Refused, ToolError
from connectors.http.client import Call
from connectors.preparation import NOTHING_DEMANDED, Demands, Made, Making, Step, Told, Whose
from connectors.protocol import may_prepare
from connectors.records.demands import place_of
from connectors.records.mapping import DATES, columns_of
from connectors.tickets.checking import Checking
from domain.delivery.wanted import Wanted

OURS = ("key", "role", "standing")
PLANNED = ("start", "due", "work")
ALIKE = 0.8
UNSEEN = "it got no answer; run this again, which looks first"


@dataclass(frozen=True, slots=True)
class MakeByCall(Making):
    """Something that one call makes; `name` is what people then see in the tool."""

    name: str = ""
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class Menus:
    """Where a tool's administrator makes things, in the tool's own words."""

    field: str
    status: str


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class There:
    """A project as it stands in a tool: where, and our key in its description."""

    ref: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class StartKit(Generic[T]):
    """How a kind of tool is given a project: how one is looked for by its id, and the creating call."""

    there: Callable[[T, str], There | None]
    call: Callable[[T, Wanted], Call]


@dataclass(frozen=True, slots=True)
class Kit(Generic[T]):
    """How a kind of tool is made ready; `T` is its connector."""

    menus: Menus
    makes: str = ""
    """What can be made there by calls, for people."""
    field: Callable[[T, str], Step] | None = None
    """The step that makes a missing field; without it that is told."""
    more: Callable[[T], Iterator[Step]] | None = None
    """What else can be made by a call."""
    start: StartKit[T] | None = None
    """How a project is started there; without it people do that."""
    cached: tuple[str, ...] = ()
    """The attributes that hold what was read of the tool's fields and types."""


class Preparing(Checking):
    """The base of every tool of tickets, as far as it is made ready for us."""

    kit: ClassVar[Kit[Any]]

    def lacking(self, demands: Demands = NOTHING_DEMANDED) -> tuple[Step, ...]:
        """What is missing there; see `Connector.lacking`. Raises `Refused` where it cannot be read."""
        health = self.check()
        if not health.readable:
            raise Refused("; ".join(health.remarks))
        self._demands = demands
        steps = self._steps()
        known = [repr(step.name) for step in steps if isinstance(step, MakeByCall)]
        known += [repr(name) for name in self._told_names]
        rest = [remark for remark in health.remarks if not any(name in remark for name in known)]
        settings = self._unnamed(demands)
        return (*steps, *settings, *(Told(remark, "") for remark in rest))

    _told_names: Collection[str] = ()
    """What is told of already, so that no remark tells it again."""

    def make(self, steps: Sequence[Making]) -> tuple[Made, ...]:
        """Send the call of each step; one that is refused holds up no other."""
        may_prepare(self._access)
        self.forget()
        missing = {step.what for step in self.lacking(self._demands)}
        results = [
            Made(step, self._done(step) if step.what in missing else "it is there by now") for step in steps
        ]
        self.forget()
        return tuple(results)

    _demands: Demands = NOTHING_DEMANDED
    """What was demanded when it was last said what is lacking."""

    def _steps(self) -> list[Step]:
        """What is missing of fields, statuses and types."""
        more = self.kit.more(self) if self.kit.more is not None else ()
        return [*self._fields_lacking(self._demands), *self._statuses_lacking(), *more]

    def _done(self, step: Making) -> str:
        """Send the call of a step; why it was not carried out, or empty."""
        if not isinstance(step, MakeByCall) or step.call is None:
            return "no tool of tickets has such a step"
        try:
            self.send(step.call)
        except OutcomeUnknown as unknown:
            return f"{unknown.text}: {UNSEEN}"
        except ToolError as refusal:
            return refusal.text
        return ""

    # What a tool gives.

    def forget(self) -> None:
        """Read anew what the tool has: something was made there."""
        self._fields_of.clear()
        for each in self.kit.cached:
            *way, name = each.split(".")
            holder = getattr(self, way[0]) if way else self
            holder.__dict__.pop(name, None)

    def field_lacks(self, name: str) -> bool:
        """Whether the tool says that it has no such field of tickets."""
        there = self.has(self._mirror.tickets()).item_fields
        return there is not None and name not in there

    def field_step(self, name: str) -> Step:
        """How a missing field of tickets comes to be there; told unless the tool can be asked for it."""
        if self.kit.field is not None:
            return self.kit.field(self, name)
        return Told(f"there is no field {name!r}", f"{self.kit.menus.field}; call it {name!r}")

    def status_step(self, name: str) -> Step:
        """How a missing status comes to be there."""
        return Told(f"there is no status {name!r}", f"{self.kit.menus.status}; call it {name!r}")

    @abstractmethod
    def _offered(self) -> frozenset[str]:
        """The fields that the tool offers."""

    # What is the same for every tool.

    def _fields_lacking(self, demands: Demands) -> Iterator[Step]:
        """The fields that we write, and those that the version demands, which the tool does not have."""
        wanted = dict.fromkeys(self._wanted_fields(demands))
        missing = [name for name in wanted if self.field_lacks(name)]
        self._told_names = tuple(missing)
        there = self.has(self._mirror.tickets()).item_fields if missing else None
        for name in missing:
            near = get_close_matches(name, there or (), 1, ALIKE)
            if near:
                how = "write the one that is meant into the settings of `items`"
                yield Told(f"there is no field {name!r}, but {near[0]!r}", how, Whose.FILES)
            else:
                yield self.field_step(name)

    def _wanted_fields(self, demands: Demands) -> Iterator[str]:
        demanded = {name.removeprefix("item.") for name in demands.fields if name.startswith("item.")}
        for name, column in columns_of(self.settings.items):
            ours = (name in OURS and self._access.may_ask) or (name in PLANNED and self._access.may_write)
            if column.header != name and (ours or name in demanded):
                yield column.header

    def kind_of_field(self, header: str) -> str:
        """What such a field of ours holds: `date`, `number` or `text`."""
        ours = {column.header: name for name, column in columns_of(self.settings.items)}.get(header, "")
        return "date" if ours in DATES else "number" if ours in ("work", "percent") else "text"

    def _statuses_lacking(self) -> Iterator[Step]:
        found = [each for each in self.lacks(self._mirror.tickets()) if each.place == "items.statuses"]
        self._told_names = (*self._told_names, *(each.name for each in found))
        yield from (self.status_step(each.name) for each in found)

    def _unnamed(self, demands: Demands) -> Iterator[Step]:
        """What the version asks for and the settings do not name: only people write that."""
        there, asks = self._offered(), f"{demands.version} asks for"
        for name in demands.fields:
            if name not in there:
                place = place_of(name)
                how = (
                    f"name the tool's field in the settings of `{place.part}`: `{place.line}`; "
                    f"where there is none, have it made first: {self.kit.menus.field}"
                )
                yield Told(f"{asks} the field {name}, which the settings do not name", how, Whose.FILES)
        for status in demands.statuses:
            if status not in self.settings.items.status_names:
                how = f"add {json.dumps(status, ensure_ascii=False)} to `statuses` in the settings of `items`"
                yield Told(f"{asks} the status {status!r}, which the settings do not name", how, Whose.FILES)

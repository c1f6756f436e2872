"""What a table of items says of them as parts of a plan: outline, predecessors, durations, actuals, cost.

A row's parent is the row above it that lies less deep, or the one that its cell names. Refuses to guess: a
level, a predecessor or a duration that is not understood is one line of the reading, with its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial
from typing import TypeVar

from connectors.records import values as cells
from connectors.records.columns import Length, Links, Money, SheetItemColumns
from connectors.records.dates import Unclear
from connectors.records.links import (
    Entry,
    as_span,
    entries,
    languages_of,
    languages_of_lengths,
    meant,
)
from connectors.records.naming import look
from connectors.records.reader import Line, Reader, Table
from connectors.records.values import Value
from domain.ids import ItemKey, is_given
from domain.plans.item_plan import NOTHING_PLANNED, DayConstraint, ItemPlan, Span
from domain.plans.predecessor import LagUnit, Predecessor
from domain.plans.project import Item
from domain.plans.task import ConstraintKind

UNIT = {
    "minutes": LagUnit.WORKING_MINUTES,
    "hours": LagUnit.WORKING_HOURS,
    "days": LagUnit.WORKING_DAYS,
    "weeks": LagUnit.WORKING_WEEKS,
}
T = TypeVar("T")
MOST_PLACES = 1_000_000
DEEPEST = 200
"""How deep an outline may be."""
Row = tuple[Line, Item]


def planned(reader: Reader, table: Table, rows: Sequence[Row]) -> list[Item]:
    """The items of these rows, in their order, with what the table says of them as parts of a plan."""
    if not rows:
        return []
    made = Planning(reader, table, rows)
    plans = [made.own_facts(line, item) for line, item in rows]
    parents, after = made.parents(), made.predecessors()
    above, places = set(parents.values()), made.places()
    found = []
    for (_, item), plan in zip(rows, plans, strict=True):
        more = ItemPlan(parents.get(item.key), after=after.get(item.key, ()))
        if made.outlined:
            more = replace(more, summary=True if item.key in above else None)
        if made.outlined or made.numbered:
            more = replace(more, order=places[item.key])
        found.append(replace(item, plan=together(plan, more)))
    return found


def together(first: ItemPlan | None, second: ItemPlan) -> ItemPlan | None:
    """What both say of an item; where both do, the first: it is what the settings name."""
    given = first or NOTHING_PLANNED
    told = {each.name: getattr(second, each.name) for each in fields(ItemPlan)}
    more = {name: value for name, value in told.items() if getattr(given, name) in (None, ())}
    plan = replace(given, **more)
    return None if plan == NOTHING_PLANNED else plan


def _is_put(item: Item) -> bool:
    """Whether we put it there, so that its key is ours and its id is the tool's."""
    return bool(item.ours) or is_given(item.key)


@dataclass
class Planning:
    """The rows of a table of items, found by ids, keys and places."""

    reader: Reader
    table: Table
    rows: Sequence[Row]
    _named: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """The keys of the items that a text names, by the project and the text; by text alone without project."""

    def __post_init__(self) -> None:
        part = self.reader.settings.items
        self._columns = part.columns if part else None
        for line, item in self.rows:
            names = {item.key, item.ours, ItemKey.read(item.key).own} if "/" in item.key else {item.key}
            own = self.reader.text(self.table, line, "id") if _is_put(item) else None
            for name in (*names, own):
                for project in (item.project, "") if name else ():
                    self._named.setdefault((project, look(str(name))), set()).add(item.key)

    @property
    def outlined(self) -> bool:
        """Whether the table tells which item is part of which, or what follows what."""
        named = isinstance(self._columns, SheetItemColumns) and {"parent", "after"} & set(self.table.columns)
        return bool(named) or "level" in self.rows[0][0].values

    @property
    def numbered(self) -> bool:
        """Whether a column tells the order."""
        return isinstance(self._columns, SheetItemColumns) and "order" in self.table.columns

    def places(self) -> Mapping[str, int]:
        """The place of each item among those of its project, from 1: by the column `order`, else by rows.

        What has no number there stands behind the row above it.
        """
        last, ranked = dict[str, float](), list[tuple[float, str, str]]()
        for line, item in self.rows:
            told = self._take(line, item, "order", as_place) if self.numbered else None
            last[item.project] = told if told is not None else last.get(item.project, 0.0)
            ranked.append((last[item.project], item.project, item.key))
        counts, found = Counter[str](), dict[str, int]()
        for _, project, key in sorted(ranked, key=lambda each: each[0]):
            counts[project] += 1
            found[key] = counts[project]
        return found

    def own_facts(self, line: Line, item: Item) -> ItemPlan:
        """What one row says by itself."""
        take, table = self.reader.take, self.table
        columns, since = self._columns, len(self.reader.unreadable)
        cost = columns.cost if columns else None
        unit = cost.unit if isinstance(cost, Money) else "1"
        spent = columns.spent.unit if columns and columns.spent else "hours"
        early = self.reader.day(table, line, "not_before")
        role = take(table, line, "role", partial(cells.as_said, counted=table.counted)) or None
        plan = ItemPlan(
            duration=take(table, line, "duration", self._span),
            actual_start=self.reader.day(table, line, "actual_start"),
            actual_finish=self.reader.day(table, line, "actual_finish"),
            constraint=DayConstraint(ConstraintKind.START_NO_EARLIER_THAN, early) if early else None,
            deadline=self.reader.day(table, line, "deadline"),
            cost=take(table, line, "cost", partial(cells.as_money, unit=unit)),
            calendar=self.reader.text(table, line, "calendar") if "calendar" in table.columns else None,
            spent=take(table, line, "spent", partial(cells.as_work, unit=spent)) or None,
            role=role,
            own_id=self.reader.text(table, line, "id") if _is_put(item) else None,
        )
        self.reader.about(since, item.project)
        return plan

    def _span(self, value: Value) -> Span:
        column = getattr(self._columns, "duration", None)
        declared = UNIT.get(column.unit or "") if isinstance(column, Length) else None
        return as_span(value, declared, self._speaking)

    @cached_property
    def _speaking(self) -> frozenset[str]:
        """The languages of the column of durations."""
        column = getattr(self._columns, "duration", None)
        told = (value for line, _ in self.rows if (value := line.values.get("duration")) is not None)
        return languages_of_lengths(told, getattr(column, "language", None))

    def _take(self, line: Line, item: Item, name: str, convert: Callable[[Value], T]) -> T | None:
        """The converted value of a field; what is not understood is noted of the item's project."""
        since = len(self.reader.unreadable)
        found = self.reader.take(self.table, line, name, convert)
        self.reader.about(since, item.project)
        return found

    def _tell(self, line: Line, item: Item, name: str, text: str, problem: str) -> None:
        """Note of the item's project what is not understood in a field."""
        since = len(self.reader.unreadable)
        self.reader.tell(self.table.ref(line.number, name), text, problem)
        self.reader.about(since, item.project)

    # The outline.

    def parents(self) -> dict[str, str]:
        """The item that each one is part of, by keys."""
        if isinstance(self._columns, SheetItemColumns) and self._columns.parent:
            return dict(self._named_parents())
        return dict(self._levelled_parents())

    def _named_parents(self) -> Iterator[tuple[str, str]]:
        for line, item in self.rows:
            said = self._take(line, item, "parent", cells.as_text)
            if not said:
                continue
            found = self.find(item, said)
            if found is None or found == item.key:
                why = "it is part of itself" if found else f"there is no item {said!r}; write the id of one"
                self._tell(line, item, "parent", said, why)
            else:
                yield item.key, found

    def _levelled_parents(self) -> Iterator[tuple[str, str]]:
        above: dict[str, list[tuple[int, str]]] = {}
        for line, item in self.rows:
            level = self._take(line, item, "level", as_level)
            if level is None:
                continue
            over = above.setdefault(item.project, [])
            while over and over[-1][0] >= level:
                over.pop()
            if over:
                yield item.key, over[-1][1]
            over.append((level, item.key))

    # What follows what.

    def predecessors(self) -> dict[str, tuple[Predecessor, ...]]:
        """What each item follows, by keys."""
        links = self._columns.after if isinstance(self._columns, SheetItemColumns) else None
        if links is None:
            return {}
        told = {item.key: self._entries(line, item, links) for line, item in self.rows}
        speaking = languages_of((each for found in told.values() for each in found), links.language)
        after: dict[str, tuple[Predecessor, ...]] = {}
        for line, item in self.rows:
            meanings = (self._meant(line, item, each, speaking, links) for each in told[item.key])
            after[item.key] = tuple(sorted({each for each in meanings if each}))
        return after

    def _entries(self, line: Line, item: Item, links: Links) -> tuple[Entry, ...]:
        read = partial(entries, known=partial(self._followed, item, links))
        return self._take(line, item, "after", read) or ()

    def _meant(
        self, line: Line, item: Item, entry: Entry, speaking: frozenset[str], links: Links
    ) -> Predecessor | None:
        try:
            each = meant(entry, speaking)
        except Unclear as unclear:
            self._tell(line, item, "after", entry.text, str(unclear))
            return None
        key = self._followed(item, links, each.ref)
        if key is None or key == item.key:
            why = f"there is no item {each.ref!r}; write the id of one"
            self._tell(line, item, "after", entry.text, "it follows itself; take it out" if key else why)
            return None
        return Predecessor(key, each.lag, each.type, each.unit)

    def _followed(self, item: Item, links: Links, text: str) -> str | None:
        """The key of the item that a predecessor names, as the settings say what numbers are."""
        if links.by == "id" or not text.isdecimal():
            return self.find(item, text)
        if links.by == "row":
            return self._by_row.get(int(text))
        mine = self._by_line[item.project]
        return mine[int(text) - 1] if 0 < int(text) <= len(mine) else None

    @cached_property
    def _by_row(self) -> Mapping[int, str]:
        """The items by the rows of the sheet."""
        return {line.number: item.key for line, item in self.rows}

    @cached_property
    def _by_line(self) -> Mapping[str, Sequence[str]]:
        """The items of each project in their order."""
        found: dict[str, list[str]] = {}
        for _, item in self.rows:
            found.setdefault(item.project, []).append(item.key)
        return found

    def find(self, item: Item, text: str) -> str | None:
        """The key of the item that a text names: one of the same project first; None for none or several."""
        for project in (item.project, ""):
            found = self._named.get((project, look(text)), set())
            if len(found) == 1:
                return next(iter(found))
            if found:
                return None
        return None


def as_level(value: Value) -> int:
    """A level of an outline: a whole number from 0 on; `Unclear` for anything else."""
    said = cells.as_text(value)
    if not said.isdecimal() or int(said) > DEEPEST:
        raise Unclear(f"{said!r} is no level of an outline; write 1 for the highest, 2 for its parts, ...")
    return int(said)


def as_place(value: Value) -> float:
    """A place in an order: a number from 0 on; `Unclear` for anything else."""
    said = cells.as_text(value)
    try:
        place = float(said.replace(",", "."))
    except ValueError:
        place = -1
    if not 0 <= place < MOST_PLACES:
        raise Unclear(f"{said!r} is no place in an order; write 1, 2, 3, or 2.5 for one between two")
    return place

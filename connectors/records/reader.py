"""Reads the lines of a table value by value, and keeps what it could not understand and what it passed over.

Refuses to know what a project or an item is made of: that is `connectors.records.reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from typing import Protocol, TypeVar

from connectors.records import values as cells
from connectors.records.dates import Unclear
from connectors.records.mapping import Parts
from connectors.records.percents import is_plain, stated, two_readings
from connectors.records.values import Counted, Value
from domain.plans.left_out import LeftOutKind
from domain.plans.project import ItemKind, ItemState, Stage, Unreadable
from domain.words import counted

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its number, and the values of its mapped cells (None is blank)."""

    number: int
    values: Mapping[str, Value | None]
    formulas: frozenset[str]
    """The fields that a formula fills."""


class Table(Protocol):
    """Lines of named values, whatever their source; `counted` says which day a number is.

    `passed_over` are the rows that are no lines, with their places; `place` is that of a whole column.
    """

    @property
    def columns(self) -> Collection[str]: ...  # noqa: D102 - the class says it
    @property
    def counted(self) -> Counted: ...  # noqa: D102 - the class says it
    @property
    def passed_over(self) -> Sequence[tuple[LeftOutKind, str]]: ...  # noqa: D102 - the class says it
    def lines(self) -> Iterable[Line]: ...  # noqa: D102 - the class says it
    def place(self, field: str) -> str: ...  # noqa: D102 - the class says it
    def ref(self, row: int, field: str = "") -> str: ...  # noqa: D102 - the class says it


@dataclass
class Tables:
    """The tables of a tool; all but the projects are None where they are not mapped or not there."""

    projects: Table
    items: Table | None
    questions: Table | None
    deviations: Table | None = None


@dataclass(frozen=True)
class Words:
    """The words of a field and what they mean."""

    name: str
    of: str
    """What has it, as a noun: `project`."""
    key: str
    """The key of the settings that names the office's own words."""
    ours: tuple[str, ...] = field(compare=False)
    theirs: Mapping[str, str] = field(compare=False)

    @cached_property
    def _known(self) -> Mapping[str, str]:
        known = {word: word for word in self.ours} | dict(self.theirs)
        return {cells.folded(word): ours for word, ours in known.items()}

    def meaning(self, said: str) -> str | None:
        """Our word for theirs; our own are understood too. None for one that nobody maps."""
        return self._known.get(cells.folded(said))

    def problem(self, said: str, count: int) -> str:
        """What to do about a word that nobody maps."""
        *first, last = self.ours
        return (
            f"what the {self.name} {said!r} of {counted(count, self.of)} means is not said; "
            f"name it under {self.key} as {', '.join(first)} or {last}"
        )


@dataclass(frozen=True, slots=True)
class ItemReading:
    """How the values of an item's columns become ours."""

    kind: Words
    work: Callable[[Value], float]
    percent: Callable[[Value], float]
    states: Mapping[str, ItemState]
    """What the office's statuses mean."""


@dataclass
class Reader:
    """Reads line by line and keeps what it could not understand."""

    office: str
    settings: Parts
    tables: Tables
    unreadable: list[Unreadable] = field(default_factory=list)
    passed_over: list[tuple[LeftOutKind, str]] = field(default_factory=list)
    _unmapped: dict[tuple[Words, str], list[tuple[str, str]]] = field(default_factory=dict)
    _percents: dict[tuple[int, str], float | None] = field(default_factory=dict)

    def tell(self, ref: str, text: str, problem: str) -> None:
        """Note one value that could not be understood."""
        self.unreadable.append(Unreadable(ref, text, problem))

    def about(self, since: int, project: str) -> None:
        """Say of which project the values are that were noted since there were so many."""
        self.unreadable[since:] = [replace(each, project=project) for each in self.unreadable[since:]]

    def take(self, table: Table, line: Line, name: str, convert: Callable[[Value], T]) -> T | None:
        """The converted value of a field; None where it is blank, or could not be understood and is noted."""
        value = line.values.get(name)
        if value is None:
            return None
        try:
            return convert(value)
        except Unclear as unclear:
            self.tell(table.ref(line.number, name), cells.raw(value), str(unclear))
            return None

    def word(self, table: Table, line: Line, words: Words) -> str | None:
        """Our word for what stands there; None where it is blank, or where nobody maps it (`tell_words`)."""
        said = self.text(table, line, words.name)
        found = words.meaning(said) if said is not None else None
        if said is not None and found is None:
            places = self._unmapped.setdefault((words, cells.folded(said)), [])
            places.append((table.ref(line.number, words.name), said))
        return found

    def tell_words(self) -> None:
        """Note each word that nobody maps, once: where it stands first, and how many have it."""
        for (words, _), places in self._unmapped.items():
            ref, said = places[0]
            self.tell(ref, said, words.problem(said, len(places)))
        self._unmapped.clear()

    def percent(self, table: Table, line: Line, name: str, convert: Callable[[Value], float]) -> float | None:
        """A percentage; None where it is blank, or where its column is not understood (noted once)."""
        value, most = line.values.get(name), self._twofold(table, name)
        if value is not None and most is not None and is_plain(value) and 0 < stated(value) <= most:
            return None
        return self.take(table, line, name, convert)

    def _twofold(self, table: Table, name: str) -> float | None:
        """Up to which number those of a column of percentages are not understood; None where all are."""
        if (id(table), name) not in self._percents:
            unit, chosen = self._unit(name)
            found = two_readings(table.lines(), name, unit) if chosen else None
            if found is not None:
                self.tell(table.place(name), "", found.problem)
            self._percents[id(table), name] = found.most if found is not None else None
        return self._percents[id(table), name]

    def _unit(self, name: str) -> tuple[str | None, bool]:
        """The unit of a column of percentages, and whether the settings name it: else the tool's own says."""
        part = self.settings.items if name == "percent" else self.settings.projects
        column = getattr(part.columns, name, None) if part else None
        chosen = part is not None and name in part.columns.model_fields_set
        return getattr(column, "unit", None), chosen or column is None

    def text(self, table: Table, line: Line, name: str) -> str | None:
        """A text; None where it is blank."""
        return self.take(table, line, name, cells.as_text) or None

    def day(self, table: Table, line: Line, name: str) -> date | None:
        """A date; None where it is blank."""
        return self.take(table, line, name, self._as_date)

    @cached_property
    def _as_date(self) -> Callable[[Value], date]:
        return partial(cells.as_date, counted=self.tables.projects.counted)

    @cached_property
    def stages(self) -> Words:
        """The words for a project's stage; made once for all rows."""
        theirs = self.settings.projects.words.stage
        return Words("stage", "project", "projects.words.stage", tuple(Stage), theirs)

    @cached_property
    def items(self) -> ItemReading:
        """How the columns of items are read; made once for all rows."""
        part = self.settings.items
        work, percent = (part.columns.work, part.columns.percent) if part else (None, None)
        return ItemReading(
            kind=Words("kind", "item", "items.words.kind", tuple(ItemKind), part.words.kind if part else {}),
            work=partial(cells.as_work, unit=work.unit if work else "hours"),
            percent=partial(cells.as_percent, unit=percent.unit if percent else None),
            states=part.states if part else {},
        )

    def identity(self, table: Table, line: Line) -> str | None:
        """The row's own id; rows without one are noted or, where they are formulas alone, counted."""
        value = line.values.get("id")
        found = self.text(table, line, "id")
        here = table.ref(line.number, "id")
        if value is not None and value.kind == "unsaved":
            self.passed_over.append((LeftOutKind.UNCALCULATED_ROW, here))
        if value is None:
            filled = {name: each for name, each in line.values.items() if each is not None}
            if not filled.keys() <= line.formulas:
                self.tell(here, "", "the row has content but no id; give it one")
            elif any(each.kind == "unsaved" for each in filled.values()):
                self.passed_over.append((LeftOutKind.UNCALCULATED_ROW, here))
                self.tell(here, "", "a row of formulas without results; open the workbook and save it once")
            else:
                self.passed_over.append((LeftOutKind.UNUSED_FORMULA_ROW, here))
        return found

"""The order of our rows by numbers in a column: 1, 2, 3; what comes between two rows gets a number between.

A row keeps its number as long as it is not moved. Refuses to number the office's own rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor

from connectors.records.ordering import arranged
from connectors.records.reading import behind_of
from domain.ids import ProjectKey
from domain.plans.project import Reading, Values

DIGITS = 6
"""Of a number between two others."""


@dataclass
class RowOrder:
    """Our rows: whose part each one is, what it stands behind, its number; and what is to be so."""

    behind: dict[str, str] = field(default_factory=dict)
    """What each stands behind now, in their order."""
    projects: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)
    """What those that are written are to stand behind, in the order of writing."""

    def note(self, key: str, values: Values) -> None:
        """What is written of a row."""
        if "project" in values:
            self.projects[key] = str(values["project"])
        if "parent" in values:
            self.parents[key] = str(values["parent"])
        if isinstance(at := values.get("behind"), str):
            self.wanted[key] = at

    def numbered(self) -> Mapping[str, float]:
        """The numbers to write: of what is put elsewhere, and of what would not stand right without one."""
        families: dict[tuple[str, str], list[str]] = {}
        for key in dict.fromkeys((*self.behind, *self.wanted)):
            over = (self.projects.get(key, ""), self.parents.get(key, ""))
            families.setdefault(over, []).append(key)
        found: dict[str, float] = {}
        last: list[tuple[int, int, str]] = []
        for keys in families.values():
            if not self.wanted.keys().isdisjoint(keys):
                wanted = {key: at or None for key, at in self.wanted.items()}
                self._number(arranged(keys, wanted), found, last)
        whole = floor(max([0.0, *self.numbers.values(), *found.values()]))
        for count, (_, _, key) in enumerate(sorted(last), 1):
            found[key] = float(whole + count)
        return found

    def _number(self, order: list[str], found: dict[str, float], last: list[tuple[int, int, str]]) -> None:
        """The numbers of one family, between the rows that keep theirs; what comes after all is `last`."""
        kept = self._kept(order)
        places = {key: place for place, key in enumerate(self.wanted)}
        before, at = 0.0, -1
        waiting: list[str] = []
        for key in order:
            at = max(at, places.get(key, at))
            if key not in kept:
                waiting.append(key)
                last.append((at, len(last), key))
                continue
            step = (self.numbers[key] - before) / (len(waiting) + 1)
            for count, each in enumerate(waiting, 1):
                found[each] = round(before + step * count, DIGITS)
            if waiting:
                del last[-len(waiting) :]
            waiting, before = [], self.numbers[key]

    def _kept(self, order: list[str]) -> frozenset[str]:
        """The rows that keep their numbers: they are not moved, and stand behind those before them."""
        found, before = set(), 0.0
        for key in order:
            number = self.numbers.get(key)
            if key not in self.wanted and number is not None and number > before:
                found.add(key)
                before = number
        return frozenset(found)


def row_order(reading: Reading, numbers: Mapping[str, float]) -> RowOrder:
    """The order of our rows as they were read."""
    items = [item for plan in reading.plans for item in (*plan.items, *plan.summaries)]
    parents = {
        item.ours or item.key: item.plan.parent
        for item in items
        if item.plan is not None and item.plan.parent
    }
    projects = {item.ours or item.key: ProjectKey.read(item.project).own for item in items}
    return RowOrder(dict(behind_of(items)), projects, parents, dict(numbers))

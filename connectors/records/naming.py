"""Which project of an office a text means: by its id, by its number, by its title.

People write ids with other dashes and spaces than the list has, and titles where ids belong. A text is
understood where it can mean one project only. Refuses to choose between two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.records import values as cells
from connectors.records.dates import Unclear
from connectors.records.values import Value, folded
from domain.ids import own_id
from domain.plans.project import Project

MINUS = "\u2212"
BEHIND = re.compile(r"\s*[:(|]\s*|\s+-\s+|\s+")
"""What may stand between an id and the words behind it; a space alone only before the project's title."""


def look(text: str) -> str:
    """A text as people see it: every dash the same, every space the same, nothing invisible."""
    if text.isascii():
        return " ".join(text.split())  # one dash, one kind of space, and nothing that is invisible
    normal = unicodedata.normalize("NFKC", text)
    marks = ("-" if unicodedata.category(c) == "Pd" or c == MINUS else c for c in normal)
    return " ".join("".join(c for c in marks if c.isspace() or unicodedata.category(c) != "Cf").split())


@dataclass
class Projects:
    """The projects by the office's own id, and by all else by which people name them."""

    by_id: dict[str, Project] = field(default_factory=dict)
    looks: dict[str, str] = field(default_factory=dict)
    """The id of each project as people see it."""
    _names: dict[str, set[str]] = field(default_factory=dict)
    """The ids of the projects that a folded id, number or title may mean."""

    def add(self, identity: str, project: Project, value: Value | None) -> None:
        """A project, and the value of its id as the tool holds it: 42 for PRJ-0042."""
        self.by_id[identity] = project
        self.looks[look(identity)] = identity
        number = cells.undressed(value) if value is not None else ""
        for name in (identity, number, project.title):
            if name:
                self._names.setdefault(folded(look(name)), set()).add(identity)

    def twice(self, identity: str) -> str:
        """The id that another one cannot be told from; empty where there is none."""
        return self.looks.get(look(identity), "")

    def meant(self, office: str, value: Value | None, said: str | None) -> Project:
        """The project that a value of an item names; raises `Unclear` where it means none, or several."""
        text = own_id(office, said or "")
        number = cells.undressed(value) if value is not None else ""
        for name in (text, number):
            if name in self.by_id:
                return self.by_id[name]
        if text in self.looks or look(text) in self.looks:
            return self.by_id[self.looks[look(text)]]
        for name in (text, number):
            found = self._names.get(folded(look(name)), set()) if name else set()
            if len(found) == 1:
                return self.by_id[next(iter(found))]
            if found:
                several = ", ".join(sorted(found))
                raise Unclear(f"{said!r} can mean {several}; write the id of one")
        leading = set(self._leading(text))
        if len(leading) == 1:
            return self.by_id[leading.pop()]
        if not said:
            raise Unclear("the item has no project; write its id")
        raise Unclear(f"there is no project {said!r}; write the id of one")

    def _leading(self, text: str) -> Iterator[str]:
        """The ids with which a text begins, with words behind them: `N-101 - Linha Norte`.

        With an id of digits alone, or only a space between, the project's title has to follow; a second id
        must not.
        """
        seen = look(text)
        for between in BEHIND.finditer(seen):
            identity = self.looks.get(seen[: between.start()])
            if identity is None:
                continue
            rest = seen[between.end() :]
            titled = folded(rest.rstrip(" )")) == folded(look(self.by_id[identity].title))
            others = any(word in self.looks for word in re.split(r"[\s,;/+&()]+", rest) if word)
            if titled or not (identity.isdigit() or others or between[0].isspace()):
                yield identity

"""Facts as people read them: what a fact means, its value and its unit, never its identifier.

Refuses to show a person's name: of a fact that holds one it says only that it is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import inf

from markupsafe import escape

from domain.language import Language, Message
from domain.plans.fact_names import short_name
from domain.plans.facts import documented
from domain.plans.project import Stage
from domain.questions.answers import word
from domain.standards.reasons import PERSONS, fact_text
from reports.words import clean

UNITS: Mapping[str, Message] = {
    "%": Message("%", about="unit"),
    "days": Message("days", about="unit"),
    "weeks": Message("weeks", about="unit"),
    "hours": Message("hours", about="unit"),
}
MEANINGS: Mapping[str, tuple[str, str]] = {
    path: (unit if unit in UNITS else "", meaning) for path, unit, meaning in documented()
}
"""Unit of each documented fact, and its meaning."""

STAGES = frozenset(Stage)
CODES = frozenset({"project.stage", "cost.currency"})
"""Facts whose documented meaning lists the codes that they may have; they are called by their short names."""
GROUPED = 10_000
"""From here on a number is written in groups of three digits, with all of them."""

MOST_KEPT = 65_536
"""Values whose text is kept at a time."""


class FactWords:
    """Facts in one language; a text that was made is kept, as many projects say the same of a fact."""

    def __init__(self, says: Language) -> None:
        """Nothing is made yet."""
        self._says = says
        self._made: dict[tuple[str, object, type], str] = {}
        self._absent: dict[str, str] = {}

    def name(self, path: str) -> str:
        """What the fact means: `open items that were due before today` for `plan.overdue`."""
        if path in MEANINGS and path not in CODES:
            return self._says.texts.pgettext("fact", MEANINGS[path][1]).partition(";")[0]
        return clean(short_name(path, self._says), 60)

    def html(self, facts: Mapping[str, object], missing: tuple[str, ...]) -> str:
        """The facts that were looked at, and those that were missing, escaped."""
        if len(facts) == 1 and not missing:  # most of them
            ((path, value),) = facts.items()
            return self._fact(path, value)
        paths = sorted(facts) if len(facts) > 1 else facts
        found = "; ".join([self._fact(path, facts[path]) for path in paths])
        if not missing:
            return found
        absent = "; ".join([self._absent.get(path) or self._not_reported(path) for path in missing])
        return f"{found}; {absent}" if found else absent

    def _fact(self, path: str, value: object) -> str:
        """Meaning, value and unit, escaped: `open items that were due before today: 3`."""
        key = (path, value, value.__class__)
        try:
            return self._made[key]
        except KeyError:
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            self._made[key] = made = self._said(path, value)
            return made
        except TypeError:  # a list, which cannot be looked up
            return self._said(path, value)

    def _said(self, path: str, value: object) -> str:
        unit = MEANINGS.get(path, ("", ""))[0]
        unit = f" {self._says.message(UNITS[unit])}" if unit else ""
        return str(escape(f"{self.name(path)}: {clean(self._value(path, value), 60)}{unit}"))

    def _value(self, path: str, value: object) -> str:
        """The value as this language writes it."""
        if path == "project.stage" and value in STAGES:
            return word(Stage(str(value)), self._says)
        if not self._says.is_english and (said := self._word(path, value)):
            return said
        if isinstance(value, float) and not self._says.is_english:
            return self._says.number(value)
        if isinstance(value, float) and GROUPED <= abs(value) < inf:
            return self._says.decimal(Decimal(f"{value:.10g}"), 0)
        return fact_text(path, value)

    def _word(self, path: str, value: object) -> str:
        """What is said of a person, of yes or no and of a list, whose values are not shown; else empty."""
        name = self._says.name
        if path.rpartition(".")[2] in PERSONS:
            return name("fact", "named") if value else name("fact", "not named")
        if isinstance(value, bool):
            return name("fact", "yes") if value else name("fact", "no")
        if isinstance(value, list | tuple | set | frozenset | dict):
            return self._says.count(len(value), "{n} entry", "{n} entries")
        return ""

    def _not_reported(self, path: str) -> str:
        said = str(escape(self._says.say("not reported: {facts}", facts=self.name(path))))
        self._absent[path] = said
        return said

"""Facts as people read them: what a fact means, its value and its unit, never its identifier.

Refuses to show a person's name: of a fact that holds one it says only that it is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import escape

from domain.language import ENGLISH, Language, Message
from domain.plans.fact_names import short_name
from domain.plans.facts import documented
from domain.standards.reasons import fact_text
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


@lru_cache(maxsize=4096)
def fact_name(path: str, says: Language = ENGLISH) -> str:
    """What the fact means: `open items that were due before today` for `plan.overdue`."""
    if path in MEANINGS:
        return says.texts.pgettext("fact", MEANINGS[path][1]).partition(";")[0]
    return clean(short_name(path, says), 60)


def fact_html(path: str, value: object, says: Language = ENGLISH) -> str:
    """Meaning, value and unit, escaped: `open items that were due before today: 3`."""
    try:
        return _known(path, value, says)
    except TypeError:  # a list, which cannot be looked up
        return _made(path, value, says)


def _made(path: str, value: object, says: Language) -> str:
    unit = MEANINGS.get(path, ("", ""))[0]
    unit = f" {says.message(UNITS[unit])}" if unit else ""
    return str(escape(f"{fact_name(path, says)}: {clean(_value(path, value, says), 60)}{unit}"))


def _value(path: str, value: object, says: Language) -> str:
    """The value as this language writes it."""
    if not says.is_english and isinstance(value, float) and not isinstance(value, bool):
        return says.number(value)
    return fact_text(path, value)


_known = lru_cache(maxsize=65536, typed=True)(_made)


def facts_html(facts: Mapping[str, object], missing: tuple[str, ...], says: Language = ENGLISH) -> str:
    """The facts that were looked at, and those that were missing, escaped."""
    found = "; ".join([fact_html(path, facts[path], says) for path in sorted(facts)])
    if not missing:
        return found
    absent = "; ".join(
        [str(escape(says.say("not reported: {facts}", facts=fact_name(path, says)))) for path in missing]
    )
    return f"{found}; {absent}" if found else absent

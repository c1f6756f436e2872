"""Facts as people read them: what a fact means, its value and its unit, never its identifier.

Refuses to show a person's name: of a fact that holds one it says only that it is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import escape

from domain.plans.facts import documented, plain_name
from domain.standards.reasons import fact_text
from reports.words import clean

SHOWN_UNITS = frozenset({"%", "days", "weeks", "hours"})
MEANINGS: Mapping[str, tuple[str, str]] = {
    path: (unit if unit in SHOWN_UNITS else "", meaning.partition(";")[0])
    for path, unit, meaning in documented()
}
"""Unit of each documented fact, and its meaning without when it is absent."""
KINDS: Mapping[str, str] = {"gates": "gate ", "field": "", "attested": "attestation: "}
"""What stands before the name of a fact whose root has the office's own names."""


@lru_cache(maxsize=4096)
def fact_name(path: str) -> str:
    """What the fact means: `open items that were due before today` for `plan.overdue`."""
    if path in MEANINGS:
        return MEANINGS[path][1]
    return clean(f"{KINDS.get(path.partition('.')[0], '')}{plain_name(path)}", 60)


def fact_html(path: str, value: object) -> str:
    """Meaning, value and unit, escaped: `open items that were due before today: 3`."""
    try:
        return _known(path, value)
    except TypeError:  # a list, which cannot be looked up
        return _made(path, value)


def _made(path: str, value: object) -> str:
    unit = MEANINGS.get(path, ("", ""))[0]
    return str(escape(f"{fact_name(path)}: {clean(fact_text(path, value), 60)}{f' {unit}' if unit else ''}"))


_known = lru_cache(maxsize=65536, typed=True)(_made)


def facts_html(facts: Mapping[str, object], missing: tuple[str, ...]) -> str:
    """The facts that were looked at, and those that were missing, escaped."""
    found = "; ".join([fact_html(path, facts[path]) for path in sorted(facts)])
    if not missing:
        return found
    absent = "; ".join([f"not reported: {escape(fact_name(path))}" for path in missing])
    return f"{found}; {absent}" if found else absent

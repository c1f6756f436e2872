"""The amendment that follows from what was asked for: the next version, with one rule's limit relaxed.

Only where the direction and the value are known from what offices asked for; nothing is guessed. Otherwise
the draft changes nothing, and its owner edits it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from domain.plans.project import Scalar
from domain.standards.due import as_written
from domain.standards.standard import (
    NOWHERE,
    Consultation,
    Fate,
    Level,
    Rule,
    Supersession,
    Version,
    content_digest,
)


def next_number(version: str, taken: Collection[str]) -> str:
    """The number after a version's: its last part higher by 1, and more where that is taken.

    A number such as 2.0-rc1 is followed by 2.1.
    """
    parts = [int(each) for each in version.partition("-")[0].split(".")]
    if len(parts) == 1:
        parts.append(0)
    while True:
        parts[-1] += 1
        found = ".".join(map(str, parts))
        if found not in taken:
            return found


def relaxed(rule: Rule, asked: Iterable[Scalar | None]) -> float | int | None:
    """The limit that keeps to everything that was asked for: the loosest of the limits in the requests.

    Which way is looser is known of a floor (down) and a ceiling (up), and of a range within its bounds where
    all requests go one way. None where it is not known, or no request names a number.
    """
    limit = rule.limit
    if isinstance(limit, bool) or not isinstance(limit, int | float):
        return None
    numbers = [each for each in asked if isinstance(each, int | float) and not isinstance(each, bool)]
    lower, higher = [n for n in numbers if n < limit], [n for n in numbers if n > limit]
    match rule.level:
        case Level.FLOOR:
            return min(lower, default=None)
        case Level.CEILING:
            return max(higher, default=None)
        case Level.LOCKED:
            return None if lower and higher else min(lower, default=max(higher, default=None))
        case Level.RANGE:
            found = None if lower and higher else min(lower, default=max(higher, default=None))
            return found if found is not None and _within(rule, found) else None
        case _:
            return None


def _within(rule: Rule, limit: float) -> bool:
    return (rule.least is None or limit >= rule.least) and (rule.most is None or limit <= rule.most)


def amended(
    base: Version,
    number: str,
    effective_from: date,
    changes: str,
    *,
    rule: str = "",
    limit: Scalar | None = None,
    days: int | None = None,
    offices: tuple[str, ...] = (),
) -> Version:
    """The version after `base`, every rule the same but the one whose limit is changed.

    A leeway of the version before is not carried over: it was for another change. Nor is a consultation of 0
    days: this version is consulted on, unless its owner says otherwise in its file. Raises LookupError where
    `base` has no such rule.
    """
    if rule and all(each.uid != rule for each in base.rules):
        raise LookupError(f"{base.id} has no rule {rule[:80]!r}")
    rules = tuple(
        replace(each, limit=limit, where=NOWHERE) if each.uid == rule and limit is not None else each
        for each in base.rules
    )
    terms = base.consultation
    if days is not None or offices:
        terms = Consultation(days or Consultation().days, offices or (terms.offices if terms else ()))
    elif terms is not None and terms.days == 0:
        terms = Consultation(offices=terms.offices) if terms.offices else None
    made = replace(
        base,
        version=number,
        effective_from=effective_from,
        rules=rules,
        changes=changes,
        previous=base.version,
        supersedes=tuple(Supersession(each.uid, Fate.SAME, (each.uid,)) for each in as_written(base)),
        leeway=None,
        consultation=terms,
    )
    return replace(made, digest=content_digest(made))


def changes_nothing(version: Version, base: Version) -> bool:
    """Whether it says of projects just what the version before says."""
    return (version.rules, version.tools, version.reports, version.plan_parts, version.life_cycles) == (
        tuple(base.rules), base.tools, base.reports, base.plan_parts, base.life_cycles,
    )  # fmt: skip

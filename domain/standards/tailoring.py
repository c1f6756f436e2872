"""The law of standards: which rule holds where, as a fold that can explain itself step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from math import isfinite

from domain.canonical import digest
from domain.organization.office import Organization
from domain.plans.project import Scalar
from domain.standards.standard import Adjustment, Level, Rule, Tailoring, Version


@dataclass(frozen=True, slots=True)
class Effective:
    """A rule as it holds for one office and program: its limit, whether it is off, and why, in steps."""

    rule: Rule
    limit: Scalar | None
    off: bool
    steps: tuple[str, ...]


def overstep(rule: Rule, adjustment: Adjustment) -> str:
    """Why the rule's level does not permit the adjustment; empty when it does."""
    if rule.level is Level.LOCKED:
        return f"{rule.uid} is locked: it holds as it is everywhere"
    if adjustment.off:
        free = rule.level in (Level.ADVISORY, Level.OFFICE_CHOICE, Level.SILENT)
        return "" if free else f"{rule.uid} is a {rule.level} and may not be switched off"
    if adjustment.limit is None:
        return f"the adjustment of {rule.uid} changes nothing: give a limit, or off"
    if rule.level in (Level.ADVISORY, Level.OFFICE_CHOICE, Level.SILENT):
        return _other_kind(rule.limit, adjustment.limit, rule.uid)
    return _outside(rule, adjustment.limit)


def _other_kind(base: Scalar | None, chosen: Scalar, uid: str) -> str:
    if base is None or _kind(base) is _kind(chosen):
        return ""
    return f"the limit of {uid} is {base!r}; {chosen!r} is another kind of value"


def _kind(value: Scalar) -> type:
    """The kind of a limit; whole numbers and fractions are of one kind."""
    return float if _is_number(value) else type(value)


def _outside(rule: Rule, chosen: Scalar) -> str:
    base = rule.limit
    if not _is_number(chosen) or not (base is None or _is_number(base)):
        return f"{rule.uid} is a {rule.level}: its limit must be a number, not {chosen!r}"
    number = float(str(chosen))
    if not isfinite(number):
        return f"the limit of {rule.uid} must be a number, not {number:g}"
    if rule.level is Level.RANGE:
        least, most = rule.least, rule.most
        inside = (least is None or number >= least) and (most is None or number <= most)
        low, high = ("any" if end is None else f"{end:g}" for end in (least, most))
        return "" if inside else f"{rule.uid} may be set from {low} to {high}, not to {number:g}"
    if base is None:
        return f"{rule.uid} is a {rule.level} without a limit: there is nothing to tailor"
    bound = float(str(base))
    if rule.level is Level.FLOOR and number < bound:
        return f"{rule.uid} is a floor: {bound:g} or more, not {number:g}"
    if rule.level is Level.CEILING and number > bound:
        return f"{rule.uid} is a ceiling: {bound:g} or less, not {number:g}"
    return ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def disagreements(tailorings: Iterable[Tailoring]) -> Iterator[tuple[Adjustment, Adjustment]]:
    """Pairs of adjustments of equal precedence and overlapping scope that say different things."""
    seen = list(tailorings)
    for number, first in enumerate(seen):
        yield from _with_itself(first)
        for second in seen[number + 1 :]:
            if first.precedence == second.precedence and _may_meet(first, second):
                yield from _differing(first, second)


def _with_itself(tailoring: Tailoring) -> Iterator[tuple[Adjustment, Adjustment]]:
    """Pairs in one tailoring that say different things of one rule."""
    for ours, theirs in combinations(tailoring.adjustments, 2):
        if ours.rule == theirs.rule and (ours.limit, ours.off) != (theirs.limit, theirs.off):
            yield ours, theirs


def _may_meet(first: Tailoring, second: Tailoring) -> bool:
    """Whether one project can be in both scopes: never with two offices, or with two programs."""
    if (first.standard, first.version) != (second.standard, second.version):
        return False
    if first.office and second.office and first.office != second.office:
        return False
    return not (first.program and second.program and first.program != second.program)


def _differing(first: Tailoring, second: Tailoring) -> Iterator[tuple[Adjustment, Adjustment]]:
    others = {a.rule: a for a in second.adjustments}
    for ours in first.adjustments:
        theirs = others.get(ours.rule)
        if theirs is not None and (ours.limit, ours.off) != (theirs.limit, theirs.off):
            yield ours, theirs


@dataclass(frozen=True, slots=True)
class Rulebook:
    """An organization, and how its offices tailor the versions: which rules hold where."""

    organization: Organization
    tailorings: tuple[Tailoring, ...] = ()


def effective_rules(
    version: Version, rulebook: Rulebook, office: str, program: str | None
) -> tuple[Effective, ...]:
    """The rules of a version as they hold for an office and program: the version, then its tailorings.

    Tailorings of the office, of those above it and of the program are applied by rising precedence.
    A silent rule that nobody chose a limit for is off: the version has no opinion there.
    """
    above = {each.id for each in rulebook.organization.above(office)}
    ours = [
        t
        for t in rulebook.tailorings
        if (t.standard, t.version) == (version.standard, version.version)
        and (t.office is None or t.office in above)
        and (t.program is None or t.program == program)
    ]
    ordered = sorted(ours, key=lambda t: (t.precedence, t.id))
    changes: dict[str, list[tuple[Tailoring, Adjustment]]] = {}
    for tailoring in ordered:
        for adjustment in tailoring.adjustments:
            changes.setdefault(adjustment.rule, []).append((tailoring, adjustment))
    return tuple(_fold(rule, version, changes.get(rule.uid, ())) for rule in version.rules)


def _fold(rule: Rule, version: Version, changes: Iterable[tuple[Tailoring, Adjustment]]) -> Effective:
    said = (
        "no opinion"
        if rule.level is Level.SILENT
        else f"limit {rule.limit}"
        if rule.limit is not None
        else "holds"
    )
    found = Effective(rule, rule.limit, rule.level is Level.SILENT, (f"{version.id}: {said} ({rule.level})",))
    for tailoring, adjustment in changes:
        found = _apply(found, tailoring, adjustment)
    return found


def _apply(found: Effective, tailoring: Tailoring, adjustment: Adjustment) -> Effective:
    refusal = overstep(found.rule, adjustment)
    if refusal:
        raise ValueError(f"{adjustment.where}: {refusal}")
    said = "off" if adjustment.off else f"limit {adjustment.limit}"
    step = f"{tailoring.id}: {said} ({adjustment.reason})"
    limit = found.limit if adjustment.limit is None else adjustment.limit
    return replace(found, limit=limit, off=adjustment.off, steps=(*found.steps, step))


def rules_digest(rules: Iterable[Effective]) -> str:
    """One hash of the rules as they hold somewhere, so that a change of them can be named as a cause."""
    return digest([[e.rule.uid, e.limit, e.off, e.rule.check, e.rule.applies, e.rule.subject] for e in rules])

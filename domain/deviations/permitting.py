"""What deviations make of verdicts: one that is not kept becomes permitted, and says by which and until when.

Where several hold, the strictest wins: it has to permit it too. Refuses to change what is kept, does not
apply, or is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from domain.deviations.deviation import Deviation
from domain.deviations.force import Force
from domain.deviations.register import rule_digest
from domain.plans.project import Scalar
from domain.standards.judging import Prepared
from domain.standards.verdict import Result, Verdict

PERMITTING = frozenset({Result.FAIL, Result.UNKNOWN})
"""The results that a deviation can change."""
Within = Callable[[str, Scalar], Result]
"""The result of a rule, by its uid, with another limit."""


def permit(
    verdicts: Iterable[Verdict],
    rules: Sequence[Prepared],
    granted: Mapping[str, tuple[Deviation, ...]],
    forces: Mapping[str, Force],
    within: Within,
) -> tuple[Verdict, ...]:
    """The verdicts of a project with the deviations that hold for it, by rule.

    `within` judges the project by a rule with another limit. A deviation holds for the rule that it was
    granted for: where a version changed that, it permits nothing there.
    """
    known = {each.rule.uid: rule_digest(each.rule) for each in rules if each.rule.uid in granted}
    found = []
    for verdict in verdicts:
        mine = tuple(d for d in granted.get(verdict.rule, ()) if d.basis.rule == known.get(verdict.rule))
        if mine and verdict.result in PERMITTING and all(_permits(d, verdict, within) for d in mine):
            found.append(_permitted(verdict, mine, forces))
        else:
            found.append(verdict)
    return tuple(found)


def _permits(deviation: Deviation, verdict: Verdict, within: Within) -> bool:
    if deviation.limit is None:
        return True
    return verdict.result is Result.FAIL and within(verdict.rule, deviation.limit) is Result.PASS


def strictest(deviations: Iterable[Deviation]) -> Deviation:
    """The one that permits least: one with a limit before one without, then the one that ends first."""
    return min(deviations, key=lambda d: (d.limit is None, d.span.last, d.id))


def _permitted(verdict: Verdict, by: Sequence[Deviation], forces: Mapping[str, Force]) -> Verdict:
    """The verdict as permitted: by which deviations, the strictest first, until when, and what it was."""
    first = strictest(by)
    listed = (first, *(each for each in by if each is not first))
    said = "; ".join(_said(each, forces[each.id]) for each in listed)
    limit = verdict.limit if first.limit is None else first.limit
    source = ", ".join(each.id for each in listed)
    return replace(verdict, result=Result.PERMITTED, why=f"{said}: {verdict.why}", limit=limit, source=source)


def _said(deviation: Deviation, how: Force) -> str:
    limit = "" if deviation.limit is None else f", limit {deviation.limit}"
    if how is Force.INTERIM:
        return f"permitted by {deviation.id} until it is decided, as law demands it{limit}"
    return f"permitted by {deviation.id} until {deviation.span.last}{limit}"

"""The law of flips: every change of a project's band between two sweeps names its cause."""

from __future__ import annotations

from collections.abc import Iterator

from domain.compliance.sweep import Flip, FlipCause, Judged, OfficeState, Sweep
from domain.reporting.shown import shown
from domain.standards.verdict import Result, Verdict

MOST_RULES_NAMED = 3


def flips(before: Sweep | None, now: Sweep) -> tuple[Flip, ...]:
    """Every project whose band differs from the sweep before, by key; none without a sweep before."""
    return tuple(_flips(before, now)) if before is not None else ()


def gone(before: Sweep | None, now: Sweep) -> tuple[Judged, ...]:
    """The projects that were judged before and are not any more, by key."""
    here = {judged.project for judged in now.judged}
    left = [judged for judged in before.judged if judged.project not in here] if before is not None else []
    return tuple(sorted(left, key=lambda judged: judged.project))


def _flips(before: Sweep, now: Sweep) -> Iterator[Flip]:
    """The flips, one project after the other."""
    earlier = {judged.project: judged for judged in before.judged}
    offices = {state.office: state for state in before.offices}, {s.office: s for s in now.offices}
    for judged in sorted(now.judged, key=lambda j: j.project):
        was = earlier.get(judged.project)
        if was is None:
            yield Flip(
                judged.project,
                judged.office,
                None,
                judged.band,
                FlipCause.PROJECT,
                "judged for the first time",
            )
        elif was.band is not judged.band:
            read = offices[0].get(judged.office), offices[1].get(judged.office)
            cause, why = cause_of(was, judged, *read)
            rules = tuple(verdict.rule for verdict in _differ(was, judged))
            yield Flip(judged.project, judged.office, was.band, judged.band, cause, why, rules)


def cause_of(
    was: Judged, now: Judged, read_before: OfficeState | None = None, read_now: OfficeState | None = None
) -> tuple[FlipCause, str]:
    """Why the band of one project changed: the first of the causes that applies, and the rules that moved.

    In this order: leeway, version (also its rules or their tailoring), deviation, connector, missing data,
    and else the project itself, or the time that passed.
    """
    moved = _moved(was, now)
    if was.grandfathered != now.grandfathered:
        if now.grandfathered:
            return FlipCause.LEEWAY, f"completing under {now.version} by its leeway"
        return FlipCause.LEEWAY, f"its leeway ended: judged by {now.version}{moved}"
    if was.version != now.version:
        return FlipCause.VERSION, f"judged by {now.version}, before by {was.version}{moved}"
    permitted = _having(was, Result.PERMITTED), _having(now, Result.PERMITTED)
    if permitted[0] != permitted[1]:
        begun = sorted(permitted[1] - permitted[0])
        rules = ", ".join(begun or sorted(permitted[0] - permitted[1]))
        return FlipCause.DEVIATION, f"a deviation from {rules} {'began' if begun else 'ended'}{moved}"
    if was.rules != now.rules:
        return FlipCause.VERSION, f"its rules or their tailoring changed{moved}"
    if _problem(read_before) != _problem(read_now) or Result.ERROR in (was.band, now.band):
        return FlipCause.CONNECTOR, f"the office's tool was read differently{moved}"
    if now.band is Result.UNKNOWN:
        return FlipCause.MISSING_DATA, f"missing now: {', '.join(_missing(now)) or 'a fact'}"
    if was.band is Result.UNKNOWN:
        return FlipCause.MISSING_DATA, f"reported since: {', '.join(_missing(was)) or 'a fact'}{moved}"
    if was.plan == now.plan:
        return FlipCause.PROJECT, f"its plan is as it was, time passed{moved}"
    return FlipCause.PROJECT, f"its plan changed{moved}"


def _having(judged: Judged, result: Result) -> frozenset[str]:
    """The rules that have that result."""
    return frozenset(v.rule for v in judged.verdicts if v.result is result)


def _missing(judged: Judged) -> tuple[str, ...]:
    """The facts whose absence made a verdict unknown, in the order of the rules."""
    names = (name for v in judged.verdicts if v.result is Result.UNKNOWN for name in v.missing)
    return tuple(dict.fromkeys(names))


def _problem(state: OfficeState | None) -> bool:
    """Whether the office's tool could not be read."""
    return state is not None and bool(state.problem)


def _moved(was: Judged, now: Judged) -> str:
    """`: rule-7 pass to fail (3 overdue)` for the rules whose result differs; empty for none."""
    earlier = {v.rule: v.result for v in was.verdicts}
    differ = _differ(was, now)
    named = [_move(earlier[v.rule], v) for v in differ[:MOST_RULES_NAMED]]
    rest = len(differ) - len(named)
    return f": {'; '.join(named)}{f'; and {rest} more' if rest else ''}" if named else ""


def _differ(was: Judged, now: Judged) -> list[Verdict]:
    """The verdicts on rules whose result differs."""
    earlier = {v.rule: v.result for v in was.verdicts}
    return [v for v in now.verdicts if earlier.get(v.rule, v.result) is not v.result]


def _move(was: Result, now: Verdict) -> str:
    """One rule's move, in words."""
    why = f" ({now.why})" if now.why else ""
    return f"{now.rule} {shown(was)} to {shown(now.result)}{why}"

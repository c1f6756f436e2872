"""Every flip names its cause."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.compliance.sweep import FlipCause, Judged, OfficeState
from domain.reporting.flips import cause_of, flips, gone
from domain.standards.verdict import Result, Verdict, band
from tests.reports import sample


def judged(*results, **changes) -> Judged:
    verdicts = tuple(
        Verdict("a/1", f"R{n}", result, missing=("cost.budget",) if result is Result.UNKNOWN else ())
        for n, result in enumerate(results)
    )
    return replace(
        Judged("a/1", "a", "2.0", band(results), verdicts, "plan", "facts", rules="rules"), **changes
    )


PASS, FAIL = judged(Result.PASS, Result.PASS), judged(Result.FAIL, Result.PASS)


@pytest.mark.parametrize(
    ("was", "now", "cause", "why"),
    [
        (PASS, replace(FAIL, plan="other"), FlipCause.PROJECT, "its plan changed: R0 pass to fail"),
        (PASS, FAIL, FlipCause.PROJECT, "time passed"),
        (replace(PASS, version="1.0"), FAIL, FlipCause.VERSION, "judged by 2.0, before by 1.0"),
        (replace(PASS, rules="older"), FAIL, FlipCause.VERSION, "tailoring"),
        (
            FAIL,
            replace(PASS, version="1.0", band=Result.GRANDFATHERED, grandfathered=True),
            FlipCause.LEEWAY,
            "completing under 1.0",
        ),
        (
            replace(PASS, version="1.0", band=Result.GRANDFATHERED, grandfathered=True),
            FAIL,
            FlipCause.LEEWAY,
            "leeway ended",
        ),
        (FAIL, judged(Result.PERMITTED, Result.PASS), FlipCause.DEVIATION, "a deviation from R0 began"),
        (judged(Result.PERMITTED, Result.PASS), FAIL, FlipCause.DEVIATION, "a deviation from R0 ended"),
        (PASS, judged(Result.ERROR, Result.PASS), FlipCause.CONNECTOR, "read differently"),
        (PASS, judged(Result.UNKNOWN, Result.PASS), FlipCause.MISSING_DATA, "missing now: cost.budget"),
        (judged(Result.UNKNOWN, Result.PASS), PASS, FlipCause.MISSING_DATA, "reported since: cost.budget"),
    ],
)
def test_a_flip_names_its_cause(was, now, cause, why) -> None:
    found = cause_of(was, now)
    assert found[0] is cause
    assert why in found[1]


def test_a_tool_that_could_not_be_read_is_the_cause() -> None:
    read, broken = (
        OfficeState("a", sample.NOW, stale=False),
        OfficeState("a", None, stale=True, problem="locked"),
    )
    assert cause_of(PASS, FAIL, read, broken)[0] is FlipCause.CONNECTOR
    assert cause_of(PASS, FAIL, read, read)[0] is FlipCause.PROJECT


def test_every_project_whose_band_differs_is_there_once_and_no_other() -> None:
    before, now = sample.before(), sample.sweep()
    was = {j.project: j.band for j in before.judged}
    assert [f.project for f in flips(before, now)] == sorted(
        j.project for j in now.judged if was[j.project] is not j.band
    )


def test_the_first_sweep_has_nothing_to_compare_with() -> None:
    assert flips(None, sample.sweep()) == ()
    assert gone(None, sample.sweep()) == ()


def test_a_new_project_and_one_that_left_are_told() -> None:
    now = sample.sweep()
    first, *others = sorted(now.judged, key=lambda j: j.project)
    fewer = replace(now, judged=tuple(others), at=now.at - timedelta(days=7))
    assert [(f.project, f.was) for f in flips(fewer, now)] == [(first.project, None)]
    assert gone(now, fewer) == (first,)

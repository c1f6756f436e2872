"""Judging beside a slow evaluator in exact arithmetic: no pass where the mathematics has no answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from domain.standards.checks import combining, evaluation, sizes
from domain.standards.checks.check import BadCheck, Check, CheckProgram, Outcome, Scene
from domain.standards.checks.exactness import FUNCTIONS
from domain.standards.checks.grammar import parse
from domain.standards.verdict import Result
from tests.domain.standards.checks.exact import FACTS, NOW, Exact, NoAnswerError, Writer

MANY, SEED = 10_000, 20270104


NONE = frozenset({Result.ERROR, Result.UNKNOWN})
"""Of two things that are wrong, a missing fact and an error, either may be told."""


def expected(expression: str) -> frozenset[Result]:
    """What exact arithmetic says."""
    exact = Exact(FACTS, NOW, 5)
    try:
        answer = exact.of(parse(expression))
    except NoAnswerError:
        return NONE if exact.lacked else frozenset({Result.ERROR})
    named = {True: Result.PASS, False: Result.FAIL}
    return frozenset({named[answer] if type(answer) is bool else Result.ERROR})


def departures(
    counted: Counter[Result], many: int = MANY
) -> Iterator[tuple[str, frozenset[Result], Outcome]]:
    """Where judging says another thing than exact arithmetic, of so many random expressions that are accepted.

    The results are counted as they come.
    """
    writer, scene = Writer(SEED), Scene(FACTS)
    while counted.total() < many:
        expression = writer.of("truth", 4)
        try:
            outcome = CheckProgram(Check(expression), 5).on(scene, NOW)
        except BadCheck:
            continue
        wanted = expected(expression)
        counted[outcome.result] += 1
        if outcome.result not in wanted:
            yield expression, wanted, outcome


def test_random_expressions_give_what_exact_arithmetic_gives() -> None:
    """`make crash ARGS=exact` tries ten thousand, or more."""
    counted = Counter[Result]()
    assert list(departures(counted, 2000)) == []
    rarest = min(counted[each] for each in (Result.PASS, Result.FAIL, Result.ERROR, Result.UNKNOWN))
    assert rarest > 2000 / 100, counted


FAULTS: dict[str, Callable[..., object]] = {
    "finite_": lambda value: value,
    "negative_": lambda value: value if value == -(2**63) else -value,
    "as_double_": lambda value: value,
    "characters_": lambda value: len(value.encode() if isinstance(value, str) else value),
    "order_": lambda left, right: (float(left) > float(right)) - (float(left) < float(right)),
    "equal_": lambda left, right: float(left) == float(right),
    "among_": lambda value, entries: any(float(value) == float(each) for each in entries),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_control_each_function_that_is_silently_wrong_is_found(monkeypatch, name: str) -> None:
    monkeypatch.setattr(evaluation, "FUNCTIONS", {**FUNCTIONS, name: FAULTS[name]})
    assert any(departures(Counter()))


def test_the_control_an_evaluator_that_is_left_alone_is_found(monkeypatch) -> None:
    monkeypatch.setattr(combining, "mixed", lambda *_: False)
    monkeypatch.setattr(combining, "computed", lambda *_: (sizes.ANY, False))
    error = frozenset({Result.ERROR})
    assert any(
        wanted == error and outcome.result in (Result.PASS, Result.FAIL)
        for _, wanted, outcome in departures(Counter())
    ), "a pass or fail where there is no answer"

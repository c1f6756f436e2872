"""Judging beside a slow evaluator in exact arithmetic: no pass where the mathematics has no answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from domain import combining, evaluation, sizes
from domain.checks import BadCheck, Check, Program, Scene
from domain.exactness import FUNCTIONS
from domain.grammar import parse
from domain.verdict import Result
from tests.domain.exact import FACTS, NOW, Exact, NoAnswerError, Writer

MANY = 10_000


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
    many: int, seed: int
) -> tuple[list[tuple[str, frozenset[Result], Result, str]], Counter[Result]]:
    """Where judging says another thing than exact arithmetic, of so many random expressions that are accepted."""
    writer, scene = Writer(seed), Scene(FACTS)
    found, counted = [], Counter[Result]()
    while counted.total() < many:
        expression = writer.of("truth", 4)
        try:
            outcome = Program(Check(expression), 5).on(scene, NOW)
        except BadCheck:
            continue
        wanted = expected(expression)
        counted[outcome.result] += 1
        if outcome.result not in wanted:
            found.append((expression, wanted, outcome.result, outcome.why))
    return found, counted


def test_ten_thousand_random_expressions_give_what_exact_arithmetic_gives() -> None:
    found, counted = departures(MANY, 20270104)
    assert found == []
    assert min(counted[each] for each in (Result.PASS, Result.FAIL, Result.ERROR, Result.UNKNOWN)) > 100, (
        counted
    )


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
    found, _ = departures(2_000, 20270104)
    assert found


def test_the_control_an_evaluator_that_is_left_alone_is_found(monkeypatch) -> None:
    monkeypatch.setattr(combining, "mixed", lambda *_: False)
    monkeypatch.setattr(combining, "computed", lambda *_: (sizes.ANY, False))
    found, _ = departures(2_000, 20270104)
    wrong = {expected for _, expected, result, _ in found if result in (Result.PASS, Result.FAIL)}
    assert frozenset({Result.ERROR}) in wrong, "a pass or fail where there is no answer"

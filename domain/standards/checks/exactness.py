"""Functions that stand in for operations of the evaluator which are silently wrong at the edges.

Where the types of an expression permit it, `5.0 / 0.0` gives infinity, a whole number is rounded to be
compared with a double, and the size of a text is counted in bytes. These give the exact answer, or raise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import cast

from domain.standards.checks.expression import LEAST_WHOLE

ORDERED = (str, datetime, timedelta, bool)


def finite(value: object) -> object:
    """The value, unless it is a double without a mathematical meaning; zero has no sign."""
    if type(value) is not float:
        return value
    if value - value != 0.0:
        raise ArithmeticError("the result is no number that can be held: a division by zero, or too large")
    return value + 0.0


def negative(value: object) -> int | float:
    """The negative of a number."""
    if type(value) is int and value == LEAST_WHOLE:
        raise OverflowError("the result is a whole number beyond 64 bits")
    if not _is_number(value):
        raise TypeError(f"there is no negative of a {type(value).__name__}")
    return -cast("float", value)


def as_double(value: object) -> object:
    """A value that is to become a double; raises for a whole number that no double equals."""
    if type(value) is int and float(value) != value:
        raise OverflowError(f"{value} has no double that is equal to it")
    return value


def characters(value: object) -> int:
    """The size of a text in characters, of a list or a map in entries."""
    if not isinstance(value, str | list | dict):
        raise TypeError(f"a {type(value).__name__} has no size")
    return len(value)


def order(left: object, right: object) -> int:
    """-1, 0 or 1 as left is less than, equal to or greater than right; numbers exactly."""
    ones, others = type(left), type(right)
    if not (_is_number(left) and _is_number(right)) and not (ones is others and ones in ORDERED):
        raise TypeError(f"a {ones.__name__} and a {others.__name__} have no order")
    one, other = cast("float", left), cast("float", right)
    return int(one > other) - int(one < other)


def equal(left: object, right: object) -> bool:
    """Whether two values are equal; those of different types are not, except numbers, compared exactly."""
    if _is_number(left) and _is_number(right):
        return left == right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    return type(left) is type(right) and left == right


def among(value: object, entries: object) -> bool:
    """Whether a list has an entry that is equal to the value."""
    if not isinstance(entries, list):
        raise TypeError(f"a {type(entries).__name__} has no entries")
    return any(equal(value, each) for each in entries)


def _is_number(value: object) -> bool:
    return type(value) in (int, float)


FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "finite_": finite,
    "negative_": negative,
    "as_double_": as_double,
    "characters_": characters,
    "order_": order,
    "equal_": equal,
    "among_": among,
}
"""The functions by the names that an exact expression calls; no rule can use such a name."""

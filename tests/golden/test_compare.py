"""What differs is reported, however small: what is missing, what is new, what changed."""

from __future__ import annotations

import pytest

from tests.golden.compare import difference, leaves
from tests.golden.files import pretty


@pytest.mark.parametrize(
    ("held", "found", "told"),
    [
        ({"a": 1}, {"a": 1.0}, "changed: a: 1 became 1.0"),
        ({"a": 1}, {"a": True}, "changed: a: 1 became true"),
        ({"a": []}, {}, "missing: a = []"),
        ({"a": [1, 2]}, {"a": [2, 1]}, "changed: a > [0]: 1 became 2"),
        ({"a": None}, {"a": ""}, 'changed: a: null became ""'),
        ({"a": {"b": "x"}}, {"a": {"c": "x"}}, 'new: a > c = "x"'),
    ],
)
def test_a_small_difference_is_a_difference(held: object, found: object, told: str) -> None:
    assert told in difference("a", held, found)


def test_many_differences_are_counted_and_not_all_shown() -> None:
    told = difference("a", {str(n): n for n in range(40)}, {})
    assert "missing: and 25 more" in told
    assert len(told.splitlines()) < 30


def test_the_same_in_another_order_is_no_difference() -> None:
    assert difference("a", {"a": 1, "b": 2}, {"b": 2, "a": 1}) == ""


def test_every_value_has_a_place() -> None:
    assert dict(leaves({"a": [{"b": 1}, {}]})) == {"a > [0] > b": "1", "a > [1]": "{}"}


def test_a_line_holds_one_thing() -> None:
    assert pretty({"a": 1, "b": [1, 2]}) == '{\n "a": 1,\n "b": [1, 2]\n}'

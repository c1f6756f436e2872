"""A change of any subject is reported, with what is missing, what is new, and what to do."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.golden.compare import difference, leaves
from tests.golden.files import pretty, read
from tests.golden.play import Played
from tests.golden.subjects import OF_CODE, OF_PLAY


def last_place(value: Any) -> tuple[Any, Any]:
    """The part that holds the last value without parts, and the key or position of that value in it."""
    key = list(value)[-1] if isinstance(value, dict) else len(value) - 1
    inner = value[key]
    return last_place(inner) if isinstance(inner, dict | list) and inner else (value, key)


def assert_reported(name: str, collected: Any) -> None:
    """One changed value, and one key with another name, planted in what was collected."""
    changed = copy.deepcopy(collected)
    part, key = last_place(changed)
    part[key] = "planted"
    told = difference(name, read(name), changed)
    assert 'became "planted"' in told
    assert f"python -m tests.golden {name}" in told
    assert "CHANGELOG.md" in told
    first = next(iter(collected))
    renamed = {("planted" if each == first else each): value for each, value in collected.items()}
    told = difference(name, read(name), renamed)
    assert f"missing: {first}" in told
    assert "new: planted" in told


@pytest.mark.parametrize("name", sorted(OF_CODE))
def test_a_change_of_what_stands_outside_the_code_is_reported_with_what_to_do(name: str) -> None:
    assert_reported(name, OF_CODE[name]())


@pytest.mark.parametrize("name", sorted(OF_PLAY))
def test_a_change_of_what_the_sample_wrote_is_reported_with_what_to_do(name: str, played: Played) -> None:
    assert_reported(name, OF_PLAY[name](played))


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

"""A change of any subject is reported, with what is missing, what is new, and what to do."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from tests.golden.compare import difference, leaves
from tests.golden.files import pretty, read
from tests.golden.subjects import SUBJECTS


def last_place(value: Any) -> tuple[Any, Any]:
    """The part that holds the last value without parts, and the key or position of that value in it."""
    key = list(value)[-1] if isinstance(value, dict) else len(value) - 1
    inner = value[key]
    return last_place(inner) if isinstance(inner, dict | list) and inner else (value, key)


@pytest.mark.parametrize("name", sorted(SUBJECTS))
def test_one_changed_value_is_reported_with_what_to_do(name: str, collected: Mapping[str, object]) -> None:
    found: Any = copy.deepcopy(collected[name])
    part, key = last_place(found)
    part[key] = "planted"
    told = difference(name, read(name), found)
    assert 'became "planted"' in told
    assert f"python -m tests.golden {name}" in told
    assert "CHANGELOG.md" in told


@pytest.mark.parametrize("name", sorted(SUBJECTS))
def test_a_renamed_key_is_reported_as_missing_and_as_new(name: str, collected: Mapping[str, Any]) -> None:
    key = next(iter(collected[name]))
    found = {("planted" if each == key else each): value for each, value in collected[name].items()}
    told = difference(name, read(name), found)
    assert f"missing: {key}" in told
    assert "new: planted" in told


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

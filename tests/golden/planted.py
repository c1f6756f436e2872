"""Plants a change in what was collected, and sees that it is reported; shared by the tests of all subjects."""

from __future__ import annotations

import copy
from typing import Any

from tests.golden.compare import difference
from tests.golden.files import read


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


def last_place(value: Any) -> tuple[Any, Any]:
    """The part that holds the last value without parts, and the key or position of that value in it."""
    key = list(value)[-1] if isinstance(value, dict) else len(value) - 1
    inner = value[key]
    return last_place(inner) if isinstance(inner, dict | list) and inner else (value, key)

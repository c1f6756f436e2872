"""The order of things of ours of which it is said what some of them stand behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T", int, str)


def arranged(now: Sequence[T], behind: Mapping[T, T | None]) -> list[T]:
    """Things in their order, those in `behind` right behind what is named there; None: at the beginning.

    All others stay behind what they stand behind now, as far as nothing comes between. What is not among the
    things is no place to stand behind: what names it stays where it is.
    """
    there = set(now)
    parts: dict[T | None, list[T]] = {}
    before: T | None = None
    for each in now:
        wanted = behind.get(each, before)
        after = wanted if wanted is None or (wanted in there and wanted != each) else before
        if each in behind:
            parts.setdefault(after, []).insert(0, each)
        else:
            parts.setdefault(after, []).append(each)
        before = each
    found: dict[T, None] = {}
    waiting = list(reversed(parts.get(None, [])))
    while waiting:
        each = waiting.pop()
        found[each] = None
        waiting += reversed(parts.get(each, []))
    left = [each for each in now if each not in found]
    return list(found) + left

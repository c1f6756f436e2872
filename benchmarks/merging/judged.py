"""What a merge asked: true and false conflicts, silent takes, tasks doubled or back, from plain values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

Plain: TypeAlias = Mapping[str, Mapping[str, Any]]
Spot: TypeAlias = tuple[str, str]
"""A task and a field of it; "" for the whole task."""
EXPECTED = "predecessors"
"""The field of several values: one side's link beside another's is no conflict, and both are to stand."""


def clashes(base: Plain, theirs: Plain, ours: Plain) -> set[Spot]:
    """Where both changed the same otherwise, or one removed what the other changed or linked.

    That a link goes with the task it leads from is no change of its other task.
    """
    found: set[Spot] = set()
    for uid, old in base.items():
        new, mine = theirs.get(uid), ours.get(uid)
        if new is not None and mine is not None:
            found |= {(uid, name) for name in old if _differ(old[name], new[name], mine[name])}
        elif (new is None) != (mine is None):
            side = theirs if mine is None else ours
            found |= {(uid, "")} if _is_changed(uid, base, side) or uid in _linked(base, side) else set()
    return {spot for spot in found if spot[1] != EXPECTED or not _separate(spot[0], base, theirs, ours)}


def _differ(old: object, new: object, mine: object) -> bool:
    return old not in (new, mine) and new != mine


def _is_changed(uid: str, base: Plain, side: Plain) -> bool:
    """Whether a side changed a task, but for links that went with other tasks."""
    old, new = dict(base[uid]), dict(side[uid])
    before = {end: each for end, each in _ends(old.pop(EXPECTED)).items() if end in side}
    return old != {name: new[name] for name in old} or before != _ends(new[EXPECTED])


def _linked(base: Plain, side: Plain) -> set[str]:
    """The tasks from which a side linked another one, or changed such a link."""
    found: set[str] = set()
    for uid, row in side.items():
        old = _ends(base[uid][EXPECTED]) if uid in base else {}
        found |= {end for end, each in _ends(row[EXPECTED]).items() if old.get(end) != each}
    return found


def _separate(uid: str, base: Plain, theirs: Plain, ours: Plain) -> bool:
    """Whether both changed other links of the same task."""
    old, new, mine = (_ends(side[uid][EXPECTED]) for side in (base, theirs, ours))
    both = {end for end in {*old, *new, *mine} if old.get(end) not in (new.get(end), mine.get(end))}
    return all(new.get(end) == mine.get(end) for end in both)


def _ends(text: str | None) -> dict[str, str]:
    return {each.split(" ")[0]: each for each in (text or "").split("; ") if each}


def judged(
    sides: tuple[Plain, Plain, Plain],
    asked: Collection[Spot],
    declared: Collection[Spot],
    result: Mapping[str, int],
) -> dict[str, int]:
    """One merge: `asked` and `declared` spots, and how often each task is in the result."""
    base, theirs, ours = sides
    true = clashes(base, theirs, ours)
    whole = {uid for uid, name in asked if not name}
    named = set(asked) | {(uid, name) for uid, name in true if uid in whole}
    known = named | set(declared)
    gone = {uid for uid in base if (uid not in theirs or uid not in ours) and (uid, "") not in true}
    return {
        "true": len(true),
        "asked": len(true & named),
        "declared": len((true - named) & known),
        "false": len(
            {spot for spot in named if spot not in true and spot[0] not in {u for u, n in true if not n}}
        ),
        "silent": len(true - known),
        "doubled": sum(count - 1 for count in result.values() if count > 1),
        "back": len(gone & result.keys()),
    }

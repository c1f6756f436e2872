"""What is part of what and what follows what: the order in which things are put, and which cannot be put.

Refuses to know a tool, and to send anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from domain.delivery.wanted import Wanted


def above(key: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of a thing's parents, the nearest first and each once; includes its own in a circle."""
    found: dict[str, None] = {}
    key = parents.get(key, "")
    while key and key not in found:
        found[key] = None
        key = parents.get(key, "")
    return tuple(found)


def circular(wanted: Sequence[Wanted], standing: Mapping[str, str]) -> dict[str, str]:
    """Why some things cannot be put, by their keys: their parents form a circle.

    `standing` are the parents of what is there already, by key; the wanted parents override them.
    """
    parents = {**standing, **{each.key: each.parent for each in wanted if "parent" in each.values}}
    found = {}
    for each in wanted:
        over = above(each.key, parents) if each.parent else ()
        first = next((key for key in (each.key, *over) if key in above(key, parents)), "")
        if first:
            whose = "it" if first == each.key else f"{first}, below which it is wanted,"
            found[each.key] = f"{whose} is its own ancestor; mend the plan's parents"
    return found


def levels(wanted: Sequence[Wanted]) -> Iterator[tuple[Wanted, ...]]:
    """The things in groups, in the order in which they can be created: parents before their parts."""
    waiting = {each.key: each for each in wanted}
    while waiting:
        ready = tuple(each for each in waiting.values() if each.parent not in waiting)
        ready = ready or tuple(waiting.values())
        for each in ready:
            del waiting[each.key]
        yield ready


def following(wanted: Sequence[Wanted]) -> Iterator[Wanted]:
    """Things ordered so that each comes after its parent and what it follows; circles keep their order."""
    waiting = {each.key: each for each in wanted}
    for first in wanted:
        path = [first.key] if first.key in waiting else []
        while path:
            last = waiting[path[-1]]
            before = (*(each.key for each in last.after), last.parent)
            deeper = next((key for key in before if key in waiting and key not in path), "")
            if deeper:
                path.append(deeper)
            else:
                yield waiting.pop(path.pop())

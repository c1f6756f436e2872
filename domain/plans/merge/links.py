"""The links of a merged plan: all between two tasks are one value, with their types and lags."""

from __future__ import annotations

from typing import cast

from domain.plans.merge.change import Fate, Why
from domain.plans.merge.draft import Draft
from domain.plans.merge.place import Side, of_link
from domain.plans.merge.sides import Bonds, Indexed, Pair, is_started

NONE: Bonds = ()


def merge_links(draft: Draft) -> dict[Pair, Bonds]:
    """The links of the result by their ends, and what became of each change of one.

    A side that lacks one of the two tasks says nothing about their link: removing a task is one change.
    """
    case, rows = draft.case, draft.rows
    base, theirs, ours = case.base.links, case.theirs.links, case.ours.links
    found: dict[Pair, Bonds] = {}
    for pair in {**ours, **theirs, **base}:
        b, t, o = base.get(pair, NONE), theirs.get(pair, NONE), ours.get(pair, NONE)
        if not (b == t == o):
            t = t if t or _knows(case.theirs, pair) else b
            o = o if o or _knows(case.ours, pair) else b
        if pair[0] not in rows or pair[1] not in rows:
            _note_lost(draft, pair, b, t, o)
        elif value := b if b == t == o else _merged(draft, pair, b, t, o):
            found[pair] = value
    return found


def _knows(side: Indexed, pair: Pair) -> bool:
    return pair[0] in side.rows and pair[1] in side.rows


def _merged(draft: Draft, pair: Pair, b: Bonds, t: Bonds, o: Bonds) -> Bonds:
    case, place = draft.case, of_link(*pair)
    follower = case.ours.tasks.get(pair[1])
    if not case.restoring and t not in (b, o) and follower is not None and is_started(follower):
        draft.note(place, Side.THEIRS, Fate.DROPPED, (b, t, o), Why.STARTED)
        if o != b:
            draft.note(place, Side.OURS, Fate.KEPT, (b, t, o))
        return o
    seen = None if case.seen is None else case.seen.links.get(pair)
    return cast("Bonds", draft.decided(place, b, t, o, seen))


def _note_lost(draft: Draft, pair: Pair, b: Bonds, t: Bonds, o: Bonds) -> None:
    """A change of a link that has lost a task: where it removes the link, that is what became of it."""
    place = of_link(*pair)
    if t != b:
        why = (Fate.DROPPED, Why.END_GONE) if t else (Fate.TAKEN, Why.CLEAR)
        draft.note(place, Side.THEIRS, why[0], (b, t, o), why[1])
    if o != b:
        why = (Fate.DROPPED, Why.END_GONE) if o else (Fate.KEPT, Why.CLEAR)
        draft.note(place, Side.OURS, why[0], (b, t, o), why[1])

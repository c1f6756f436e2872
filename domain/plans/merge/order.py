"""The order of tasks in their summaries.

Of two tasks that lie in the same summary on all sides, whoever changed which comes first is followed. Where
that leads round in a circle, the order of that summary is one conflict. A task that only one side has there
stands after the one that it stands after on that side; one that the office removed and that is back counts on
its side as where it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import cast

from domain.plans.merge.change import Fate
from domain.plans.merge.draft import Draft
from domain.plans.merge.place import Side, of_order
from domain.plans.merge.sides import PARENT, Indexed

Names = tuple[str, ...]


def merge_order(draft: Draft) -> dict[str | None, Sequence[str]]:
    """The tasks in each summary of the result, in order; at the top under None."""
    case = draft.case
    members: dict[str | None, list[str]] = {}
    for uid, row in draft.rows.items():
        members.setdefault(cast("str | None", row[PARENT]), []).append(uid)
    found: dict[str | None, Sequence[str]] = {}
    for summary, uids in members.items():
        base, theirs, ours = (each.children.get(summary, ()) for each in (case.base, case.theirs, case.ours))
        if base == theirs == ours == uids:
            found[summary] = ours
        else:
            found[summary] = _ordered(draft, summary, uids)
    return found


def _ordered(draft: Draft, summary: str | None, uids: Collection[str]) -> list[str]:
    groups = _groups(draft, summary, uids)
    together = (summary, summary, summary)
    common = _common(draft, summary, groups.pop(together, ()))
    found = _with_others(draft, summary, frozenset(uids), common)
    for group in (
        groups.values() if draft.case.restoring else ()
    ):  # a tool without summaries shows their order
        order = iter(_common(draft, None, group, is_noted=False))
        inside = set(group)
        found = [next(order) if uid in inside else uid for uid in found]
    return found


def _groups(draft: Draft, summary: str | None, uids: Collection[str]) -> dict[tuple[object, ...], list[str]]:
    """The tasks that lie together on each of the three sides; one that comes back lies where it did."""
    case = draft.case
    base, theirs, ours = case.base.rows, case.theirs.rows, case.ours.rows
    together = (summary, summary, summary)
    found: dict[tuple[object, ...], list[str]] = {}
    for uid in uids:
        if uid in base and uid in theirs:
            mine = ours.get(uid, base[uid])
            key = (base[uid][PARENT], theirs[uid][PARENT], mine[PARENT])
            if uid in ours or key == together:
                found.setdefault(key, []).append(uid)
    return {key: each for key, each in found.items() if key == together or len(each) > 1}


def _common(draft: Draft, summary: str | None, uids: Collection[str], *, is_noted: bool = True) -> Names:
    """The order of tasks that lie together on each side."""
    case = draft.case
    base, theirs = (tuple(sorted(uids, key=side.at.__getitem__)) for side in (case.base, case.theirs))
    there = sorted((uid for uid in uids if uid in case.ours.at), key=case.ours.at.__getitem__)
    ours = _back(there, base)
    if base == theirs == ours:
        return ours
    both = combined(base, theirs, ours)
    if not is_noted or case.restoring:
        return ours if both is None else both
    place = of_order(summary)
    if both is None or draft.was_declined(place, theirs):
        return cast("Names", draft.decided(place, base, theirs, ours))
    if theirs != base:
        draft.note(place, Side.THEIRS, Fate.SAME if theirs == ours else Fate.TAKEN, (base, theirs, ours))
    if ours not in (base, theirs):
        draft.note(place, Side.OURS, Fate.KEPT, (base, theirs, ours))
    return both


def _back(there: Sequence[str], base: Names) -> Names:
    """These tasks with the others of the base, each after the one that it stood after there."""
    known, at = set(there), None
    after: dict[str | None, list[str]] = {}
    for uid in base:
        if uid in known:
            at = uid
        else:
            after.setdefault(at, []).append(uid)
    return tuple(uid for one in (None, *there) for uid in (*((one,) if one else ()), *after.get(one, ())))


def combined(base: Names, theirs: Names, ours: Names) -> Names | None:
    """The order in which each two stand as the side has them that changed it; None where that is a circle."""
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    at = [{uid: place for place, uid in enumerate(order)} for order in (base, theirs, ours)]
    before = dict.fromkeys(base, 0)
    for place, one in enumerate(base):
        for other in base[place + 1 :]:
            turned = at[1][one] > at[1][other] or at[2][one] > at[2][other]
            before[one if turned else other] += 1
    found = tuple(sorted(base, key=before.__getitem__))
    return found if [before[uid] for uid in found] == list(range(len(base))) else None


def _with_others(draft: Draft, summary: str | None, uids: frozenset[str], common: Sequence[str]) -> list[str]:
    """The common order with the tasks that not all sides have there, each after the one it stands after."""
    case = draft.case
    known = set(common)
    ours = dict(_runs(case.ours, summary, uids, known))
    placed = {uid for run in ours.values() for uid in run} | known
    theirs = dict(_runs(case.theirs, summary, uids - (placed - known), known))
    placed |= {uid for run in theirs.values() for uid in run}
    found: list[str] = []
    for anchor in (None, *common):
        found += [anchor] if anchor is not None else []
        runs = [run for run in (ours.get(anchor), theirs.get(anchor)) if run]
        found += [uid for run in sorted(runs) for uid in run]
    return [*found, *sorted(uids - placed)]


def _runs(
    side: Indexed, summary: str | None, uids: Collection[str], known: Collection[str]
) -> Mapping[str | None, list[str]]:
    """What stands on a side after which of the tasks that are known; None: before all of them."""
    anchor: str | None = None
    runs: dict[str | None, list[str]] = {}
    for uid in _within(side, summary, uids):
        if uid in known:
            anchor = uid
        else:
            runs.setdefault(anchor, []).append(uid)
    return runs


def _within(side: Indexed, summary: str | None, uids: Collection[str]) -> Iterator[str]:
    return (uid for uid in side.children.get(summary, ()) if uid in uids)

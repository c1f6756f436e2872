"""`explain`: how any date of a schedule came about."""

from __future__ import annotations

from collections.abc import Callable

from domain.plans.schedule.early_reasons import early_finish, early_start
from domain.plans.schedule.explanation import Explanation, Side, Trail
from domain.plans.schedule.late_reasons import late_finish, late_start
from domain.plans.schedule.node import Node
from domain.plans.schedule.schedule import Passes, Schedule, placed

_WAYS: dict[Side, Callable[[Node, Passes], Trail]] = {
    Side.EARLY_START: early_start,
    Side.EARLY_FINISH: early_finish,
    Side.LATE_START: late_start,
    Side.LATE_FINISH: late_finish,
}
_EARLY = {Side.START: Side.EARLY_START, Side.FINISH: Side.EARLY_FINISH}
_LATE = {Side.START: Side.LATE_START, Side.FINISH: Side.LATE_FINISH}


def explain(found: Schedule, uid: str, side: Side) -> Explanation:
    """How a date came about; that of a summary is explained by the task in it that has that date.

    Raises KeyError for a uid that the schedule has no dates of.
    """
    passes = found.passes
    if uid not in passes.network.nodes:
        uid = _in_summary(found, uid, side)
    if side in _EARLY:
        by = _LATE if placed(uid, passes) else _EARLY
        return _WAYS[by[side]](passes.network.nodes[uid], passes).end(uid, side)
    return _WAYS[side](passes.network.nodes[uid], passes).end(uid, side)


def _in_summary(found: Schedule, uid: str, side: Side) -> str:
    """The first task in a summary that has its date."""
    at = date_of(found, uid, side)
    leaves = found.passes.network.leaves[uid]
    return next(each for each in leaves if date_of(found, each, side) == at)


def date_of(found: Schedule, uid: str, side: Side) -> object:
    """A date of a task, by its side."""
    return getattr(found.dates[uid], side)

"""The plans of an update beside each other, a row for each task: as it came, the office's, and merged.

Refuses to merge: it shows what was merged, and marks what is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan, outline


class Shown(StrEnum):
    """Which of the plans, in the order in which they stand in a row."""

    BASE = "base"
    """As the template's version came to the office."""
    OURS = "ours"
    """The office's, right before the update; without an update as it stands now."""
    MERGED = "merged"
    """What the update made of both."""


@dataclass(frozen=True, slots=True)
class Days:
    """From which day to which a task goes, both of them included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SideRow:
    """One task; `days` has those plans that have it with dates, `there` those that have it at all."""

    uid: str
    name: str
    depth: int
    summary: bool
    milestone: bool
    days: Mapping[Shown, Days]
    there: frozenset[Shown]
    asked: bool = False

    @property
    def differs(self) -> bool:
        """Whether the plans do not agree on it."""
        return len({self.days.get(each) for each in self.there}) > 1


def side_rows(plans: Mapping[Shown, WholePlan], asked: Collection[str] = ()) -> tuple[SideRow, ...]:
    """The tasks of all these plans, in the order of the last one; `asked` are uids of open questions.

    A task that the last one does not have stands after what it followed where it is.
    """
    by_plan = {shown: {task.uid: task for task in plans[shown].tasks} for shown in Shown if shown in plans}
    above = {shown: outline(plans[shown]) for shown in by_plan}
    rows = []
    for uid in _order([list(tasks) for tasks in reversed(by_plan.values())]):
        having = [shown for shown, tasks in by_plan.items() if uid in tasks]
        last = by_plan[having[-1]][uid]
        days = {shown: found for shown in having if (found := _days(by_plan[shown][uid])) is not None}
        rows.append(
            SideRow(
                uid, last.name, len(above[having[-1]][uid]), last.summary, last.milestone,
                {} if last.summary else days, frozenset(having), uid in asked,
            )
        )  # fmt: skip
    return tuple(rows)


def _order(lists: Sequence[Sequence[str]]) -> Iterator[str]:
    """All uids: those of the first list in its order, others after what they followed in theirs."""
    found: list[str] = []
    for uids in lists:
        at = -1
        for uid in uids:
            if uid in found:
                at = found.index(uid)
            else:
                at += 1
                found.insert(at, uid)
    return iter(found)


def _days(task: PlanTask) -> Days | None:
    start, finish = task.start or task.finish, task.finish or task.start
    if start is None or finish is None:
        return None
    return Days(min(start, finish).date(), finish.date())

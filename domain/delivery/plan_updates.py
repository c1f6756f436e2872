"""What an update of a plan writes into an office's tool: new tasks, then changed fields, then links.

Only what the merge changed is written, over what stands there now. The office's own tasks are never written.
A task that the template removes is marked as withdrawn where the tool has a place for that. Decides only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any

from domain.delivery.delivery import Intent, IntentState
from domain.delivery.distribution import unlinked
from domain.delivery.plan_tasks import FitOne, Place, certified, key_of, shown, things
from domain.delivery.wanted import Wanted, values_of
from domain.plans.certificate import Certificate
from domain.plans.merge.merging import Given, Merged
from domain.plans.predecessor import Predecessor
from domain.plans.project import FieldValue, Placed, Values
from domain.plans.task import Constraint, ConstraintKind, PlanTask
from domain.plans.updates.ours import is_own
from domain.plans.whole_plan import WholePlan

PROGRESS = (
    "percent", "remaining", "actual_start", "actual_finish", "baseline_start", "baseline_finish", "notes",
    "own_id",
)  # fmt: skip
"""The fields of a task that no template gives: what a tool shows of them is the office's."""
BLANK = PlanTask("", "")
SINCE = ("constraint", "deadline", "cost", "calendar")
"""The fields of a task that earlier versions of Interoffice did not put into tools."""
CLEARED = frozenset(SINCE)
"""The fields that are written empty where the merge takes their value away."""
WITHDRAWN = "withdrawn"
EVENING = time(23, 59)


@dataclass(frozen=True)
class Holding:
    """How one office's tool holds a plan: `keys` are those of the template's tasks there, by uid.

    `unwritten` are the fields that the tool could hold of a task and that were never written there, by uid:
    what is not there is no removal.
    """

    place: Place
    fit: FitOne
    keys: Mapping[str, str]
    unwritten: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unordered: frozenset[str] = frozenset()
    """The uids of tasks of which it was never written what they stand behind."""
    unlinked: frozenset[str] = frozenset()
    """The uids of tasks of which it was never written what they follow."""
    besides: Mapping[str, tuple[Predecessor, ...]] = field(default_factory=dict)
    """What tasks follow there that the template does not have any more, by uid: links of the office's."""
    marked: frozenset[str] = frozenset()
    """The uids of tasks that stand there marked as withdrawn."""

    def key(self, uid: str) -> str:
        """The key of a task in the tool; the office's own tasks have their key as uid."""
        return self.keys.get(uid) or (uid if is_own(uid) else key_of(self.place.project, uid))

    def held(self, plan: WholePlan) -> WholePlan:
        """The plan as it would be read back from the tool; the office's own tasks are as they are."""
        back = shown(plan, self.place, self._fit, self._keys(plan))
        found = {task.uid: task for task in back.tasks}
        tasks = tuple(task if is_own(task.uid) else self._shown(found[task.uid], task) for task in plan.tasks)
        links = [link for link in plan.links if is_own(link.successor)]
        links += [x for x in back.links if not is_own(x.successor) and x.successor not in self.unlinked]
        return replace(back, tasks=tasks, links=tuple(sorted(links)))

    def certificate(self, plan: WholePlan) -> Certificate:
        """What the tool does not keep of what the template gives a plan; the office's own is not asked."""
        given = {name: getattr(BLANK, name) for name in PROGRESS}
        tasks = tuple(replace(task, **given) for task in plan.tasks if not is_own(task.uid))
        there = {task.uid for task in tasks}
        tasks = tuple(_below(task, task.parent if task.parent in there else None) for task in tasks)
        links = tuple(link for link in plan.links if there.issuperset((link.predecessor, link.successor)))
        plan = replace(plan, tasks=tasks, links=links)
        return certified(plan, self.place, self.fit, self._keys(plan))

    def _shown(self, found: PlanTask, task: PlanTask) -> PlanTask:
        shown = _with_progress(found, task)
        none: dict[str, Any] = dict.fromkeys(self.unwritten.get(task.uid, ()))
        return replace(shown, **none) if none else shown

    def ordered(self, live: WholePlan) -> frozenset[str | None]:
        """The summaries of a live plan, None for the top, whose order was written there."""
        if not self.place.limits.ordered:
            return frozenset()
        there: dict[str | None, bool] = {}
        for task in live.tasks:
            if not is_own(task.uid):
                there[task.parent] = there.get(task.parent, True) and task.uid not in self.unordered
        return frozenset(summary for summary, known in there.items() if known)

    def things(self, plan: WholePlan) -> Mapping[str, Wanted]:
        """The template's tasks as they would stand in the tool, by uid, in the plan's order."""
        found = things(plan, self.place, self._fit, self._keys(plan))
        named = zip(plan.tasks, found, strict=True)
        return {task.uid: self._linked(task.uid, each) for task, each in named if not is_own(task.uid)}

    def _linked(self, uid: str, wanted: Wanted) -> Wanted:
        """The task with its links to what is withdrawn, which are not taken away with what is written."""
        if uid not in self.besides:
            return wanted
        return wanted.holding({**wanted.values, "after": tuple(sorted({*wanted.after, *self.besides[uid]}))})

    def standing(self, given: Given) -> Mapping[str, Wanted]:
        """The template's tasks as they stand in the tool, by uid, in the order of the office's plan.

        A parent or link that is put back into the office's plan, as the tool could not hold it, does not
        stand there, whatever the tool can hold by now; one that stands there does, even if it could not be
        put there.
        """
        parents = {task.uid: task.parent for task in given.live.tasks}
        tasks = given.ours.tasks
        if self.place.limits.parts is None:  # else the order of all decides which of the parts are higher
            tasks = tuple(_below(task, parents[task.uid]) for task in tasks)
        return self._as_it_is.things(replace(given.ours, tasks=tasks, links=given.live.links))

    def linked_besides(self, live: WholePlan, gone: Collection[str]) -> Mapping[str, tuple[Predecessor, ...]]:
        """What the tasks of a live plan follow of those that are `gone`, by uid; of them nothing."""
        if not gone:
            return {}
        keys = {self.key(uid) for uid in gone}
        there = things(live, self._as_it_is.place, _as_read, self._keys(live))
        named = ((task.uid, each.after) for task, each in zip(live.tasks, there, strict=True))
        found = {uid: tuple(e for e in after if e.key in keys) for uid, after in named if not is_own(uid)}
        return {uid: after for uid, after in found.items() if after and uid not in gone}

    @property
    def _as_it_is(self) -> Holding:
        """The same tool, as it is asked what stands there and not what can be put there."""
        limits = self.place.limits
        depth = limits.depth if limits.parts is not None else None
        limits = replace(limits, depth=depth, free_days=None, summaries_follow=True)
        return replace(self, place=replace(self.place, limits=limits))

    def _keys(self, plan: WholePlan) -> Mapping[str, str]:
        return {task.uid: self.key(task.uid) for task in plan.tasks}

    def _fit(self, wanted: Wanted) -> Wanted:
        return wanted if is_own(wanted.key) else self.fit(wanted)


def _as_read(wanted: Wanted) -> Wanted:
    """What stands in the tool fits there, whatever the office wrote."""
    return wanted


def _below(task: PlanTask, parent: str | None) -> PlanTask:
    return task if task.parent == parent else replace(task, parent=parent)


def to_the_evening(task: PlanTask) -> PlanTask:
    """A task with a day that a tool states as its last one: midnight would be the evening before."""
    finish = task.finish
    if finish is None or finish.time() != time():
        return task
    return replace(task, finish=datetime.combine(finish.date(), EVENING))


def as_stated(task: PlanTask, known: Collection[Constraint | None] = ()) -> PlanTask:
    """A task of a live plan as it is merged: its last day whole, without what only holds its own start.

    Some tools keep a start that was written by a constraint to that very day. One that is `known`, as the
    plan has it, stays. Some state 0 % of a task of which nobody said anything: that is no change of the
    office's.
    """
    if not task.percent:
        task = replace(task, percent=None)
    held, start = task.constraint, task.start
    holds = held is not None and held.kind is ConstraintKind.START_NO_EARLIER_THAN
    if (
        holds
        and held not in known
        and held is not None
        and held.at
        and start
        and held.at.date() == start.date()
    ):
        task = replace(task, constraint=None)
    return to_the_evening(task)


def _with_progress(found: PlanTask, task: PlanTask) -> PlanTask:
    return to_the_evening(replace(found, **{name: getattr(task, name) for name in PROGRESS}))


@dataclass(frozen=True, slots=True)
class TaskWrite:
    """One task to write: `fields` are those that change; all of a new one's, without links."""

    wanted: Wanted
    is_new: bool = False
    is_withdrawn: bool = False

    @property
    def key(self) -> str:
        """Our key of it."""
        return self.wanted.key

    @property
    def fields(self) -> Values:
        """The values that change."""
        return self.wanted.values


def task_writes(merged: Merged, holding: Holding) -> tuple[TaskWrite, ...]:
    """What is written next; while tasks are new, no links, as both ends have to be there first."""
    there = {task.uid for task in merged.given.live.tasks}
    after, before = holding.things(merged.plan), holding.standing(merged.given)
    new = [TaskWrite(unlinked(each), is_new=True) for uid, each in after.items() if uid not in there]
    moved = _moved(before, after, holding)
    changed = [
        TaskWrite(each.holding(fields))
        for uid, each in after.items()
        if uid in there
        and (
            fields := _changed(before[uid], each, linking=not new, moved=uid in moved)
            | ({"standing": ""} if uid in holding.marked else {})
        )
    ]
    gone = [uid for uid in before if uid not in after]
    return (*new, *changed, *_withdrawn(gone, before, holding))


def _moved(before: Mapping[str, Wanted], after: Mapping[str, Wanted], holding: Holding) -> frozenset[str]:
    """The tasks of which it is written what they stand behind: they come into a summary, or it is reordered.

    What is only added between two others moves neither.
    """
    families: dict[str, list[str]] = {}
    for uid, each in after.items():
        if "behind" in each.values:
            families.setdefault(each.parent, []).append(uid)
    ranks = {uid: place for place, uid in enumerate(before)}
    found: set[str] = set()
    for parent, uids in families.items():
        stay = [uid for uid in uids if uid in before and before[uid].parent == parent]
        found |= {uid for uid in uids if uid in before and uid not in stay}
        if stay != sorted(stay, key=ranks.__getitem__):
            unknown = not holding.unordered.isdisjoint(stay)
            old = (before[uid].values.get("behind") for uid in stay)
            found |= {
                uid
                for uid, was in zip(stay, old, strict=True)
                if unknown or was != after[uid].values["behind"]
            }
    return frozenset(found)


def _changed(before: Wanted, after: Wanted, *, linking: bool, moved: bool) -> dict[str, FieldValue]:
    old, new = before.values, after.values
    fields = {
        name: value
        for name, value in new.items()
        if old.get(name, _empty(value)) != value and (linking or name != "after") and name != "behind"
    }
    cleared = (name for name in CLEARED if old.get(name, "") != "" and name not in new)
    place = {"behind": new["behind"]} if moved else {}
    return {**fields, **dict.fromkeys(cleared, ""), **place}


def _empty(value: FieldValue) -> FieldValue | None:
    return value if value in ("", ()) else None


def _withdrawn(gone: Collection[str], before: Mapping[str, Wanted], holding: Holding) -> Iterator[TaskWrite]:
    for uid in gone:
        marked = holding.fit(
            before[uid].holding({"project": before[uid].project or "", "standing": WITHDRAWN})
        )
        if "standing" in marked.values:
            asked = replace(marked.without(("project",)), ended=True)
            yield TaskWrite(asked, is_withdrawn=True)


def intent_of(write: TaskWrite, before: Intent | None, placed: Placed | None) -> tuple[Wanted, Intent | None]:
    """What is wanted, and the intent with what stands there now as its base, stored before the call.

    Other fields stay as they were delivered last, and as the office has them. None: nothing is known of it,
    and the delivery makes the intent.
    """
    if write.is_new and before is not None and before.base is not None:  # an answer brings it back
        return write.wanted, replace(
            before, wanted=write.wanted, digest=write.wanted.digest, state=IntentState.STORED, sent_at=None,
            delivered=None,
        )  # fmt: skip
    if write.is_new or placed is None or before is None:
        return write.wanted, None
    old = dict(before.wanted.values)
    if "behind" in old and "behind" in placed.values:  # others were put between
        old["behind"] = placed.values["behind"]
    known = {**old, **(values_of(before.base) if before.base is not None else {})}
    there = {name: value for name in write.fields if (value := _typed(name, placed.values)) is not None}
    stale = {name: value for name, value in known.items() if name not in write.fields}
    wanted = replace(write.wanted.holding({**old, **write.fields}), ended=write.wanted.ended)
    delivered = write.wanted.holding({**stale, **there}).fields
    state = IntentState.SENT if before.state is IntentState.SENT else IntentState.STORED
    return wanted, replace(before, wanted=wanted, digest=wanted.digest, state=state, delivered=delivered)


def _typed(name: str, there: Values) -> FieldValue | None:
    """What stands there; links only where the tool gives them as such, not as a text."""
    value = there.get(name)
    return None if name == "after" and not isinstance(value, tuple) else value

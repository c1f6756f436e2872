"""One pass of the merge: tasks, links, order, calendars, the plan's own fields.

Refuses to ask whether the result is sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from domain.plans.merge.change import Fate, Why
from domain.plans.merge.draft import Case, Draft, Forced
from domain.plans.merge.links import merge_links
from domain.plans.merge.order import merge_order
from domain.plans.merge.place import AT, PLAN_FIELDS, Place, Side, Subject
from domain.plans.merge.sides import assembled, in_outline
from domain.plans.merge.tasks import merge_tasks
from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar

CALENDAR = AT["calendar"]


def attempt(case: Case, forced: Mapping[Place, Forced]) -> tuple[Draft, WholePlan]:
    """What a pass found, and the plan that follows from it.

    Tasks in a loop of summaries are not reached from the top; they stand last, so that `flaws` has them.
    """
    draft = Draft(case, forced)
    merge_tasks(draft)
    draft.links = merge_links(draft)
    outline = in_outline(merge_order(draft))
    draft.is_looped = len(outline) < len(draft.rows)
    if draft.is_looped:
        outline += sorted(draft.rows.keys() - set(outline))
    tasks = _tasks(draft, outline)
    whole = draft.whole = _plan_fields(draft)
    used = {cast("str", whole["calendar"]), *(task.calendar for task in tasks if task.calendar is not None)}
    calendars = _calendars(draft, used)
    like = WholePlan(tasks=(), calendars=(), **whole)  # type: ignore[arg-type] # each field with its own type
    asked = {each.conflict.places: each.conflict for each in forced.values() if each.is_open}
    draft.conflicts += asked.values()
    return draft, assembled(like, tasks, draft.links, calendars, case.ours)


def _tasks(draft: Draft, outline: Iterable[str]) -> list[PlanTask]:
    """The tasks of the result, in order; where one is a side's own, that side's value."""
    ours, theirs, rows = draft.case.ours, draft.case.theirs, draft.rows
    found: list[PlanTask] = []
    for uid in outline:
        row = rows[uid]
        if ours.rows.get(uid) is row:
            found.append(ours.tasks[uid])
        elif theirs.rows.get(uid) is row:
            found.append(theirs.tasks[uid])
        else:
            found.append(PlanTask(uid, *row))  # type: ignore[arg-type] # the fields in their order
    return found


def _plan_fields(draft: Draft) -> dict[str, object]:
    case = draft.case
    found: dict[str, object] = {}
    for name in PLAN_FIELDS:
        b, t, o = (getattr(side.plan, name) for side in (case.base, case.theirs, case.ours))
        seen = None if case.seen is None else getattr(case.seen.plan, name)
        place = Place(Subject.PLAN, (), name)
        found[name] = o if b == t == o else draft.decided(place, b, t, o, seen)
    return found


def _calendars(draft: Draft, used: set[str]) -> dict[str, WorkCalendar]:
    """The calendars of the result; one that is removed stays while it is worked by."""
    case = draft.case
    base, theirs, ours = (side.calendars for side in (case.base, case.theirs, case.ours))
    found: dict[str, WorkCalendar] = {}
    for name in {**ours, **theirs, **base}:
        b, t, o = base.get(name), theirs.get(name), ours.get(name)
        place, values = Place(Subject.CALENDAR, (name,)), (b, t, o)
        value: object = o
        if name in used and b is not None and (t is None) != (o is None):
            by = Side.THEIRS if t is None else Side.OURS
            draft.note(place, by, Fate.DROPPED, values, Why.IN_USE)
            value = o if t is None else t
            if value != b:
                other, fate = (Side.OURS, Fate.KEPT) if t is None else (Side.THEIRS, Fate.TAKEN)
                draft.note(place, other, fate, values)
        elif not b == t == o:
            seen = None if case.seen is None else case.seen.calendars.get(name)
            value = draft.decided(place, b, t, o, seen)
            if value is None and name in used:  # both removed it, or an answer did
                value = o or t or b
                draft.note(place, Side.THEIRS, Fate.DROPPED, values, Why.IN_USE)
        if isinstance(value, WorkCalendar):
            found[name] = value
    return found

"""What an agency does to its plan of the finance system in a week, in its workbook.

A task is found by its title. One that does not stand there yet is left alone, and so is what was done before:
a week played twice leaves the same bytes. Refuses to touch anything of ours but an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from connectors.project_file.rows import working_days
from connectors.records.mapping import columns_of
from connectors.workbook.connector import Workbook
from domain.delivery.plan_updates import WITHDRAWN
from domain.ids import ItemKey, PlanTaskKey, ProjectKey
from domain.plans.project import Item, Plan, Reading, Scalar
from domain.plans.updates.asked import PlanConflictId
from examples.harbor_group.editing import Edit, edit
from examples.harbor_group.script import PlanEdit

DONE = 100.0
HOURS = 8


def work(book: Workbook, edits: Iterable[PlanEdit]) -> bool:
    """Make the edits in one save; whether anything changed. Where the plan does not stand yet, nothing does."""
    reading = book.read()
    there = {key.project for placed in reading.placed if (key := PlanTaskKey.find(placed.key))}
    plan = next((plan for plan in reading.plans if plan.project.key in there), None)
    if plan is None or book.settings.items is None:
        return False
    cleared: dict[str, Scalar | None] = dict.fromkeys(dict(columns_of(book.settings.items)))
    return edit(book.path, book.settings, list(_edits(reading, plan, edits, cleared)))


def _edits(
    reading: Reading, plan: Plan, edits: Iterable[PlanEdit], cleared: dict[str, Scalar | None]
) -> Iterator[Edit]:
    project = ProjectKey.read(plan.project.key).own
    there = {item.title: item for item in plan.items}
    own = sum(ItemKey.read(item.key).own.startswith(f"{project}.") for item in plan.items)
    for each in edits:
        if each.answer:
            yield from _answers(reading, each)
        elif each.all_done:
            yield from _finished(reading, plan, each, cleared)
        elif each.new and each.new not in there:
            own += 1
            values = {"id": f"{project}.{own}", "project": project, "title": each.new, **_values(each)}
            yield Edit("items", f"{project}/{project}.{own}", values, append=True)
        elif each.task in there:
            values = cleared if each.delete else _values(each)
            yield Edit("items", _row(project, there[each.task]), values)


def _finished(
    reading: Reading, plan: Plan, each: PlanEdit, cleared: dict[str, Scalar | None]
) -> Iterator[Edit]:
    """All that is left, in the order of its planned days, within those that it really took; once."""
    project, gone = ProjectKey.read(plan.project.key).own, _withdrawn(reading)
    summaries = {item.plan.parent for item in plan.items if item.plan is not None}
    left = [item for item in plan.items if item.key not in summaries and (item.percent or 0) < DONE]
    days = [day for item in left for day in (item.start, item.due) if day is not None]
    for item in left:
        values = cleared if item.key in gone else _done(item, each, (min(days), max(days)))
        yield Edit("items", _row(project, item), values)


def _withdrawn(reading: Reading) -> frozenset[str]:
    """Our keys of the tasks that the agency was asked to delete."""
    return frozenset(each.key for each in reading.placed if each.values.get("standing") == WITHDRAWN)


def _done(item: Item, each: PlanEdit, planned: tuple[date, date]) -> dict[str, Scalar | None]:
    """A task as it was finished; one of its own, for which no hours were planned, took a share of its days."""
    start, due = item.start or item.due, item.due or item.start
    if start is None or due is None or each.start is None or each.due is None:
        raise ValueError(f"{item.key}: it has no days, or the week does not say which it took")
    took = (each.due - each.start) / max(planned[1] - planned[0], timedelta(days=1))
    began, ended = (
        each.start + timedelta(days=round((day - planned[0]).days * took)) for day in (start, due)
    )
    values: dict[str, Scalar | None] = {"start": began, "due": ended, "percent": DONE}
    hours = (
        HOURS * working_days(start, due)
        if item.work is None and PlanTaskKey.find(item.key) is None
        else item.work
    )
    if hours is not None:
        values["work"] = round(hours * each.all_done, 1)
    return {**values, "actual_start": began, "actual_finish": ended}


def _row(project: str, item: Item) -> str:
    return f"{project}/{ItemKey.read(item.key).own}"


def _values(each: PlanEdit) -> dict[str, Scalar | None]:
    found: dict[str, Scalar | None] = {
        "title": each.rename or None,
        "start": each.start,
        "due": each.due,
        "duration": f"{each.duration}d" if each.duration else None,
        "percent": DONE if each.done else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _answers(reading: Reading, each: PlanEdit) -> Iterator[Edit]:
    """The answer beside each question about that task that has none."""
    answered = {answer.question for answer in reading.answers}
    for placed in reading.placed:
        about = each.task in str(placed.values.get("text", ""))
        if about and PlanConflictId.find(placed.key) is not None and placed.key not in answered:
            yield Edit("questions", placed.key, {"answer": each.answer})

"""What contradicts itself in a template's file, each with its place: it refuses to guess what was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from config.problems import Problems, meant
from config.shapes import FileEntry
from config.template_shapes import TaskShape, TemplateShape
from domain.plans.task import ConstraintKind
from domain.plans.templates.template import Need, TaskKind
from domain.plans.work_calendar import WorkCalendar

Wrong: TypeAlias = tuple[tuple[str | int, ...], str, str]
"""Where in the file, what is wrong, and what to write instead."""


def check_template(entry: FileEntry[TemplateShape], problems: Problems) -> None:
    """Report all that refers to nothing, is there twice, or contradicts itself."""
    for place, what, instead in (
        *_calendars(entry.value),
        *_size(entry.value),
        *_twice(entry.value),
        *_tasks(entry.value),
        *_references(entry.value),
    ):
        problems.add(entry.where(*place), what, instead)


def _calendars(said: TemplateShape) -> Iterator[Wrong]:
    names = [each.name for each in said.calendars]
    if said.calendar not in names:
        yield ("calendar",), f"there is no calendar `{said.calendar[:60]}`", meant(said.calendar, names)
    for n, each in enumerate(said.calendars):
        try:
            WorkCalendar(each.name, each.week)
        except ValueError:
            message = f"the hours of `{each.name[:60]}` overlap or leave the day, or nobody works on any day"
            yield ("calendars", n, "week"), message, "write the hours of each weekday in order"


def _size(said: TemplateShape) -> Iterator[Wrong]:
    if said.size is not None and said.size.amount <= 0:
        yield (
            ("size", "amount"),
            "the pilot's size is not above 0",
            f"write how many {said.size.driver} it has",
        )


def _measured(task: TaskShape) -> Iterator[tuple[str, str, str]]:
    """What the pilot's figures of a task contradict."""
    found = task.evidence
    if found is None:
        return
    if found.began is not None and found.ended is not None and found.ended < found.began:
        yield "evidence", f"`{task.uid}` was ended before it was begun", "correct `began` or `ended`"
    if found.work is not None and found.work < 0:
        yield "evidence", f"the work of `{task.uid}` is below 0", "write `work: 16h`, or leave it out"
    if found.cost is not None and found.cost.amount < 0:
        yield "evidence", f"the cost of `{task.uid}` is below 0", "give 0 or more, or leave it out"


def _twice(said: TemplateShape) -> Iterator[Wrong]:
    for key, name in (("calendars", "name"), ("parameters", "id"), ("tasks", "uid"), ("risks", "uid"),
                      ("lessons", "uid"), ("documents", "uid")):  # fmt: skip
        values = [getattr(each, name) for each in getattr(said, key)]
        seen: set[str] = set()
        for n, value in enumerate(values):
            if value in seen:
                yield (key, n, name), f"two of `{key}` have the {name} `{value[:60]}`", "give each its own"
            seen.add(value)
    marks = Counter(each.mark for each in said.tasks if each.mark)
    for n, each in enumerate(said.tasks):
        if each.mark and marks[each.mark] > 1:
            yield (
                ("tasks", n, "mark"),
                f"{marks[each.mark]} tasks have the mark {each.mark}",
                "keep it at one",
            )


def _tasks(said: TemplateShape) -> Iterator[Wrong]:
    phases = {each.uid for each in said.tasks if each.kind is TaskKind.PHASE}
    calendars = [each.name for each in said.calendars]
    for n, each in enumerate(said.tasks):
        if each.parent is not None and each.parent not in phases:
            instead = "name the uid of a task of the kind phase"
            yield ("tasks", n, "parent"), f"there is no phase `{each.parent}`", instead
        if each.calendar is not None and each.calendar not in calendars:
            message = f"there is no calendar `{each.calendar[:60]}`"
            yield ("tasks", n, "calendar"), message, meant(each.calendar, calendars)
        if each.kind is TaskKind.PHASE and each.duration is not None:
            yield ("tasks", n, "duration"), "a phase has no duration of its own", "remove it"
        for key, message, instead in (*_conditions(said, each), *_held(each), *_measured(each)):
            yield ("tasks", n, key), message, instead


def _conditions(said: TemplateShape, task: TaskShape) -> Iterator[tuple[str, str, str]]:
    condition = task.condition
    if (task.need is Need.CONDITIONAL) != (condition is not None):
        lacks = "without" if condition is None else "with"
        instead = "write `need: conditional` and a `condition`, or neither"
        yield "need", f"`{task.uid}` is {task.need} {lacks} a condition", instead
    if condition is None:
        return
    known = {each.id: each.values for each in said.parameters}
    if condition.parameter not in known:
        message = f"there is no parameter `{condition.parameter}`"
        yield "condition", message, meant(condition.parameter, known)
        return
    values = known[condition.parameter]
    if other := sorted(set(condition.values) - set(values)):
        yield (
            "condition",
            f"`{other[0][:60]}` is no value of `{condition.parameter}`",
            meant(other[0], values),
        )


def _held(task: TaskShape) -> Iterator[tuple[str, str, str]]:
    held = task.held
    if held is None:
        return
    timeless = held.kind is ConstraintKind.AS_LATE_AS_POSSIBLE
    if held.after is None and not timeless:
        yield "held", f"the constraint {held.kind} lacks its time", "add `after: 40h`"
    if held.after is not None and timeless:
        yield "held", f"the constraint {held.kind} has a time", "remove `after`"


def _references(said: TemplateShape) -> Iterator[Wrong]:
    uids = [each.uid for each in said.tasks]
    known = set(uids)
    for n, link in enumerate(said.links):
        for end in ("predecessor", "successor"):
            if (uid := getattr(link, end)) not in known:
                yield ("links", n, end), f"there is no task `{uid}`", meant(uid, uids)
    for key in ("risks", "lessons", "documents"):
        for n, each in enumerate(getattr(said, key)):
            if each.task is not None and each.task not in known:
                yield (key, n, "task"), f"there is no task `{each.task}`", meant(each.task, uids)

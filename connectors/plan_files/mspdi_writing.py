"""A plan as Microsoft Project's XML; the same plan gives the same bytes.

Only what the plan states is written: Microsoft Project computes the rest when it opens the file. Tasks are
not driven by effort, so that no duration changes with the people. Refuses nothing: what has no place there is
left out, and the certificate tells it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.plan_files.mspdi_tasks import HUNDREDTHS, OWN_ID, UID
from connectors.plan_files.mspdi_values import (
    CONSTRAINTS,
    IN_DAYS,
    LINKS,
    WORK_DAYS,
    form_of,
    written_lag,
    written_length,
    written_moment,
)
from connectors.project_file.calendars import written_calendar, written_text
from connectors.project_file.mspdi import PLACE, element
from domain.plans.link import PlanLink
from domain.plans.task import Duration, PlanTask
from domain.plans.whole_plan import WholePlan

HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Project xmlns="http://schemas.microsoft.com/project">'
FIELDS = {UID: ("188744016", "Text30"), OWN_ID: ("188744015", "Text29")}
NUMBERS = re.compile(r"[1-9][0-9]{0,8}")
CONSTRAINT_NUMBERS = {kind: number for number, kind in CONSTRAINTS.items()}
LINK_NUMBERS = {kind: number for number, kind in LINKS.items()}
FIXED_DURATION = "1"


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all tasks of a file share: numbers of tasks and calendars, fields of ours, the currency."""

    numbers: Mapping[str, str]
    calendars: Mapping[str, int]
    fields: Mapping[str, str]
    currency: str
    levels: Mapping[str, int]


def written(plan: WholePlan) -> bytes:
    """The plan as a file."""
    tasks = in_outline(plan)
    frame = _frame(plan, tasks)
    before: dict[str, list[PlanLink]] = {}
    for link in sorted(plan.links):
        before.setdefault(link.successor, []).append(link)
    rows = (_task(at, task, frame, before.get(task.uid, ())) for at, task in enumerate(tasks, 1))
    resources, assignments = _people(tasks, frame)
    sections = (
        ("ExtendedAttributes", (_definition(name) for name in sorted(frame.fields))),
        ("Calendars", (written_calendar(frame.calendars[each.name], each) for each in plan.calendars)),
        ("Tasks", rows),
        ("Resources", resources),
        ("Assignments", assignments),
    )
    body = b"".join(
        b"\n<%b>\n%b\n</%b>" % (name.encode(), b"\n".join(pieces), name.encode()) for name, pieces in sections
    )
    return HEAD + _project(plan, frame) + body + b"\n</Project>\n"


def in_outline(plan: WholePlan) -> list[PlanTask]:
    """The tasks in the order of the outline: each summary before what lies in it, else as in the plan."""
    within: dict[str | None, list[PlanTask]] = {}
    for task in plan.tasks:
        within.setdefault(task.parent, []).append(task)
    found: list[PlanTask] = []
    waiting = list(reversed(within.get(None, ())))
    while waiting:
        found.append(task := waiting.pop())
        waiting.extend(reversed(within.get(task.uid, ())))
    return found


def _frame(plan: WholePlan, tasks: Sequence[PlanTask]) -> _Frame:
    own = all(NUMBERS.fullmatch(task.uid) for task in tasks)
    numbers = {task.uid: task.uid if own else str(at) for at, task in enumerate(tasks, 1)}
    fields = {} if own else {UID: FIELDS[UID][0]}
    if any(task.own_id is not None for task in tasks):
        fields[OWN_ID] = FIELDS[OWN_ID][0]
    currencies = Counter(task.cost.currency for task in tasks if task.cost is not None)
    levels: dict[str | None, int] = {None: 0}
    for task in tasks:
        levels[task.uid] = levels[task.parent] + 1
    return _Frame(
        numbers,
        {each.name: at for at, each in enumerate(plan.calendars, 1)},
        fields,
        min(currencies, key=lambda each: (-currencies[each], each), default=""),
        {uid: level for uid, level in levels.items() if uid is not None},
    )


def _project(plan: WholePlan, frame: _Frame) -> bytes:
    """The elements of the project itself, in the schema's order."""
    start, finish, status = plan.start, plan.finish, plan.status_date
    pieces = [
        written_text("Title", plan.title),
        element("ScheduleFromStart", "0" if start is None and finish is not None else "1"),
        element("StartDate", written_moment(start)) if start else b"",
        element("FinishDate", written_moment(finish)) if finish else b"",
        element("CurrencyCode", frame.currency) if frame.currency else b"",
        element("CalendarUID", str(frame.calendars[plan.calendar])),
        *(element(name, str(number)) for name, number in WORK_DAYS.items()),
        element("NewTasksEffortDriven", "0"),
        element("StatusDate", written_moment(status)) if status else b"",
    ]
    return b"\n" + b"\n".join(each for each in pieces if each)


def _definition(name: str) -> bytes:
    number, field = FIELDS[name]
    return element(
        "ExtendedAttribute", element("FieldID", number) + element("FieldName", field) + element("Alias", name)
    )


def _task(at: int, task: PlanTask, frame: _Frame, before: Sequence[PlanLink]) -> bytes:
    """One task, its elements in the schema's order."""
    pieces = [*_simple(at, task, frame), *_money(task, frame)]
    if task.notes is not None:
        pieces.append(("Notes", written_text("Notes", task.notes)))
    pieces += [("PredecessorLink", _link(link, frame)) for link in before]
    held = {UID: task.uid, OWN_ID: task.own_id}
    for name, number in frame.fields.items():
        if (value := held[name]) is not None:
            pieces.append(
                (
                    "ExtendedAttribute",
                    element("ExtendedAttribute", element("FieldID", number) + written_text("Value", value)),
                )
            )
    if task.baseline_start is not None or task.baseline_finish is not None:
        ends = {"Start": task.baseline_start, "Finish": task.baseline_finish}
        inner = b"".join(element(name, written_moment(at)) for name, at in ends.items() if at is not None)
        pieces.append(("Baseline", element("Baseline", element("Number", "0") + inner)))
    return element("Task", b"".join(piece for _, piece in sorted(pieces, key=lambda each: PLACE[each[0]])))


def _simple(at: int, task: PlanTask, frame: _Frame) -> Iterator[tuple[str, bytes]]:
    """The elements that are plain texts."""
    yield "Name", written_text("Name", task.name)
    found: dict[str, str | None] = {
        "UID": frame.numbers[task.uid],
        "ID": str(at),
        "Type": FIXED_DURATION,
        "IsNull": "0",
        "OutlineLevel": str(frame.levels[task.uid]),
        "EffortDriven": "0",
        "Milestone": "1" if task.milestone else "0",
        "Summary": "1" if task.summary else "0",
        "PercentComplete": None if task.percent is None else str(round(task.percent)),
        "CalendarUID": None if task.calendar is None else str(frame.calendars[task.calendar]),
        **_lengths(task),
    }
    times = {
        "Start": task.start,
        "Finish": task.finish,
        "ActualStart": task.actual_start,
        "ActualFinish": task.actual_finish,
        "Deadline": task.deadline,
    }
    if task.constraint is not None:
        found["ConstraintType"] = CONSTRAINT_NUMBERS[task.constraint.kind]
        times["ConstraintDate"] = task.constraint.at
    found |= {name: written_moment(at) for name, at in times.items() if at is not None}
    yield from ((name, element(name, value)) for name, value in found.items() if value is not None)


def _lengths(task: PlanTask) -> dict[str, str | None]:
    shown = task.duration or task.remaining
    lengths: dict[str, Duration | None] = {
        "Duration": task.duration,
        "RemainingDuration": task.remaining,
        "Work": None if task.work and task.work.elapsed else task.work,
    }
    found: dict[str, str | None] = {
        name: written_length(each.minutes) for name, each in lengths.items() if each is not None
    }
    if shown is not None:
        found["DurationFormat"] = form_of(shown.minutes, elapsed=shown.elapsed)
    return found


def _money(task: PlanTask, frame: _Frame) -> Iterator[tuple[str, bytes]]:
    """The cost, fixed so that no work changes it; none in a currency that is not the file's."""
    if task.cost is not None and task.cost.currency == frame.currency:
        amount = f"{task.cost.amount * HUNDREDTHS:f}"
        for name in ("FixedCost", "Cost"):
            yield name, element(name, amount)


def _link(link: PlanLink, frame: _Frame) -> bytes:
    lag, form = written_lag(link.lag) if link.lag.amount else ("0", IN_DAYS)
    fields = {
        "PredecessorUID": frame.numbers[link.predecessor],
        "Type": LINK_NUMBERS[str(link.type)],
        "CrossProject": "0",
        "LinkLag": lag,
        "LagFormat": form,
    }
    return element("PredecessorLink", b"".join(element(*each) for each in fields.items()))


def _people(tasks: Sequence[PlanTask], frame: _Frame) -> tuple[list[bytes], list[bytes]]:
    """The resources, roles as generic ones, and the assignments of each task."""
    numbers: dict[tuple[str, bool], int] = {}
    assignments: list[bytes] = []
    for task in tasks:
        names = [(task.role, True), (task.assignee, False), *((each, False) for each in task.others)]
        for name, generic in names:
            if name is None:
                continue
            uid = numbers.setdefault((name, generic), len(numbers) + 1)
            fields = {
                "UID": str(len(assignments) + 1),
                "TaskUID": frame.numbers[task.uid],
                "ResourceUID": str(uid),
                "Units": "1",
            }
            assignments.append(element("Assignment", b"".join(element(*each) for each in fields.items())))
    resources = [
        element(
            "Resource",
            element("UID", str(uid))
            + element("ID", str(uid))
            + written_text("Name", name)
            + element("Type", "1")
            + element("IsNull", "0")
            + element("IsGeneric", "1" if generic else "0"),
        )
        for (name, generic), uid in numbers.items()
    ]
    return resources, assignments

"""A plan as a workbook: a sheet of tasks, one of calendars, one of the plan; same plan, same bytes.

Whatever a text looks like, it is written as a text: no formula, no link. Dates that the schedule computes
stand there as values. Refuses nothing: what does not fit into a cell is cut off, and the certificate tells
it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from connectors.plan_files.mspdi_writing import in_outline
from connectors.plan_files.notation import BETWEEN, WORKDAY, follows, length, shown_hours
from connectors.plan_files.workbook_columns import (
    CALENDAR_COLUMNS,
    CALENDARS,
    COLUMNS,
    FORMAT,
    PLAN,
    PLAN_ROWS,
    TASKS,
    WEEKDAYS,
    Kind,
)
from domain.plans.link import PlanLink
from domain.plans.schedule.schedule import Schedule
from domain.plans.task import Duration, PlanTask
from domain.plans.whole_plan import WholePlan

MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the same in every file, so that equal plans give equal bytes
MOST_TEXT = 32_767
AS_WRITTEN = "%.16G"
"""How a number is written; an amount that this changes is written as a text."""
PRINTED = 10
"""So many columns, up to the scheduled dates, are printed."""
DEEPEST = 7
"""So many levels of rows can be folded."""
FIRST_YEAR = 1901


def written(plan: WholePlan, schedule: Schedule | None = None) -> bytes:
    """The plan as a file; with its schedule, where it has one."""
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": MADE, "title": plan.title[:255]})
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#e8eeee", "border": 1, "text_wrap": True}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
            **{
                f"{name}{level}": book.add_format({"bold": name == "summary", "indent": level})
                for name in ("summary", "task")
                for level in range(DEEPEST + 1)
            },
        }
        _tasks(book.add_worksheet(TASKS), formats, plan, schedule)
        _calendars(book.add_worksheet(CALENDARS), formats, plan)
        _plan(book.add_worksheet(PLAN), formats, plan)
    return target.getvalue()


def _tasks(
    sheet: Worksheet, formats: Mapping[str, Format], plan: WholePlan, schedule: Schedule | None
) -> None:
    tasks = in_outline(plan)
    numbers = {task.uid: at for at, task in enumerate(tasks, 1)}
    levels: dict[str | None, int] = {None: 0}
    before: dict[str, list[PlanLink]] = {}
    for link in sorted(plan.links):
        before.setdefault(link.successor, []).append(link)
    for column, (header, (_, _, width)) in enumerate(COLUMNS.items()):
        sheet.write_string(0, column, header, formats["head"])
        sheet.set_column(column, column, width)
    for row, task in enumerate(tasks, 1):
        levels[task.uid] = levels[task.parent] + 1
        told = _told(task, row, levels[task.uid], schedule)
        told["Predecessors"] = BETWEEN.join(
            follows(numbers[link.predecessor], link.type, link.lag) for link in before.get(task.uid, ())
        )
        depth = min(levels[task.uid] - 1, DEEPEST)
        shown = formats[f"{'summary' if task.summary else 'task'}{depth}"]
        for column, header in enumerate(COLUMNS):
            _put(sheet, row, column, told.get(header), formats, shown if header == "Name" else None)
        sheet.set_row(row, None, None, {"level": depth})
    sheet.outline_settings(True, False, True, False)  # noqa: FBT003 - a summary stands above its rows
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(len(tasks), 1), len(COLUMNS) - 1)
    sheet.print_area(0, 0, max(len(tasks), 1), PRINTED - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _told(task: PlanTask, row: int, level: int, schedule: Schedule | None) -> dict[str, object]:
    """What stands in the row of a task, by header."""
    told: dict[str, object] = {"ID": row, "Outline level": level}
    for header, (field, kind, _) in COLUMNS.items():
        if field:
            value = getattr(task, field)
            told[header] = "yes" if value is True else None if kind is Kind.YES else value
    if task.others:
        told["Others"] = "\n".join(task.others)
    if task.constraint is not None:
        told |= {"Constraint": str(task.constraint.kind), "Constraint date": task.constraint.at}
    if task.cost is not None:
        told |= {"Cost": task.cost.amount, "Currency": task.cost.currency}
    dates = schedule.dates.get(task.uid) if schedule else None
    if dates is not None:
        told |= {"Scheduled start": dates.start, "Scheduled finish": dates.finish}
    return told


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: object,
    formats: Mapping[str, Format],
    style: Format | None = None,
) -> None:
    """Write a value as what it is; a text always as a text."""
    if isinstance(value, Duration):
        value = length(value.minutes, elapsed=value.elapsed)
    if isinstance(value, Decimal) and Decimal(AS_WRITTEN % float(value)) != value:
        value = f"{value:f}"
    if isinstance(value, datetime) and value.year < FIRST_YEAR:
        value = value.isoformat()
    if value is None or value in ((), ""):
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value, formats["time"])
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, float(value), style)
    else:
        sheet.write_string(row, column, str(value)[:MOST_TEXT], style)


def _calendars(sheet: Worksheet, formats: Mapping[str, Format], plan: WholePlan) -> None:
    for column, (header, width) in enumerate(zip(CALENDAR_COLUMNS, (22, 14, 28, 14, 40), strict=True)):
        sheet.write_string(0, column, header, formats["head"])
        sheet.set_column(column, column, width)
    row = 0
    for calendar in plan.calendars:
        for name, hours in zip(WEEKDAYS, calendar.week, strict=True):
            row += 1
            for column, value in enumerate((calendar.name, name, shown_hours(hours))):
                _put(sheet, row, column, value, formats)
        for day, special in sorted(calendar.special.items()):
            row += 1
            told = (
                calendar.name,
                day.isoformat(),
                shown_hours(special.hours),
                str(special.reason),
                special.name,
            )
            for column, value in enumerate(told):
                _put(sheet, row, column, value, formats)
    sheet.freeze_panes(1, 0)


def _plan(sheet: Worksheet, formats: Mapping[str, Format], plan: WholePlan) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 50)
    values = (FORMAT, plan.title, plan.calendar, plan.start, plan.finish, plan.status_date, WORKDAY)
    for row, (name, value) in enumerate(zip(PLAN_ROWS, values, strict=True)):
        sheet.write_string(row, 0, name, formats["head"])
        _put(sheet, row, 1, value, formats)

"""What an agency does to its plan of the finance system in a week, in its file of Microsoft Project.

As in a workbook: tasks are found by their titles, and what is done already stays as it is. Dates are those of
a task that is scheduled by hand, as ours are there. Refuses to answer questions: nobody does in that file.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

from connectors.files import saving
from connectors.files.saving import digest_of
from connectors.project_file.mspdi import PlanXml, TaskRow, document
from connectors.project_file.rows import EVENING, MORNING, new_row, working_days
from examples.harbor_group.script import PlanEdit

OURS = b"<Value>task/"
"""How our keys of a plan's tasks begin, in the custom field that holds them."""
HOURS = 8
WORKING = 5


def work(path: Path, edits: Iterable[PlanEdit]) -> bool:
    """Make the edits in one save; whether anything changed. Where the plan does not stand yet, nothing does."""
    data = saving.load(path)
    if OURS not in data:
        return False
    plan = document(data, path.name)
    there = {row.node.said("Name"): row for row in plan.rows}
    for each in edits:
        if each.new and each.new not in there:
            _add(plan, each)
        elif each.task in there and each.delete:
            plan.rows.remove(there[each.task])
        elif each.task in there:
            _change(there[each.task], each)
    new = plan.together()
    if new != data:
        saving.save(path, digest_of(data), new, nullcontext)
    return new != data


def _add(plan: PlanXml, each: PlanEdit) -> None:
    """A task of the agency's own, behind all others."""
    uid = 1 + max(row.uid for row in plan.rows)
    row = new_row(uid, each.new, plan.rows[-1])
    top = 1 + max(int(other.node.said("OutlineNumber").split(".")[0] or 0) for other in plan.rows)
    row.put(
        {"ID": str(1 + max(other.id for other in plan.rows)), "Name": each.new, "OutlineNumber": str(top)}
    )
    plan.rows.append(row)
    _change(row, each)


def _change(row: TaskRow, each: PlanEdit) -> None:
    values: dict[str, str | None] = {"Name": each.rename} if each.rename else {}
    start, due = each.start, each.due
    if each.duration:
        start = date.fromisoformat(row.node.said("Start")[:10])
        due = last_day(start, each.duration)
    if start and due:
        length = f"PT{(each.duration or working_days(start, due)) * HOURS}H0M0S"
        values |= {"Start": f"{start}{MORNING}", "Finish": f"{due}{EVENING}", "Duration": length}
        values |= {f"Manual{name}": values[name] for name in ("Start", "Finish", "Duration")}
    if each.done:
        values |= {"PercentComplete": "100", "ActualStart": row.node.said("Start")}
        values |= {"ActualFinish": row.node.said("Finish")}
    row.put(values)


def last_day(start: date, days: int) -> date:
    """The last of so many days from Monday to Friday."""
    at = start
    while working_days(start, at) < days or at.weekday() >= WORKING:
        at += timedelta(days=1)
    return at

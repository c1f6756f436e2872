"""The tasks of Microsoft Project's XML, one by one; what of a task is not carried is told by name.

Of a summary only what is its own is carried: its dates, progress, work and cost are sums of its parts.
Refuses to decide what a task is linked to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from connectors.plan_files.mspdi_values import CONSTRAINTS, NOTHING, TRUE, Source
from connectors.plan_files.xml_elements import Element
from domain.plans.task import Constraint, ConstraintKind, Money, PlanTask

UID, OWN_ID = "interoffice uid", "interoffice own id"
"""The names of the custom fields that hold what the format has no place for."""
HUNDREDTHS = Decimal(100)
"""Money is counted in hundredths of the currency."""
MOST_LEVELS = 1_000
USUAL_PRIORITY = "500"
TOLD = {
    "Hyperlink": "links to pages and files",
    "HyperlinkAddress": "links to pages and files",
    "Contact": "contacts",
    "OutlineCode": "outline codes",
    "ActualCost": "actual costs",
    "ActualWork": "actual work",
    "LevelingDelay": "leveling delays",
    "PhysicalPercentComplete": "physical percentages",
    "Recurring": "recurring tasks",
    "Manual": "manual scheduling (its dates are kept as stated ones)",
    "Estimated": "marks of estimated durations",
    "IgnoreResourceCalendar": "marks that resources' calendars are ignored",
    "TimephasedData": "values spread over time",
    "StartText": "starts that are only texts",
    "FinishText": "finishes that are only texts",
    "DurationText": "durations that are only texts",
    "SubprojectName": "inserted projects",
}
"""What is told when a task has it, by its element."""


class LeftOut(StrEnum):
    """Why a line of the file is no task of the plan, as it is told."""

    BLANK = "blank lines"
    EXTERNAL = "tasks of other projects"
    INACTIVE = "inactive tasks"


@dataclass(slots=True)
class TaskRow:
    """A task as it stands in the file; `number` is the file's own, `uid` ours where the file holds it."""

    number: str
    uid: str
    level: int
    line: Element
    task: PlanTask
    own_cost: Decimal | None
    cost: Decimal | None
    calendar: str | None
    links: list[Element] = field(default_factory=list)
    says_whether_summary: bool = True
    left_out: bool = False
    why: LeftOut | None = None


def task_row(source: Source, found: Element, fields: Mapping[str, str]) -> TaskRow:
    """A task of the file, not yet in its place."""
    number = str(source.number(found, "UID", -1))
    level = source.number(found, "OutlineLevel", 1)
    if not 0 <= level <= MOST_LEVELS:
        raise source.refused(found, f"a task stands {level} deep in the outline; give 1 to {MOST_LEVELS}")
    said = {
        fields[kid.said("FieldID")]: kid.said("Value")
        for kid in _custom(found)
        if kid.said("FieldID") in fields
    }
    row = TaskRow(
        number,
        said.get(UID) or number,
        level,
        Element("Task", found.line),
        PlanTask("", ""),
        source.decimal(found, "FixedCost"),
        source.decimal(found, "Cost"),
        None if found.said("CalendarUID") in ("", "-1") else found.said("CalendarUID"),
        list(found.all("PredecessorLink")),
        bool(found.said("Summary")),
    )
    row.why = _why_not(found)
    row.left_out = row.why is not None or number == "0"
    if row.left_out:
        return row
    if number == "-1":
        raise source.refused(
            found, f"the task {found.said('Name')[:40]!r} has no unique id (UID); save the file anew"
        )
    row.task = _task(source, found, row.uid, said.get(OWN_ID))
    _tell(source, found, fields)
    return row


def _custom(found: Element) -> list[Element]:
    return list(found.all("ExtendedAttribute"))


def _why_not(found: Element) -> LeftOut | None:
    """Why it is no task of this plan; None where it is one."""
    if found.said("IsNull") in TRUE:
        return LeftOut.BLANK
    if found.said("ExternalTask") in TRUE:
        return LeftOut.EXTERNAL
    return LeftOut.INACTIVE if found.said("Active") in ("0", "false") else None


def _task(source: Source, found: Element, uid: str, own_id: str | None) -> PlanTask:
    form = found.said("DurationFormat")
    name, notes = found.kid("Name"), found.kid("Notes")
    baseline = next((each for each in found.all("Baseline") if each.said("Number") in ("", "0")), None)
    percent = source.decimal(found, "PercentComplete")
    if percent is not None and not 0 <= percent <= 100:
        raise source.refused(
            found.kid("PercentComplete") or found, f"it is {percent} % complete; give 0 to 100"
        )
    work = source.duration(found, "Work", "")
    return PlanTask(
        uid,
        name.text if name else "",
        summary=found.said("Summary") in TRUE,
        milestone=found.said("Milestone") in TRUE,
        duration=source.duration(found, "Duration", form),
        constraint=_constraint(source, found),
        deadline=source.moment(found, "Deadline"),
        actual_start=source.moment(found, "ActualStart"),
        actual_finish=source.moment(found, "ActualFinish"),
        percent=None if percent is None else float(percent),
        remaining=source.duration(found, "RemainingDuration", form),
        own_id=own_id or None,
        start=source.moment(found, "Start"),
        finish=source.moment(found, "Finish"),
        baseline_start=source.moment(baseline, "Start") if baseline else None,
        baseline_finish=source.moment(baseline, "Finish") if baseline else None,
        work=work if work and work.minutes else None,
        notes=notes.text if notes and notes.text else None,
    )


def _constraint(source: Source, found: Element) -> Constraint | None:
    kind = found.said("ConstraintType")
    if kind in ("", "0"):
        return None
    if kind not in CONSTRAINTS:
        raise source.refused(
            found, f"a task has the constraint {kind[:20]!r}, which is not known; give 0 to 7"
        )
    at = source.moment(found, "ConstraintDate")
    if CONSTRAINTS[kind] is ConstraintKind.AS_LATE_AS_POSSIBLE:
        return Constraint(CONSTRAINTS[kind])
    if at is None:
        raise source.refused(found, f"a task has the constraint {kind} and no ConstraintDate; give one")
    return Constraint(CONSTRAINTS[kind], at)


def task_of(source: Source, row: TaskRow, currency: str, *, holds_tasks: bool) -> PlanTask:
    """The task of a row, with its cost; of a summary only what is its own.

    What holds tasks is a summary where the file does not say whether it is one.
    """
    task = row.task
    if not (task.summary or (holds_tasks and not row.says_whether_summary)):
        return replace(task, cost=_money(source, row, row.cost or row.own_cost, currency))
    return PlanTask(
        task.uid,
        task.name,
        summary=True,
        milestone=task.milestone,
        constraint=task.constraint,
        deadline=task.deadline,
        cost=_money(source, row, row.own_cost, currency),
        own_id=task.own_id,
        baseline_start=task.baseline_start,
        baseline_finish=task.baseline_finish,
        notes=task.notes,
    )


def _money(source: Source, row: TaskRow, hundredths: Decimal | None, currency: str) -> Money | None:
    if not hundredths:
        return None
    if not currency:
        source.passes("costs without a currency", row.line)
        return None
    return Money(hundredths / HUNDREDTHS, currency)


def _tell(source: Source, found: Element, fields: Mapping[str, str]) -> None:
    """Note what of a task is not carried."""
    for kid in found.kids:
        text = kid.text.strip()
        if kid.name in TOLD and (kid.kids or text.strip("0.PTHMS") not in (*NOTHING, "false")):
            source.passes(TOLD[kid.name], kid)
        elif kid.name == "Priority" and text not in ("", USUAL_PRIORITY):
            source.passes("priorities", kid)
        elif kid.name == "ExtendedAttribute" and kid.said("FieldID") not in fields:
            source.passes("custom fields", kid)
        elif kid.name == "Baseline" and kid.said("Number") not in ("", "0"):
            source.passes("further baselines", kid)
        elif kid.name == "TimephasedData":
            source.passes(TOLD[kid.name], kid)
    if found.said("WBS") and found.said("WBS") != found.said("OutlineNumber"):
        source.passes("WBS codes of the office's own", found)

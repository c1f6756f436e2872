"""A plan of Microsoft Project's XML: calendars, tasks, links, people; what is not carried is counted by name.

What the program computes (early and late dates, slack, sums of summaries) is neither carried nor told.
Refuses to guess: a number, time or link that cannot be understood is refused with its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from connectors.plan_files.found import (
    MOST_CALENDARS,
    MOST_LINKS,
    MOST_TASKS,
    NO_CALENDAR,
    PlanRead,
    checked,
    within,
)
from connectors.plan_files.mspdi_calendars import CalendarRow, calendar_row, work_calendars
from connectors.plan_files.mspdi_tasks import OWN_ID, UID, LeftOut, TaskRow, task_of, task_row
from connectors.plan_files.mspdi_values import LINKS, TRUE, Source
from connectors.plan_files.xml_elements import Element, elements
from connectors.project_file.mspdi import NOBODY
from domain.plans.link import PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar

LIMITS = {
    "Tasks": MOST_TASKS,
    "Assignments": MOST_LINKS,
    "Resources": MOST_TASKS,
    "Calendars": MOST_CALENDARS,
    "ExtendedAttributes": 10_000,
}
PASSED_OVER = ("TimephasedData",)
WORK_RESOURCE = "1"
RATES = ("StandardRate", "OvertimeRate", "CostPerUse")
ABOUT = ("Manager", "Author", "Company", "Subject", "Category", "Keywords")
KEPT_OF_PROJECT = (
    "Title",
    "Name",
    "StartDate",
    "FinishDate",
    "ScheduleFromStart",
    "StatusDate",
    "CurrencyCode",
)


@dataclass(slots=True)
class People:
    """Resources by their numbers, and who works on which task."""

    names: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """The name, and whether it is a role (a generic resource)."""
    assigned: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Parts:
    """What stands in the file, by section."""

    project: Element = field(default_factory=lambda: Element("Project", 1))
    calendars: dict[str, CalendarRow] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    """Which custom field is which of ours."""
    tasks: list[TaskRow] = field(default_factory=list)
    people: People = field(default_factory=People)


def read(data: bytes, name: str) -> PlanRead:
    """The plan of a file in UTF-8 without a DOCTYPE. Raises `Refused` with the line and what to do."""
    source = Source(name)
    parts = _parts(source, elements(data, name, LIMITS, PASSED_OVER))
    project = parts.project
    calendars = work_calendars(source, parts.calendars)
    rows = _scheduled(source, parts.tasks)
    tasks = tuple(_tasks(source, parts, rows, calendars))
    backward = project.said("ScheduleFromStart") in ("0", "false")
    own, kept = _kept(source, parts, rows, calendars)
    plan = WholePlan(
        _title(project),
        own.name,
        kept,
        tasks,
        tuple(_links(source, rows, parts.tasks)),
        None if backward else source.moment(project, "StartDate"),
        source.moment(project, "FinishDate"),
        source.moment(project, "StatusDate"),
    )
    return checked(PlanRead(plan, "mspdi", source.remarks), name)


def _kept(
    source: Source, parts: Parts, rows: Iterable[TaskRow], calendars: Mapping[str, WorkCalendar]
) -> tuple[WorkCalendar, tuple[WorkCalendar, ...]]:
    """The plan's own calendar, and all: those of single resources only where a task works by them."""
    project, chosen = parts.project, parts.project.said("CalendarUID")
    used = {row.calendar for row in rows} | {chosen}
    for uid, row in parts.calendars.items():
        if not row.own and uid not in used:
            source.passes("calendars of single resources", row.line)
    kept = tuple(each for uid, each in calendars.items() if parts.calendars[uid].own or uid in used)
    if not kept:
        source.takes(NO_CALENDAR, project)
        kept = (WorkCalendar("Standard"),)
    elif chosen not in ("", "-1") and chosen not in calendars:
        said = f"the project names the calendar {chosen[:20]}, which is not there; choose one"
        raise source.refused(project.kid("CalendarUID") or project, said)
    elif chosen not in calendars:
        source.takes(f"the project's calendar, which is not named: {kept[0].name} is taken", project)
    return calendars.get(chosen, kept[0]), kept


def _title(project: Element) -> str:
    """The project's title; where there is none, its name."""
    found = project.kid("Title") or project.kid("Name")
    return found.text if found else ""


def _parts(source: Source, found: Iterable[tuple[str, Element]]) -> Parts:
    parts = Parts()
    for section, element in found:
        if section == "Calendars":
            row = calendar_row(source, element)
            parts.calendars[row.uid] = row
        elif section == "ExtendedAttributes":
            if (alias := element.said("Alias")) in (UID, OWN_ID):
                parts.fields[element.said("FieldID")] = alias
        elif section == "Tasks":
            parts.tasks.append(task_row(source, element, parts.fields))
        elif section == "Resources":
            _resource(source, element, parts.people)
        elif section == "Assignments":
            _assignment(source, element, parts.people)
        elif not section and element.name in (*KEPT_OF_PROJECT, "CalendarUID"):
            parts.project.kids.append(element)
        elif not section and element.name in ABOUT and element.text.strip():
            source.passes("who made and manages the project, and its keywords", element)
    return parts


def _resource(source: Source, found: Element, people: People) -> None:
    uid, kind = found.said("UID"), found.said("Type") or WORK_RESOURCE
    if found.said("IsNull") in TRUE or uid == "0":
        return
    if kind != WORK_RESOURCE or found.said("IsCostResource") in TRUE:
        source.passes("material and cost resources", found)
        return
    if found.said("EmailAddress"):
        source.passes("e-mail addresses of resources", found)
    if any(found.said(name).strip("0.") for name in RATES):
        source.passes("rates of resources", found)
    name = found.kid("Name")
    people.names[uid] = (name.text if name else "", found.said("IsGeneric") in TRUE)


def _assignment(source: Source, found: Element, people: People) -> None:
    resource = found.said("ResourceUID")
    if resource in (NOBODY, "") or resource not in people.names:
        return
    if found.said("Units") not in ("", "1", "1.0"):
        source.passes("units of assignments", found)
    people.assigned.setdefault(found.said("TaskUID"), []).append(resource)


def _scheduled(source: Source, rows: Iterable[TaskRow]) -> list[TaskRow]:
    """The tasks of the plan: no blank lines, not the project itself, none that is inactive or elsewhere."""
    kept = []
    inactive: int | None = None
    for row in rows:
        if inactive is not None and row.level > inactive:
            source.passes(LeftOut.INACTIVE, row.line)
            row.left_out = True
            continue
        inactive = None
        if row.left_out:
            if row.why is not None:
                source.passes(row.why, row.line)
            inactive = row.level if row.why is LeftOut.INACTIVE else None
            continue
        kept.append(row)
    return kept


def _tasks(
    source: Source, parts: Parts, rows: list[TaskRow], calendars: Mapping[str, WorkCalendar]
) -> Iterator[PlanTask]:
    above: list[TaskRow] = []
    currency = parts.project.said("CurrencyCode")
    parents = {row.number for row, after in pairwise(rows) if after.level > row.level}
    for row in rows:
        while above and above[-1].level >= row.level:
            above.pop()
        if row.calendar is not None and row.calendar not in calendars:
            raise source.refused(
                row.line, f"the task {row.uid} names a calendar that is not there; choose one"
            )
        work_by = None if row.calendar is None else calendars[row.calendar].name
        task = task_of(source, row, currency, holds_tasks=row.number in parents)
        yield _with_place(
            task, above[-1].uid if above else None, work_by, _working(source, parts.people, row)
        )
        above.append(row)


def _with_place(
    task: PlanTask,
    parent: str | None,
    work_by: str | None,
    people: tuple[str | None, str | None, tuple[str, ...]],
) -> PlanTask:
    role, assignee, others = people
    return replace(task, parent=parent, calendar=work_by, role=role, assignee=assignee, others=others)


def _working(source: Source, people: People, row: TaskRow) -> tuple[str | None, str | None, tuple[str, ...]]:
    """The role, who is assigned, and who else works on a task."""
    found = [people.names[each] for each in people.assigned.get(row.number, ())]
    roles = [name for name, generic in found if generic]
    persons = [name for name, generic in found if not generic]
    for _ in roles[1:]:
        source.passes("further roles of a task", row.line)
    return roles[0] if roles else None, persons[0] if persons else None, tuple(persons[1:])


def _links(source: Source, rows: list[TaskRow], every: list[TaskRow]) -> Iterator[PlanLink]:
    uids = {row.number: row.uid for row in rows}
    left_out = {row.number for row in every if row.left_out}
    count = 0
    for row in rows:
        for each in row.links:
            count += 1
            within(count, MOST_LINKS, "links", source.name)
            number = each.said("PredecessorUID")
            if each.said("CrossProject") in TRUE:
                source.passes("links to other projects", each)
            elif number in left_out:
                source.passes("links to tasks that are left out", each)
            elif number not in uids:
                what = f"the task {row.uid} follows the task {number[:20]!r}, which is not there"
                raise source.refused(each, f"{what}; remove the link")
            elif (kind := each.said("Type") or "1") not in LINKS:
                raise source.refused(each, f"a link has the type {kind[:20]!r}; give 0, 1, 2 or 3")
            else:
                yield PlanLink(uids[number], row.uid, LinkType(LINKS[kind]), source.lag(each))

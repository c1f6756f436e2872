"""Makes one `Reading` of a project file's tasks: its project, items, answers, and what of ours is there.

Summary tasks are sums of their parts and no items; inactive and external tasks are no items either. A project
whose costs are all 0 has no costs, a project at 0 % whose tasks have begun has no percentage, and a baseline
that mpxj made from planned dates is none. Refuses to guess what the file does not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from connectors.project_file.planning import constraint_of, cost_of, named, planned
from connectors.project_file.schedule import Day, Link, Schedule, Task
from connectors.project_file.settings import ProjectFileSettings, in_place
from connectors.records import reading
from connectors.records.dates import Unclear, from_text
from connectors.records.mapping import columns_of, offered
from connectors.records.reader import Tables
from connectors.records.values import Value, as_text
from connectors.tickets.tables import TicketTable, value_of
from domain.ids import is_given
from domain.plans.item_plan import DayConstraint
from domain.plans.left_out import LeftOutKind
from domain.plans.predecessor import LagUnit, LinkType, Predecessor
from domain.plans.project import (
    FieldValue,
    ItemKind,
    Placed,
    Reading,
    Scalar,
    ToolDescription,
    Unreadable,
    Values,
)

KIND = "project-file"
CONTAINER = "what Interoffice put here"
NOTE = "[Answer in the custom field “{field}” of this task.]"
NOTE_BEGINS = "\n\n[Answer in the custom field "
PART = " | "
ASKED_AT = (("asked", "asked "), ("answer_by", "answer by "))
ASKED_COLUMNS = ("key", "kind", "project", "text", "asked", "answer_by", "answer", "answered_by", "standing")


@dataclass(frozen=True, slots=True)
class Ours:
    """A task of ours as it stands in the file: our key, and the values of the fields that we own."""

    key: str
    task: Task
    asked: bool
    """Whether it is a question or a notice, and no item."""
    values: Values

    @property
    def placed(self) -> Placed:
        """Our task as a `Placed`; work and cost of a summary task, those of its parts, cannot be written."""
        unheld = frozenset({"work", "cost"}) if self.task.summary else frozenset[str]()
        return Placed(self.key, ref(self.task), self.values, unheld)


@dataclass(frozen=True, slots=True)
class Contents:
    """A file's tasks: ours (an item, a question or a notice), the container, the office's own."""

    schedule: Schedule
    settings: ProjectFileSettings
    ours: tuple[Ours, ...]
    containers: frozenset[int]
    """The UIDs of the summary tasks below which ours are put."""

    @property
    def top(self) -> Task | None:
        """The project's own summary task: the one with the unique id 0, whatever its level."""
        return next((task for task in self.schedule.tasks if is_top(task)), None)

    @property
    def left_out(self) -> list[tuple[LeftOutKind, str]]:
        """The tasks that are no items and none of ours, with their places."""
        mine = {each.task.uid for each in self.ours if not is_given(each.key)} | self.containers
        found = ((why_not(task), task) for task in self.schedule.tasks if task.uid not in mine)
        return [(why, ref(task) if why is not LeftOutKind.BLANK_ROW else "") for why, task in found if why]

    @property
    def summaries(self) -> list[Task]:
        """The office's summary tasks, which are no items."""
        mine = {each.task.uid for each in self.ours} | self.containers
        there = self.schedule.tasks
        return [t for t in there if why_not(t) is LeftOutKind.SUMMARY_TASK and t.uid not in mine]

    @property
    def items(self) -> list[Task]:
        """The tasks that are items: active, no summaries (except ours), no questions of ours."""
        asked = {each.task.uid for each in self.ours if each.asked} | self.containers
        mine = {each.task.uid for each in self.ours}
        return [
            task
            for task in self.schedule.tasks
            if task.uid not in asked
            and not is_top(task)
            and why_not(task) in ((None, LeftOutKind.SUMMARY_TASK) if task.uid in mine else (None,))
        ]


def is_top(task: Task) -> bool:
    """Whether it is the project itself, and no task of it."""
    return task.uid == 0 and not task.blank


def why_not(task: Task) -> LeftOutKind | None:
    """Why a task of the office's is no item; None where it is one, and for the project itself."""
    if task.blank:
        return LeftOutKind.BLANK_ROW
    if is_top(task):
        return None
    if task.external:
        return LeftOutKind.EXTERNAL_TASK
    if not task.active:
        return LeftOutKind.INACTIVE_TASK
    if task.inserted:
        return LeftOutKind.INSERTED_PROJECT
    return LeftOutKind.SUMMARY_TASK if task.summary else None


def contents(schedule: Schedule, settings: ProjectFileSettings) -> Contents:
    """What stands in the file: ours, and the office's own."""
    keys = {task.uid: key for task in schedule.tasks if (key := said(task, settings, "key"))}
    ours = []
    containers = set()
    last: dict[int | None, str] = {}
    for task in schedule.tasks:
        about = said(task, settings, "about")
        if task.uid not in keys:
            containers |= {task.uid} if about == CONTAINER else set()
            continue
        values = asked_values(task, settings, about) if about else item_values(task, settings, keys)
        if not about:
            values["behind"] = last.get(task.parent, "")
            last[task.parent] = keys[task.uid]
        ours.append(Ours(keys[task.uid], task, bool(about), values))
    return Contents(schedule, settings, tuple(ours), frozenset(containers))


def said(task: Task, settings: ProjectFileSettings, name: str) -> str:
    """The text in a custom field of ours; empty where it is blank."""
    found = task.fields.get(settings.ours[name], "")
    return (found if isinstance(found, str) else as_text(value_of(found) or Value("text"))).strip()


def item_values(task: Task, settings: ProjectFileSettings, keys: Mapping[int, str]) -> dict[str, FieldValue]:
    """The fields of an item of ours as they stand in its task."""
    found: dict[str, FieldValue | None] = {
        "title": (task.name or "").strip(),
        "project": settings.project.id,
        "start": None if task.estimated else task.start,
        "due": task.finish,
        "work": round(task.work, 2) if task.work else None,
        "milestone": True if task.milestone else None,
        "duration": _minutes(task),
        "constraint": constraint_of(task),
        "deadline": task.plan.deadline,
        "cost": cost_of(task),
        "calendar": task.plan.calendar,
        "parent": keys.get(task.parent) if task.parent is not None else None,
        "after": after_of(task.after, keys),
        "role": said(task, settings, "role"),
        "standing": said(task, settings, "standing"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _minutes(task: Task) -> int | None:
    """A task's working time; none of a summary, a milestone, an estimate and of elapsed time."""
    minutes = task.plan.minutes
    if minutes is None or task.estimated or task.summary or task.plan.elapsed:
        return None
    return round(minutes)


def after_of(links: Iterable[Link], keys: Mapping[int, str]) -> tuple[Predecessor, ...]:
    """Which of our tasks a task follows, in order."""
    found = set()
    for link in links:
        if link.uid not in keys:
            continue
        percent, elapsed = "%" in link.units, link.units.startswith("e")
        unit = LagUnit.PERCENT if percent else LagUnit.ELAPSED_DAYS if elapsed else LagUnit.WORKING_DAYS
        found.add(Predecessor(keys[link.uid], round(link.lag, 3), LinkType(link.type), unit))
    return tuple(sorted(found))


def about_text(values: Values) -> str:
    """What is asked, of which project, when and until when, in one line."""
    parts = [str(values.get("kind", "")), str(values.get("project", ""))]
    parts += [word + str(values[name]) for name, word in ASKED_AT if name in values]
    return PART.join(parts)


def asked_values(task: Task, settings: ProjectFileSettings, about: str) -> dict[str, Scalar]:
    """The fields of a question or notice of ours as they stand in its task."""
    kind, project, *rest = [*(part.strip() for part in about.split(PART.strip())), ""]
    found: dict[str, Scalar] = {
        "kind": kind,
        "project": project,
        "text": note_apart(task.notes or ""),
        "standing": said(task, settings, "standing"),
    }
    for name, word in ASKED_AT:
        text = next((part.removeprefix(word) for part in rest if part.startswith(word)), "")
        if text:
            found[name] = day_or_text(text)
    return found


def day_or_text(text: str) -> date | str:
    """The day that the text says; the text itself where it is no day."""
    try:
        return from_text(text)
    except Unclear:
        return text


def note_apart(notes: str) -> str:
    """Our text in a task's notes, without the line that says where to answer."""
    whole = notes.replace("\r\n", "\n").replace("\r", "\n")
    return whole.partition(NOTE_BEGINS)[0].strip()


def read(schedule: Schedule, settings: ProjectFileSettings, office: str, version: str) -> Reading:
    """All that the file says, by our names."""
    found = contents(schedule, settings)
    tables = Tables(project_table(found), item_table(found), asked_table(found))
    tool = ToolDescription(KIND, version, offered(settings), frozenset(settings.items.status_names))
    found_there = reading.read(tables, settings, office, schedule.digest, tool)
    placed = tuple(each.placed for each in found.ours)
    plans = tuple(planned(plan, schedule, found.items, found.summaries) for plan in found_there.plans)
    told = (*not_read(schedule), *found_there.unreadable)
    return replace(found_there, plans=plans, placed=placed, unreadable=told)


def not_read(schedule: Schedule) -> Iterator[Unreadable]:
    """The projects that are inserted from other files, and what mpxj could not read."""
    for task in schedule.tasks:
        if why_not(task) is LeftOutKind.INSERTED_PROJECT:
            file = PurePath((task.inserted or "").replace("\\", "/")).name
            problem = f"the inserted project {file} is not read with this file; give it a tool of its own"
            yield Unreadable(ref(task), task.name or "", problem)
    for number, text in enumerate(schedule.passed_over, start=1):
        problem = (
            "mpxj could not read this part of the file; open the file in its own program and save it anew"
        )
        yield Unreadable(f"part {number} that is not read", text, problem)


def ref(task: Task) -> str:
    """A task's place, for people: its activity id, else its unique id; it keeps both."""
    return named(task)


def project_table(found: Contents) -> TicketTable:
    """The one project with all of its mapped fields."""
    schedule, part = found.schedule, found.settings.project
    top = found.top
    native: dict[str, Scalar | None] = {
        "title": part.title or schedule.title or schedule.name,
        "lead": schedule.manager,
        "start": schedule.start or earliest(task.start for task in own_of(found)),
        "finish": latest(task.finish for task in own_of(found)) or schedule.finish,
        "baseline_finish": (top.baseline_finish if top else None)
        or schedule.baseline_finish
        or latest(task.baseline_finish for task in own_of(found)),
        "percent_complete": percent_of(found, top),
        "currency": schedule.currency,
        "last_report": schedule.status_date,
        **costs_of(schedule, top),
    }
    custom = {**schedule.fields, **(top.fields if top else {})}
    values = native | {name: custom.get(header) for name, header in in_place(part).items()}
    values |= {"id": part.id}
    columns = {name: column.header for name, column in columns_of(part)}
    return TicketTable(columns, [("project", values)])


def own_of(found: Contents) -> list[Task]:
    """The office's own tasks that are items: what we put there changes no fact of its project."""
    mine = {each.task.uid for each in found.ours if not is_given(each.key)}
    return [task for task in found.items if task.uid not in mine and not task.summary]


def earliest(days: Iterable[Day | None]) -> date | None:
    """The earliest of the days that are known."""
    return min((day for day in days if isinstance(day, date)), default=None)


def latest(days: Iterable[Day | None]) -> date | None:
    """The latest of the days that are known."""
    return max((day for day in days if isinstance(day, date)), default=None)


def percent_of(found: Contents, top: Task | None) -> float | None:
    """The percentage that the project states; None for 0 where its tasks have begun."""
    stated = top.percent if top is not None and top.percent is not None else found.schedule.percent
    if not stated and any(task.percent for task in own_of(found)):
        return None
    return stated


def costs_of(schedule: Schedule, top: Task | None) -> dict[str, Scalar | None]:
    """Budget, cost so far and forecast; none of them where all are 0."""
    places = [each for each in (top, schedule) if each is not None]
    found: dict[str, Scalar | None] = {}
    for name, field in (
        ("budget", "baseline_cost"),
        ("actual_cost", "actual_cost"),
        ("forecast_cost", "cost"),
    ):
        found[name] = next((cost for each in places if (cost := getattr(each, field)) is not None), None)
    return found if any(found.values()) else {}


def item_table(found: Contents) -> TicketTable:
    """The items, ours among them."""
    part = found.settings.items
    custom = in_place(part)
    rows = []
    for task in found.items:
        key = said(task, found.settings, "key")
        native: dict[str, Scalar | None] = {
            "id": task.code or str(task.uid),
            "project": found.settings.project.id,
            "title": task.name,
            "kind": str(ItemKind.MILESTONE if task.milestone else ItemKind.TASK),
            "owner": task.owner,
            "start": task.start,
            "due": task.finish,
            "work": None if task.summary else task.work,
            "percent": task.percent,
            "key": key or None,
        }
        values = native | {name: task.fields.get(h) for name, h in custom.items() if name != "key"}
        values |= {name: said(task, found.settings, name) for name in ("role", "standing")}
        rows.append((ref(task), values))
    columns = {name: column.header for name, column in columns_of(part)}
    return TicketTable(columns, rows, passed_over=found.left_out)


def asked_table(found: Contents) -> TicketTable:
    """Our questions and notices, and what the office answered."""
    rows = []
    for each in found.ours:
        if each.asked:
            answers = {name: said(each.task, found.settings, name) for name in ("answer", "answered_by")}
            said_so = each.values.items()
            plain = {name: v for name, v in said_so if not isinstance(v, tuple | DayConstraint)}
            rows.append((ref(each.task), {**plain, **answers, "key": each.key}))
    return TicketTable({name: name.replace("_", " ") for name in ASKED_COLUMNS}, rows)

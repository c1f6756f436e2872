"""A project file as values: what kind of file it is, its project and its tasks, as mpxj reads them.

Files that could harm Java are refused: one with a DOCTYPE, one that is too large, one that is not what it
seems. Refuses to know our own fields: callers pass the names to look for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from connectors.errors import Refused
from connectors.files.package import MOST_PACKED
from connectors.project_file.encoding import Letters, letters
from connectors.project_file.process import KEEPER

MSPDI, PMXML, MPP, XER = "mspdi", "pmxml", "mpp", "xer"
MSPDI_SPACE = "http://schemas.microsoft.com/project"
PMXML_SPACE = "http://xmlns.oracle.com/Primavera/P6"
"""Followed by Professional for the desktop program, and by the version."""
PMXML_ROOT = "APIBusinessObjects"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CALLED = {
    MSPDI: "Microsoft Project XML",
    PMXML: "Primavera P6 XML",
    MPP: "a Microsoft Project .mpp",
    XER: "a Primavera .xer",
}
DEEPEST = 40
AT_ONCE = 1 << 16
Value = str | float | bool
Day = date | str
"""A day, or the text of what the file gives instead of one."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a task follows: its UID, FS, SS, FF or SF, the lag in working days or percent, the units."""

    uid: int
    type: str
    lag: float
    units: str


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A task's part of a plan: its duration in minutes of work or elapsed, its constraint by Java's name."""

    minutes: float | None = None
    elapsed: bool = False
    actual_start: Day | None = None
    actual_finish: Day | None = None
    constraint: str | None = None
    constraint_date: Day | None = None
    deadline: Day | None = None
    spent: float | None = None
    manual: bool | None = None
    calendar: str | None = None
    """The name of the task's own calendar."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a file; work is in hours, `percent` 0 to 100, a missing fact is None."""

    uid: int
    id: int | None
    code: str | None
    parent: int | None
    level: int
    name: str | None
    start: Day | None
    finish: Day | None
    baseline_finish: Day | None
    work: float | None
    percent: float | None
    cost: float | None
    actual_cost: float | None
    baseline_cost: float | None
    summary: bool
    milestone: bool
    active: bool
    blank: bool
    external: bool
    inserted: str | None
    """The file of a project that is inserted in place of the task."""
    estimated: bool
    owner: str | None
    notes: str | None
    after: tuple[Link, ...]
    plan: TaskPlan
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The project of a file with its tasks in their order; `known` are the requested fields that exist."""

    kind: str
    digest: str
    code: str | None
    name: str | None
    title: str | None
    start: Day | None
    finish: Day | None
    baseline_finish: Day | None
    status_date: Day | None
    percent: float | None
    cost: float | None
    actual_cost: float | None
    baseline_cost: float | None
    currency: str | None
    manager: str | None
    minutes_per_day: float | None
    fields: Mapping[str, Value]
    known: frozenset[str]
    passed_over: tuple[str, ...]
    """What mpxj could not read, and read the rest."""
    tasks: tuple[Task, ...]
    calendars: tuple[Mapping[str, Any], ...] = ()
    """As `read_calendar` takes them: of a file into which plans are written, not of one resource alone."""
    letters: str = ""
    """How its letters are written, for people; empty where the format leaves no choice."""


DAYS = ("start", "finish", "baseline_finish", "status_date")
PLAN_DAYS = ("actual_start", "actual_finish", "constraint_date", "deadline")
MIDNIGHT = "T00:00"


def kind_of(data: bytes, name: str) -> str:
    """What kind of project file this is, by its content; raises `Refused` when it is none that is read."""
    if len(data) > MOST_PACKED:
        raise Refused(f"{name}: it has {len(data):,} bytes; at most {MOST_PACKED:,} are read")
    if data.startswith(OLE):
        return MPP
    return kind_of_text(letters(data, name).data, name)


def kind_of_text(data: bytes, name: str) -> str:
    """The kind of a file that is text, in UTF-8."""
    if data.startswith(b"ERMHDR"):
        return XER
    if data.lstrip().startswith(b"<"):
        return _kind_of_xml(data, name)
    raise Refused(
        f"{name}: it is none of {', '.join(CALLED.values())}; save it as one of them in its own program"
    )


def _kind_of_xml(data: bytes, name: str) -> str:
    """MSPDI or PMXML by the root; all of it is parsed, so that Java gets only well-formed XML."""
    roots: list[str] = []
    depth = 0

    def begin(tag: str, _: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 1:
            roots.append(tag)
        if depth > DEEPEST:
            raise Refused(f"{name}: its elements are nested deeper than {DEEPEST}; save it anew")

    def finish(_: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise Refused(
            f"{name}: it has a DOCTYPE, which no project file needs; save it anew in its own program"
        )

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.StartDoctypeDeclHandler = doctype
    try:
        for at in range(0, len(data), AT_ONCE):
            parser.Parse(data[at : at + AT_ONCE], False)  # noqa: FBT003 - expat's own way
        parser.Parse(b"", True)  # noqa: FBT003 - expat's own way
    except (ExpatError, ValueError, LookupError) as error:
        raise Refused(f"{name}: it is damaged XML ({error}); save it anew in its own program") from None
    space, _, root = roots[0].rpartition(" ")
    if space == MSPDI_SPACE:
        return MSPDI
    if space.startswith(PMXML_SPACE) or (not space and root == PMXML_ROOT):
        return PMXML
    raise Refused(
        f"{name}: it is XML, but neither {CALLED[MSPDI]} nor {CALLED[PMXML]}; save it as one of them in its "
        "own program"
    )


def read(data: bytes, name: str, fields: Collection[str], code: str = "", encoding: str = "") -> Schedule:
    """The project of a file; `fields` are the aliases or names of fields to look for besides its own.

    `encoding` is how its letters are written, where it does not say so itself. Of several projects in one
    file the one with the id `code`. Raises `Refused` when the file cannot be read, or when it is unclear
    which project is meant; `TryLater` when Java did not answer.
    """
    if len(data) > MOST_PACKED or data.startswith(OLE):
        kind, found = kind_of(data, name), Letters(data, "", "")
    else:
        found = letters(data, name, encoding)
        kind = kind_of_text(found.data, name)
    request = {"do": "read", "kind": kind, "fields": sorted(set(fields))}
    answer = KEEPER.ask(request, found.data, name)
    project = chosen(answer["projects"], name, code)
    tasks = tuple(_task(each) for each in project.pop("tasks"))
    del project["exported"]
    _end_before_midnight(project)
    project |= {key: _day(project[key]) for key in DAYS}
    project["known"] = frozenset(project["known"])
    project["passed_over"] = tuple(project["passed_over"])
    project["calendars"] = tuple(project["calendars"])
    told = str(found) if found.encoding else ""
    return Schedule(kind, hashlib.sha256(data).hexdigest(), tasks=tasks, letters=told, **project)


def chosen(projects: list[dict[str, Any]], name: str, code: str) -> dict[str, Any]:
    """The project that is meant of those in a file; raises `Refused` where that is unclear."""
    if not projects:
        raise Refused(f"{name}: there is no project in it")
    if not code and len(projects) > 1:
        projects = [each for each in projects if each["exported"]] or projects
    found = [each for each in projects if each["code"] == code] if code else projects
    if len(found) == 1:
        return found[0]
    there = ", ".join(sorted(repr(each["code"] or each["name"]) for each in projects))
    what = f"no project {code!r} in it" if code else f"{len(projects)} projects in it"
    raise Refused(
        f"{name}: there is {what}; there are {there}; name one as `project.code` in the settings "
        "(--project of `plan read`)"
    )


def _day(moment: str | None) -> Day | None:
    """The day of a time; the text itself for one beyond the calendar."""
    if not moment:
        return None
    try:
        return date.fromisoformat(moment.partition("T")[0])
    except ValueError:
        return moment


def _end_before_midnight(said: dict[str, Any]) -> None:
    """Let what ends at midnight end on the day before; what takes no time stays on its day."""
    for name in ("finish", "baseline_finish"):
        text = said[name]
        no_time = text == said["start"] if name == "finish" else said.get("milestone", False)
        if text and MIDNIGHT in text and not text.partition(MIDNIGHT)[2].strip(":.0") and not no_time:
            day = _day(text)
            said[name] = str(day - timedelta(days=1)) if isinstance(day, date) else text


def _task(said: dict[str, Any]) -> Task:
    _end_before_midnight(said)
    said |= {key: _day(said[key]) for key in DAYS if key in said}
    said["after"] = tuple(Link(**link) for link in said["after"])
    plan = said["plan"]
    said["plan"] = TaskPlan(**plan | {name: _day(plan[name]) for name in PLAN_DAYS})
    return Task(**said)

"""The tool of an office that plans in a project file: Microsoft Project's or Primavera's.

Their .mpp, .mpt, .xer and XML are read, by mpxj in a process of its own (schedule_process); only Microsoft
Project's XML is written, because nobody else can write the others: the office saves its plan as XML there.
One file is one project. What a planner sees of ours:

- a summary task "Interoffice" at the end, below which everything of ours is put, and from where the
  office may move it: our key, in a custom text field, stays with the task;
- an item is a task, scheduled manually at the agreed dates; progress and people are the office's;
- a question is a milestone with its text in the notes; the office answers in the custom field
  "interoffice answer" of that task (Task Information, Custom Fields), and may say there who answers.

Letters are read as the file's first bytes or its declaration say. A Primavera .xer never says it: what is
neither plain ASCII nor UTF-8 needs `encoding` in the tool's settings (cp1252, cp1251, gbk, ...). Only the
task with the unique id 0 is the project itself. Summary, inactive and external tasks and empty lines are
no items and are counted by kind; a project that is inserted from another file is named, and needs a tool
of its own. A finish at midnight is the end of the day before. Where every custom text field is defined,
the highest ones without a name and a value become ours.

Writing splices bytes of the XML: every other byte of the office's file stays, but for the line and outline
numbers of tasks that come to stand behind ours. What was written is read again by mpxj before the file is
replaced. Refuses .mpp, .xer and .pmxml for writing, and has no webhooks: a file is only looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar

from connectors.errors import Refused, ToolError, TryLater
from connectors.files import saving
from connectors.files.saving import digest_of
from connectors.preparation import NOTHING_DEMANDED, Demands, Made, Making, Step, Told, Whose
from connectors.project_file import fitting as project_fitting
from connectors.project_file import mspdi, schedule, starting
from connectors.project_file import reading as project_reading
from connectors.project_file.calendars import read_calendar
from connectors.project_file.planning import PLAN
from connectors.project_file.reading import Contents, contents
from connectors.project_file.schedule import CALLED, MSPDI, Schedule
from connectors.project_file.settings import ProjectFileSettings, ProjectFileTool
from connectors.project_file.writing import ProjectFileWriter
from connectors.protocol import (
    Capability,
    Done,
    Guard,
    Health,
    Hold,
    Proof,
    Put,
    Spec,
    Surroundings,
    Written,
    may_prepare,
    permitted,
    unguarded,
)
from connectors.records.demands import place_of
from connectors.records.mapping import offered
from domain.delivery.delivery import Decision
from domain.delivery.wanted import Wanted, WantedKind
from domain.organization.office import Access
from domain.plans.limits import EVERYTHING, PlanLimits
from domain.plans.project import Placed, Reading

PLACED_NEAR = frozenset({"behind"})
"""What is only as it was wanted where no other task was put to the same place."""


class ProjectFile:
    """One office's project file; `path` is the file, `access` what we may do in it."""

    spec: ClassVar[Spec] = Spec(
        kind=project_reading.KIND,
        capabilities=frozenset(
            {
                Capability.CHANGES,
                Capability.ITEMS,
                Capability.QUESTIONS,
                Capability.ANSWERS,
                Capability.LINKS,
                Capability.PARENTS,
            }
        ),
        proof=Proof.SERVER,
        key_place="the custom text field `interoffice key` of the task",
        plan=PLAN,
        limits="only Microsoft Project's XML is written; .mpp, .mpt, .xer and .pmxml are read",
    )

    def __init__(
        self,
        path: Path,
        office: str,
        settings: ProjectFileSettings,
        access: Access = Access.OBSERVE,
        version: str = "",
        encoding: str = "",
    ) -> None:
        self.path = path
        self.settings = settings
        self.version = version
        self.encoding = encoding
        self._office = office
        self._access = access
        self._last: Schedule | None = None

    @classmethod
    def connect(
        cls,
        surroundings: Surroundings,
        office: str,
        access: Access,
        version: str,
        tool: ProjectFileTool,
        settings: ProjectFileSettings,
    ) -> ProjectFile:
        """The project file of those settings; it lies in the organization's folder."""
        return cls(surroundings.folder / tool.file, office, settings, access, version, tool.encoding)

    @property
    def office(self) -> str:
        """The id of the office whose file this is."""
        return self._office

    @property
    def access(self) -> Access:
        """What we may do in it."""
        return self._access

    @property
    def in_flight(self) -> timedelta:
        """Zero: a file is written at once, or not at all."""
        return timedelta()

    @property
    def plan_limits(self) -> PlanLimits:
        """All links and lags; a manual task's dates are held, and the file is written once."""
        limits = replace(EVERYTHING, manual=True, whole=True)
        try:
            there = self._schedule(saving.load(self.path))
        except ToolError:  # no file yet, or none that can be read
            return limits
        currencies = {self.settings.project.id: there.currency} if there.currency else {}
        hours = {str(each["name"]): read_calendar(each) for each in there.calendars}
        return replace(limits, currencies=currencies, hours=hours)

    def check(self) -> Health:
        """Whether it can be read and written now, with every remark; never raises, never writes."""
        try:
            data = saving.load(self.path)
            read = self._schedule(data)
            found = self._told(read)
        except ToolError as error:
            return Health(readable=False, writable=False, remarks=(error.text,))
        remarks = [f"{each.ref}: {each.problem}" for each in found.unreadable]
        notes = [*([read.letters] if read.letters else []), *map(str, found.left_out)]
        if not self._access.may_ask:
            return Health(readable=True, writable=False, remarks=tuple(remarks), notes=tuple(notes))
        obstacles = [saving.obstacle(self.path), saving.open_elsewhere(self.path)]
        try:
            notes += self._writer(data, read).taken
        except ToolError as error:
            obstacles.append(error.text)
        obstacles = [each for each in obstacles if each]
        found_so = (*obstacles, *remarks)
        return Health(readable=True, writable=not obstacles, remarks=found_so, notes=tuple(notes))

    def lacking(self, demands: Demands = NOTHING_DEMANDED) -> tuple[Step, ...]:
        """What is missing there: our custom fields come with what we put there, so only what is told."""
        health = self.check()
        if not health.readable:
            raise Refused("; ".join(health.remarks))
        there, asks = offered(self.settings), f"{demands.version} asks for"
        found = [Told(each, "") for each in health.remarks]
        for name in demands.fields:
            if name not in there:
                place = place_of(name)
                how = f"add `{place.line}` to the settings of `{place.part}`, with the file's own field"
                found.append(
                    Told(f"{asks} the field {name}, which the settings do not name", how, Whose.FILES)
                )
        how = "name those that the office uses as `statuses` of its `items`"
        known = self.settings.items.status_names
        lacking = (each for each in demands.statuses if each not in known)
        found += [Told(f"{asks} the status {each!r}", how, Whose.FILES) for each in lacking]
        return tuple(found)

    def make(self, steps: Sequence[Making]) -> tuple[Made, ...]:
        """Nothing is to be made in a project file; `lacking` gives no such step."""
        may_prepare(self._access)
        return tuple(Made(step, "nothing is made in a project file") for step in steps)

    def changed(self, digest: str) -> bool:
        """Whether the file's bytes differ from those of the reading with that digest."""
        return digest_of(saving.load(self.path)) != digest

    def read(self) -> Reading:
        """All that the file says; raises `Refused` or `TryLater` when it cannot be read.

        The file is read each time; the same bytes are not given to Java twice.
        """
        return self._told(self._schedule(saving.load(self.path)))

    def find(self, keys: Collection[str]) -> Mapping[str, tuple[Placed, ...]]:
        """The places of our keys: one, none, or, where tasks were copied, several."""
        placed = self.read().placed
        return {key: tuple(each for each in placed if each.key == key) for key in keys}

    def fit(self, wanted: Wanted) -> Wanted:
        """The wanted thing as it would be read back; raises `Skip` when it cannot stand in the file."""
        return project_fitting.fitted(wanted, self.settings)

    def holds(self, kind: WantedKind) -> tuple[Hold, ...]:
        """How each field is held in a task: kept, except long titles and the work of summaries."""
        return project_fitting.holds(self.settings, kind)

    def put(
        self, decisions: Sequence[Decision], expected: str, guard: Guard = unguarded, *, dry_run: bool = False
    ) -> Written:
        """Carry each decision out in the file; all of them in one save, or none.

        An answer per wanted thing; raises `TryLater` when the file is not the one that was read, or is
        open, and `Refused` when it cannot be written. The file is then as it was.
        """
        data = saving.load(self.path)
        name = self.path.name
        if digest_of(data) != expected:
            raise TryLater(f"{name}: it was changed since it was read; read it again", after=timedelta())
        may = [each for each in decisions if not permitted(self._access, each.wanted.kind)]
        refused = {id(each): permitted(self._access, each.wanted.kind) for each in decisions}
        if not may:
            results = tuple(Put(each.key, Done.REFUSED, why=refused[id(each)]) for each in decisions)
            return Written(results, expected, dry_run)
        writer = self._writer(data, self._schedule(data))
        placed = iter(writer.place(may))
        results = tuple(
            Put(each.key, Done.REFUSED, why=why) if (why := refused[id(each)]) else next(placed)
            for each in decisions
        )
        if not writer.changed:
            return Written(results, expected, dry_run)
        answers = zip(decisions, results, strict=True)
        changed = [each for each, result in answers if result.done in (Done.CREATED, Done.UPDATED)]
        written = [each.key for each in changed]
        new = writer.together()
        after = self._read_back(data, new, changed, writer.named)
        calls = (f"save {name} with {len(written)} of our tasks new or changed",)
        if dry_run:
            return Written(results, expected, dry_run, calls)
        saving.save(self.path, expected, new, partial(guard, written))
        self._last = after
        return Written(results, after.digest, calls=calls)

    def startable(self, project: str) -> str:
        """Why no plan of that project is made: tools.yaml names another one, or a file that is only read."""
        own, name = self.settings.project.id, self.path.name
        if project != own:
            return (
                f"tools.yaml names {name} for the project {own}: give that, or {project!r} a tool of its own"
            )
        if self.path.suffix.lower() != ".xml":
            return f"{name}: nobody can make a {self.path.suffix} but its program; name an .xml in tools.yaml"
        return ""

    def started(self, project: str) -> Placed | None:
        """The file, where it is there; under our key where we made it."""
        del project
        if not self.path.exists():
            return None
        return Placed(starting.key_in(saving.load(self.path)), self.path.name, {})

    def start(self, wanted: Wanted, guard: Guard = unguarded, *, dry_run: bool = False) -> Put:
        """Put a new plan there; see `Connector.start`."""
        project, start = str(wanted.project), wanted.values["start"]
        reason = permitted(self._access, wanted.kind) or self.startable(project)
        if reason or not isinstance(start, date):
            raise Refused(reason or f"{wanted.key} has no start")
        data = starting.new_plan(wanted.key, project, start)
        self._told(self._parsed(data))  # what mpxj could not read is refused before it is written
        if not dry_run:
            saving.create(self.path, data, partial(guard, [wanted.key]))
        return Put(wanted.key, Done.CREATED, self.path.name, f"make {self.path.name}" if dry_run else "")

    def hook(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """No references: a file sends no webhooks."""
        del headers, body
        return ()

    def _schedule(self, data: bytes) -> Schedule:
        if self._last is None or self._last.digest != digest_of(data):
            self._last = self._parsed(data)
        return self._last

    def _parsed(self, data: bytes) -> Schedule:
        own, code = self.settings.custom, self.settings.project.code
        return schedule.read(data, self.path.name, own, code, self.encoding)

    def _told(self, read: Schedule) -> Reading:
        return project_reading.read(read, self.settings, self._office, self.version)

    def _writer(self, data: bytes, read: Schedule) -> ProjectFileWriter:
        """The writer of the file; raises `Refused` for a file that nobody can write."""
        if read.kind != MSPDI:
            raise Refused(
                f"{self.path.name}: it is {CALLED[read.kind]}, which is only read; have the office save its "
                f"plan as {CALLED[MSPDI]}, or set the office's access to observe"
            )
        return ProjectFileWriter(
            mspdi.document(data, self.path.name), contents(read, self.settings), self._office
        )

    def _read_back(
        self, data: bytes, new: bytes, written: Sequence[Decision], named: Collection[str]
    ) -> Schedule:
        """The new file as mpxj reads it; raises `Refused` unless it holds what was to be written.

        The office's tasks may differ in their line numbers only; the custom fields `named` got a name.
        """
        name = self.path.name
        before, after = self._schedule(data), self._parsed(new)
        old, found = contents(before, self.settings), contents(after, self.settings)
        there = {each.key: each.placed for each in found.ours}
        for each in written:
            fit = each.of(self.fit(each.wanted))
            if each.key not in there or fit.again([there[each.key]]).changes.keys() - PLACED_NEAR:
                raise Refused(f"{name}: {each.key} would not read back as it was written")
        lost = [*_lost_tasks(old, found), *mspdi.lost(data, new, _foreign(old), named)]
        if lost:
            raise Refused(f"{name}: writing would have changed what is not ours ({', '.join(lost[:3])})")
        return after


def _foreign(found: Contents) -> frozenset[int]:
    """The UIDs of the tasks that are not ours."""
    mine = {each.task.uid for each in found.ours} | found.containers
    return frozenset(task.uid for task in found.schedule.tasks if task.uid not in mine)


def _lost_tasks(old: Contents, new: Contents) -> list[str]:
    """The office's tasks, and the project's own facts, that mpxj reads differently than before."""
    theirs = _foreign(old)
    there = {task.uid: replace(task, id=None) for task in new.schedule.tasks}
    lost = [
        f"UID {task.uid}"
        for task in old.schedule.tasks
        if task.uid in theirs and there.get(task.uid) != replace(task, id=None)
    ]
    there_before = old.schedule.calendars
    lost += [f"the calendar {each['name']}" for each in there_before if each not in new.schedule.calendars]
    plain = {"tasks": (), "digest": "", "known": frozenset(), "calendars": ()}
    if replace(old.schedule, **plain) != replace(new.schedule, **plain):  # type: ignore[arg-type]
        lost.append("the project itself")
    return lost

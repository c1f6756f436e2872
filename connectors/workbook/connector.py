"""The tool of an office that plans in one .xlsx workbook: read, asked in and written to, never rewritten.

Reads values with the stored results of formulas; writes by splicing our cells into the sheets' XML while
every other byte of the office's file stays. Nothing is written beyond the access level. Refuses to send
anything anywhere, and has no webhooks: a file is only looked at.

What is read is what the office sees, or it is listed with its address:

- an id that a format adds to (`"PRJ-"0000`) is PRJ-0042, and 42 means the same project;
- a result that a program wrote without calculating is none: open the workbook in its program and save it
  once;
- a moment with a time zone (2027-01-30T23:00:00Z) is a day only where the tool's settings name their
  `zone`; a text such as 03/04/2027 only where they say `dates: day_first` or `dates: month_first`; a date
  that is shown as a month (January 2027) never is;
- a column of percentages that holds both 0 to 1 and 1 to 100 is not understood until its `unit` is
  declared;
- rows of totals (no id like the others', and sums or words such as Total, Summe, Razem), headings between
  rows, notes and other tables below a gap (no id and no date like those above), formulas without results and
  blank rows are no projects and no items. They are counted by kind. One that has an id like the others' and
  is named as a total, or sums those above it and says nothing else, is left out too, and told: it may be a
  task all the same. `ignore_rows`, beside `sheet` in the office's settings, names more: `ignore_rows: [3,
  "Example"]` leaves out row 3 and every row that has a cell with just that text;
- a header that stands twice below groups of headers is told apart by what stands over it:
  `start: {header: Start, under: Plan}`;
- an item names its project by id, as displayed, by its title, or by both (`N-1: Line North`); whatever can
  mean two projects is listed. With `headings: project`, beside `sheet`, a row that holds one text and nothing
  else names the project of the items below it;
- with `folder` and `pattern` the newest file of a folder is read: by the day in its name where the pattern
  has `{date}`, else by the time of its last change. Lock files, unfinished and conflicted copies are passed
  over and named; where none fits, or two are equally new and differ, nothing is read and the last reading
  stands. What we put into one file is looked for in the next: an office makes it from the last one, or else
  what is missing there is held. With `upload: true` it is what the office uploaded last at its own link;
- a dash alone is an empty cell; a record may take several rows, merged; an amount that is merged over several
  records is none of theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from connectors.errors import Refused, ToolError, TryLater
from connectors.files import saving
from connectors.files.newest import NewestFile, OneFile, Place, UploadedFile
from connectors.preparation import NOTHING_DEMANDED, Demands, Made, Making, Step, Told, Whose
from connectors.protocol import (
    Capability,
    Done,
    Guard,
    Health,
    Hold,
    Keeping,
    Proof,
    Put,
    Spec,
    Surroundings,
    Written,
    may_prepare,
    permitted,
    unguarded,
)
from connectors.records.mapping import ToolSettings, WorkbookSettings
from connectors.workbook import preparation, reading, starting
from connectors.workbook.ordering import RowOrder, row_order
from connectors.workbook.writing import PLAN_FIELDS, WorkbookWriter, mapped
from connectors.workbook.xlsx import Book, opened
from domain.delivery.delivery import Decision
from domain.delivery.wanted import Wanted, WantedKind, owned
from domain.ids import ProjectKey
from domain.organization.office import Access
from domain.plans.left_out import counted_up, together
from domain.plans.limits import EVERYTHING, PlanLimits
from domain.plans.project import Placed, Reading


class Workbook:
    """One office's workbook; `path` is the file, `access` what we may do in it, `zone` its time zone."""

    spec: ClassVar[Spec] = Spec(
        kind=reading.KIND,
        capabilities=frozenset(
            {Capability.CHANGES, Capability.ITEMS, Capability.QUESTIONS, Capability.ANSWERS}
        ),
        proof=Proof.SERVER,
        plan={
            "calendar": "the column `calendar`",
            "parent": "the column `parent` or `level`, or what `outline` names",
            "order": "the column `order`, else the rows where an outline or predecessors are told",
            "after": "the column `after`: `12FS+2d; T-4`",
            "summary": "rows that have parts, which stand beside the items",
            "own_id": "the column `id`",
        },
        key_place="the column `key` of the items and questions sheets, which may be hidden",
    )

    def __init__(
        self,
        place: Path | Place,
        office: str,
        settings: WorkbookSettings,
        access: Access = Access.OBSERVE,
        version: str = "",
        zone: tzinfo | None = None,
        *,
        day_first: bool | None = None,
    ) -> None:
        self.place: Place = OneFile(place) if isinstance(place, Path) else place
        self.settings = settings
        self.version = version
        self.zone = zone
        self.day_first = day_first
        self._office = office
        self._access = access
        self._last: Reading | None = None

    @classmethod
    def connect(
        cls,
        surroundings: Surroundings,
        office: str,
        access: Access,
        version: str,
        tool: ToolSettings,
        settings: WorkbookSettings,
    ) -> Workbook:
        """The workbook of those settings, in the organization's folder or uploaded."""
        zone = ZoneInfo(tool.zone) if tool.zone else None
        day_first = tool.dates == "day_first" if tool.dates else None
        place = _place(surroundings, office, tool)
        return cls(place, office, settings, access, version, zone, day_first=day_first)

    @property
    def path(self) -> Path:
        """The file that counts now. Raises `Refused` where there is none."""
        return self.place.locate().path

    def _book(self, data: bytes, path: Path) -> Book:
        """The workbook of these bytes, read anew."""
        return Book(data, path.name, self.zone, day_first=self.day_first)

    def _opened(self, data: bytes, path: Path) -> Book:
        """The workbook of these bytes, cached."""
        return opened(data, path.name, self.zone, day_first=self.day_first)

    @property
    def office(self) -> str:
        """The id of the office whose workbook this is."""
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
        """All links and lags where the sheet of items has a column `after`, the order where it has `order`.

        The file is written once. Of calendars the names stand there, and no hours.
        """
        items = self.settings.items
        columns = items.columns if items is not None else None
        links = EVERYTHING.links if columns is not None and columns.after is not None else frozenset()
        return replace(
            EVERYTHING, links=links, ordered=columns is not None and columns.order is not None,
            calendars=False, currencies=self._currencies(), whole=True,
        )  # fmt: skip

    def _currencies(self) -> Mapping[str, str]:
        """The currency of each project that states one; none where the file cannot be read."""
        if self.settings.projects.columns.currency is None:
            return {}
        try:
            plans = self.read().plans
        except ToolError:
            return {}
        stated = ((ProjectKey.read(each.project.key).own, each.project.currency) for each in plans)
        return {own: currency for own, currency in stated if currency}

    def check(self) -> Health:
        """Whether it can be read and written now, with every remark; never raises, never writes."""
        try:
            located = self.place.locate()
            data = saving.load(located.path)
            found = reading.read(self._book(data, located.path), self.settings, self._office)
        except ToolError as error:
            return Health(readable=False, writable=False, remarks=(error.text,))
        remarks = [f"{each.ref}: {each.problem}" for each in found.unreadable]
        chosen = (f"{located.path.name} is read: {located.why}",) if located.why else ()
        left_out = together([found.left_out, counted_up(located.passed)])
        notes = (*chosen, *(str(each) for each in left_out))
        if not self._access.may_ask:
            return Health(readable=True, writable=False, remarks=tuple(remarks), notes=notes)
        path = located.path
        obstacles = [saving.obstacle(path), saving.open_elsewhere(path), *self._places(data, path)]
        obstacles = [each for each in obstacles if each]
        return Health(readable=True, writable=not obstacles, remarks=(*obstacles, *remarks), notes=notes)

    def _places(self, data: bytes, path: Path) -> list[str]:
        """Why the sheets do not hold what the access permits us to put there."""
        book = self._book(data, path)
        problems = [_unsigned(book)]
        remarks = (WantedKind.REMARK,) if mapped(self.settings, WantedKind.REMARK) else ()
        for kind in (WantedKind.QUESTION, WantedKind.ITEM, *remarks):
            if permitted(self._access, kind):
                continue
            try:
                WorkbookWriter(book, self.settings, self._office).page(kind)
            except ToolError as error:
                problems.append(error.text)
        return problems

    def lacking(self, demands: Demands = NOTHING_DEMANDED) -> tuple[Step, ...]:
        """What is missing there for its access, its settings and these demands; see `Connector.lacking`."""
        path = self.path
        book = self._book(saving.load(path), path)
        steps = preparation.lacking(book, self.settings, self._access, demands)
        obstacles = [saving.obstacle(path), saving.open_elsewhere(path)]
        if not any(isinstance(step, Making) for step in steps):
            return steps
        place = f"{path.name}: it cannot be written now"
        return (*(Told(place, each, Whose.OFFICE) for each in obstacles if each), *steps)

    def make(self, steps: Sequence[Making]) -> tuple[Made, ...]:
        """Make these steps, all in one save or none; raises `TryLater` where the file is open elsewhere."""
        may_prepare(self._access)
        path = self.path
        data = saving.load(path)
        book = self._book(data, path)
        if reason := _unsigned(book):
            raise Refused(reason)
        new, results = preparation.made(book, steps)
        if new != data:
            saving.save(path, saving.digest_of(data), new, partial(unguarded, ()))
        return results

    def changed(self, digest: str) -> bool:
        """Whether the file's bytes differ from those of the reading with that digest."""
        return saving.digest_of(saving.load(self.path)) != digest

    def read(self) -> Reading:
        """All that the workbook says; raises `Refused` or `TryLater` when it cannot be read.

        The file is read each time; the same bytes are not parsed twice.
        """
        located = self.place.locate()
        data = saving.load(located.path)
        if self._last is None or self._last.digest != saving.digest_of(data):
            book = self._opened(data, located.path)
            asked = self.settings, self._office, self.version
            self._last = book.said(asked, partial(reading.read, book, *asked))
        if not located.passed:
            return self._last
        return replace(self._last, left_out=together([self._last.left_out, counted_up(located.passed)]))

    def find(self, keys: Collection[str]) -> Mapping[str, tuple[Placed, ...]]:
        """The places of our keys: one, none, or, where rows were copied, several."""
        placed = self.read().placed
        return {key: tuple(each for each in placed if each.key == key) for key in keys}

    def fit(self, wanted: Wanted) -> Wanted:
        """The wanted thing as it would be read back; raises `Skip` when it cannot stand in a cell."""
        return WorkbookWriter.fitted(wanted, self.settings, self._office)

    def holds(self, kind: WantedKind) -> tuple[Hold, ...]:
        """How each field is held: kept where it has a column, else lost; nothing is approximated."""
        columns = mapped(self.settings, kind)
        found = [
            Hold(name, Keeping.KEPT) if name in columns else Hold(name, Keeping.LOST, "it has no column")
            for name in owned(kind)
            if name not in PLAN_FIELDS or kind is WantedKind.TASK
        ]
        told = {hold.field for hold in found}
        plan = (name for name in owned(kind) if name not in told)
        return (*found, *(Hold(name, Keeping.LOST, "a row holds no such thing") for name in plan))

    def put(
        self, decisions: Sequence[Decision], expected: str, guard: Guard = unguarded, *, dry_run: bool = False
    ) -> Written:
        """Carry each decision out in the workbook; all of them in one save, or none.

        An answer per wanted thing; raises `TryLater` when the file is not the one that was read, or is
        open, and `Refused` when it cannot be written. The file is then as it was.
        """
        path = self.path
        data = saving.load(path)
        if saving.digest_of(data) != expected:
            raise TryLater(f"{path.name}: it was changed since it was read; read it again", after=timedelta())
        book = self._opened(data, path)
        writer = WorkbookWriter(book, self.settings, self._office, order=self._order(book))
        results = tuple(self._placed(writer, each) for each in decisions)
        writer.settle()
        if not writer.changes:
            return Written(results, expected, dry_run)
        if reason := _unsigned(writer.book):
            raise Refused(reason)
        new = writer.book.changed(writer.changes)
        self._read_back(new, path, decisions, results)
        calls = (f"save {path.name}",)
        if dry_run:
            return Written(results, expected, dry_run, calls)
        written = [r.key for r in results if r.done in (Done.CREATED, Done.UPDATED)]
        saving.save(path, expected, new, partial(guard, written))
        return Written(results, saving.digest_of(new), calls=calls)

    def _order(self, book: Book) -> RowOrder:
        """The order of the rows of ours; empty where no column tells it."""
        if not self.plan_limits.ordered:
            return RowOrder()
        asked = self.settings, self._office, self.version
        found = book.said(asked, partial(reading.read, book, *asked))
        return row_order(found, reading.numbers(book, self.settings))

    def _placed(self, writer: WorkbookWriter, decision: Decision) -> Put:
        """Place one thing, as far as the access permits."""
        if reason := permitted(self._access, decision.wanted.kind):
            return Put(decision.key, Done.REFUSED, why=reason)
        return writer.place(decision)

    def _read_back(
        self, new: bytes, path: Path, decisions: Sequence[Decision], results: Sequence[Put]
    ) -> None:
        """Raises `Refused` unless the new file, read again, holds what was to be written."""
        book = self._opened(new, path)
        again = WorkbookWriter(book, self.settings, self._office, order=self._order(book))
        for each, result in zip(decisions, results, strict=True):
            if result.done in (Done.CREATED, Done.UPDATED) and again.place(each).done is not Done.SAME:
                raise Refused(f"{path.name}: {result.ref} would not read back as it was written")

    def startable(self, project: str) -> str:
        """Empty: a row is put into the sheet of projects."""
        del project
        return ""

    def started(self, project: str) -> Placed | None:
        """The row of that project now; None where there is none."""
        path = self.path
        book = self._book(saving.load(path), path)
        return starting.started(book, self.settings, self._office, project)

    def start(self, wanted: Wanted, guard: Guard = unguarded, *, dry_run: bool = False) -> Put:
        """Put a row for the project there; see `Connector.start`."""
        if reason := permitted(self._access, wanted.kind):
            raise Refused(reason)
        path = self.path
        data = saving.load(path)
        book = self._book(data, path)
        if reason := _unsigned(book):
            raise Refused(reason)
        WorkbookWriter(book, self.settings, self._office).page(
            WantedKind.ITEM
        )  # else its items find no place
        new, ref = starting.with_project(book, self.settings, wanted)
        if not dry_run:
            saving.save(path, saving.digest_of(data), new, partial(guard, [wanted.key]))
        return Put(wanted.key, Done.CREATED, ref, f"save {path.name}" if dry_run else "")

    def hook(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """No references: a file sends no webhooks."""
        del headers, body
        return ()


def _place(surroundings: Surroundings, office: str, tool: ToolSettings) -> Place:
    """Where the workbook is, as the tool's settings say."""
    if tool.upload:
        return UploadedFile(office, surroundings.uploaded)
    if tool.folder is not None and tool.pattern is not None:
        return NewestFile(surroundings.folder / tool.folder, tool.pattern)
    return OneFile(surroundings.folder / (tool.file or ""))


def _unsigned(book: Book) -> str:
    """Why a signed workbook is not written; empty when it has no signature."""
    if book.signed:
        return f"{book.name}: it is digitally signed, and any change would break that; take the signature off"
    return ""

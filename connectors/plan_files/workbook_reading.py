"""A plan of a workbook that has our sheets: tasks, calendars, the plan; with sheet and cell of a mistake.

Values are those that are stored: nothing is calculated, and no link is followed. Refuses workbooks with a
password or macros, and those that are larger than a plan can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from connectors.errors import Refused
from connectors.files.package import NotAPackage, Package
from connectors.plan_files.found import (
    MOST_SPECIAL,
    MOST_TASKS,
    NO_CALENDAR,
    NotCarried,
    PlanRead,
    checked,
    within,
)
from connectors.plan_files.notation import WORKDAY, Follows, Unreadable, duration_of, followed, hours_of
from connectors.plan_files.workbook_columns import (
    CALENDAR_COLUMNS,
    CALENDARS,
    COLUMNS,
    PLAN,
    TASKS,
    WEEKDAYS,
    Kind,
)
from connectors.records.values import Value
from connectors.workbook.cells import value_of
from connectors.workbook.sheet import Cell, letters
from connectors.workbook.totals import Total, totals_among
from connectors.workbook.xlsx import OLE, Book
from domain.organization.calendar import Hours
from domain.plans.link import PlanLink
from domain.plans.task import Constraint, ConstraintKind, Money, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import DayReason, SpecialDay, WorkCalendar

LARGEST = 64 * 1024 * 1024
EPOCH_1900, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - local clocks
MOST_CELLS = MOST_TASKS * len(COLUMNS)
NEEDED = ("Name",)
UNTOLD = frozenset(("Scheduled start", "Scheduled finish"))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet, by header; `place` names a cell for people."""

    book: Book
    sheet: str
    number: int
    columns: Mapping[str, int]
    cells: Mapping[int, Cell]

    def refused(self, header: str, what: str) -> Refused:
        """The refusal of a cell."""
        return Refused(f"{self.book.name}, sheet {self.sheet!r}, cell {self.ref(header)}: {what}")

    def ref(self, header: str) -> str:
        """The address of the cell below a header."""
        return f"{letters(self.columns[header])}{self.number}"

    def values(self, named: Mapping[str, str]) -> dict[str, Value | None]:
        """What its cells hold, by these names of the headers or else by the headers; None for blank ones."""
        cells = ((named.get(header, header), self.cell(header)) for header in self.columns)
        return {name: None if cell is None else value_of(self.book, cell) for name, cell in cells}

    def cell(self, header: str) -> Cell | None:
        """The cell below a header; None where it is blank."""
        found = self.cells.get(self.columns[header]) if header in self.columns else None
        return None if found is None or (found.text is None and not found.formula) else found

    def text(self, header: str) -> str:
        """What a cell says, as it is; empty where it is blank."""
        cell = self.cell(header)
        if cell is None:
            return ""
        value = value_of(self.book, cell)
        if value is None:
            return ""
        if value.kind in ("error", "unsaved", "lost"):
            raise self.refused(
                header, "it holds an error or a formula without a result; write the value itself"
            )
        if cell.kind == "n":
            return (cell.text or "").removesuffix(".0")
        return value.text

    def number_in(self, header: str) -> Decimal | None:
        """The number of a cell; None where it is blank."""
        text = self.text(header).strip()
        if not text:
            return None
        try:
            found = Decimal(text)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or abs(found.adjusted()) > 30:
            raise self.refused(header, f"{text[:40]!r} is no number; write one")
        return found

    def time(self, header: str) -> datetime | None:
        """The time of a cell; None where it is blank."""
        cell, text = self.cell(header), self.text(header).strip()
        if cell is None or not text:
            return None
        try:
            if cell.kind == "n":
                return _of_serial(float(text), date1904=self.book.date1904)
            at = datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            at = None
        if at is None or at.tzinfo is not None or len(text) < len("2027-03-01T08:00"):
            raise self.refused(header, f"{text[:40]!r} is no time; write one such as 2027-03-01 08:00")
        return at


def _of_serial(serial: float, *, date1904: bool) -> datetime:
    if not isfinite(serial) or serial < 0:
        raise ValueError("no serial number of a day")
    return (EPOCH_1904 if date1904 else EPOCH_1900) + timedelta(seconds=round(serial * 86_400))


def read(data: bytes, name: str) -> PlanRead:
    """The plan of a workbook. Raises `Refused` with sheet and cell, and what to do."""
    if not data.startswith(OLE) and data:
        try:
            size = Package(data).unpacked
        except NotAPackage as wrong:
            raise Refused(
                f"{name}: it is not a whole .xlsx workbook: {wrong}; restore it or save it anew"
            ) from None
        if size > LARGEST:
            raise Refused(
                f"{name}: unpacked it has {size:,} bytes; at most {LARGEST:,} are read; split the plan"
            )
    book = Book(data, name)
    if TASKS not in book.parts:
        raise Refused(
            f"{name}: it has no sheet {TASKS!r}; name the sheet of the tasks so, or use an office's workbook"
        )
    remarks: list[NotCarried] = []
    told = _told_of_plan(book)
    calendars = tuple(_calendars(book, remarks))
    rows = _tasks_of(list(_rows(book, TASKS, NEEDED, remarks, frozenset(COLUMNS))), remarks)
    found = _Outline()
    for row in rows:
        found.add(row)
    plan = WholePlan(
        told.get("Title", ""),
        told.get("Calendar") or calendars[0].name,
        calendars,
        tuple(found.tasks),
        tuple(found.links()),
        told.get("Start"),
        told.get("Finish"),
        told.get("Status date"),
    )
    return checked(PlanRead(plan, "xlsx", tuple(remarks)), name)


def _rows(
    book: Book, name: str, needed: tuple[str, ...], remarks: list[NotCarried], known: frozenset[str]
) -> Iterator[Row]:
    """The rows of a sheet below its headers, blank ones left out."""
    part = book.part(book.parts[name])
    with book.refusing("", name):
        if part is None:
            raise NotAPackage(f"its part {book.parts[name]} is missing")
        raw = book.package.read(part)
        count = raw.count(b"<row ") + raw.count(b":row ")
        within(count, MOST_TASKS + MOST_SPECIAL, "rows", f"{book.name}, sheet {name!r}")
        within(raw.count(b"<c ") + raw.count(b":c "), MOST_CELLS, "cells", f"{book.name}, sheet {name!r}")
    sheet = book.sheet(name)
    numbers = sorted(sheet.rows)
    head = sheet.rows[numbers[0]].cells if numbers else {}
    columns: dict[str, int] = {}
    spelled = {each.casefold(): each for each in known}
    for column, cell in head.items():
        value = value_of(book, cell)
        said = value.text.strip() if value else ""
        header = spelled.get(said.casefold())
        if header is None and said:
            remarks.append(NotCarried(f"the column {said[:60]!r} of the sheet {name!r}", 1, cell.ref))
        elif header in columns:
            raise Refused(
                f"{book.name}, sheet {name!r}, cell {cell.ref}: {said[:60]!r} stands twice; keep one column"
            )
        elif header:
            columns[header] = column
    for each in needed:
        if each not in columns:
            raise Refused(
                f"{book.name}, sheet {name!r}: there is no column {each!r} in its first row; add it"
            )
    for number in numbers[1:]:
        row = Row(book, name, number, columns, sheet.rows[number].cells)
        if any(row.text(header) for header in columns if header not in UNTOLD):
            yield row


TOTALS_BY = {
    "ID": "id", "UID": "key", "Outline level": "level", "Name": "title", "Duration": "duration",
    "Work": "work", "Cost": "cost", "Currency": "currency",
}  # fmt: skip
"""What the columns are called where totals are found; what has a UID we wrote, and it is a task."""
TOTALS: Mapping[Total, str] = {
    Total.NAMED: "a row of totals, by its name (write another name if it is a task)",
    Total.SUMS: "a row whose amounts sum those above it (write who does it, or when, if it is a task)",
}


def _tasks_of(rows: list[Row], remarks: list[NotCarried]) -> list[Row]:
    """The rows without those of totals, which are told: no plan has such a task."""
    values = {row.number: row.values(TOTALS_BY) for row in rows}
    summing = {row.number for row in rows if any(cell.sums for cell in row.cells.values())}

    def level(number: int) -> float | None:
        said = values[number].get("level")
        return None if said is None or said.kind != "number" else said.number

    found = totals_among(values, summing, level)
    for kind, what in TOTALS.items():
        places = [row.ref("Name") for row in rows if found.get(row.number) is kind]
        if places:
            remarks.append(NotCarried(what, len(places), places[0]))
    return [row for row in rows if row.number not in found]


def _told_of_plan(book: Book) -> dict[str, Any]:
    """What the sheet of the plan says, by its rows."""
    if PLAN not in book.parts:
        return {}
    sheet = book.sheet(PLAN)
    told: dict[str, Any] = {}
    for number, cells in sorted(sheet.rows.items()):
        row = Row(book, PLAN, number, {"name": 1, "value": 2}, cells.cells)
        name = row.text("name").strip()
        told[name] = row.time("value") if name in ("Start", "Finish", "Status date") else row.text("value")
        if name == "Minutes per day" and told[name] not in ("", str(WORKDAY)):
            raise row.refused(
                "value",
                f"a day in durations has {WORKDAY} minutes; write durations in hours (h) and {WORKDAY} here",
            )
    return told


def _calendars(book: Book, remarks: list[NotCarried]) -> Iterator[WorkCalendar]:
    if CALENDARS not in book.parts:
        remarks.append(NotCarried(NO_CALENDAR, 0))
        yield WorkCalendar("Standard")
        return
    weeks: dict[str, dict[int, Hours]] = {}
    special: dict[str, dict[date, SpecialDay]] = {}
    first: dict[str, Row] = {}
    for row in _rows(book, CALENDARS, ("Calendar", "Day", "Hours"), remarks, frozenset(CALENDAR_COLUMNS)):
        name, day = row.text("Calendar"), row.text("Day").strip()
        first.setdefault(name, row)
        try:
            hours = hours_of(row.text("Hours"))
        except Unreadable as wrong:
            raise row.refused("Hours", str(wrong)) from None
        if day in WEEKDAYS:
            weeks.setdefault(name, {})[WEEKDAYS.index(day)] = hours
        else:
            _special(row, special.setdefault(name, {}), day, hours)
    for name, row in first.items():
        week = weeks.get(name, {})
        try:
            yield WorkCalendar(name, tuple(week.get(day, ()) for day in range(7)), special.get(name, {}))
        except ValueError as wrong:
            raise row.refused("Calendar", f"{wrong}; correct it") from None


def _special(row: Row, found: dict[date, SpecialDay], text: str, hours: Hours) -> None:
    try:
        day = (
            time.date()
            if (cell := row.cell("Day")) and cell.kind == "n" and (time := row.time("Day"))
            else date.fromisoformat(text)
        )
    except ValueError:
        raise row.refused("Day", f"{text[:40]!r} is no day; write Monday to Sunday, or 2027-03-01") from None
    said = row.text("Reason").strip()
    if said and said not in set(DayReason):
        raise row.refused("Reason", f"{said[:40]!r} is no reason; write one of {', '.join(DayReason)}")
    if day in found:
        raise row.refused("Day", f"{day} stands twice in the calendar; keep one")
    by_hours = DayReason.OTHER_HOURS if hours else DayReason.HOLIDAY
    found[day] = SpecialDay(DayReason(said) if said else by_hours, hours, row.text("Name"))


@dataclass(slots=True)
class _Outline:
    """The tasks as they are read, each in the summary above it."""

    tasks: list[PlanTask] = field(default_factory=list)
    above: list[tuple[int, str]] = field(default_factory=list)
    uids: dict[int, str] = field(default_factory=dict)
    waiting: list[tuple[str, Row, list[Follows]]] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Add the task of a row."""
        number = row.number_in("ID")
        own = len(self.tasks) + 1 if number is None else int(number)
        level = row.number_in("Outline level")
        depth = 1 if level is None else int(level)
        if level is not None and (depth != level or not 1 <= depth <= 1_000):
            raise row.refused(
                "Outline level", f"{level} is no level; write 1 for the top, 2 below it, and so on"
            )
        uid = row.text("UID") or str(own)
        while self.above and self.above[-1][0] >= depth:
            self.above.pop()
        if own in self.uids:
            raise row.refused("ID", f"the ID {own} stands twice; give each task its own")
        self.uids[own] = uid
        self.tasks.append(_task(row, uid, self.above[-1][1] if self.above else None))
        self.above.append((depth, uid))
        try:
            self.waiting.append((uid, row, followed(row.text("Predecessors"))))
        except Unreadable as wrong:
            raise row.refused("Predecessors", str(wrong)) from None

    def links(self) -> Iterator[PlanLink]:
        """The links, when all rows are known."""
        for uid, row, before in self.waiting:
            for each in before:
                if each.id not in self.uids:
                    raise row.refused(
                        "Predecessors", f"there is no task with the ID {each.id}; correct or remove it"
                    )
                yield PlanLink(self.uids[each.id], uid, each.type, each.lag)


def _task(row: Row, uid: str, parent: str | None) -> PlanTask:
    values: dict[str, Any] = {"uid": uid, "parent": parent, "name": row.text("Name")}
    for header, (name, kind, _) in COLUMNS.items():
        if name and name not in ("uid", "name", "others"):
            values[name] = _value(row, header, kind)
    values["others"] = tuple(filter(None, row.text("Others").split("\n")))
    if (percent := values["percent"]) is not None:
        if not 0 <= percent <= 100:
            raise row.refused("Percent", f"{percent} is no percentage; write 0 to 100")
        values["percent"] = float(percent)
    return PlanTask(**values, constraint=_constraint(row), cost=_money(row))


def _value(row: Row, header: str, kind: Kind) -> object:
    """What a cell says, by the kind of its column; None where it is blank."""
    if kind is Kind.TIME:
        return row.time(header)
    if kind is Kind.NUMBER:
        return row.number_in(header)
    text = row.text(header)
    if kind is Kind.YES:
        if text.strip().lower() not in ("", "yes", "no", "true", "false", "0", "1"):
            raise row.refused(header, f"{text[:40]!r} is neither yes nor no; write one of them")
        return text.strip().lower() in ("yes", "true", "1")
    if kind is Kind.LENGTH and text.strip():
        try:
            return duration_of(text)
        except Unreadable as wrong:
            raise row.refused(header, str(wrong)) from None
    return text or None


def _constraint(row: Row) -> Constraint | None:
    said = row.text("Constraint").strip().lower().replace(" ", "_")
    if not said:
        return None
    if said not in set(ConstraintKind):
        raise row.refused(
            "Constraint", f"{said[:40]!r} is no constraint; write one of {', '.join(ConstraintKind)}"
        )
    try:
        return Constraint(ConstraintKind(said), row.time("Constraint date"))
    except ValueError as wrong:
        raise row.refused("Constraint", f"{wrong}; correct the Constraint date") from None


def _money(row: Row) -> Money | None:
    amount, currency = row.number_in("Cost"), row.text("Currency").strip()
    if amount is None:
        return None
    if len(currency) != 3 or not (currency.isascii() and currency.isupper()):
        raise row.refused("Cost", "a cost has no currency; write it in the column Currency, such as EUR")
    return Money(amount, currency)

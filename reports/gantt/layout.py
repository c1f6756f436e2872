"""What stands where on a Gantt chart: rows, sheets, and days across; refuses to draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.organization.calendar import DAY
from domain.plans.link import PlanLink
from domain.plans.schedule.schedule import Schedule, TaskDates
from domain.plans.task import PlanTask
from domain.plans.whole_plan import outline

ROWS = 32
"""Rows on a sheet of A4, lying."""
ROW = 18
HEAD = 42
"""The height of what stands above the rows: months, today, days."""
WIDTH = 1040
NAMES = 330
"""The width of the columns to the left of the days: number, name, dates."""
MARGIN = 26
"""Room at both ends of the days, for what stands beside a bar."""
WEEKS, MONTHS = 200, 1000
"""Up to so many days there is a line for each week, and for each month."""


@dataclass(frozen=True, slots=True)
class Row:
    """One task on the chart; `number` counts the plan's rows from 1."""

    number: int
    depth: int
    task: PlanTask
    dates: TaskDates


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a time lies across the sheet."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1

    def x(self, at: datetime) -> float:
        """The horizontal coordinate of a time; of one beyond the chart, that of its edge."""
        minutes = (at.toordinal() - self.first.toordinal()) * DAY + at.hour * 60 + at.minute
        share = min(max(minutes / (self.days * DAY), 0.0), 1.0)
        return round(NAMES + MARGIN + share * (WIDTH - NAMES - 2 * MARGIN), 1)

    def day(self, on: date) -> float:
        """The horizontal coordinate of a day's beginning."""
        return self.x(datetime.combine(on, datetime.min.time()))

    @property
    def wide(self) -> bool:
        """Whether a day is wide enough to shade those that are not worked."""
        return self.day(self.first + timedelta(days=1)) - self.day(self.first) >= 3

    def lines(self) -> Iterator[date]:
        """The days at which a line is drawn: Mondays, first days of months, or of quarters."""
        for number in range(self.days):
            on = self.first + timedelta(days=number)
            if self.days <= WEEKS:
                if on.weekday() == 0:
                    yield on
            elif on.day == 1 and (self.days <= MONTHS or on.month in (1, 4, 7, 10)):
                yield on


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet, and how many sheets there are."""

    number: int
    of: int
    rows: Sequence[Row]

    @property
    def height(self) -> int:
        """The height of the picture."""
        return HEAD + ROW * len(self.rows) + 4

    def y(self, place: int) -> float:
        """The middle of a row, counted from 0."""
        return HEAD + ROW * place + ROW / 2


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is drawn: sheets, scale, links by their successor."""

    sheets: Sequence[Sheet]
    scale: Scale
    links: Mapping[str, Sequence[PlanLink]]
    places: Mapping[str, Row]


def chart(found: Schedule) -> Chart:
    """A schedule as rows on sheets, from its first day to its last; tasks without dates are left out."""
    above = outline(found.plan)
    with_dates = [task for task in found.plan.tasks if task.uid in found.dates]
    rows = [
        Row(number, len(above[task.uid]), task, found.dates[task.uid])
        for number, task in enumerate(with_dates, 1)
    ]
    count = -(-len(rows) // ROWS)
    sheets = [Sheet(n + 1, count, rows[n * ROWS : (n + 1) * ROWS]) for n in range(count)]
    links: dict[str, list[PlanLink]] = {}
    for link in found.plan.links:
        if link.predecessor in found.dates and link.successor in found.dates:
            links.setdefault(link.successor, []).append(link)
    return Chart(sheets, _scale(rows), links, {row.task.uid: row for row in rows})


def _scale(rows: Sequence[Row]) -> Scale:
    """From the first start to the last finish or deadline."""
    times = [row.dates.finish for row in rows] + [row.task.deadline for row in rows if row.task.deadline]
    return Scale(min(row.dates.start for row in rows).date(), max(times).date())

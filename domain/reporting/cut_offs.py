"""When a report is due: an office's cut-offs by its rhythm and the format's cadence, and what came in time.

Pure: it refuses to know what day it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.organization.office import Office
from domain.plans.project import Plan, Project, Stage
from domain.standards.formats import Cadence

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a report is about: after the cut-off before, up to and including its own."""

    office: str
    before: datetime
    cut_off: datetime
    before_day: date
    """The day of the cut-off before, by the office's own calendar."""
    day: date

    def has_report_of(self, project: Project) -> bool:
        """Whether the project's report is dated in the period, or later."""
        return project.last_report is not None and project.last_report > self.before_day


@dataclass(frozen=True, slots=True)
class Content:
    """A plan's content as a tool held it from a time on; `plan` None: the project was gone from then on."""

    project: str
    at: datetime
    """When it was read first."""
    digest: str
    plan: Plan | None


def period(office: Office, cadence: Cadence, at: datetime) -> Period:
    """The newest period of the office that is over at `at` (aware)."""
    cut_off = _is_or_before(office, cadence, at)
    before = _is_or_before(office, cadence, cut_off - timedelta(seconds=1))
    days = office.calendar.local_date(before), office.calendar.local_date(cut_off)
    return Period(office.id, before, cut_off, *days)


def coming(office: Office, cadence: Cadence, at: datetime) -> Period:
    """The period of the office that is not over at `at`."""
    found = period(office, cadence, at)
    later = at
    while found.cut_off <= at:
        later += WEEK
        found = period(office, cadence, later)
    return found


def _is_or_before(office: Office, cadence: Cadence, at: datetime) -> datetime:
    """The latest cut-off at or before `at` that the cadence takes."""
    found = office.rhythm.last_cut_off(at, office.calendar)
    while not _taken(office, cadence, found):
        found = office.rhythm.last_cut_off(found - timedelta(seconds=1), office.calendar)
    return found


def _taken(office: Office, cadence: Cadence, cut_off: datetime) -> bool:
    """Whether a report of that cadence is due at that weekly cut-off.

    Where an office reports every few weeks, those count that are a multiple of them since year 1.
    """
    day = office.calendar.local_date(cut_off)
    if cadence is Cadence.MONTHLY:
        return (day + WEEK).month != day.month
    if cadence is Cadence.CUT_OFF:
        return day.toordinal() // 7 % office.rhythm.every_weeks == 0
    return True


def content_of(history: Iterable[Content], of: Period, as_of: datetime) -> Content | None:
    """What a project said at the end of a period, as known at `as_of`; None where it said nothing yet.

    `history` is of one project, oldest first. It is what was read at the cut-off; or, read later, what bears
    a report dated by then that is newer than the one read at the cut-off.
    """
    found: Content | None = None
    for each in history:
        if each.at > as_of:
            break
        if each.at <= of.cut_off or _belongs(each, found, of):
            found = each
    return found if found is not None and found.plan is not None else None


def _belongs(each: Content, before: Content | None, of: Period) -> bool:
    """Whether content that was read after the cut-off is the report of that period."""
    said = each.plan.project.last_report if each.plan is not None else None
    earlier = before.plan.project.last_report if before is not None and before.plan is not None else None
    return said is not None and said <= of.day and (earlier is None or said > earlier)


def has_reported(projects: Iterable[Project], of: Period) -> bool:
    """Whether an office reported in the period by what its open projects say.

    Where none of them bears the date of a report, nothing is known against it.
    """
    dated = [p for p in projects if p.stage is not Stage.CLOSED and p.last_report is not None]
    return not dated or any(map(of.has_report_of, dated))

"""A localized plan's dates once more, by walking through days one by one; nothing of the schedule is used.

Calendars come from the office and the answers, dates of constraints from the template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from domain.organization.calendar import first_half
from domain.plans.link import LagMeasure, PlanLink
from domain.plans.localization.answers import AnchorKind, CalendarUse
from domain.plans.localization.local_plan import LocalPlan
from domain.plans.task import ConstraintKind as Kind
from domain.plans.task import Duration
from domain.plans.templates.template import TaskKind, TemplateTask
from tests.domain.plans.localization.by_chance import Case

DAY = 1440
EPOCH = date(1, 1, 1).toordinal()


def minute_of(at: datetime) -> int:
    return (at.toordinal() - EPOCH) * DAY + at.hour * 60 + at.minute


class Days:
    """The hours of one calendar, day by day."""

    def __init__(self, case: Case, name: str | None) -> None:
        self.case, template = case, case.release.template
        self.own = name in (None, template.calendar) or case.answers.calendars.get(name) is CalendarUse.OFFICE
        weeks = {each.name: each.week for each in template.calendars}
        self.week = () if self.own else weeks[name]
        self._known: dict[int, tuple] = {}

    def hours(self, number: int) -> tuple:
        if number not in self._known:
            self._known[number] = self._hours(date.fromordinal(number + EPOCH))
        return self._known[number]

    def _hours(self, day: date) -> tuple:
        calendar, answers = self.case.receiver.calendar, self.case.answers
        if day in calendar.holidays:
            return ()
        if any(each.first <= day <= each.last for each in (*calendar.blackouts, *answers.blackouts)):
            return ()
        if self.own:
            hours = () if day.weekday() in calendar.weekend else calendar.hours
            half = day.weekday() in calendar.half_weekdays
        else:
            hours, half = self.week[day.weekday()], False
        half = half or day in calendar.half_days or day in answers.half_days
        return first_half(hours) if half else hours

    def forward(self, at: int, minutes: int) -> int:
        number, left = at // DAY, minutes
        while True:
            for start, stop in self.hours(number):
                begin = max(number * DAY + start, at)
                end = number * DAY + stop
                if end - begin >= left:
                    return begin + left
                left -= max(end - begin, 0)
            number += 1

    def back(self, at: int, minutes: int) -> int:
        number, left = at // DAY, minutes
        while True:
            for start, stop in reversed(self.hours(number)):
                end = min(number * DAY + stop, at)
                begin = number * DAY + start
                if end - begin >= left:
                    return end - left
                left -= max(end - begin, 0)
            number -= 1

    def after(self, at: int, minutes: int) -> int:
        return at if not minutes else self.forward(at, minutes) if minutes > 0 else self.back(at, -minutes)

    def morning(self, at: int) -> int:
        return self.forward(at, 1) - 1

    def evening(self, at: int) -> int:
        return self.back(at, 1) + 1


@dataclass
class Job:
    """A task with its days, its dates of constraints, and the links to and from it."""

    task: TemplateTask
    length: Duration
    days: Days
    at: int = 0
    deadline: int | None = None
    before: list[tuple[PlanLink, Job]] = field(default_factory=list)
    after: list[tuple[PlanLink, Job]] = field(default_factory=list)

    @property
    def uid(self) -> str:
        return self.task.uid

    @property
    def kind(self) -> Kind | None:
        held = self.task.held
        return held.kind if held else None

    def moved(self, at: int, minutes: int) -> int:
        return at + minutes if self.length.elapsed else self.days.after(at, minutes)

    def begins(self, at: int) -> int:
        return at if not self.length.minutes and self.days.evening(at) == at else self.days.morning(at)

    def ends(self, at: int) -> int:
        return at if not self.length.minutes and self.days.morning(at) == at else self.days.evening(at)

    def lag(self, at: int, link: PlanLink, source: Job, sign: int = 1) -> int:
        """A time, moved by a link's wait; this job is the one that waits."""
        amount, elapsed = int(link.lag.amount), link.lag.measure is LagMeasure.ELAPSED
        if link.lag.measure is LagMeasure.PERCENT:
            amount = round(source.length.minutes * link.lag.amount / 100)
            elapsed = source.length.elapsed
        return at + sign * amount if elapsed else self.days.after(at, sign * amount)


class Slow:
    """The dates of one localized plan."""

    def __init__(self, case: Case, local: LocalPlan) -> None:
        self.case, self.jobs = case, self._jobs(case, local)
        self._link(local)
        self.order = self._in_order()

    def _jobs(self, case: Case, local: LocalPlan) -> dict[str, Job]:
        there = {task.uid: task for task in local.plan.tasks}
        found = {}
        for task in case.release.template.tasks:
            if task.uid in there and task.kind is not TaskKind.PHASE:
                which = str(case.answers.durations)
                length = task.duration if which == "planned" else getattr(task.estimate, which, task.duration)
                found[task.uid] = Job(task, length, Days(case, task.calendar))
        return found

    def _link(self, local: LocalPlan) -> None:
        parents = {task.uid: task.parent for task in local.plan.tasks}

        def ends(uid: str) -> list[str]:
            return [uid] if uid in self.jobs else [each for each in self.jobs if parents[each] == uid]

        for link in local.plan.links:
            for first in ends(link.predecessor):
                for second in ends(link.successor):
                    self.jobs[second].before.append((link, self.jobs[first]))
                    self.jobs[first].after.append((link, self.jobs[second]))

    def _in_order(self) -> list[Job]:
        found: dict[str, Job] = {}

        def visit(job: Job) -> None:
            if job.uid not in found:
                for _, other in job.before:
                    visit(other)
                found[job.uid] = job

        for job in self.jobs.values():
            visit(job)
        return list(found.values())

    def dates(self) -> dict[str, tuple[int, int]]:
        """The start and finish of each task, in minutes since the first day."""
        asked = self.case.answers.anchor
        midnight = minute_of(datetime.combine(asked.on, time()))
        days = self.jobs[asked.gate].days if asked.gate else Days(self.case, None)
        if asked.kind is AnchorKind.START:
            start = days.morning(midnight)
            self._hold(start)
            return self._early(start, {}, frozenset())
        end = days.evening(midnight + DAY)
        if any(job.task.held or job.task.deadline is not None for job in self.jobs.values()):
            held = [job.task for job in self.jobs.values()]
            for job in self.jobs.values():
                job.task = _free(job.task)
            first = self._in_time(end, asked.gate)
            for job, task in zip(self.jobs.values(), held, strict=True):
                job.task = task
            self._hold(min(start for start, _ in first.values()))
        return self._in_time(end, asked.gate)

    def _hold(self, start: int) -> None:
        for job in self.jobs.values():
            if job.task.held and job.task.held.after is not None:
                job.at = job.days.after(start, job.task.held.after)
            if job.task.deadline is not None:
                job.deadline = job.days.after(start, job.task.deadline)

    def _in_time(self, end: int, gate: str) -> dict[str, tuple[int, int]]:
        found = self._aimed(end, end, gate)
        watched = [gate] if gate else list(self.jobs)
        beyond, aim = max(found[uid][1] for uid in watched) - end, end
        for attempt in range(10):
            if beyond <= 0:
                break
            aim -= beyond + attempt * DAY
            nearer = self._aimed(end, aim, gate)
            left = max(nearer[uid][1] for uid in watched) - end
            if left < beyond:
                found, beyond = nearer, left
        return found

    def _aimed(self, at: int, aim: int, gate: str) -> dict[str, tuple[int, int]]:
        if not gate:
            late = self._late(aim, self.order)
            start = min(job.days.morning(late[job.uid][0]) for job in self.order)
            early = self._early(start, {}, frozenset())
            return {uid: late[uid] if late[uid][0] >= early[uid][0] else early[uid] for uid in early}
        within: dict[str, Job] = {}

        def leads(job: Job) -> None:
            if job.uid not in within:
                within[job.uid] = job
                for _, other in job.before:
                    leads(other)

        leads(self.jobs[gate])
        first = self._late(aim, [job for job in self.order if job.uid in within])
        start = min(self.jobs[uid].days.morning(found[0]) for uid, found in first.items())
        early = self._early(start, {}, frozenset(), gate, at)
        late = self._late(max(finish for _, finish in early.values()), self.order, gate, aim)
        early = self._early(start, late, frozenset(within), gate, at)
        return {
            uid: late[uid] if uid in within and late[uid][0] >= early[uid][0] else early[uid] for uid in early
        }

    def _early(
        self,
        start: int,
        late: Mapping[str, tuple[int, int]],
        placed: frozenset[str],
        gate: str = "",
        at: int = 0,
    ) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for job in self.order:
            length, begins = job.length.minutes, []
            for link, other in job.before:
                s, f = found[other.uid]
                if other.uid in placed and job.uid not in placed and late[other.uid][0] >= s:
                    s, f = late[other.uid]
                leaves, enters = str(link.type)
                if enters == "S":
                    begins.append(job.lag(f if leaves == "F" else s, link, other))
                else:
                    begun = job.lag(job.moved(f if leaves == "F" else s, -length), link, other)
                    begins.append(max(start, begun) if leaves == "F" else begun)
            by_itself = start
            if job.kind is Kind.START_NO_EARLIER_THAN:
                by_itself = job.at
            elif job.kind is Kind.FINISH_NO_EARLIER_THAN:
                by_itself = job.moved(job.ends(job.at), -length)
            begin = _constrained(job, job.begins(max(begins) if begins else by_itself))
            if job.uid == gate:
                begin = max(begin, job.moved(job.ends(at), -length))
            found[job.uid] = begin, job.moved(begin, length)
        return found

    def _late(
        self, end: int, order: list[Job], gate: str = "", gate_at: int = 0
    ) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for job in reversed(order):
            bounds = [end]
            for link, other in job.after:
                if other.uid not in found:
                    continue
                s, f = found[other.uid]
                leaves, enters = str(link.type)
                if leaves == "F":
                    bounds.append(other.lag(s if enters == "S" else f, link, job, -1))
                elif enters == "F":
                    bounds.append(other.lag(job.moved(f, job.length.minutes), link, job, -1))
                else:
                    back = other.lag(job.days.morning(s), link, job, -1)
                    bounds.append(job.moved(back, job.length.minutes))
            finish = _bounded(job, min(bounds))
            finish = min([finish, *([job.deadline] if job.deadline is not None else [])])
            finish = min(finish, gate_at) if job.uid == gate else finish
            finish = finish if job.length.elapsed else job.days.evening(finish)
            start = job.moved(finish, -job.length.minutes)
            if job.length.elapsed and job.days.morning(start) != start:
                start = job.days.back(start, 1)
                finish = start + job.length.minutes
            found[job.uid] = start, finish
        return found


def _constrained(job: Job, begin: int) -> int:
    if job.kind is None:
        return begin
    of_start = job.kind in (Kind.START_NO_EARLIER_THAN, Kind.START_NO_LATER_THAN, Kind.MUST_START_ON)
    wanted = job.begins(job.at) if of_start else job.moved(job.ends(job.at), -job.length.minutes)
    if job.kind in (Kind.START_NO_EARLIER_THAN, Kind.FINISH_NO_EARLIER_THAN):
        return max(begin, wanted)
    if job.kind in (Kind.START_NO_LATER_THAN, Kind.FINISH_NO_LATER_THAN):
        return min(begin, wanted)
    return wanted


def _bounded(job: Job, finish: int) -> int:
    by_start = job.moved(job.begins(job.at), job.length.minutes) if job.kind else 0
    return {
        Kind.MUST_START_ON: by_start,
        Kind.MUST_FINISH_ON: job.at,
        Kind.START_NO_LATER_THAN: min(finish, by_start),
        Kind.FINISH_NO_LATER_THAN: min(finish, job.at),
    }.get(job.kind, finish)


def _free(task: TemplateTask) -> TemplateTask:
    return replace(task, held=None, deadline=None)

"""`localize`: a template's version with an office's answers is the office's plan; twice gives the same.

Dates by which a template holds tasks are counted from the plan's start; where a finish or a gate is given,
from the start that follows from it without them. Refuses to guess what was not answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from domain.ids import TemplateVersionId
from domain.plans.localization.anchoring import anchor_at
from domain.plans.localization.answers import Answers, Assigned, Durations, Unfilled
from domain.plans.localization.away import Away, Run, away, day_before, needed_by, responsible
from domain.plans.localization.calendars import local_calendars
from domain.plans.localization.costs import converted
from domain.plans.localization.lacks import Lack, LackKind, NotLocalizable, lacks
from domain.plans.localization.local_plan import Converted, LocalPlan, Remark, RemarkKind, Vacancy
from domain.plans.localization.receiver import Receiver
from domain.plans.localization.taking import Taken, taken
from domain.plans.schedule.anchor import Anchor, FromStart
from domain.plans.schedule.schedule import Schedule, schedule
from domain.plans.task import Constraint, Duration, PlanTask
from domain.plans.templates.template import Effort, Release, TaskKind, Template, TemplateTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from domain.plans.working_time import WorkingTime, instant, moment

MILESTONES = (TaskKind.MILESTONE, TaskKind.GATE)


def localize(release: Release, answers: Answers, receiver: Receiver) -> LocalPlan:
    """The office's plan from a version of a template.

    Raises NotLocalizable, which names each answer that is missing or wrong.
    """
    template = release.template
    if found := lacks(template, answers, receiver):
        raise NotLocalizable(found)
    took = taken(template, answers)
    costs = converted(took.tasks, answers, answers.currency or receiver.currency)
    making = _Making(template, answers, receiver, took, costs)
    try:
        anchored, dated = _dated(making)
    except OverflowError:
        raise NotLocalizable([Lack(LackKind.DATES, ("anchor", "on"))]) from None
    plan = _with_dates(dated)
    return LocalPlan(
        receiver.office,
        TemplateVersionId(template.id, release.version),
        plan,
        answers.anchor,
        anchored,
        _vacancies(making, dated),
        took.not_taken,
        costs,
        _remarks(making, anchored, dated),
        dated,
        _away(making, dated),
    )


class _Making:
    """A plan in the making: all of it but dates."""

    def __init__(
        self,
        template: Template,
        answers: Answers,
        receiver: Receiver,
        took: Taken,
        costs: Sequence[Converted],
    ) -> None:
        self.template, self.answers, self.receiver, self.took = template, answers, receiver, took
        self.language = answers.language or receiver.language
        self.costs = {each.uid: each.local for each in costs}
        self.calendars = local_calendars(template, answers, receiver)
        self.times = {each.name: WorkingTime(each) for each in self.calendars.values()}
        self.own = self.calendars[template.calendar]

    def calendar_of(self, task: TemplateTask) -> WorkCalendar:
        return self.calendars[task.calendar or self.template.calendar]

    def text(self, texts: Mapping[str, str]) -> str:
        """A text in the office's language, else in the template's."""
        plain = self.language.partition("-")[0]
        return texts.get(self.language) or texts.get(plain) or self.template.text(texts)

    def plan(self, start: int | None) -> WholePlan:
        """The plan; without a start none of its tasks is held by a date that is counted from it."""
        tasks = tuple(self._task(task, start) for task in self.took.tasks)
        used = {each.calendar for each in tasks} | {None}
        names = dict.fromkeys(each.name for each in self.calendars.values())
        kept = [name for name in names if name in used or name == self.own.name]
        calendars = tuple(self.times[name].calendar for name in kept)
        title = self.text(self.template.names)
        return WholePlan(title, self.own.name, calendars, tasks, tuple(self.took.links))

    def _task(self, task: TemplateTask, start: int | None) -> PlanTask:
        calendar = self.calendar_of(task)
        working = self.times[calendar.name]

        def at(minutes: int | None) -> datetime | None:
            return None if minutes is None or start is None else moment(working.after(start, minutes))

        held = task.held
        if held is not None and held.after is not None and start is None:
            held = None
        people = [name for each in task.effort if (name := self._person(each.role))]
        return PlanTask(
            task.uid,
            self.text(task.names),
            task.parent,
            summary=task.kind is TaskKind.PHASE,
            milestone=task.kind in MILESTONES,
            duration=_duration(task, self.answers.durations),
            constraint=Constraint(held.kind, at(held.after)) if held else None,
            deadline=at(task.deadline),
            calendar=None if calendar is self.own else calendar.name,
            cost=self.costs.get(task.uid),
            role=next((each.role for each in task.effort), None),
            assignee=people[0] if people else None,
            work=_work(task.effort),
            others=tuple(dict.fromkeys(people[1:])),
        )

    def _person(self, role: str) -> str:
        """The name of whoever has a role; empty for a vacancy."""
        who = self.answers.roles.get(role)
        if not isinstance(who, Assigned):
            return ""
        return who.name or self.receiver.people.get(who.person, "")


def _duration(task: TemplateTask, which: Durations) -> Duration | None:
    estimate = task.estimate
    if estimate is None or which is Durations.PLANNED:
        return task.duration
    return estimate.likely if which is Durations.LIKELY else estimate.safe


def _work(effort: Sequence[Effort]) -> Duration | None:
    known = [each.minutes for each in effort if each.minutes is not None]
    return Duration(sum(known)) if known and len(known) == len(effort) else None


def _dated(making: _Making) -> tuple[datetime, Schedule]:
    """The local time from which all is counted, and the schedule."""
    anchor = _anchor(making)
    holds = any(task.deadline is not None or task.held is not None for task in making.took.tasks)
    start = instant(anchor.at) if isinstance(anchor, FromStart) else None
    if start is None and holds:
        start = instant(schedule(making.plan(None), anchor).start)
    return anchor.at, schedule(making.plan(start), anchor)


def _anchor(making: _Making) -> Anchor:
    asked = making.answers.anchor
    gate = next((task for task in making.took.tasks if task.uid == asked.gate), None)
    own = making.times[making.own.name]
    return anchor_at(asked, own, own if gate is None else making.times[making.calendar_of(gate).name])


def _with_dates(found: Schedule) -> WholePlan:
    """The plan with the dates of its schedule."""
    tasks = tuple(
        replace(task, start=found.dates[task.uid].start, finish=found.dates[task.uid].finish)
        for task in found.plan.tasks
    )
    return replace(found.plan, tasks=tasks, start=found.start, finish=found.finish)


def _vacancies(making: _Making, found: Schedule) -> tuple[Vacancy, ...]:
    """The roles of the plan that nobody has, in the order in which its tasks name them."""
    vacancies = []
    for role, uids in needed_by(making.took.tasks).items():
        who = making.answers.roles.get(role)
        if isinstance(who, Assigned) and (who.person or who.name):
            continue
        said = who if isinstance(who, Unfilled) else Unfilled()
        first = min(found.dates[uid].start for uid in uids).date()
        due = said.due or day_before(making.times[making.own.name], first)
        vacancies.append(Vacancy(role, said.owner or responsible(making.receiver, due), due, tuple(uids)))
    return tuple(vacancies)


def _away(making: _Making, found: Schedule) -> tuple[Away, ...]:
    runs = {
        task.uid: Run(
            found.dates[task.uid].start,
            found.dates[task.uid].finish,
            making.times[making.calendar_of(task).name],
        )
        for task in making.took.tasks
    }
    own = making.times[making.own.name]
    return away(needed_by(making.took.tasks), making.answers, making.receiver, runs, own)


def _remarks(making: _Making, anchored: datetime, found: Schedule) -> tuple[Remark, ...]:
    asked = making.answers.anchor.on
    remarks = []
    if anchored.date() != asked and anchored != datetime.combine(asked, time()) + timedelta(days=1):
        remarks.append(Remark(RemarkKind.ANCHOR_MOVED, (asked.isoformat(), anchored.date().isoformat())))
    plain = making.language.partition("-")[0]
    other = [
        task.uid
        for task in making.took.tasks
        if making.language not in task.names and plain not in task.names
    ]
    remarks += [Remark(RemarkKind.OTHER_LANGUAGE, tuple(other))] * bool(other)
    kept = dict.fromkeys(task.calendar for task in found.plan.tasks if task.calendar is not None)
    remarks += [Remark(RemarkKind.CALENDAR_KEPT, (name,)) for name in kept]
    remarks += making.took.remarks
    known = {day.year for day in making.receiver.calendar.holidays}
    years = range(found.start.year, found.finish.year + 1)
    remarks += [Remark(RemarkKind.NO_HOLIDAYS, (str(year),)) for year in years if known and year not in known]
    late = [uid for uid in found.passes.network.nodes if found.dates[uid].slack.minutes < 0]
    remarks += [Remark(RemarkKind.NOT_KEPT, tuple(late))] * bool(late)
    return tuple(remarks)

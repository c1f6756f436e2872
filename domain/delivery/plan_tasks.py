"""A local plan as things to put into an office's tool, and the plan as it would be read back from there.

What the tool cannot hold is left out or made of something else here, with the reason, before anything is
sent; the certificate compares both plans. Refuses to know tools: each declares its limits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from domain.delivery.wanted import TaskFields, Wanted
from domain.ids import PlanTaskKey, ProjectKey
from domain.plans.building import AT_FINISH, whole_plan
from domain.plans.certificate import Certificate, certificate
from domain.plans.fitting import LeftOutLink, Links
from domain.plans.item_plan import DayConstraint, ItemPlan, Span
from domain.plans.limits import PlanLimits
from domain.plans.predecessor import LagUnit, Predecessor
from domain.plans.project import Item, ItemKind, Plan, Project
from domain.plans.task import Constraint, Duration, PlanTask
from domain.plans.whole_plan import WholePlan, outline
from domain.plans.work_calendar import WorkCalendar
from domain.plans.working_time import WorkingTime, instant, moment

FitOne = Callable[[Wanted], Wanted]
"""A thing as one tool would show it, as its connector says."""
HOUR = 60
MIDNIGHT = (0, 0)


class UnplaceablePlan(ValueError):
    """The plan cannot be put into a tool as it is; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plan goes: an office's project, by the office's calendar, within what its tool holds."""

    project: ProjectKey
    calendar: WorkCalendar
    limits: PlanLimits


@dataclass(frozen=True, slots=True)
class Fitted:
    """A plan on its way into a tool: what is to stand there, how it reads back, and what is not as meant."""

    wanted: tuple[Wanted, ...]
    plan: WholePlan
    certificate: Certificate
    left_out: tuple[LeftOutLink, ...]
    """The links that the tool cannot hold, each with its reason."""
    lifted: tuple[str, ...]
    """The uids of tasks that stand higher than in the plan, as the tool holds fewer levels."""


def fitted(plan: WholePlan, place: Place, fit: FitOne, standing: Container[str] = ()) -> Fitted:
    """The plan as it is put there and as it would be read back, with its certificate.

    Dates have to be stated: those of its schedule; but for the uids `standing`, of tasks that are in the tool
    already, whose dates the office may have cleared. Raises UnplaceablePlan for other tasks that have no
    dates, uids with a slash, and more tasks than the tool holds.
    """
    return _Fitting(plan, place, fit, standing=standing).done()


def things(plan: WholePlan, place: Place, fit: FitOne, keys: Mapping[str, str]) -> tuple[Wanted, ...]:
    """Each task as it would stand there; `keys` are those of tasks that have another key than ours by uid."""
    return _Fitting(plan, place, fit, keys).things()


def shown(plan: WholePlan, place: Place, fit: FitOne, keys: Mapping[str, str]) -> WholePlan:
    """The plan as it would be read back; the same of `keys`."""
    return _Fitting(plan, place, fit, keys).shown()


def key_of(project: ProjectKey, uid: str) -> str:
    """Our key of a task in the tool. Raises UnplaceablePlan for a uid that cannot be read back from one."""
    key = PlanTaskKey(str(project), uid)
    if PlanTaskKey.find(str(key)) != key or uid.split() != [uid] or ";" in uid:
        raise UnplaceablePlan(f"the task {uid!r}: a uid has no slash, semicolon or space; capture it anew")
    return str(key)


def certified(plan: WholePlan, place: Place, fit: FitOne, keys: Mapping[str, str]) -> Certificate:
    """What the tool does not keep of a plan; `keys` as for `things`. None of its tasks has to have dates."""
    fitting = _Fitting(plan, place, fit, keys)
    return fitting.told(fitting.shown())


@dataclass
class _Fitting:
    """One plan on its way."""

    plan: WholePlan
    place: Place
    fit: FitOne
    keys: Mapping[str, str] = field(default_factory=dict)
    """The keys of tasks that have another than ours: the office's own."""
    lifted: list[str] = field(default_factory=list)
    standing: Container[str] = ()
    """The tasks that are in the tool already."""
    _times: dict[str | None, WorkingTime] = field(default_factory=dict)

    def done(self) -> Fitted:
        self._check()
        links = Links(self.plan, self.place.limits, self.place.calendar)
        wanted = tuple(self._wanted(task, links.of(task.uid)) for task in self.plan.tasks)
        found = self._read_back([self.fit(each) for each in wanted])
        held = {self.plan.calendar}  # further ones are written, and read, where the tool holds calendars
        held |= {each.calendar for each in found.tasks if self.place.limits.calendars and each.calendar}
        found = replace(found, calendars=tuple(each for each in found.calendars if each.name in held))
        return Fitted(wanted, found, self.told(found), tuple(links.left_out), tuple(self.lifted))

    def told(self, found: WholePlan) -> Certificate:
        """What the plan loses on its way, by the plan that is read back."""
        meant = replace(self.plan, tasks=tuple(map(_shown, self.plan.tasks)))
        return certificate(meant, self._with_calendars(found), ordered=self.place.limits.ordered)

    def things(self) -> tuple[Wanted, ...]:
        """Each task as it would stand there, in the plan's order; none has to have dates."""
        links = Links(self.plan, self.place.limits, self.place.calendar)
        return tuple(self.fit(self._wanted(task, links.of(task.uid))) for task in self.plan.tasks)

    def shown(self) -> WholePlan:
        """The plan as it would be read back."""
        return self._read_back(self.things())

    def _key(self, uid: str) -> str:
        return self.keys.get(uid) or key_of(self.place.project, uid)

    def _check(self) -> None:
        most = self.place.limits.tasks
        if most is not None and len(self.plan.tasks) > most:
            count = len(self.plan.tasks)
            raise UnplaceablePlan(f"the plan has {count} tasks; the tool holds {most} of one plan: split it")
        for task in self.plan.tasks:
            undated = task.start is None or task.finish is None
            if undated and not task.summary and task.uid not in self.standing:
                raise UnplaceablePlan(f"the task {task.uid} has no dates; localize the plan anew")

    def _wanted(self, task: PlanTask, after: tuple[Predecessor, ...]) -> Wanted:
        project, over = self.place.project, self._parents[task.uid]
        followed = tuple(replace(each, key=self._key(each.key)) for each in after)
        duration = task.duration
        fields = TaskFields(
            title=task.name,
            project=project.own,
            start=None if task.summary else _first_day(task),
            due=None if task.summary else _last_day(task),
            role=task.role or "",
            work=round(task.work.minutes / HOUR, 2) if task.work else None,
            parent=self._key(over) if over else "",
            after=followed,
            milestone=True if task.milestone else None,
            duration=duration.minutes if duration and not duration.elapsed and not task.summary else None,
            constraint=_constraint_day(task.constraint, self._worked(task.calendar)),
            deadline=_day(task.deadline),
            cost=self._amount(task),
            calendar=task.calendar,
            behind=self._behind[task.uid] if self.place.limits.ordered else None,
        )
        hours = self._calendars.get(task.calendar or "")
        return Wanted(self._key(task.uid), project.office, fields, hours=hours)

    def _worked(self, calendar: str | None) -> WorkingTime:
        """The working time by the calendar of that name, else by the plan's."""
        if calendar not in self._times:
            self._times[calendar] = WorkingTime(self._calendars.get(calendar or "", self.place.calendar))
        return self._times[calendar]

    @cached_property
    def _calendars(self) -> Mapping[str, WorkCalendar]:
        return {each.name: each for each in self.plan.calendars}

    @property
    def _currency(self) -> str | None:
        """The currency in which costs stand there; where the tool states none, that of the plan."""
        there = self.place.limits.currencies.get(self.place.project.own)
        return there or currency_of(self.plan)

    def _amount(self, task: PlanTask) -> float | None:
        """What a task costs, where the tool counts in that currency."""
        if task.cost is None or task.cost.currency != self._currency:
            return None
        return float(task.cost.amount)

    @cached_property
    def _behind(self) -> Mapping[str, str]:
        """The key of the template's task that each one stands behind among the parts of one task."""
        last: dict[str, str] = {}
        found = {}
        for task in self.plan.tasks:
            over, key = self._parents[task.uid], self._key(task.uid)
            found[task.uid] = last.get(over, "")
            if key != task.uid:  # the office's own have their key as uid
                last[over] = key
        return found

    @cached_property
    def _parents(self) -> Mapping[str, str]:
        """The parent that each task gets: its own, within the levels and numbers that are held."""
        limits, count = self.place.limits, Counter[str]()
        found = {}
        for uid, over in outline(self.plan).items():
            left = over if limits.depth is None else over[max(0, len(over) - limits.depth) :]
            room = (up for up in left if limits.parts is None or count[up] < limits.parts)
            found[uid] = next(room, "")
            count[found[uid]] += 1
            if over and found[uid] != over[0]:
                self.lifted.append(uid)
        return found

    def _read_back(self, there: Sequence[Wanted]) -> WholePlan:
        """The plan of what would stand in the tool, by the same building as of any reading."""
        key = str(self.place.project)
        items = tuple(self._item(each, number) for number, each in enumerate(there, 1))
        office = self.place.project.office
        plan = Plan(Project(key, office, self.plan.title, currency=self._currency), items)
        known = {key: uid for uid, key in self.keys.items()}
        built = whole_plan(plan, self.place.calendar, self.plan.calendars, starts_held=False)
        found = with_days(by_uid(built.plan, known), items, known)
        meant = self.plan
        return replace(
            found, calendar=meant.calendar, calendars=meant.calendars, start=meant.start, finish=meant.finish,
            status_date=meant.status_date,
        )  # fmt: skip

    def _with_calendars(self, found: WholePlan) -> WholePlan:
        """The plan with those calendars alone whose hours stand in the tool."""
        named = {task.calendar for task in found.tasks}
        limits = self.place.limits
        used = (each for each in found.calendars if limits.calendars and each.name in named)
        there = tuple(filter(None, (limits.hours.get(each.name, each) for each in used)))
        return replace(found, calendar="", calendars=there)

    def _item(self, wanted: Wanted, number: int) -> Item:
        """One thing as an item that was read."""
        there = wanted.fields
        assert isinstance(there, TaskFields)  # noqa: S101 - what was fitted is of its own kind
        limits = self.place.limits
        span = None if there.duration is None else Span(there.duration, LagUnit.WORKING_MINUTES)
        said = ItemPlan(
            parent=there.parent or None,
            order=number if limits.ordered else None,
            after=there.after or (),
            duration=span,
            milestone=there.milestone,
            manual=limits.manual or None,
            role=there.role or None,
            constraint=there.constraint if isinstance(there.constraint, DayConstraint) else None,
            deadline=there.deadline if isinstance(there.deadline, date) else None,
            cost=None if isinstance(there.cost, str) else there.cost,
            calendar=there.calendar or None,
        )
        return Item(
            wanted.key,
            str(self.place.project),
            there.title or "",
            ItemKind.MILESTONE if there.milestone else ItemKind.TASK,
            start=there.start,
            due=there.due,
            work=there.work,
            percent=0.0 if limits.counts_percent or (limits.percent_of_work and there.work) else None,
            plan=said,
        )


def by_uid(plan: WholePlan, known: Mapping[str, str] | None = None) -> WholePlan:
    """The plan with our tasks under their uids; the office's own keep their keys.

    `known` are further uids by key: of tasks that were put there in another way.
    """

    def uid(key: str) -> str:
        return (known or {}).get(key) or _uid_of(key)

    tasks = tuple(
        replace(task, uid=uid(task.uid), parent=uid(task.parent) if task.parent else None, own_id=None)
        if PlanTaskKey.find(task.uid) is not None or task.uid in (known or {})
        else replace(task, parent=uid(task.parent) if task.parent else None)
        for task in plan.tasks
    )
    links = tuple(
        replace(link, predecessor=uid(link.predecessor), successor=uid(link.successor)) for link in plan.links
    )
    return replace(plan, tasks=tasks, links=links)


def with_days(plan: WholePlan, items: Iterable[Item], known: Mapping[str, str] | None = None) -> WholePlan:
    """The plan with the days that its items state, as midnights, and with their work.

    A summary's days and work are those of its parts. `known` are further uids by key, as for `by_uid`.
    """
    there = {(known or {}).get(item.key) or _uid_of(item.key): item for item in items}

    def full(task: PlanTask) -> PlanTask:
        item = there.get(task.uid)
        if item is None or task.summary:
            return task
        work = Duration(round(item.work * HOUR)) if item.work else None
        return replace(task, start=_midnight(item.start), finish=_midnight(item.due), work=work)

    return replace(plan, tasks=tuple(map(full, plan.tasks)))


def currency_of(plan: WholePlan) -> str | None:
    """The currency of a plan's costs: that of the first one; None without costs."""
    return next((task.cost.currency for task in plan.tasks if task.cost is not None), None)


def _constraint_day(constraint: Constraint | None, worked: WorkingTime) -> DayConstraint | None:
    """A constraint on a day: of a start the day on which work can begin then, of a finish the one it ends."""
    if constraint is None or constraint.at is None:
        return None if constraint is None else DayConstraint(constraint.kind)
    at = instant(constraint.at)
    if constraint.kind in AT_FINISH:
        return DayConstraint(constraint.kind, _day(moment(worked.evening(at))))
    return DayConstraint(constraint.kind, moment(worked.morning(at)).date())


def _uid_of(key: str) -> str:
    found = PlanTaskKey.find(key)
    return found.uid if found is not None else key


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())


def _shown(task: PlanTask) -> PlanTask:
    """A task with the days of its dates, as tools hold them; a summary's are those of its parts."""
    if task.summary:
        return replace(task, start=None, finish=None)
    return replace(task, start=_midnight(_first_day(task)), finish=_midnight(_last_day(task)))


def _first_day(task: PlanTask) -> date | None:
    """The day on which a task begins; of a milestone at an evening, that day."""
    return None if task.start is None else _day(task.finish) if task.milestone else task.start.date()


def _last_day(task: PlanTask) -> date | None:
    return _day(task.finish)


def _day(at: datetime | None) -> date | None:
    """The day that ends then: midnight belongs to the day before."""
    if at is None:
        return None
    ends = (at.hour, at.minute) == MIDNIGHT
    return (at - timedelta(days=1)).date() if ends else at.date()


def sizes(fitted: Fitted) -> Iterator[tuple[str, int]]:
    """How much of everything is put there, by name: for the dry run."""
    values = [each.values for each in fitted.wanted]
    yield "tasks", len(values)
    yield "parents", sum(bool(each.get("parent")) for each in values)
    yield "links", sum(len(each.after) for each in fitted.wanted)

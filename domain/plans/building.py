"""Makes a whole plan of the items that a tool holds, by the office's calendar; tells what was not carried.

The plan has none of the flaws of `whole_plan` but missing durations, and cycles, which its schedule names.
Refuses to guess: what a tool does not say is not in the plan, and what is made of something else is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from domain.ids import ItemKey, is_given
from domain.organization.calendar import DAY, OFFICE_HOURS
from domain.plans.gaps import Gap, GapKind
from domain.plans.item_plan import NOTHING_PLANNED, ItemPlan, Span
from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.predecessor import LagUnit, Predecessor
from domain.plans.project import Item, ItemKind, ItemState, Plan
from domain.plans.task import Constraint, ConstraintKind, Duration, Money, PlanTask
from domain.plans.whole_plan import LEVELS, ON_SUMMARIES, WholePlan
from domain.plans.work_calendar import WorkCalendar
from domain.plans.working_time import WorkingTime, instant, moment

HOUR, WEEK_DAYS = 60, 7
AT_FINISH = frozenset(kind for kind in ConstraintKind if "finish" in kind)
"""The constraints of which a day means its evening."""
LAST = 1 << 30


@dataclass(frozen=True, slots=True)
class Built:
    """A whole plan, and what of the tool's it does not hold, or holds in another form."""

    plan: WholePlan
    gaps: tuple[Gap, ...]


def whole_plan(
    plan: Plan, calendar: WorkCalendar, others: Sequence[WorkCalendar] = (), *, starts_held: bool = True
) -> Built:
    """The whole plan of a project as it was read; days and weeks are those of the calendar.

    Tasks stand in the order of the outline, uids are the items' keys, days begin and end with its hours.
    `others` are calendars that tasks may name, as their hours are known. `starts_held`: a start to which
    nothing leads is a constraint.
    """
    known = {each.name: each for each in others}
    return _Building(plan, calendar, known, starts_held).built()


@dataclass
class _Building:
    """One plan on its way; `gaps` fills as it goes."""

    source: Plan
    calendar: WorkCalendar
    others: Mapping[str, WorkCalendar] = field(default_factory=dict)
    starts_held: bool = True
    gaps: list[Gap] = field(default_factory=list)

    def built(self) -> Built:
        tasks = tuple(self._task(item) for item in self._in_order)
        links = tuple(link for item in self._in_order for link in self._links(item))
        project, name = self.source.project, self.calendar.name
        start = self._morning(project.start) if project.start else None
        finish = self._evening(project.finish) if project.finish else None
        named = {task.calendar for task in tasks} - {name}
        calendars = (self.calendar, *(each for each in self.others.values() if each.name in named))
        whole = WholePlan(project.title, name, calendars, tasks, links, start, finish)
        return Built(whole, tuple(self.gaps))

    def _tell(self, kind: GapKind, item: Item, about: object = "") -> None:
        self.gaps.append(Gap(kind, item.key, str(about)))

    # What is part of what, and in which order.

    @cached_property
    def _items(self) -> Mapping[str, Item]:
        """The items and summaries by key, without canceled ones."""
        found = {item.key: item for item in (*self.source.items, *self.source.summaries)}
        for item in found.values():
            if item.state is ItemState.CANCELED:
                self._tell(GapKind.CANCELED, item)
        return {key: item for key, item in found.items() if item.state is not ItemState.CANCELED}

    @cached_property
    def _parents(self) -> Mapping[str, str]:
        """Whose part each item is, as far as that is here and no circle."""
        said = {key: over for key, item in self._items.items() if (over := _of(item).parent)}
        found: dict[str, str] = {}
        for key, over in said.items():
            item, above = self._items[key], list(_above(key, said))
            if over not in self._items:
                self._tell(GapKind.PARENT_MISSING, item, over)
            elif key in above:
                self._tell(GapKind.PARENT_IN_ITSELF, item)
            elif len(above) > LEVELS:
                self._tell(GapKind.TOO_DEEP, item)
            else:
                found[key] = over
        return found

    @cached_property
    def _summaries(self) -> frozenset[str]:
        said = {key for key, item in self._items.items() if _of(item).summary}
        return frozenset({*self._parents.values(), *said})

    @cached_property
    def _in_order(self) -> Sequence[Item]:
        """The items in the order of the outline: each before its parts, in the tool's own order."""
        places = {key: place for place, key in enumerate(self._items)}
        ranked = sorted(self._items, key=lambda key: (_of(self._items[key]).order or LAST, places[key]))
        parts: dict[str, list[str]] = {}
        for key in ranked:
            parts.setdefault(self._parents.get(key, ""), []).append(key)
        found: list[Item] = []
        waiting = parts.get("", [])[::-1]
        while waiting:
            key = waiting.pop()
            found.append(self._items[key])
            waiting += parts.get(key, [])[::-1]
        return found

    # A task.

    def _task(self, item: Item) -> PlanTask:
        said, summary = _of(item), item.key in self._summaries
        started, finished = self._actuals(item, said) if not summary else (None, None)
        constraint, deadline = self._limits(item, said, summary=summary, started=started is not None)
        return PlanTask(
            uid=item.key,
            name=item.title,
            parent=self._parents.get(item.key),
            summary=summary,
            milestone=not summary and _is_milestone(item, said),
            duration=self._duration(item, said, summary=summary),
            constraint=constraint,
            deadline=deadline,
            actual_start=started,
            actual_finish=finished,
            percent=None if summary else _percent(item),
            calendar=self._calendar(item, said),
            cost=self._cost(item, said),
            role=said.role,
            assignee=item.owner,
            own_id=said.own_id or _own_id(item),
        )

    def _duration(self, item: Item, said: ItemPlan, *, summary: bool) -> Duration | None:
        if summary:
            if said.duration is not None:
                self._tell(GapKind.SUMMARY_DURATION, item, f"duration of {said.duration}")
            return None
        if said.duration is not None:
            minutes = self._minutes(said.duration)
            if minutes is not None:
                return Duration(minutes, said.duration.unit.is_elapsed)
            self._tell(GapKind.UNIT_UNKNOWN, item, f"a duration of {said.duration}")
        if _is_milestone(item, said):
            return Duration(0)
        if item.start and item.due and item.start <= item.due:
            self._tell(GapKind.DURATION_FROM_DATES, item)
            first, last = instant(self._morning(item.start)), instant(self._evening(item.due))
            return Duration(max(self._time.between(first, last), 0))
        self._tell(GapKind.DURATION_MISSING, item)
        return None

    def _actuals(self, item: Item, said: ItemPlan) -> tuple[datetime | None, datetime | None]:
        start, finish = said.actual_start, said.actual_finish
        if finish and not start:
            self._tell(GapKind.ACTUAL_START_MISSING, item, finish)
            return None, None
        if start and finish and finish < start:
            self._tell(GapKind.ACTUALS_REVERSED, item, finish)
            return None, None
        if start is None or finish is None:
            return self._morning(start) if start else None, None
        began, ended = self._morning(start), self._evening(finish)
        return (began, ended) if began <= ended else _on_free_days(start, finish)

    def _limits(
        self, item: Item, said: ItemPlan, *, summary: bool, started: bool
    ) -> tuple[Constraint | None, datetime | None]:
        """What holds a task besides its links, and its deadline."""
        kind = said.constraint.kind if said.constraint else None
        on = said.constraint.on if said.constraint else None
        deadline = self._evening(said.deadline) if said.deadline else None
        if kind is not None and summary and kind not in ON_SUMMARIES:
            self._tell(GapKind.SUMMARY_CONSTRAINT, item, kind)
            kind = None
        if kind is not None:
            own = self.others.get(said.calendar or "")
            worked = self._time if own is None else WorkingTime(own)
            ends = kind in AT_FINISH
            at = None if on is None else _evening(worked, on) if ends else _morning(worked, on)
            return Constraint(kind, at), deadline
        if summary or started:
            return None, deadline
        if self.starts_held and item.start and (said.manual or not self._is_led(item)):
            self._tell(GapKind.START_HELD, item, item.start)
            held = Constraint(ConstraintKind.START_NO_EARLIER_THAN, self._morning(item.start))
            return held, deadline
        if item.due and not item.start and deadline is None:
            self._tell(GapKind.DUE_AS_DEADLINE, item, item.due)
            deadline = self._evening(item.due)
        return None, deadline

    def _is_led(self, item: Item) -> bool:
        """Whether a link leads to it, or to a summary in which it lies."""
        chain = (item.key, *_above(item.key, self._parents))
        return any(each.key in self._items for key in chain for each in _of(self._items[key]).after)

    def _cost(self, item: Item, said: ItemPlan) -> Money | None:
        if said.cost is None:
            return None
        currency = self.source.project.currency
        if currency is None:
            self._tell(GapKind.CURRENCY_MISSING, item, f"{said.cost:g}")
            return None
        return Money(Decimal(repr(said.cost)), currency)

    def _calendar(self, item: Item, said: ItemPlan) -> str | None:
        if said.calendar is None or said.calendar in self.others:
            return said.calendar
        if said.calendar != self.calendar.name:
            self._tell(GapKind.CALENDAR_UNREAD, item, said.calendar)
        return None

    # What follows what.

    def _links(self, item: Item) -> Iterator[PlanLink]:
        over = set(_above(item.key, self._parents))
        for each in _of(item).after:
            if each.key not in self._items:
                self._tell(GapKind.LINK_MISSING, item, each.key)
            elif each.key == item.key:
                self._tell(GapKind.LINK_INTO_ITSELF, item)
            elif each.key in over or item.key in _above(each.key, self._parents):
                self._tell(GapKind.LINK_TO_OWN_SUMMARY, item, each.key)
            elif each.unit is LagUnit.PERCENT and each.key in self._summaries:
                self._tell(GapKind.PERCENT_OF_SUMMARY, item, each.key)
            else:
                yield PlanLink(each.key, item.key, each.type, self._lag(item, each))

    def _lag(self, item: Item, each: Predecessor) -> Lag:
        if each.unit is LagUnit.PERCENT:
            return Lag(each.lag, LagMeasure.PERCENT) if each.lag else Lag()
        span = Span(each.lag, each.unit)
        minutes = self._minutes(span)
        if minutes is None:
            self._tell(GapKind.UNIT_UNKNOWN, item, f"a lag of {span} after {each.key}")
        measure = LagMeasure.ELAPSED if each.unit.is_elapsed else LagMeasure.WORKING
        return Lag(minutes, measure) if minutes else Lag()

    # Time.

    @cached_property
    def _time(self) -> WorkingTime:
        return WorkingTime(self.calendar)

    def _minutes(self, span: Span) -> int | None:
        """A span in whole minutes, by the calendar's day and week; None for months, unless it is 0."""
        if not span.amount:
            return 0
        lengths = {
            LagUnit.WORKING_MINUTES: 1,
            LagUnit.ELAPSED_MINUTES: 1,
            LagUnit.WORKING_HOURS: HOUR,
            LagUnit.ELAPSED_HOURS: HOUR,
            LagUnit.WORKING_DAYS: self._day,
            LagUnit.ELAPSED_DAYS: DAY,
            LagUnit.WORKING_WEEKS: self._week,
            LagUnit.ELAPSED_WEEKS: DAY * WEEK_DAYS,
        }
        length = lengths.get(span.unit)
        return None if length is None else round(span.amount * length)

    @cached_property
    def _day(self) -> int:
        """The minutes of the longest day of the week: an ordinary one, beside half days."""
        return max(sum(stop - start for start, stop in hours) for hours in self.calendar.week)

    @cached_property
    def _week(self) -> int:
        return sum(stop - start for hours in self.calendar.week for start, stop in hours)

    def _morning(self, day: date) -> datetime:
        """When work begins on that day; on a free one, on the next that is worked."""
        return _morning(self._time, day)

    def _evening(self, day: date) -> datetime:
        """When work ends on that day; on a free one, on the last before it."""
        return _evening(self._time, day)


def _morning(worked: WorkingTime, day: date) -> datetime:
    return moment(worked.morning(instant(datetime.combine(day, time()))))


def _evening(worked: WorkingTime, day: date) -> datetime:
    return moment(worked.evening(instant(datetime.combine(day, time())) + DAY))


def _on_free_days(start: date, finish: date) -> tuple[datetime, datetime]:
    """When work began and ended that was done on free days alone: in the usual hours of those days."""
    opens, closes = OFFICE_HOURS[0][0], OFFICE_HOURS[-1][1]
    return (
        datetime.combine(start, time()) + timedelta(minutes=opens),
        datetime.combine(finish, time()) + timedelta(minutes=closes),
    )


def _of(item: Item) -> ItemPlan:
    return item.plan or NOTHING_PLANNED


def _above(key: str, parents: Mapping[str, str]) -> Iterator[str]:
    """What an item lies in, the nearest first; ends where a circle closes."""
    seen: set[str] = set()
    over = parents.get(key)
    while over is not None and over not in seen and len(seen) <= LEVELS:
        seen.add(over)
        yield over
        over = parents.get(over)


def _is_milestone(item: Item, said: ItemPlan) -> bool:
    return said.milestone is True or item.kind is ItemKind.MILESTONE


def _percent(item: Item) -> float | None:
    """How much is done; what is done and has no percentage is done whole."""
    return 100.0 if item.percent is None and item.state is ItemState.DONE else item.percent


def _own_id(item: Item) -> str | None:
    found = ItemKey.find(item.key)
    return found.own if found is not None and not (item.ours or is_given(item.key)) else None

"""An office's deployment as its figures: the template's evidence beside the live plan, task by task.

A finished task's actual effort is what was booked on it in a tool that keeps that, else what its plan states
for it then, as its cost is; where that is still what the template gave, it is said. Refuses to guess what is
stated nowhere: then it is absent, and nothing is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.plans.localization.answers import Answers
from domain.plans.localization.derivation import Derivation
from domain.plans.savings.office import (
    Amounts,
    Deployment,
    Kind,
    Measure,
    Missing,
    SizeDriver,
    TaskFigures,
)
from domain.plans.task import Duration, Money, PlanTask
from domain.plans.templates.template import Evidence, TaskKind, Template, TemplateTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from domain.plans.working_time import WorkingTime, instant

HOUR, DONE = 60, 100
ZERO = Decimal(0)
Exchange = Mapping[str, Decimal]
"""What one unit of each currency is worth in a common one."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What an office's plan is compared with: the pilot's newest template, the wave, what is charged.

    `rates` are what one unit of a currency is worth in the organization's, `central` the office's share of
    the central effort in hours and of the central cost.
    """

    newest: Template
    own: Template
    """The version that the plan came from."""
    wave: int = 1
    central_effort: Decimal | None = None
    central_cost: Money | None = None
    rates: Exchange = field(default_factory=dict)


def collected(
    derivation: Derivation,
    live: WholePlan | None,
    beside: Beside,
    currency: str,
    spent: Mapping[str, float] | None = None,
) -> Deployment:
    """The office's deployment; `live` is its plan as its tool held it last, None where that is not known.

    `currency` is that in which the office's costs are compared. `spent` are the hours booked on its tasks by
    uid: where there are any, a finished task without them has no actual effort, whatever was planned for it.
    """
    answers, office = derivation.answers, derivation.id.office
    size = _size(beside.newest, answers)
    before = _before(answers, currency)
    if live is None:
        kept = dict.fromkeys(Measure, Missing.UNREAD)
        return Deployment(office, beside.wave, (), size, before=before, currency=currency, kept=kept)
    return _Collecting(derivation, live, beside, currency, spent or {}).deployment(size, before)


def _size(template: Template, answers: Answers) -> SizeDriver | None:
    """Both sizes, where the office stated its own by what the pilot's is counted by."""
    pilot, said = template.size, answers.size
    if pilot is None or said is None or pilot.driver is not said.driver:
        return None
    return SizeDriver(str(pilot.driver), pilot.amount, said.amount)


def _before(answers: Answers, currency: str) -> Amounts:
    said = answers.estimate
    if said is None:
        return {}
    cost = said.cost.amount if said.cost is not None and said.cost.currency == currency else None
    found = {Measure.EFFORT: said.effort, Measure.DURATION: said.duration, Measure.COST: cost}
    return {measure: amount for measure, amount in found.items() if amount is not None}


class _Collecting:
    """One office's plan beside the pilot's."""

    def __init__(
        self, derivation: Derivation, live: WholePlan, beside: Beside, currency: str,
        spent: Mapping[str, float],
    ) -> None:  # fmt: skip
        self.derivation, self.live, self.beside, self.currency = derivation, live, beside, currency
        self.spent = spent
        known = {task.uid: task for task in beside.own.tasks}
        newest = {task.uid: task for task in beside.newest.tasks}
        self.template = known | newest
        self.base = {task.uid: task for task in derivation.base.tasks}
        self.there = {task.uid: task for task in live.tasks if not task.summary}
        self.summaries = {task.uid for task in live.tasks if task.summary}
        self.rates = {each.of: each.rate for each in derivation.answers.rates} | {currency: Decimal(1)}
        self.unknown_rate = False
        self.has_costs = any(each.cost is not None for each in self.there.values())
        self.pilot_has_costs = any(_cost(each.evidence) is not None for each in self.template.values())

    def deployment(self, size: SizeDriver | None, before: Amounts) -> Deployment:
        """All of it."""
        beside = self.beside
        tasks = (*self._of_template(), *self._local())
        done = [self.there[each.uid] for each in tasks if each.uid in self.there]
        central = {Measure.EFFORT: beside.central_effort} if beside.central_effort is not None else {}
        if beside.central_cost is not None and (cost := self._local_cost(beside.central_cost)) is not None:
            central[Measure.COST] = cost
        kept: dict[Measure, Missing] = {}
        if self.unknown_rate:
            kept[Measure.COST] = Missing.RATE
        if not _same_pilot(beside.own, beside.newest):
            kept = dict.fromkeys(Measure, Missing.PILOT)
        return Deployment(
            self.derivation.id.office, beside.wave, tasks, size, central, self._pilot_days(tasks),
            self._days(done), self._planned_days(), before, self.currency, kept,
            sum(not _is_done(each) for each in done),
        )  # fmt: skip

    def _of_template(self) -> Iterator[TaskFigures]:
        """What the pilot did once, and what is in both plans; what the office left out or removed is not."""
        for uid, task in self.template.items():
            if task.kind is TaskKind.PHASE:
                continue
            name = self.beside.newest.text(task.names)
            pilot, estimate = self._pilot(task), self._estimate(task)
            if task.once:
                yield TaskFigures(uid, Kind.BUILT_ONCE, pilot, estimate, name=name)
            elif uid in self.there:
                here = self.there[uid]
                yield TaskFigures(
                    uid, Kind.REUSED, pilot, estimate, self._actual(here), self._is_changed(here),
                    here.name, self._as_given(here),
                )  # fmt: skip

    def _local(self) -> Iterator[TaskFigures]:
        """All other tasks of the project that holds the plan."""
        for uid, task in self.there.items():
            if uid not in self.template:
                yield TaskFigures(uid, Kind.LOCAL, actual=self._actual(task), name=task.name)

    def _pilot(self, task: TemplateTask) -> Amounts:
        evidence = task.evidence
        if evidence is None or evidence.actual is None:
            nothing = {Measure.EFFORT: ZERO, Measure.COST: ZERO}
            return nothing if _takes_no_time(task) and not task.open else {}
        found = {Measure.DURATION: self._in_days(evidence.actual.minutes)}
        if evidence.work is not None or _takes_no_time(task):
            found[Measure.EFFORT] = Decimal(evidence.work or 0) / HOUR
        if self.pilot_has_costs:
            cost = self._local_cost(evidence.cost) if evidence.cost is not None else ZERO
            found |= {Measure.COST: cost} if cost is not None else {}
        return found

    def _estimate(self, task: TemplateTask) -> Amounts:
        found: dict[Measure, Decimal] = {}
        minutes = [each.minutes for each in task.effort]
        if _takes_no_time(task):
            found[Measure.EFFORT] = ZERO
        elif minutes and None not in minutes:
            found[Measure.EFFORT] = Decimal(sum(each or 0 for each in minutes)) / HOUR
        if task.duration is not None:
            found[Measure.DURATION] = self._in_days(task.duration.minutes)
        if task.cost is not None and (cost := self._local_cost(task.cost)) is not None:
            found[Measure.COST] = cost
        return found

    def _actual(self, task: PlanTask) -> Amounts:
        """What the live plan states of a finished task; nothing of one that is not finished."""
        if not _is_done(task):
            return {}
        found: dict[Measure, Decimal] = {}
        if (hours := self._hours(task)) is not None:
            found[Measure.EFFORT] = hours
        if (days := self._days([task])) is not None:
            found[Measure.DURATION] = days
        if self.has_costs:
            cost = ZERO if task.cost is None else self._local_cost(task.cost)
            found |= {Measure.COST: cost} if cost is not None else {}
        return found

    def _hours(self, task: PlanTask) -> Decimal | None:
        """What was booked on a finished task; where the office books nothing, its work; None: not stated."""
        if task.uid in self.spent:
            return Decimal(str(self.spent[task.uid]))
        if _is_point(task):
            return ZERO
        return None if self.spent or task.work is None else Decimal(task.work.minutes) / HOUR

    def _is_changed(self, task: PlanTask) -> bool:
        """Whether the office named it otherwise, or moved it into another phase; lengths are no change."""
        came = self.base.get(task.uid)
        if came is None:
            return True
        moved = bool(self.summaries) and task.parent is not None and task.parent != came.parent
        return moved or " ".join(task.name.split()) != " ".join(came.name.split())

    def _as_given(self, task: PlanTask) -> frozenset[Measure]:
        """Of what the live plan still states what it was given."""
        came = self.base.get(task.uid)
        if came is None or not _is_done(task):
            return frozenset()
        pairs = {Measure.EFFORT: (task.work, came.work), Measure.COST: (task.cost, came.cost)}
        if self.spent:
            del pairs[Measure.EFFORT]  # what is booked is no estimate
        return frozenset(measure for measure, (now, then) in pairs.items() if now is not None and now == then)

    def _local_cost(self, money: Money) -> Decimal | None:
        """An amount in the office's currency: at the office's own rate, else at the organization's."""
        if money.currency in self.rates:
            return money.amount * self.rates[money.currency]
        common = self.beside.rates
        if money.currency in common and common.get(self.currency):
            return money.amount * common[money.currency] / common[self.currency]
        self.unknown_rate = True
        return None

    def _pilot_days(self, tasks: Sequence[TaskFigures]) -> Decimal | None:
        """Working days in the pilot from the first beginning to the last end of what both did.

        Without the time in which the pilot did nothing but what it does once, or the office left out.
        """
        reused = [self.template[each.uid] for each in tasks if each.kind is Kind.REUSED]
        both = [each.evidence for each in reused if not _takes_no_time(each)]
        began = [each.began for each in both if each is not None and each.began is not None]
        ended = [each.ended for each in both if each is not None and each.ended is not None]
        if not both or len(began) < len(both) or len(ended) < len(both):
            return None
        first, last = min(began), max(ended)
        busy = list(zip(began, ended, strict=True))
        known = {task.uid for task in reused}
        others = [task.evidence for uid, task in self.template.items() if uid not in known]
        apart = [
            (max(each.began, first), min(each.ended, last))
            for each in others
            if each is not None and each.began is not None and each.ended is not None
        ]
        return self._in_days(last - first - _only(apart, busy))

    def _in_days(self, minutes: int) -> Decimal:
        """Working minutes as days of the template's calendar."""
        newest = self.beside.newest
        weeks = [each.week for each in newest.calendars if each.name == newest.calendar]
        days = [sum(stop - start for start, stop in hours) for week in weeks for hours in week]
        longest = max(days, default=0)
        return _rounded(Decimal(minutes) / (longest or 8 * HOUR))

    def _planned_days(self) -> Decimal | None:
        """Working days of the plan as it came to the office."""
        plan = self.derivation.base
        calendar = _calendar(plan)
        if calendar is None or plan.start is None or plan.finish is None:
            return None
        time = WorkingTime(calendar)
        longest = max(sum(stop - start for start, stop in hours) for hours in calendar.week)
        return _rounded(Decimal(time.between(instant(plan.start), instant(plan.finish))) / longest)

    def _days(self, done: Sequence[PlanTask]) -> Decimal | None:
        """Working days of the office from the first actual start to the last actual finish.

        None where one of them is not known; milestones take no time, so theirs need not be.
        """
        done = [each for each in done if not _is_point(each)]
        starts = [each.actual_start for each in done if each.actual_start is not None]
        ends = [each.actual_finish for each in done if each.actual_finish is not None]
        calendar = _calendar(self.derivation.base)
        if not done or len(starts) < len(done) or len(ends) < len(done) or calendar is None:
            return None
        time = WorkingTime(calendar)
        longest = max(sum(stop - start for start, stop in hours) for hours in calendar.week)
        return _rounded(Decimal(time.between(instant(min(starts)), instant(max(ends)))) / longest)


def _only(apart: Iterable[tuple[int, int]], busy: Sequence[tuple[int, int]]) -> int:
    """How many minutes lie in the first spans and in none of the others; overlaps count once."""
    edges = [(at, kind, by) for kind, spans in enumerate((apart, busy)) for span in spans if span[0] < span[1]
             for at, by in zip(span, (1, -1), strict=True)]  # fmt: skip
    running, total, before = [0, 0], 0, 0
    for at, kind, by in sorted(edges):
        if running[0] and not running[1]:
            total += at - before
        running[kind] += by
        before = at
    return total


def _same_pilot(one: Template, other: Template) -> bool:
    return (one.pilot and one.pilot.office) == (other.pilot and other.pilot.office)


def _cost(evidence: Evidence | None) -> Money | None:
    return evidence.cost if evidence is not None else None


def _takes_no_time(task: TemplateTask) -> bool:
    return task.kind in (TaskKind.MILESTONE, TaskKind.GATE)


def _is_point(task: PlanTask) -> bool:
    """Whether it takes no time: a milestone, also where a tool has no word for one and states no duration."""
    return task.milestone or (task.work is None and task.duration == Duration(0))


def _is_done(task: PlanTask) -> bool:
    return task.actual_finish is not None or (task.percent or 0) >= DONE


def _calendar(plan: WholePlan) -> WorkCalendar | None:
    return next((each for each in plan.calendars if each.name == plan.calendar), None)


def _rounded(days: Decimal) -> Decimal:
    return days.quantize(Decimal("0.01"))


def last_of_each(derivations: Iterable[Derivation]) -> tuple[Derivation, ...]:
    """Of each office its last plan, as several plans of one office are one deployment's attempts."""
    found: dict[str, Derivation] = {}
    for each in derivations:
        before = found.get(each.id.office)
        if before is None or before.id.number < each.id.number:
            found[each.id.office] = each
    return tuple(found[office] for office in sorted(found))

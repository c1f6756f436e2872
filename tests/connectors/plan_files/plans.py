"""Generated plans of the shapes that real ones have: driven by constraints, few links, several calendars, updates.

Five successive updates of each plan carry more and more progress. Nothing in them is a real plan.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.task import Constraint, ConstraintKind, Duration, Money, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import MORNING, OFFICE_HOURS, DayReason, SpecialDay, WorkCalendar
from domain.plans.working_time import WorkingTime, instant, moment

START = datetime(2027, 3, 1, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
DAY = 480
UPDATES = 5
WORDS = (
    "Ziele festlegen", "Données à reprendre", "Przegląd wymagań", "Geçiş ölçümü", "要件の確認", "اختبار القبول",
    "Design & build", "Tests <A>", "Überführung „Nord“", "Формування звіту",
)  # fmt: skip
PEOPLE = ("Ana Reis", "Jörg Weiß", "Zofia Ćwik", "İpek Şahin")
ROLES = ("analyst", "Testleitung", "developer")
LAGS = (
    Lag(),
    Lag(),
    Lag(),
    Lag(DAY),
    Lag(-2 * DAY),
    Lag(90),
    Lag(1440, LagMeasure.ELAPSED),
    Lag(-180, LagMeasure.ELAPSED),
    Lag(50, LagMeasure.PERCENT),
    Lag(-25, LagMeasure.PERCENT),
)
PLAIN = ConstraintKind.START_NO_EARLIER_THAN


def calendars(chance: Random) -> tuple[WorkCalendar, ...]:
    """Five calendars: an ordinary week, one from Sunday, six days, two shifts, a night shift over midnight."""
    days = [date(2027, 1, 4) + timedelta(each) for each in chance.sample(range(300), 12)]
    special = {day: SpecialDay(DayReason.HOLIDAY, (), f"Feiertag {at}") for at, day in enumerate(days[:6])}
    special |= {day: SpecialDay(DayReason.HALF_DAY, MORNING, "réveillon") for day in days[6:8]}
    special |= {day: SpecialDay(DayReason.BLACKOUT) for day in days[8:10]}
    special |= {day: SpecialDay(DayReason.OTHER_HOURS, ((600, 660),), "inventory") for day in days[10:]}
    night = (((1320, 1440),), *([((0, 360), (1320, 1440))] * 4), ((0, 360),), ())
    return (
        WorkCalendar("Standard", special=special),
        WorkCalendar(
            "Körfez", (*([OFFICE_HOURS] * 4), (), (), OFFICE_HOURS), dict(list(special.items())[:4])
        ),
        WorkCalendar("six days", (*([OFFICE_HOURS] * 5), MORNING, ())),
        WorkCalendar("two shifts", (*([((360, 840), (870, 1320))] * 5), (), ())),
        WorkCalendar("Nachtschicht", (*night[1:], night[0])),
    )


def plan(seed: int, count: int = 40, *, tools: bool = False) -> WholePlan:
    """A plan by its seed. With `tools` every task states what tools always state: percent, remaining."""
    chance = Random(f"plan {seed // UPDATES}")
    made = calendars(chance)
    times = {each.name: WorkingTime(each) for each in made}
    tasks: list[PlanTask] = []
    above: list[str] = []
    uids = [str(100 + 3 * at) for at in range(count)] if seed % 2 else [f"T-{at}" for at in range(count)]
    for at, uid in enumerate(uids):
        while above and chance.random() < 0.35:
            above.pop()
        parent = above[-1] if above else None
        summary = at < count - 1 and len(above) < 6 and chance.random() < 0.25
        tasks.append(_summary(chance, uid, parent) if summary else _leaf(chance, uid, parent, times))
        if summary:
            above.append(uid)
    holding = {task.parent for task in tasks}
    tasks = [
        _leaf(chance, t.uid, t.parent, times) if t.summary and t.uid not in holding else t for t in tasks
    ]
    whole = WholePlan(
        f"Rollout {seed}: Ünlü & Söhne", "Standard", made, tuple(tasks), tuple(_links(chance, tasks)), START
    )
    return updated(whole, seed % UPDATES, tools=tools)


def plans(count: int, *, tools: bool = False) -> Iterator[WholePlan]:
    """So many plans, always the same: five updates of each."""
    return (plan(seed, tools=tools) for seed in range(count))


def _summary(chance: Random, uid: str, parent: str | None) -> PlanTask:
    constraint = (
        Constraint(PLAIN, START + timedelta(days=chance.randrange(20))) if chance.random() < 0.2 else None
    )
    return PlanTask(uid, chance.choice(WORDS), parent, summary=True, constraint=constraint)


def _leaf(chance: Random, uid: str, parent: str | None, times: dict[str, WorkingTime]) -> PlanTask:
    calendar = chance.choice((None, None, None, *list(times)[1:]))
    time = times[calendar or "Standard"]
    at = moment(time.morning(instant(START) + chance.randrange(90) * 1440))
    milestone = chance.random() < 0.12
    elapsed = not milestone and chance.random() < 0.08
    minutes = (
        0 if milestone else chance.choice((1440, 2880)) if elapsed else chance.choice((90, 240, DAY, 5 * DAY))
    )
    kind = PLAIN if chance.random() < 0.8 else chance.choice(tuple(ConstraintKind))
    late = kind is ConstraintKind.AS_LATE_AS_POSSIBLE
    begin, end = (at, moment(time.after(instant(at), max(60, minutes)))) if not milestone else (at, at)
    amount = Decimal(chance.randrange(1, 9_000_000)) / 100
    return PlanTask(
        uid,
        f"{chance.choice(WORDS)} {uid}",
        parent,
        milestone=milestone,
        duration=Duration(minutes, elapsed),
        constraint=Constraint(kind, None if late else at) if chance.random() < 0.6 else None,
        deadline=at + timedelta(days=30) if chance.random() < 0.1 else None,
        calendar=calendar,
        cost=Money(amount, "EUR") if chance.random() < 0.3 and not milestone else None,
        role=chance.choice(ROLES) if chance.random() < 0.4 else None,
        assignee=chance.choice(PEOPLE) if chance.random() < 0.4 else None,
        own_id=f"OWN.{uid}" if chance.random() < 0.5 else None,
        start=begin,
        finish=end,
        baseline_start=begin,
        baseline_finish=end,
        work=None if milestone else Duration(DAY * chance.randrange(1, 9)),
        notes="Siehe Protokoll.\nZweite Zeile" if chance.random() < 0.1 else None,
    )


def _links(chance: Random, tasks: list[PlanTask]) -> Iterator[PlanLink]:
    """Links between about half of the leaves, of all kinds, most from finish to start."""
    leaves = [task for task in tasks if not task.summary]
    for before, after in pairwise(leaves):
        if chance.random() < 0.5:
            kind = LinkType.FINISH_TO_START if chance.random() < 0.7 else chance.choice(tuple(LinkType))
            yield PlanLink(before.uid, after.uid, kind, chance.choice(LAGS))


def updated(made: WholePlan, update: int, *, tools: bool) -> WholePlan:
    """The plan after so many updates: what lies before the status date is done or runs."""
    status = START + timedelta(days=18 * update)
    tasks = [_progressed(task, status, tools=tools) if update or tools else task for task in made.tasks]
    return replace(made, tasks=tuple(tasks), status_date=status if update else None)


def _progressed(task: PlanTask, status: datetime, *, tools: bool) -> PlanTask:
    if task.summary or task.duration is None or task.start is None or task.finish is None:
        return task
    if task.finish < status and task.start < status:
        done = Duration(0, task.duration.elapsed)
        return replace(
            task, actual_start=task.start, actual_finish=task.finish, percent=100.0, remaining=done
        )
    if task.start < status and task.duration.minutes:
        left = Duration(task.duration.minutes * 3 // 4, task.duration.elapsed)
        return replace(task, actual_start=task.start, percent=25.0, remaining=left)
    return replace(task, percent=0.0, remaining=task.duration) if tools else task

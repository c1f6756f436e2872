"""The sample's pilot: a finance system in Singapore, finished in 2026, as its office's plan and as it went.

The same plan each time. It is generated, of the shape that such plans have: 250 tasks in ten phases, links of
all four kinds, two calendars, and actual dates that differ from the baseline. Persons, addresses, phones, a
password and links stand in its texts, as in real plans. All of it is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from random import Random

from domain.plans.link import Lag, PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.schedule import schedule
from domain.plans.task import Duration, Money, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import DayReason, SpecialDay, WorkCalendar

START = datetime(2026, 1, 5, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
DAY = 480
MODULES = (
    "general ledger", "accounts payable", "accounts receivable", "fixed assets", "treasury", "cost centers",
    "consolidation", "tax",
)  # fmt: skip
HOLIDAYS = {
    date(2026, 2, 17): "Chinese New Year", date(2026, 2, 18): "Chinese New Year", date(2026, 4, 3): "Good Friday",
    date(2026, 5, 1): "Labour Day", date(2026, 6, 1): "Vesak Day", date(2026, 8, 10): "National Day",
    date(2026, 11, 9): "Deepavali", date(2026, 12, 25): "Christmas Day",
}  # fmt: skip
EVENING = ((18 * 60, 22 * 60),)
LONG = ((9 * 60, 13 * 60), (14 * 60, 18 * 60))
OFFICE = WorkCalendar(
    "Singapore office", special={on: SpecialDay(DayReason.HOLIDAY, (), name) for on, name in HOLIDAYS.items()}
)
NIGHTS = WorkCalendar("Evenings and weekends", (*([EVENING] * 5), LONG, LONG))


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase: what is done for each module, in days and by whom, and how much longer it took than planned."""

    name: str
    activities: tuple[tuple[str, int, str], ...]
    end: str
    took: float
    calendar: str | None = None


PHASES = (
    Phase("Preparation", (("Appoint the owner of", 1, "Project manager"), ("Describe the scope of", 2, "Business analyst"), ("Agree on the budget of", 1, "Project manager")), "Project approved", 1.0),
    Phase("Analysis", (("Interview the users of", 3, "Business analyst"), ("Describe the processes of", 4, "Business analyst"), ("List the gaps of", 2, "Business analyst")), "Requirements agreed", 1.2),
    Phase("Design", (("Design the processes of", 4, "Solution architect"), ("Design the reports of", 3, "Solution architect"), ("Review the design of", 1, "Business analyst")), "Design approved", 1.1),
    Phase("Configuration", (("Set up", 5, "Developer"), ("Build the reports of", 4, "Developer"), ("Check the settings of", 2, "Business analyst")), "System configured", 1.0),
    Phase("Interfaces", (("Specify the interfaces of", 3, "Solution architect"), ("Build the interfaces of", 6, "Developer"), ("Test the interfaces of", 3, "Tester")), "Interfaces ready", 1.3),
    Phase("Data migration", (("Clean the data of", 5, "Business analyst"), ("Migrate the open items of", 3, "Developer"), ("Reconcile the balances of", 2, "Accountant")), "Data migrated", 1.6),
    Phase("Testing", (("Write the test cases of", 3, "Tester"), ("Test", 5, "Tester"), ("Correct what was found in", 3, "Developer")), "Acceptance signed", 1.3),
    Phase("Training", (("Write the guide to", 3, "Trainer"), ("Train the key users of", 2, "Trainer"), ("Train all users of", 3, "Trainer")), "Users trained", 0.8),
    Phase("Cut-over", (("Freeze the old", 1, "Accountant"), ("Load", 1, "Developer"), ("Release", 1, "Project manager")), "Go-live", 1.0, NIGHTS.name),
    Phase("Early-life support", (("Answer questions on", 5, "Tester"), ("Close the first month of", 3, "Accountant"), ("Hand over", 1, "Project manager")), "Early-life support ended", 1.2),
)  # fmt: skip
PEOPLE = (
    "Grace Fernandez",
    "Rajesh Pillai",
    "Siew Mei Koh",
    "Arjun Menon",
    "Nur Aisyah Rahman",
    "Daniel Ong",
)
ASIDES = (
    " (ask {person})", " - {person} has the list", ", see https://intranet.harbor.example/finance/{n}",
    " (call +65 6{n:03} 2{n:03})", " - send it to {first}@harbor.example", " (password: Quay{n}!)", " [{first} 9{n:03} 1{n:03}]",
    ", files in \\\\srv-sg01\\finance\\{n}",
)  # fmt: skip


def pilot() -> WholePlan:
    """The plan as it stands in its office's tool after the end: baseline, actual dates, people and asides."""
    chance = Random("asides")
    return as_it_went(planned(), lambda task: _told(task, chance))


def planned() -> WholePlan:
    """The plan as it was meant, without dates."""
    return WholePlan(
        "Finance system Singapore (sponsor: Rajesh Pillai)", OFFICE.name, (OFFICE, NIGHTS), tuple(_tasks()),
        tuple(_links()), START,
    )  # fmt: skip


def as_it_went(plan: WholePlan, told: Callable[[PlanTask], PlanTask]) -> WholePlan:
    """A plan with its baseline and with what really happened; `told` says what people wrote into a task."""
    first = schedule(plan, FromStart(START)).dates
    took = replace(plan, tasks=tuple(_took(task) for task in plan.tasks))
    last = schedule(took, FromStart(START)).dates
    tasks = tuple(
        task
        if task.summary
        else replace(
            told(task),
            start=last[task.uid].start, finish=last[task.uid].finish,
            actual_start=last[task.uid].start, actual_finish=last[task.uid].finish,
            baseline_start=first[task.uid].start, baseline_finish=first[task.uid].finish, percent=100.0,
        )
        for task in took.tasks
    )  # fmt: skip
    return replace(took, tasks=tasks)


def _tasks() -> Iterator[PlanTask]:
    """Ten phases of 24 tasks and a milestone each."""
    number = 0
    for place, phase in enumerate(PHASES, 1):
        yield PlanTask(f"P{place}", phase.name, summary=True)
        for what, days, role in phase.activities:
            for module in MODULES:
                number += 1
                cost = (
                    Money(Decimal(days * 900), "SGD") if role in ("Developer", "Solution architect") else None
                )
                yield PlanTask(
                    f"T{number}", f"{what} {module}", f"P{place}", duration=Duration(days * DAY), role=role,
                    calendar=phase.calendar, cost=cost,
                )  # fmt: skip
        yield PlanTask(f"M{place}", phase.end, f"P{place}", milestone=True, duration=Duration(0))


def _links() -> Iterator[PlanLink]:
    """In each module one activity after the other, all before the milestone, which the next phase waits for."""
    size, last = len(MODULES), len(PHASES) - 1
    for place in range(len(PHASES)):
        for module in range(1, size + 1):
            one, two, three = (f"T{(place * 3 + row) * size + module}" for row in range(3))
            begins = (one, two) if place == last else (one,)
            yield from (PlanLink(f"M{place}", each) for each in begins if place)
            if place == last:  # questions are answered until the hand-over starts
                yield PlanLink(three, one, LinkType.START_TO_FINISH)
                yield PlanLink(one, f"M{place + 1}")
            else:
                yield PlanLink(one, two)
            yield _second(place, two, three)
            yield PlanLink(three, f"M{place + 1}")


def _second(place: int, before: str, after: str) -> PlanLink:
    """The third activity follows the second in one of several ways."""
    if place in (3, 6):
        return PlanLink(before, after, LinkType.START_TO_START, Lag(2 * DAY))
    if place in (1, 7):
        return PlanLink(before, after, LinkType.FINISH_TO_FINISH, Lag(DAY))
    return PlanLink(before, after)


def _took(task: PlanTask) -> PlanTask:
    """The task with the duration that it took, in half days, and the hours of the one who did it."""
    if task.summary or task.milestone or task.duration is None or task.parent is None:
        return task
    chance = Random(f"took {task.uid}")
    ratio = PHASES[int(task.parent[1:]) - 1].took * chance.choice((0.8, 0.9, 1.0, 1.0, 1.1, 1.3))
    halves = max(round(task.duration.minutes * ratio / (DAY / 2)), 1)
    took = Duration(halves * DAY // 2)
    return replace(task, duration=took, work=took)


def _told(task: PlanTask, chance: Random) -> PlanTask:
    """The task with who did it, and now and then with an aside that belongs to the office alone."""
    person = chance.choice(PEOPLE)
    n = chance.randrange(100, 1000)
    aside = chance.choice(ASIDES).format(person=person, first=person.split()[0].lower(), n=n)
    name = task.name + aside if chance.random() < 0.2 else task.name
    return replace(task, name=name, assignee=None if task.milestone else person, own_id=f"FIN-{task.uid}")

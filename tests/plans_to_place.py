"""Local plans of any size, always the same: phases, gates, links of every type, lags; dated by their schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

from domain.organization.calendar import OFFICE_HOURS
from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.localization.answers import AnchorAnswer, AnchorKind, Answers, Target, TargetKind
from domain.plans.localization.derivation import Derivation, DerivationId, Ground, GroundKind
from domain.plans.predecessor import LinkType
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.schedule import schedule
from domain.plans.task import Duration, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar

START = datetime(2027, 3, 11, 8)  # noqa: DTZ001 - a local clock
DAY = 480
NAMES = (
    "Übergabe an die Fachabteilung",
    "Migrar los datos",
    "Próba generalna",
    "تهيئة الخادم",
    "Cut-over & go/no-go",
)
FRIDAY_AND_SATURDAY = WorkCalendar("Cairo", tuple([OFFICE_HOURS] * 4 + [(), (), OFFICE_HOURS]))
WORKDAYS = WorkCalendar("Gyor")


def local_plan(tasks: int, calendar: WorkCalendar = WORKDAYS, *, plain: bool = False) -> WholePlan:
    """So many tasks with summaries and gates among them; `plain`: links are finish to start in whole days."""
    chance = Random(f"placed {tasks}")
    made: list[PlanTask] = []
    links: list[PlanLink] = []
    leaves: list[str] = []
    phase = inner = ""
    for number in range(1, tasks + 1):
        uid, name = f"t-{number:03}", f"{NAMES[number % len(NAMES)]} {number}"
        if number % 25 == 1:
            phase, inner = uid, ""
            made.append(PlanTask(uid, name, None, summary=True))
        elif number % 25 == 9:
            inner = uid
            made.append(PlanTask(uid, name, phase, summary=True))
        else:
            gate = number % 25 == 0
            length = Duration(0 if gate else DAY * chance.randrange(1, 6))
            role = chance.choice(("analyst", "trainer", None))
            work = Duration(60 * chance.randrange(1, 40)) if chance.random() < 0.5 and not gate else None
            made.append(
                PlanTask(uid, name, inner or phase, milestone=gate, duration=length, role=role, work=work)
            )
            near = chance.sample(leaves[-8:], min(len(leaves), chance.randrange(0, 3)))
            links += [_link(chance, before, uid, plain=plain) for before in near]
            leaves.append(uid)
    plan = WholePlan("Finance system", calendar.name, (calendar,), tuple(made), tuple(sorted(links)))
    return dated(plan)


def dated(plan: WholePlan, start: datetime = START) -> WholePlan:
    """The plan with the dates of its schedule, as a localized plan has them."""
    found = schedule(plan, FromStart(start))
    tasks = (replace(t, start=found.dates[t.uid].start, finish=found.dates[t.uid].finish) for t in plan.tasks)
    return replace(plan, tasks=tuple(tasks), start=found.start, finish=found.finish)


def derivation(plan: WholePlan, office: str, project: str) -> Derivation:
    """The derivation of which that is the plan, into that project."""
    answers = Answers(AnchorAnswer(AnchorKind.START, date(2027, 3, 11)), Target(TargetKind.EXISTING, project))
    at = datetime(2027, 1, 4, 7, tzinfo=UTC)
    key = DerivationId(office, "finance-system")
    return Derivation(key, 1, "0" * 64, Ground(GroundKind.OWN), answers, at, plan)


def only_placed(found: WholePlan, meant: WholePlan) -> WholePlan:
    """What of a live plan is the distributed one: without the office's own tasks, and its own title and dates."""
    tasks = tuple(task for task in found.tasks if task.uid.startswith("t-"))
    links = tuple(link for link in found.links if link.predecessor.startswith("t-"))
    return replace(found, tasks=tasks, links=links, title=meant.title, start=meant.start, finish=meant.finish)


def _link(chance: Random, before: str, after: str, *, plain: bool) -> PlanLink:
    if plain or chance.random() < 0.7:
        return PlanLink(before, after, lag=Lag(DAY * chance.choice((0, 0, 0, 1, 2))))
    kind = chance.choice(tuple(LinkType))
    lag = chance.choice(
        (Lag(), Lag(-DAY), Lag(DAY / 2), Lag(1440, LagMeasure.ELAPSED), Lag(50, LagMeasure.PERCENT))
    )
    return PlanLink(before, after, kind, lag)

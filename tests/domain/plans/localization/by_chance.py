"""Templates, offices and answers by chance and seed: always the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from domain.organization.calendar import OFFICE_HOURS, Blackout, Calendar
from domain.plans.link import PlanLink
from domain.plans.localization.answers import (
    AnchorAnswer,
    AnchorKind,
    Answers,
    Assigned,
    CalendarUse,
    Durations,
    ExchangeRate,
    Target,
    TargetKind,
    Unfilled,
)
from domain.plans.localization.lacks import gates_of, roles_of
from domain.plans.localization.receiver import Receiver
from domain.plans.localization.taking import taken
from domain.plans.predecessor import LinkType
from domain.plans.task import ConstraintKind, Duration, Money
from domain.plans.templates.estimates import with_estimates
from domain.plans.templates.template import (
    Condition,
    Effort,
    Evidence,
    Held,
    Need,
    Parameter,
    Release,
    Standing,
    TaskKind,
    Template,
    TemplateCalendar,
    TemplateTask,
)
from tests.domain.plans.schedule.generated_plans import generated

FIRST = date(2027, 1, 1)
DAY = 480
PEOPLE = {"ana": "Ana Lima", "omar": "Omar Haddad", "wen": "Wen Li"}
ROLES = ("project manager", "analyst", "trainer", "data owner", "tester")
HOURS = (OFFICE_HOURS, ((7 * 60, 15 * 60),), ((9 * 60, 13 * 60), (14 * 60, 17 * 60 + 30)), ((0, 24 * 60),))
WEEKENDS = ((5, 6), (4, 5), (6,), (3, 4), (4,))
ZONES = ("Europe/Warsaw", "Africa/Cairo", "Asia/Kathmandu", "America/St_Johns", "Pacific/Auckland")
HELD = tuple(kind for kind in ConstraintKind if kind is not ConstraintKind.AS_LATE_AS_POSSIBLE)


@dataclass(frozen=True)
class Case:
    """One localization."""

    release: Release
    answers: Answers
    receiver: Receiver


def cases(count: int, first: int = 0) -> Iterator[Case]:
    """So many localizations, always the same."""
    for number in range(first, first + count):
        chance = Random(f"localization {number}")
        release, receiver = release_by(chance), receiver_by(chance)
        yield Case(release, answers_by(chance, release.template), receiver)


def release_by(chance: Random) -> Release:
    """A version of a template of 4 to 16 tasks in phases, with whatever a template may have."""
    count = chance.randrange(4, 17)
    uids = [f"T{n}" for n in range(1, count + 1)]
    phases = [TemplateTask(f"P{n}", {"en": f"Phase {n}"}, TaskKind.PHASE) for n in range(1, 4)]
    if chance.random() < 0.3:
        phases[2] = _needed(chance, phases[2])
    tasks = with_estimates([_task(chance, uid, place * 3 // count + 1) for place, uid in enumerate(uids)])
    lag = chance.choice((generated.some_days, generated.any_lag))
    links = list({(e.predecessor, e.successor): e for e in generated.links(chance, uids, lag)}.values())
    if chance.random() < 0.5:
        links += _of_phases(chance, tasks)
    west, gulf, six, night = generated.calendars(chance, several=True)
    weeks = [TemplateCalendar(each.name, each.week) for each in (west, gulf, six, night)]
    names = {"en": "A system", "pl": "System"}
    size = Parameter("size", {"en": "Size"}, ("small", "large"))
    template = Template(
        "system", names, "pilot", "en", "west", tuple(weeks), (*phases, *tasks), tuple(links), (size,)
    )
    return Release(template, 1, "digest", FIRST, Standing.LIVE, stated=True)


def _task(chance: Random, uid: str, phase: int) -> TemplateTask:
    kind = chance.choice((TaskKind.TASK,) * 5 + (TaskKind.MILESTONE, TaskKind.GATE))
    minutes = chance.choice((60, 240, DAY, DAY, 2 * DAY, 5 * DAY)) if kind is TaskKind.TASK else 0
    length = Duration(minutes, elapsed=bool(minutes) and chance.random() < 0.05)
    names = {"en": f"Task {uid}"} | ({"pl": f"Zadanie {uid}"} if chance.random() < 0.7 else {})
    roles = chance.sample(ROLES, chance.choice((0, 1, 1, 2)))
    held = Held(chance.choice(HELD), chance.randrange(0, 20 * DAY)) if chance.random() < 0.08 else None
    task = TemplateTask(
        uid,
        names,
        kind,
        f"P{phase}" if chance.random() < 0.8 else None,
        length,
        chance.choice((None,) * 6 + ("gulf", "six", "shift")),
        effort=tuple(Effort(role, chance.choice((None, 60, 600))) for role in roles),
        cost=_cost(chance),
        held=held,
        deadline=chance.randrange(DAY, 30 * DAY) if chance.random() < 0.08 else None,
        evidence=Evidence(length, Duration(round(minutes * chance.uniform(0.5, 2)), length.elapsed)),
    )
    return _needed(chance, task)


def _cost(chance: Random) -> Money | None:
    if chance.random() < 0.6:
        return None
    return Money(Decimal(chance.randrange(1, 10**7)) / 100, chance.choice(("SGD", "USD")))


def _needed(chance: Random, task: TemplateTask) -> TemplateTask:
    said = chance.random()
    if said < 0.15:
        return replace(task, need=Need.OPTIONAL)
    if said < 0.3:
        return replace(task, need=Need.CONDITIONAL, condition=Condition("size", ("large",)))
    return task


def _of_phases(chance: Random, tasks: tuple[TemplateTask, ...]) -> Iterator[PlanLink]:
    """Links from and to phases, which stand in order."""
    yield PlanLink("P1", "P2", LinkType.FINISH_TO_START, generated.some_days(chance))
    last = [task.uid for task in tasks if task.parent == "P3"]
    if last and chance.random() < 0.5:
        yield PlanLink("P1", last[-1])


def receiver_by(chance: Random) -> Receiver:
    """An office anywhere: its weekend, hours, holidays, half days and blackouts."""
    off = [FIRST + timedelta(n) for n in chance.sample(range(700), 24)]
    weekend = frozenset(chance.choice(WEEKENDS))
    halves = frozenset({(max(weekend) + 1) % 7} if chance.random() < 0.3 else ())
    start = FIRST + timedelta(chance.randrange(400))
    calendar = Calendar(
        "x", chance.choice(ZONES), weekend, frozenset(off[:12]), chance.choice(HOURS),
        frozenset(off[10:20]), halves - weekend,
        (Blackout("Closing", start, start + timedelta(chance.randrange(12))),),
    )  # fmt: skip
    head = chance.choice(("ana", ""))
    return Receiver(
        "gdansk", calendar, chance.choice(("EUR", "JPY", "KWD")), chance.choice(("pl", "de")), head, PEOPLE
    )


def answers_by(chance: Random, template: Template) -> Answers:
    """Answers that a template needs, whatever they are."""
    optional = [task.uid for task in template.tasks if task.need is Need.OPTIONAL]
    said: dict[str, Assigned | Unfilled] = {}
    for role in roles_of(template):
        who = chance.choice((None, "person", "name", "owner"))
        if who == "person":
            said[role] = Assigned(chance.choice(sorted(PEOPLE)))
        elif who == "name":
            said[role] = Assigned(name="Somebody Else")
        elif who == "owner":
            said[role] = Unfilled("omar", FIRST if chance.random() < 0.5 else None)
    start = FIRST + timedelta(chance.randrange(500))
    answers = Answers(
        AnchorAnswer(AnchorKind.START, FIRST + timedelta(chance.randrange(60, 500))),
        Target(TargetKind.EXISTING, "P-1"),
        rates=tuple(ExchangeRate(of, Decimal("0.7313"), FIRST, "a bank") for of in ("SGD", "USD")),
        roles=said,
        parameters={"size": chance.choice(("small", "large"))},
        leave_out=frozenset(chance.sample(optional, chance.randrange(len(optional) + 1))),
        calendars={"gulf": CalendarUse.OFFICE} if chance.random() < 0.5 else {},
        blackouts=(Blackout("Audit", start, start + timedelta(chance.randrange(5))),),
        half_days=frozenset({start + timedelta(30)}),
        durations=chance.choice(tuple(Durations)),
    )
    return _anchored(chance, template, answers)


def _anchored(chance: Random, template: Template, answers: Answers) -> Answers:
    there = {task.uid for task in taken(template, answers).tasks}
    gates = [uid for uid in gates_of(template) if uid in there]
    if not there - {"P1", "P2", "P3"}:  # nothing is left of it
        return replace(answers, parameters={"size": "large"}, leave_out=frozenset())
    kinds = [AnchorKind.START, AnchorKind.FINISH, *[AnchorKind.GATE] * bool(gates)]
    kind = chance.choice(kinds)
    gate = chance.choice(gates) if kind is AnchorKind.GATE else ""
    return replace(answers, anchor=AnchorAnswer(kind, answers.anchor.on, gate))

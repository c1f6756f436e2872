"""A rollout in its eighth week: 60 projects in 9 offices, made up from a seed; refuses to be the real sample."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain.compliance.sweep import Judged, OfficeState, Sweep, SweepCount
from domain.organization.calendar import Calendar
from domain.organization.clocks import Clocks, Escalation
from domain.organization.office import Mandate, Office, OfficeKind, Organization, Role
from domain.plans.project import Unreadable
from domain.questions.question import Question, QuestionKind
from domain.reporting.given import Given
from domain.reporting.rollout_report import RolloutReport, rollout_report
from domain.reporting.sweep_report import SweepReport, sweep_report
from domain.rollouts.adoption import is_late
from domain.rollouts.rollout import (
    Adoption,
    Manifest,
    Member,
    Rollout,
    RolloutState,
    Standing,
    WavePlan,
    WaveState,
)
from domain.standards.standard import Condition, Election, Example, Leeway, Level, Rule, RuleKind, Version
from domain.standards.verdict import Result, Verdict, band

TIMES = Escalation(head=1, parent=6, above=None, sponsor=None)
NOW = datetime(2027, 3, 1, 7, tzinfo=UTC)
TODAY = date(2027, 3, 1)
OFFICES = {
    "hub": ("Harbor Group Portfolio Office", OfficeKind.STRATEGIC, None, "NL", "Europe/Amsterdam"),
    "terminals": ("Terminals Program Office", OfficeKind.PROGRAM, "hub", "BE", "Europe/Brussels"),
    "digital": ("Digital Program Office", OfficeKind.PROGRAM, "hub", "NL", "Europe/Amsterdam"),
    "porto": ("Porto", OfficeKind.PROJECT, "terminals", "PT", "Europe/Lisbon"),
    "gdansk": ("Gdańsk", OfficeKind.PROJECT, "terminals", "PL", "Europe/Warsaw"),
    "jebel-ali": ("Jebel Ali", OfficeKind.SUBSIDIARY, "terminals", "AE", "Asia/Dubai"),
    "kobe": ("Kobe", OfficeKind.SUBSIDIARY, "digital", "JP", "Asia/Tokyo"),
    "santos": ("Santos", OfficeKind.SUBSIDIARY, "digital", "BR", "America/Sao_Paulo"),
    "halifax": ("Halifax", OfficeKind.PROJECT, "digital", "CA", "America/Halifax"),
}
SIZES = {
    "hub": 3,
    "terminals": 8,
    "digital": 6,
    "porto": 9,
    "gdansk": 8,
    "jebel-ali": 7,
    "kobe": 7,
    "santos": 7,
    "halifax": 5,
}
WAVES = (
    WavePlan(1, "Program offices", ("hub", "terminals", "digital"), date(2027, 1, 4)),
    WavePlan(2, "Europe", ("porto", "gdansk"), date(2027, 1, 25)),
    WavePlan(3, "Overseas", ("jebel-ali", "kobe", "santos", "halifax"), date(2027, 2, 22)),
)
NOUNS = "Quay crane|Customs gateway|Berth planning|Reefer monitoring|Rail terminal|Gate automation|Pilot booking|Dredging|Shore power|Fleet telematics|Invoice matching|Warehouse|Access badge|Breakwater|Yard lighting".split(
    "|"
)
VERBS = "renewal|rollout|migration|extension|integration|overhaul|replacement|pilot".split("|")
FACTS = [
    "plan.overdue",
    "plan.without_owner",
    "report.age_days",
    "cost.overrun_percent",
    "project.slip_days",
    "plan.milestones",
]
STANDINGS = {
    Standing.ADOPTED: 24, Standing.GRANDFATHERED: 7, Standing.DEVIATING: 1, Standing.QUESTIONED: 2, Standing.UNANSWERED: 2,
    Standing.FAILED: 1, Standing.BINDING: 13, Standing.TRIAL: 4, Standing.NOTIFIED: 5, Standing.SKIPPED: 1,
}  # fmt: skip


def organization() -> Organization:
    offices = {
        key: Office(
            key,
            name,
            kind,
            Mandate.DIRECTIVE,
            Calendar(country, zone),
            "EUR",
            parent=parent,
            roles={Role.HEAD: ("p1",)},
        )
        for key, (name, kind, parent, country, zone) in OFFICES.items()
    }
    return Organization("harbor", "Harbor Group", offices, clocks=Clocks(escalation=TIMES))


def version(number: str = "2.0") -> Version:
    titles = [
        "No item is overdue",
        "Every open item has an owner",
        "The last report is fresh",
        "The forecast stays in its budget",
        "The finish holds its baseline",
        "The plan has milestones",
    ]
    rules = tuple(
        Rule(
            f"DM-{n:02}",
            f"{titles[n % 6]}{f' (part {n // 6 + 1})' if n > 5 else ''}",
            RuleKind.COMPUTED,
            Level.LOCKED,
            "Put it right",
            Example({}),
            Example({}),
            days=15,
        )
        for n in range(30)
    )
    leeway = Leeway(
        (Condition("plan.percent_complete", at_least=90),), date(2027, 3, 31), Election.FINISH_OLD
    )
    return Version(
        "delivery-method", number, "Delivery method", "hub", date(2027, 1, 4), rules, "f" * 64,
        previous="1.0" if number == "2.0" else None, leeway=leeway,
    )  # fmt: skip


def titles(seed: int = 7) -> dict[str, str]:
    chance = random.Random(seed)
    names = [f"{noun} {verb}" for noun in NOUNS for verb in VERBS]
    return dict(zip(keys(), chance.sample(names, len(keys())), strict=True))


def keys() -> list[str]:
    return [f"{office}/P-{n:03}" for office, size in SIZES.items() for n in range(1, size + 1)]


def adoptions() -> tuple[Adoption, ...]:
    """Standings dealt so that earlier waves are further, with due dates around today."""
    chance = random.Random(11)
    wave_of = {office: wave.number for wave in WAVES for office in wave.offices}
    early = [
        s for s, n in STANDINGS.items() for _ in range(n) if s not in (Standing.TRIAL, Standing.NOTIFIED)
    ]
    late = [Standing.TRIAL] * 4 + [Standing.NOTIFIED] * 5
    chance.shuffle(early)
    found = []
    for key in reversed(keys()):
        office = key.partition("/")[0]
        standing = (late or early).pop() if wave_of[office] == 3 else early.pop()
        found.append(_adoption(key, office, wave_of[office], standing, chance))
    return tuple(found)


def _adoption(key, office, wave, standing, chance) -> Adoption:
    plain = Adoption(
        key,
        office,
        wave,
        standing,
        TODAY - timedelta(days=chance.choice([3, 4, 11, 18, 25])),
        notified_on=date(2027, 1, 4),
    )
    if standing in (Standing.BINDING, Standing.FAILED):
        due = TODAY + timedelta(days=chance.choice([-9, -4, 2, 4, 15, 23, 30, 30]))
        dated = replace(plain, bound_on=date(2027, 2, 8), due=due, why="no leeway: 61 % < 90 %")
        return replace(
            dated, escalated=2 if is_late(dated, TODAY - timedelta(days=7)) else int(is_late(dated, TODAY))
        )
    if standing is Standing.GRANDFATHERED:
        until = date(2027, 3, 31) if chance.random() < 0.7 else date(2027, 3, 5)
        return replace(
            plain,
            until=until,
            why="94 % ≥ 90 %, 3.2 weeks ≤ 6 weeks: may complete under 1.0 until 31 March 2027 (elected)",
        )
    if standing in (Standing.QUESTIONED, Standing.UNANSWERED):
        by = TODAY + timedelta(days=3 if standing is Standing.QUESTIONED else -6)
        return replace(
            plain,
            answer_by=by,
            missing=("plan.percent_complete",),
            why="not reported: plan.percent_complete",
            escalated=0 if by > TODAY else 1,
        )
    return replace(
        plain,
        why={Standing.ADOPTED: "follows the version", Standing.DEVIATING: "deviation D-3 is active"}.get(
            standing, f"told on {plain.notified_on}"
        ),
    )


def members() -> tuple[Member, ...]:
    return tuple(Member(a.project, a.office, a.wave) for a in adoptions())


def rollout() -> Rollout:
    manifest = Manifest("delivery-method", "2.0", "f" * 64, date(2027, 1, 4), WAVES, members())
    waves = {1: WaveState.COMPLETED, 2: WaveState.RUNNING, 3: WaveState.RUNNING}
    return Rollout(
        "delivery-method-2.0",
        manifest.summary,
        RolloutState.RUNNING,
        "Ines Duarte, head of the portfolio office",
        entered=True,
        reason="Board decision 2026-12-14",
        approved_on=date(2027, 1, 4),
        waves=waves,
    )


def judged(adoption: Adoption, seed: int = 3) -> Judged:
    chance = random.Random(f"{adoption.project}{seed}")
    results = [Result.PASS] * 30
    bad = {Standing.BINDING: Result.FAIL, Standing.FAILED: Result.FAIL, Standing.TRIAL: Result.FAIL, Standing.NOTIFIED: Result.FAIL,
           Standing.QUESTIONED: Result.UNKNOWN, Standing.UNANSWERED: Result.UNKNOWN, Standing.DEVIATING: Result.PERMITTED}.get(adoption.standing)  # fmt: skip
    if bad:
        for _ in range(chance.randint(1, 4)):
            results[chance.randrange(30)] = bad
    old = adoption.standing is Standing.GRANDFATHERED
    verdicts = tuple(_verdict(adoption.project, n, result, chance) for n, result in enumerate(results))
    found = Result.GRANDFATHERED if old else band(results)
    return Judged(
        adoption.project,
        adoption.office,
        "1.0" if old else "2.0",
        found,
        verdicts,
        f"plan-{seed}",
        f"facts-{seed}",
        grandfathered=old,
        rules="rules",
    )


def _verdict(project, n, result, chance) -> Verdict:
    fact = FACTS[n % 6]
    value = chance.randint(1, 9) if result is Result.FAIL else 0
    if result is Result.UNKNOWN:
        return Verdict(project, f"DM-{n:02}", result, f"{fact} is missing", missing=(fact,))
    if result is not Result.FAIL:
        return Verdict(project, f"DM-{n:02}", result, "", {fact: value})
    why, source = f"{fact} = {value}, the limit is 0", "delivery-method/2.0: limit 0 (ceiling)"
    return Verdict(project, f"DM-{n:02}", result, why, {fact: value}, limit=0, source=source)


def sweep(at: datetime = NOW, seed: int = 3, members: tuple[Adoption, ...] | None = None) -> Sweep:
    found = tuple(judged(a, seed) for a in (adoptions() if members is None else members))
    states = tuple(
        OfficeState(office, at - timedelta(days=9 if office == "santos" else 0), office == "santos",
                    "workbooks/santos.xlsx is locked by another program" if office == "santos" else "", 2 if office == "gdansk" else 0)
        for office in OFFICES
    )  # fmt: skip
    return Sweep("5" * 64, at, "delivery-method", "2.0", found, states)


def before() -> Sweep:
    """The sweep a week ago, with some projects standing elsewhere."""
    moved = []
    for n, a in enumerate(adoptions()):
        earlier = {
            Standing.ADOPTED: Standing.BINDING,
            Standing.UNANSWERED: Standing.TRIAL,
            Standing.GRANDFATHERED: Standing.TRIAL,
        }.get(a.standing)
        moved.append(replace(a, standing=earlier) if earlier and n % 4 == 0 else a)
    week = sweep(NOW - timedelta(days=7), 2, tuple(moved))
    return replace(week, id="4" * 64)


def history() -> list[tuple[date, dict[Standing, int]]]:
    adopted = [0, 1, 4, 8, 11, 15, 19, 21]
    old = [0, 0, 3, 5, 5, 6, 7, 8]
    return [
        (
            date(2027, 1, 4) + timedelta(days=7 * n),
            {Standing.ADOPTED: a, Standing.GRANDFATHERED: o, Standing.PLANNED: 60 - a - o},
        )
        for n, (a, o) in enumerate(zip(adopted, old, strict=True))
    ]


def questions() -> list[Question]:
    found = [
        Question(f"ask/{a.project}", a.office, a.project, QuestionKind.FACT, "plan.percent_complete", "How far?", TODAY, a.answer_by)
        for a in adoptions() if a.standing is Standing.QUESTIONED
    ]  # fmt: skip
    elect = [a for a in adoptions() if a.standing is Standing.TRIAL][:3]
    return found + [
        Question(
            f"elect/{a.project}",
            "digital",
            a.project,
            QuestionKind.ELECTION,
            "leeway",
            "finish or adopt?",
            TODAY,
            date(2027, 3, 4),
        )
        for a in elect
    ]


def trend() -> tuple[SweepCount, ...]:
    """Seven weekly sweeps before this one, and a second one of the last of these days."""
    passed = [9, 11, 14, 15, 19, 21, 22]
    days = [NOW - timedelta(days=7 * n) for n in range(7, 0, -1)]
    earlier = [
        SweepCount(at, {Result.PASS: n, Result.FAIL: 60 - n}) for at, n in zip(days, passed, strict=True)
    ]
    return (*earlier, SweepCount(days[-1] + timedelta(hours=2), {Result.PASS: 23, Result.FAIL: 37}))


def given(**changes) -> Given:
    plain = Given(
        organization=organization(), leader=next(iter(OFFICES)), now=NOW, sweep=sweep(), before=before(), versions=(version(), version("1.0")), titles=titles(),
        unreadable={"gdansk": (Unreadable("Projekty!F7", "ok. 80", "not a percentage; write 80 or 0.8"), Unreadable("Projekty!I12", "31.02.2027", "not a date of the calendar"))},
        trend=trend(), ledger_head="9c1f" * 16,
    )  # fmt: skip
    return replace(plain, **changes)


def a_rollout_report(changed=None, **changes) -> RolloutReport:
    return rollout_report(
        given(**changes),
        changed or rollout(),
        members(),
        adoptions(),
        questions=questions(),
        history=history(),
    )


def a_sweep_report(**changes) -> SweepReport:
    return sweep_report(given(**changes))

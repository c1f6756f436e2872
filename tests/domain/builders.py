"""Values for tests about laws: small, valid, and named only where a test says something of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import count

from domain.compliance.network import Network
from domain.organization.calendar import Calendar, Rhythm
from domain.organization.clocks import Escalation
from domain.organization.ladder import EscalationLevel
from domain.organization.office import (
    Mandate,
    Office,
    OfficeKind,
    Organization,
    Program,
    Relation,
    RelationKind,
    Role,
)
from domain.plans.project import Item, ItemKind, Plan, Project, Stage, ToolDescription
from domain.rollouts.adoption import Circumstances
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
from domain.standards.leeway import Eligibility, LeewayDecision
from domain.standards.standard import (
    Adjustment,
    Condition,
    Election,
    Example,
    Leeway,
    Level,
    Rule,
    RuleKind,
    Tailoring,
    Version,
    Where,
)
from domain.standards.tailoring import Rulebook
from domain.standards.verdict import Result

MONDAY = date(2027, 1, 4)
FRIDAY_SATURDAY = frozenset({4, 5})
WORLD = Calendar("XX", "UTC")
GULF = Calendar("AE", "Asia/Dubai", FRIDAY_SATURDAY)
TIMES = Escalation(head=1, parent=6, above=None, sponsor=None)
LADDER = (EscalationLevel("porto", Role.HEAD, 1), EscalationLevel("hq", Role.HEAD, 6))
NOTHING = Example({})
NUMBERS = count(1)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def office(name="porto", parent="hq", calendar=WORLD, **changes) -> Office:
    values = {"kind": OfficeKind.PROJECT, "mandate": Mandate.CONTROLLING, "currency": "EUR", **changes}
    return Office(name, name.title(), calendar=calendar, parent=parent, **values)


MEMBERS: dict[str, tuple[Member, ...]] = {}
"""The members of the manifests that were made here, by their digests."""


def organization(*offices: Office, **changes) -> Organization:
    hq = office("hq", None, kind=OfficeKind.STRATEGIC)
    return Organization("group", "Group", {each.id: each for each in (hq, *offices)}, **changes)


def program(name="cranes", of="hq") -> Program:
    return Program(name, name.title(), of)


def diverse(root: str) -> Relation:
    return Relation(root, RelationKind.DIVERSE)


def project(key="porto/1", **changes) -> Project:
    values = {"title": f"Project {key}", "stage": Stage.EXECUTION, "finish": date(2027, 9, 1), **changes}
    return Project(key, key.partition("/")[0], **values)


def item(of="porto/1", **changes) -> Item:
    number = next(NUMBERS)
    values = {"title": f"Item {number}", "kind": ItemKind.TASK, **changes}
    return Item(f"{of}/{number}", of, **values)


def plan(key="porto/1", items=(), **changes) -> Plan:
    return Plan(project(key, **changes), tuple(items))


def rule(uid="sponsor", check="has(project.sponsor)", **changes) -> Rule:
    values = {
        "title": f"the rule {uid}",
        "kind": RuleKind.COMPUTED,
        "level": Level.LOCKED,
        "remedy": f"mend {uid}",
        "passing": NOTHING,
        "failing": NOTHING,
        **changes,
    }
    return Rule(uid, check=check, **values)


LEEWAY = Leeway(
    (
        Condition("plan.percent_complete", at_least=90, unit="%"),
        Condition("project.weeks_remaining", at_most=6, unit="weeks"),
    ),
    date(2027, 3, 31),
    Election.FINISH_OLD,
)


def version(*rules: Rule, number="2.0", **changes) -> Version:
    values = {"previous": "1.0", "leeway": LEEWAY, **changes}
    return Version("method", number, "Method", "hq", MONDAY, rules or (rule(),), f"digest-{number}", **values)


def tailoring(name, adjustments, precedence=10, **scope) -> Tailoring:
    return Tailoring(name, "method", "2.0", precedence, tuple(adjustments), **scope)


def adjust(uid="sponsor", **changes) -> Adjustment:
    return Adjustment(uid, "a regulator demands it", where=Where(f"tailorings/{uid}.yaml", 7), **changes)


def network(*plans: Plan, org=None, questions=(), at=None, tool=None, tailorings=()) -> Network:
    org = org or organization(office())
    tools = dict.fromkeys(org.offices, tool or ToolDescription("workbook"))
    return Network(Rulebook(org, tailorings), plans, tools, questions, at or noon(MONDAY))


def wave(number=1, offices=("porto",), start=MONDAY, **changes) -> WavePlan:
    """A wave as it was approved before there was a least number late, and before anything was carried forward."""
    values = {"trial_days": 5, "exit_settled": 0.8, "halt_late": 0.4, "halt_failed": 3, **changes}
    return WavePlan(number, f"wave {number}", tuple(offices), start, **values)


def rollout(*members: str, waves=None, state=RolloutState.RUNNING, **changes) -> Rollout:
    """A rollout of projects `office/id`, each in the wave that has its office."""
    waves = tuple(waves or (wave(),))
    listed = tuple(
        Member(key, key.partition("/")[0], each.number)
        for each in waves
        for key in members
        if key.partition("/")[0] in each.offices
    )
    manifest = Manifest("method", "2.0", "digest-2.0", MONDAY, waves, listed)
    MEMBERS[manifest.digest] = listed
    return Rollout("method-2.0", manifest.summary, state, "ana", False, "decided", MONDAY, **changes)


def members_of(made: Rollout) -> tuple[Member, ...]:
    """The members of a rollout that was made here."""
    return MEMBERS[made.manifest.digest]


def begun(*members: str, **changes) -> Rollout:
    """The same with its first wave begun."""
    made = rollout(*members, **changes)
    return replace(made, waves={made.manifest.waves[0].number: WaveState.RUNNING})


def adoption(standing=Standing.PLANNED, key="porto/1", **changes) -> Adoption:
    values = {"wave": 1, "since": MONDAY, **changes}
    return Adoption(key, key.partition("/")[0], standing=standing, **values)


NOT_ELIGIBLE = LeewayDecision(Eligibility.NOT_ELIGIBLE, "40 % < 90 %")
ELIGIBLE = LeewayDecision(Eligibility.ELIGIBLE, "94 % >= 90 %", until=LEEWAY.until)
BEYOND = LeewayDecision(Eligibility.DISCRETION, "75 % < 90 %, beyond the rule", until=LEEWAY.until)
UNKNOWN = LeewayDecision(
    Eligibility.UNKNOWN, "not reported: plan.percent_complete", ("plan.percent_complete",)
)


def seen(today=MONDAY, **changes) -> Circumstances:
    """A day on which the project fails, may not finish under the old version, and its wave runs."""
    values = {
        "calendar": WORLD,
        "rhythm": Rhythm(),
        "wave": wave(),
        "wave_running": True,
        "frozen": False,
        "band": Result.FAIL,
        "leeway": NOT_ELIGIBLE,
        "terms": LEEWAY,
        "answer_days": 5,
        "elect_days": 5,
        "ladder": LADDER,
        "remedy_days": 20,
        **changes,
    }
    return Circumstances(today, **values)

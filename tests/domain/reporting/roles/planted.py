"""A made-up network whose names are unmistakable: every project and person is called as nobody else is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from domain.compliance.sweep import FlipCause
from domain.organization.calendar import Calendar
from domain.organization.office import (
    Agreement,
    Mandate,
    Office,
    OfficeKind,
    Organization,
    Partition,
    Person,
    Program,
    Relation,
    RelationKind,
    Role,
    Tool,
)
from domain.questions.question import QuestionKind
from domain.reporting.roles.basis import (
    BasisChange,
    BasisOffice,
    BasisProject,
    BasisQuestion,
    BasisRollout,
    BasisWave,
    RoleBasis,
    ToDo,
)
from domain.reporting.sentence import BUCKET_OF, Bucket
from domain.rollouts.rollout import RolloutState, Standing, WaveState
from domain.standards.verdict import Result

TODAY = date(2027, 3, 1)
NOW = datetime(2027, 3, 1, 7, tzinfo=UTC)
STANDINGS = [each for each in Standing if each not in (Standing.ROLLED_BACK, Standing.SKIPPED)]
LANGUAGES = ["en", "de", "pt-BR", "fr", "es", "tr"]


@dataclass(frozen=True)
class Planted:
    """An organization and what its pages are made from."""

    organization: Organization
    basis: RoleBasis


def planted(seed: int, projects: int = 60, offices: int = 7, restricted: float = 0.15) -> Planted:
    """The network of a seed; `restricted` is the share of its projects that are."""
    chance = Random(seed)
    names = [f"of{n}" for n in range(offices)]
    people: dict[str, Person] = {}

    def person(what: str) -> str:
        key = f"p{len(people)}-{what}"
        accounts = {f"tool-{chance.choice(names)}": f"acc {key}"} if what == "lead" else {}
        people[key] = Person(
            key, f"Person{len(people)}q {what}", accounts=accounts, language=chance.choice(LANGUAGES)
        )
        return key

    shared = person("shared")

    def roles() -> dict[Role, tuple[str, ...]]:
        wanted = (Role.HEAD, Role.APPROVER, Role.REPORTER, Role.SPONSOR)
        return {
            role: (shared,) if chance.random() < 0.1 else (person(str(role)),)
            for role in wanted
            if chance.random() < 0.9
        }

    keys = [f"{names[n % offices]}/K{n}x" for n in range(projects)]
    hidden = {key for key in keys if chance.random() < restricted}
    calendar = Calendar("PL", "Europe/Warsaw")
    made = {}
    for n, name in enumerate(names):
        own = frozenset(key.partition("/")[2] for key in hidden if key.startswith(f"{name}/"))
        kind = OfficeKind.STRATEGIC if n in (0, 4) else OfficeKind.PROGRAM if n == 1 else OfficeKind.PROJECT
        parent = None if n == 0 else "of0" if n in (1, 4, 6) else names[chance.randrange(1, n)]
        made[name] = Office(
            name, f"Office {n}", kind, Mandate.CONTROLLING, calendar, "PLN",
            chance.choice(LANGUAGES), parent, roles=roles(), restricted=own,
        )  # fmt: skip
    relations = (Relation("of6", RelationKind.DIVERSE),) if chance.random() < 0.5 else ()
    agreements = (
        (Agreement("a", "of0", "of6", frozenset({"reports"}), TODAY - timedelta(90)),)
        if chance.random() < 0.5
        else ()
    )
    programs = {
        f"prog{n}": Program(
            f"prog{n}", f"Program {n}", chance.choice(names[:3]),
            person("manager") if chance.random() < 0.7 else "", person("deputy") if chance.random() < 0.7 else "",
        )
        for n in range(3)
    }  # fmt: skip
    leads = [person("lead") for _ in range(5)]
    organization = Organization(
        "org", "Organization", made, relations, programs,
        {f"tool-{name}": Tool(f"tool-{name}", "workbook") for name in names},
        tuple(Partition(name, f"tool-{name}") for name in names), people, agreements,
    )  # fmt: skip
    found = tuple(
        _project(chance, n, key, key in hidden, leads, list(programs))
        for n, key in enumerate(sorted(keys), 1)
    )
    return Planted(organization, _basis(chance, found, names))


def _project(
    chance: Random, number: int, key: str, hidden: bool, leads: list[str], programs: list[str]
) -> BasisProject:
    standing = chance.choice(STANDINGS)
    office = key.partition("/")[0]
    bound = standing in (Standing.BINDING, Standing.FAILED)
    due = TODAY + timedelta(days=chance.randrange(-20, 30)) if bound else None
    late = due is not None and due < TODAY
    silent = TODAY - timedelta(days=6) if standing is Standing.UNANSWERED else None
    return BasisProject(
        key=key,
        office=office,
        title=f"Title{number}q {chance.choice(['<b>x</b>', 'مشروع', 'Brücke', '']) * chance.randrange(1, 4)}",
        group=Bucket.LATE if late else BUCKET_OF[standing],
        number=0 if hidden else number,
        ref=f"Sheet!A{number}",
        program=chance.choice([*programs, ""]),
        lead=chance.choice([f"acc {chance.choice(leads)}", f"Stranger{number}q", ""]),
        tool=f"tool-{office}",
        standing=standing,
        wave=1,
        late=late,
        due=due,
        until=TODAY + timedelta(days=5) if standing is Standing.GRANDFATHERED else None,
        elect_by=TODAY + timedelta(days=3) if standing is Standing.TRIAL else None,
        waited=due or silent,
        escalated=chance.randrange(2) if late else 0,
        todo=tuple(
            ToDo(f"Rule {n}", f"Mend{number}q the {n}", "", chance.choice([Result.FAIL, Result.UNKNOWN]), "reporter",
                 due, (f"Column {n}",))
            for n in range(chance.randrange(4))
        ),
        not_kept=3,
    )  # fmt: skip


def _basis(chance: Random, projects: tuple[BasisProject, ...], offices: list[str]) -> RoleBasis:
    asked = [p for p in projects if p.standing in (Standing.QUESTIONED, Standing.TRIAL)]
    kinds = {Standing.TRIAL: QuestionKind.ELECTION}
    waves = tuple(BasisWave(n, f"Wave {n}", TODAY, WaveState.RUNNING) for n in (1, 2))
    return RoleBasis(
        about="rollout-m-2",
        leader="of0",
        title="Method",
        version="2.0",
        old="1.0",
        at=NOW,
        as_of=TODAY,
        compared_with=TODAY - timedelta(7),
        report="r",
        pages="r-pages",
        rollout=BasisRollout("m", RolloutState.RUNNING, waves, 3, TODAY + timedelta(40), False, 5, 4, TODAY - timedelta(7)),
        projects=projects,
        offices=tuple(BasisOffice(name, n, NOW, chance.random() < 0.2) for n, name in enumerate(offices, 1)),
        changes=tuple(
            BasisChange(p.key, p.office, Result.FAIL, Result.PASS, FlipCause.PROJECT, (f"Moved{p.key.partition('/')[2]}q",))
            for p in projects[::3]
        ),
        questions=tuple(
            BasisQuestion(
                kinds.get(p.standing, QuestionKind.FACT), p.office, p.key, TODAY + timedelta(4),
                f"Asked{p.key.partition('/')[2]}q", p.program if chance.random() < 0.5 else "", ("Column",),
            )
            for p in asked
        ),
        tools={f"tool-{name}": f"workbooks/{name}.xlsx" for name in offices},
    )  # fmt: skip

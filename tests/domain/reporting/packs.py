"""Packs that are made up, of any size, with every kind of thing that a pack can say; the same seed, the same pack.

Every figure that adds up does: its bridge and its offices come to the figure.
"""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.organization.office import Role
from domain.reporting.figures import (
    BridgeStep,
    ChangeCause,
    FactRead,
    Figure,
    Gap,
    GapReason,
    Move,
    OfficeStep,
    Part,
    Point,
    Tally,
    Value,
)
from domain.reporting.pack import (
    Change,
    DeletedProject,
    Pack,
    PackHead,
    PackId,
    PackNeed,
    PackOffice,
    PackProject,
    PackSection,
    Restatement,
)
from domain.standards.formats import Audience, Cadence, ChartKind, SectionKind, Total, Unit

CUT_OFF = datetime(2027, 3, 5, 16, tzinfo=UTC)
VERSIONS = ("river-works/1.0", "river-works/2.0")
OFFICES = {
    "basel": "Rheinwerk Basel",
    "lyon": "Rhône Aménagement",
    "linz": "Donaubüro Linz",
    "turin": "Ufficio Po",
}
MISSING = "turin"
NOTHING = Gap(GapReason.NOTHING, "There is no project to compute it of")


def example_pack(projects: int = 12, seed: int = 7) -> Pack:
    """The board's pack of four offices, of which one is missing, with `projects` projects and 2 restricted ones."""
    made = random.Random(seed)
    named = tuple(_project(n, made) for n in range(1, projects + 1))
    behind = _counted(named, made)
    spent = _money(named, made)
    finish = _latest(named, made)
    share = _share(behind)
    lost = Gap(
        GapReason.OFFICE, "Ufficio Po was not read since 26 February", MISSING, Role.HEAD, fact="", projects=0
    )
    offices = tuple(_office(key, name, named, lost) for key, name in OFFICES.items())
    budget = Figure(
        "headroom", "Budget left", Unit.MONEY, Total.NETWORK, replace(lost, reason=GapReason.FACT),
        basis=("spent",), formula="figures.budget - figures.spent",
    )  # fmt: skip
    return Pack(
        head=_head(),
        verdict=f"{behind.value} of {projects + 2} projects are behind plan; 1 office has not reported.",
        sections=(
            PackSection("At a glance", SectionKind.FIGURES, ("behind", "share", "spent", "latest", "headroom")),
            PackSection("Behind plan by office", SectionKind.CHART, ("behind",), ChartKind.OFFICES),
            PackSection("Two versions, one figure", SectionKind.CHART, ("spent",), ChartKind.VERSIONS),
            PackSection("Behind plan over time", SectionKind.CHART, ("behind",), ChartKind.HISTORY),
            PackSection("The projects", SectionKind.PROJECTS, ("behind", "spent", "latest")),
        ),
        figures=(behind, share, spent, finish, budget),
        offices=offices,
        projects=named,
        restricted=2,
        restatements=(
            Restatement(
                "spent", "Spent so far", "lyon", Decimal("900.00"), Decimal("950.50"),
                "Rhône Aménagement reported 2 projects on 9 March, after its cut-off of 5 March",
            ),
        ),
        changes=(
            Change(ChangeCause.PROJECT, "basel", 1, named[0].title, "behind", 0, 1, "3 items are overdue now"),
            Change(ChangeCause.VERSION, "linz", None, "", "", "fail", "pass", ""),
            Change(ChangeCause.DELETED, "lyon", None, "Quai Sud", "behind", 1, None, "no longer in its tool"),
        ),
        deleted=(DeletedProject("Quai Sud", "lyon", date(2027, 3, 3)),),
        needs=(
            PackNeed("turin", Role.HEAD, "Make the tool readable again", None, "its projects stay gaps"),
            PackNeed("linz", Role.REPORTER, "Answer 1 question: cost.actual", date(2027, 3, 11), "it stays a gap"),
        ),
    )  # fmt: skip


def _head() -> PackHead:
    return PackHead(
        id=PackId("river-works.board", "basel", date(2027, 3, 5)),
        organization="Alpine Rivers",
        office="Rheinwerk Basel",
        is_network=True,
        standard="How we build on rivers",
        title="The board's monthly report",
        versions=VERSIONS,
        audience=Audience.BOARD,
        cadence=Cadence.MONTHLY,
        cut_off=CUT_OFF,
        as_of=CUT_OFF + timedelta(days=3, hours=14),
        time_zone="Europe/Zurich",
        language="de",
        currency="CHF",
        rates="Budget 2027",
        ledger_head="5d41402abc4b2a76b9719d911017c592ae6f1d3c4b5a69788796a5b4c3d2e1f0",
        ledger_entry=412,
        previous=PackId("river-works.board", "basel", date(2027, 2, 5)),
    )


def _project(number: int, made: random.Random) -> PackProject:
    office = ("basel", "lyon", "linz")[number % 3]
    title = f"{made.choice(('Wehr', 'Digue', 'Schleuse', 'Passerelle'))} {number}"
    return PackProject(
        number, f"{office}/R-{number}", title, office, VERSIONS[made.random() < 0.4], f"Plan!A{number + 3}",
        f"{number:064x}",
    )  # fmt: skip


def _counted(named: tuple[PackProject, ...], made: random.Random) -> Figure:
    parts = tuple(
        Part(p.number, p.office, p.version, int(made.random() < 0.3),
             (FactRead("plan.overdue", "open items that were due before today", str(made.randrange(9))),))
        for p in named
    )  # fmt: skip
    made_up = _figure("behind", "Projects behind plan", Unit.PROJECTS, Total.COUNT, parts)
    value = made_up.value
    assert isinstance(value, int)
    before = value - 2
    return replace(
        made_up,
        formula="plan.overdue > 3",
        facts=("plan.overdue",),
        before=before,
        restated=before + 1,
        moves=(
            Move(ChangeCause.RESTATED, 1, Decimal(1), "1 project was reported late"),
            Move(ChangeCause.PROJECT, 2, Decimal(2), "2 projects changed"),
            Move(ChangeCause.DELETED, 1, Decimal(-1), "1 project is no longer in its tool"),
        ),
        history=(Point(date(2027, 1, 5), value - 1), Point(date(2027, 2, 5), before)),
    )


def _money(named: tuple[PackProject, ...], made: random.Random) -> Figure:
    parts = [
        Part(
            p.number, p.office, p.version, Decimal(made.randrange(10_000, 90_000_000)) / 100,
            (FactRead("cost.actual", "spent so far", "100.00 EUR", "ledger"),),
        )
        for p in named
    ]  # fmt: skip
    silent = Gap(
        GapReason.FACT, "Spent so far is not reported", named[0].office, question="report/1", fact="cost.actual",
        answer_by=date(2027, 3, 11), number=1,
    )  # fmt: skip
    parts[0] = replace(parts[0], value=silent, facts=())
    return replace(
        _figure("spent", "Spent so far", Unit.MONEY, Total.SUM, tuple(parts)),
        lacking=(replace(silent, number=None), _office_gap()),
        formula="cost.actual",
        facts=("cost.actual",),
        before=Decimal("900.00"),
        restated=Decimal("950.50"),
    )


def _latest(named: tuple[PackProject, ...], made: random.Random) -> Figure:
    parts = tuple(
        Part(p.number, p.office, p.version, date(2027, 6, 1) + timedelta(days=made.randrange(400)))
        for p in named
    )
    return replace(
        _figure("latest", "Last finish", Unit.DATE, Total.MAXIMUM, parts), formula="project.finish"
    )


def _share(behind: Figure) -> Figure:
    return replace(
        behind,
        id="share",
        name="Share behind plan",
        unit=Unit.PERCENT,
        total=Total.SHARE,
        value=_percent(
            sum(s.tally.amount or 0 for s in behind.bridge), sum(s.tally.of for s in behind.bridge)
        ),
        bridge=tuple(replace(s, tally=_as_share(s.tally)) for s in behind.bridge),
        offices=tuple(replace(s, tally=_as_share(s.tally)) for s in behind.offices),
        before=NOTHING,
        restated=None,
        moves=(),
        history=(Point(date(2027, 2, 5), NOTHING),),
    )


def _as_share(tally: Tally) -> Tally:
    return replace(tally, value=_percent(tally.amount or 0, tally.of)) if tally.of else tally


def _percent(amount: Decimal | int, of: int) -> Decimal:
    return (100 * Decimal(amount) / of).quantize(Decimal("0.1"))


def _figure(key: str, name: str, unit: Unit, total: Total, parts: tuple[Part, ...]) -> Figure:
    """A figure of these parts, without the facts of the two restricted projects, which add nothing here."""
    bridge = tuple(BridgeStep(v, _tally(total, [p for p in parts if p.version == v])) for v in VERSIONS)
    steps = tuple(
        OfficeStep(office, Tally(_office_gap(), None, 0, 0))
        if office == MISSING
        else OfficeStep(office, _tally(total, [p for p in parts if p.office == office]))
        for office in OFFICES
    )
    value = _tally(total, parts).value
    return Figure(key, name, unit, total, value, (_office_gap(),), parts, bridge, steps)


def _tally(total: Total, parts: list[Part] | tuple[Part, ...]) -> Tally:
    known = [p.value for p in parts if not isinstance(p.value, Gap)]
    if not known:
        return Tally(NOTHING, None, 0, len(parts))
    if total is Total.MAXIMUM:
        return Tally(max(known), None, len(known), len(parts))  # type: ignore[type-var]
    amount = sum((Decimal(str(value)) for value in known), Decimal())
    value: Value = int(amount) if total is Total.COUNT else amount
    return Tally(value, amount, len(known), len(parts))


def _office_gap() -> Gap:
    return Gap(GapReason.OFFICE, "Ufficio Po was not read since 26 February", MISSING, Role.HEAD, projects=0)


def _office(key: str, name: str, named: tuple[PackProject, ...], lost: Gap) -> PackOffice:
    if key == MISSING:
        return PackOffice(key, name, CUT_OFF, None, 0, missing=lost)
    own = [p for p in named if p.office == key]
    versions = tuple(sorted({p.version for p in own}))
    restricted = 2 if key == "linz" else 0
    return PackOffice(key, name, CUT_OFF, CUT_OFF - timedelta(hours=5), len(own), restricted, versions)

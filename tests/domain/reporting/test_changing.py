"""What changed since the pack before adds up to the figures now, each change with its cause."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.plans.facts import facts_of
from domain.plans.project import Plan, ToolDescription
from domain.reporting.changing import Earlier, with_changes
from domain.reporting.figures import ChangeCause, Gap
from domain.reporting.filling import filled
from domain.reporting.pack import Pack, PackId
from domain.reporting.reported import OfficeReport, Reported
from domain.standards.formats import Total
from tests.domain.reporting.networks import NEW, Grown, filling, network

TOOL = ToolDescription("workbook")
GONE = date(2027, 3, 10)


def told(office: OfficeReport, reported: Reported, **changes: object) -> Reported:
    """The project with other values, and what follows from them."""
    project = replace(reported.project, **changes)
    plan_facts = facts_of(Plan(project), office.office, TOOL, office.period.cut_off)
    facts = {**plan_facts, "plan": reported.facts["plan"]}
    return replace(reported, project=project, plan=f"{reported.plan}'", facts=facts)


def later(grown: Grown, seed: int) -> tuple[tuple[OfficeReport, ...], dict[str, date]]:
    """The offices some time later: money spent, projects gone, new ones, others in the new version."""
    dice, gone, found = random.Random(seed), {}, []
    for office in grown.offices:
        projects = []
        for each in office.projects:
            fate = dice.random()
            if fate < 0.15:
                gone[each.project.key] = GONE
            elif fate < 0.4:
                projects.append(told(office, each, actual_cost=dice.randrange(10**6) / 100, currency="EUR"))
            elif fate < 0.5:
                projects.append(replace(each, version=NEW))
            elif fate < 0.6:
                projects.append(told(office, each, actual_cost=None))
            else:
                projects.append(each)
        if projects and dice.random() < 0.3:
            key = f"{office.office.id}/novo"
            projects.append(told(office, projects[0], key=key, title="Obra nova"))
        found.append(replace(office, projects=tuple(projects)))
    return tuple(found), gone


def both(seed: int) -> tuple[Pack, Pack]:
    grown = network(seed)
    offices, gone = later(grown, seed)
    before = grown.pack
    again = filling(offices[0].office, grown.formats)
    head = replace(
        again.head, id=PackId(before.head.id.format, before.head.id.office, GONE), previous=before.head.id
    )
    return before, with_changes(filled(replace(again, head=head), offices), Earlier(before, before), gone)


def test_the_figure_before_and_its_moves_come_to_the_figure_now() -> None:
    moved, causes = 0, set()
    for seed in range(60):
        before, now = both(seed)
        for figure in now.figures:
            assert figure.before == before.figure(figure.id).value
            causes |= {move.cause for move in figure.moves}
            if (
                figure.total in (Total.COUNT, Total.SUM)
                and figure.is_known
                and not isinstance(figure.before, Gap)
            ):
                by = sum((move.by for move in figure.moves), Decimal(0))
                assert Decimal(str(figure.before)) + by == Decimal(str(figure.value)), (seed, figure.id)
                moved += bool(figure.moves)
    assert moved > 60
    assert causes >= {
        ChangeCause.PROJECT, ChangeCause.NEW, ChangeCause.DELETED, ChangeCause.VERSION, ChangeCause.MISSING,
        ChangeCause.REPORTED,
    }  # fmt: skip


def test_deleted_projects_are_named_unless_they_are_restricted() -> None:
    deleted = 0
    for seed in range(30):
        before, now = both(seed)
        here = {project.key for project in now.projects}
        lost = [p for p in before.projects if p.key not in here]
        assert [d.title for d in now.deleted] == [p.title for p in lost]
        assert {d.since for d in now.deleted} <= {GONE}
        deleted += len(lost)
    assert deleted > 20


def test_late_data_is_a_restatement_of_the_pack_before_and_names_its_office() -> None:
    restated = 0
    for seed in range(40):
        grown = network(seed)
        late = []
        for office in grown.offices:
            first = [told(office, p, actual_cost=1.0, currency="EUR") for p in office.projects[:1]]
            late.append(replace(office, projects=(*first, *office.projects[1:])))
        again = filling(grown.offices[0].office, grown.formats)
        as_it_would_be = filled(again, late)
        now = with_changes(filled(again, late), Earlier(grown.pack, as_it_would_be), {})
        for each in now.restatements:
            assert each.was != each.now
            assert each.office in {office.id for office in now.offices}
            restated += 1
        spent = now.figure("spent")
        assert spent.restated in (None, spent.value)
        assert (spent.restated is None) or spent.value != spent.before
        assert now.restatements or spent.restated is None
        known = [c for c in now.changes if not isinstance(c.now, Gap) and not isinstance(c.was, Gap)]
        assert {c.cause for c in known} <= {ChangeCause.RESTATED}
    assert restated > 40


def test_where_nothing_changed_nothing_is_said() -> None:
    grown = network(3)
    now = with_changes(grown.pack, Earlier(grown.pack, grown.pack), {})
    assert (now.changes, now.deleted, now.restatements) == ((), (), ())
    assert all(not figure.moves and figure.restated is None for figure in now.figures)
    assert [len(figure.history) for figure in now.figures] == [1] * len(now.figures)

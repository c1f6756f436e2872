"""The sample's report formats are filled at each cut-off, from what was kept; what came late is restated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from domain.ids import ReportQuestionId
from domain.plans.facts import facts_of
from domain.plans.project import Plan, ToolDescription
from domain.questions.question import QuestionState
from domain.reporting.figures import Figure, Gap, GapReason
from domain.reporting.pack import Pack, PackId
from domain.standards.formats import Total
from reports.pack.page import page
from store.unit import Unit
from tasks import filling
from tasks.packing import fill_due_packs
from tasks.reading import read_office
from tests.reports.pack.test_figures import differences
from tests.tasks.conftest import Desk

STATUS, BOARD = "delivery-method.status", "delivery-method.board"
WHOLE = ("behind", "overdue", "unsponsored", "budget", "spent", "budget_told")
LIMITS = {"delivery-method/1.0": 1, "delivery-method/2.0": 0}


def packs(desk: Desk) -> list[Pack]:
    with desk.application.store.read() as unit:
        found = [unit.packs.get(head.id) for head in unit.packs.heads()]
    return [pack for pack in found if pack is not None]


def slowly(unit: Unit, desk: Desk, pack: Pack, figure: Figure) -> object:
    """The figure once more, from the plans that were kept, without any of the code that fills."""
    offices = {office.id: office for office in pack.offices}
    rates = {"EUR": Decimal(1), **desk.application.organization.rates.per_unit}
    answers = {
        (q.project, q.fills): q.answer
        for q in unit.questions.of()
        if q.state is QuestionState.ANSWERED and q.answered <= pack.head.id.day
    }
    values = []
    for each in pack.projects:
        project = unit.plans.by_digest(each.plan).project
        given = {name: value for (key, name), value in answers.items() if key == each.key and name}
        for name, value in given.items():
            if hasattr(project, name) and getattr(project, name) is None:
                project = replace(project, **{name: value})
        items = unit.plans.by_digest(each.plan).items
        day = desk.application.organization.offices[each.office].calendar.local_date(
            offices[each.office].cut_off
        )
        overdue = sum(
            item.due is not None and item.due < day and str(item.state) == "open"
            for item in items
            if not item.ours
        )
        money = [
            None if value is None else round(Decimal(str(value)) * rates[project.currency], 2)
            for value in (project.actual_cost, project.budget)
        ]
        values.append(
            {
                "behind": int(overdue > LIMITS[each.version]),
                "behind_share": int(overdue > LIMITS[each.version]),
                "overdue": overdue,
                "unsponsored": int(not project.sponsor),
                "spent": money[0],
                "budget": money[1],
                "budget_told": 0 if money[0] is None else money[1],
                "last_finish": project.finish,
            }[figure.id]
        )
    known = [value for value in values if value is not None]
    if figure.id == "behind_share":
        return round(Decimal(100) * sum(known) / len(known), 2)
    return max(known) if figure.id == "last_finish" else sum(known)


def differing(desk: Desk) -> Iterator[str]:
    with desk.application.store.read() as unit:
        for pack in packs(desk):
            for figure in pack.figures:
                if figure.total is Total.NETWORK:
                    parts = [pack.figure(each).value for each in ("spent", "budget_told")]
                    if abs(figure.value - 100 * parts[0] / parts[1]) > Decimal("0.005"):
                        yield f"{pack.head.id}: {figure.id}"
                elif figure.value != slowly(unit, desk, pack, figure):
                    yield f"{pack.head.id}: {figure.id}"


@pytest.mark.servers
def test_every_figure_of_the_sample_equals_a_slow_recomputation_from_the_kept_plans(month_end: Desk) -> None:
    told = fill_due_packs(dry_run=False)
    offices = len(month_end.offices)
    assert len(told) == 2 * offices + 1, "two for each office, of which one was missed, and the board's"
    found = packs(month_end)
    assert len(found) == 4 * offices + 1
    assert list(differing(month_end)) == []
    of_pages = {str(pack.head.id): list(differences(pack, page(pack))) for pack in found}
    assert {key: told for key, told in of_pages.items() if told} == {}, "and so does every page"
    board = next(pack for pack in found if pack.head.is_network)
    assert board.head.versions == ("delivery-method/1.0", "delivery-method/2.0")
    for figure in board.figures:
        if figure.id in WHOLE:
            assert sum(step.tally.amount for step in figure.bridge) == figure.value
            assert sum(step.tally.amount for step in figure.offices) == figure.value


@pytest.mark.servers
def test_the_control_a_plan_of_another_time_makes_other_figures(
    month_end: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(differing(month_end)) == []
    monkeypatch.setattr("tasks.reported.facts_of", wrong_day)
    fill_due_packs(dry_run=False)
    assert list(differing(month_end))


def wrong_day(plan: Plan, office, tool: ToolDescription, now):
    return facts_of(plan, office, tool, now + timedelta(days=40))


def test_a_dry_run_keeps_nothing_and_a_second_run_fills_nothing(running: Desk) -> None:
    told = fill_due_packs(dry_run=True)
    assert told
    assert packs(running) == []
    assert fill_due_packs(dry_run=False) == told
    before = packs(running)
    assert fill_due_packs(dry_run=False) == ()
    assert packs(running) == before


def reread(desk: Desk, office: str, key: str, minutes: int, **values: object) -> None:
    """The office's tool is read anew some minutes later, and one project is another one there."""
    clock = desk.application.clock
    with desk.application.store.begin() as unit:
        plans = [stored.plan for stored in unit.plans.current(office)]
        changed = [
            replace(p, project=replace(p.project, **values)) if p.project.key == key else p for p in plans
        ]
        unit.plans.put(office, changed, clock.now() + timedelta(minutes=minutes))
        unit.commit()


def test_data_that_came_late_is_a_restatement_in_the_next_pack_and_the_past_one_stays(running: Desk) -> None:
    key = PackId(STATUS, "hamburg", date(2027, 1, 15))
    with running.application.store._engine.begin() as connection:  # as if its report was not there on Monday
        connection.execute(
            text("DELETE FROM plan_history WHERE project = 'hamburg/TA-01' AND at > '2027-01-12'")
        )
    fill_due_packs(dry_run=False)
    first = next(pack for pack in packs(running) if pack.head.id == key)
    reread(running, "hamburg", "hamburg/TA-01", 30, last_report=key.day, actual_cost=1_234.0)
    running.play(3)
    running.period()
    fill_due_packs(dry_run=False)
    second = next(p for p in packs(running) if p.head.id == replace(key, day=date(2027, 1, 22)))
    assert next(p for p in packs(running) if p.head.id == key) == first, "a past pack stays as it was"
    assert second.head.previous == key
    restated = {each.figure: each for each in second.restatements}
    assert restated.keys() == {"spent"}
    number = next(p.number for p in first.projects if p.key == "hamburg/TA-01")
    said = next(part.value for part in first.figure("spent").parts if part.number == number)
    assert restated["spent"].now - restated["spent"].was == Decimal("1234.00") - said
    assert restated["spent"].office == "hamburg"
    spent = second.figure("spent")
    assert (spent.before, spent.restated) == (first.figure("spent").value, restated["spent"].now)
    assert spent.before + sum(move.by for move in spent.moves) == spent.value


def test_an_office_that_was_not_read_is_a_gap_and_no_zero(running: Desk) -> None:
    store, clock = running.application.store, running.application.clock
    with store.begin() as unit:
        unit.readings.add("hamburg", clock.now() + timedelta(minutes=1), "", "the file is locked")
        unit.commit()
    running.play(3)
    for office in running.offices:
        if office != "hamburg":
            read_office(office)
    fill_due_packs(dry_run=False)
    own = [p for p in packs(running) if p.head.id.office == "hamburg"]
    pack = max(own, key=lambda p: p.head.id.day)
    assert pack.offices[0].missing is not None
    for figure in pack.figures:
        assert isinstance(figure.value, Gap)
        assert figure.value.reason is GapReason.OFFICE
        assert figure.value.office == "hamburg"


def test_before_a_cut_off_an_office_is_asked_once_for_what_its_report_lacks(running: Desk) -> None:
    with running.application.store.read() as unit:
        asked = [q for q in unit.questions.of() if ReportQuestionId.find(q.id)]
        facts = {(q.project, q.about) for q in asked}
        assert len(facts) == len(asked) > 5
        for question in asked:
            key = ReportQuestionId.read(question.id)
            assert question.asked < question.answer_by < date.fromisoformat(key.day)
    running.period()
    with running.application.store.read() as unit:
        assert len([q for q in unit.questions.of() if ReportQuestionId.find(q.id)]) == len(asked)
    fill_due_packs(dry_run=False)
    gaps = {
        (part.value.question)
        for pack in packs(running)
        for figure in pack.figures
        for part in figure.parts
        if isinstance(part.value, Gap)
    }
    assert gaps
    assert gaps <= {question.id for question in asked} | {q for q in gaps if q.startswith("ask/")}, (
        "every gap names the question about it"
    )


def test_nothing_is_due_before_the_first_cut_off_after_the_version_was_published(begun: Desk) -> None:
    assert fill_due_packs(dry_run=False) == ()
    with begun.application.store.read() as unit:
        assert filling.standards(unit)[0].versions[-1].version == "2.0"

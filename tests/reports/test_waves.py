"""The picture of savings over waves: a line a measure, told apart by shape, with all of it as text."""

from __future__ import annotations

from decimal import Decimal

from domain.deployments.report import Gathered, report
from domain.language import ENGLISH
from domain.plans.merge.beside import Shown, side_rows
from domain.plans.savings.interval import Shown as Says
from domain.plans.savings.office import Deployment, Kind, Measure, SizeDriver, TaskFigures
from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan
from reports.deployments.saved import said
from reports.deployments.waves import waves_picture

EFFORT = Measure.EFFORT


def office(name: str, wave: int, hours: int) -> Deployment:
    """An office that needed so many hours where the pilot needed 100."""
    task = TaskFigures("A", Kind.REUSED, {EFFORT: Decimal(100)}, {}, {EFFORT: Decimal(hours)})
    return Deployment(name, wave, (task,), SizeDriver("users", Decimal(1), Decimal(1)))


OFFICES = tuple(office(f"o{n}", 1 + n // 4, 80 - 5 * (n // 4) + n % 4) for n in range(12))


def test_twelve_offices_give_a_percentage_and_a_curve_to_each_of_them_and_no_ones_figures():
    found = report("t", 3, Gathered((), OFFICES), {"o0"}, list(Measure))
    effort = found.savings.measures[EFFORT]
    assert effort.interval.shown is Says.SAVED
    assert [each.office for each in effort.offices] == ["o0"]
    assert list(effort.waves) == [1, 2, 3]
    assert said(effort.interval, EFFORT, 12, ENGLISH) == "24 % less effort than the pilot (21 to 26 %)"


def test_a_wave_of_two_hidden_offices_and_a_percentage_over_two_are_not_said():
    five = OFFICES[:5]
    found = report("t", 3, Gathered((), five), {"o0", "o1", "o2"}, [EFFORT]).savings.measures[EFFORT]
    assert (found.interval.shown, found.interval.saved, found.learning) == (Says.KEPT_BACK, None, None)
    assert list(found.waves) == []
    control = report("t", 3, Gathered((), five), {each.office for each in five}, [EFFORT])
    assert control.savings.measures[EFFORT].interval.saved is not None


def test_the_picture_says_all_of_it_as_text_and_needs_two_waves():
    drawn = waves_picture({EFFORT: {1: 0.8, 2: 0.7}, Measure.DURATION: {1: 0.9, 2: 1.3}}, ENGLISH)
    assert "effort: wave 1: 80 %, wave 2: 70 %; duration: wave 1: 90 %, wave 2: 130 %" in drawn
    assert drawn.count("stroke-dasharray") == 1
    assert waves_picture({EFFORT: {1: 0.8}}, ENGLISH) == ""


def test_tasks_of_three_plans_stand_in_one_order_and_a_removed_one_where_it_was():
    def plan(*uids: str) -> WholePlan:
        return WholePlan("T", "week", (), tuple(PlanTask(uid, uid.upper()) for uid in uids))

    rows = side_rows(
        {Shown.BASE: plan("a", "b", "c"), Shown.OURS: plan("a", "x", "c"), Shown.MERGED: plan("a", "c", "new")},
        {"c"},
    )  # fmt: skip
    assert [each.uid for each in rows if each.uid not in "bx"] == ["a", "c", "new"]
    assert {each.uid for each in rows[1:3]} == {"b", "x"}
    assert [each.uid for each in rows if each.asked] == ["c"]

"""Facts: computed from what was read; a missing one is an absent key."""

from datetime import UTC, date, datetime

import pytest

from domain.plans.facts import OPEN_ROOTS, ROOTS, documented, facts_of, is_documented
from domain.plans.project import ItemKind, ItemState, Plan, Project, ToolDescription
from tests.domain.builders import MONDAY, item, noon, office, plan


def facts(of, at=None):
    return facts_of(of, office(), ToolDescription("workbook"), at or noon(MONDAY))


def test_every_root_is_there_and_no_fact_is_null():
    bare = facts(Plan(Project("porto/1", "porto", "Bare")))
    assert set(bare) == {*ROOTS, *OPEN_ROOTS}
    assert all(value is not None for names in bare.values() for value in names.values())
    assert bare["project"] == bare["report"] == bare["cost"] == {}


def test_every_fact_that_can_be_there_is_documented():
    full = facts(
        plan(
            items=[item(work=8.0, percent=50.0, start=MONDAY, due=MONDAY)],
            percent_complete=40.0,
            baseline_finish=MONDAY,
            budget=10.0,
            actual_cost=5.0,
            forecast_cost=11.0,
            last_report=MONDAY,
            gates={"G1": MONDAY},
            fields={"risk_register": True},
        )
    )
    assert all(is_documented(f"{root}.{name}") for root, names in full.items() for name in names)
    assert all(unit is not None and text for _, unit, text in documented())
    assert not is_documented("plan.overdu")
    assert not is_documented("projekt.lead")


@pytest.mark.parametrize(
    ("reported", "done", "lower"),
    [(99.0, 50.0, 50.0), (50.0, 99.0, 50.0), (None, 50.0, None), (99.0, None, None)],
)
def test_the_lower_percentage_counts_and_one_alone_does_not(reported, done, lower):
    found = facts(plan(items=[item(work=10.0, percent=done)], percent_complete=reported))
    assert found["plan"].get("percent_complete") == lower


def test_done_work_is_weighed_by_the_work():
    items = [item(work=30.0, percent=100.0), item(work=10.0, percent=0.0), item(percent=0.0)]
    assert facts(plan(items=items))["plan"]["percent_done_work"] == 75.0


def test_what_we_put_into_a_plan_is_not_counted_as_the_offices_own():
    ours = item(work=10.0, percent=0.0, ours="adopt/1", due=date(2026, 1, 1))
    found = facts(plan(items=[item(work=10.0, percent=100.0), ours]))["plan"]
    assert (found["items"], found["overdue"], found["percent_done_work"]) == (1, 0, 100.0)


def test_overdue_is_unfinished_and_due_before_the_offices_today():
    known = {"percent": 50.0}
    dues = [
        item(due=date(2027, 1, 3), **known),
        item(due=MONDAY, **known),
        item(due=date(2026, 1, 1), percent=100.0),
        item(**known),
    ]
    found = facts(plan(items=dues))["plan"]
    assert (found["overdue"], found["without_due"], found["without_owner"]) == (1, 1, 3)


def test_an_empty_plan_has_no_items_and_no_percentage():
    found = facts(plan())["plan"]
    assert (found["items"], found["titles"]) == (0, [])
    assert "percent_done_work" not in found
    assert "longest_task_days" not in found


def test_a_budget_of_nothing_gives_no_percentage():
    found = facts(plan(budget=0.0, actual_cost=5.0, forecast_cost=5.0))["cost"]
    assert found == {"budget": 0.0, "actual": 5.0, "forecast": 5.0}


def test_zero_and_false_are_facts():
    found = facts(plan(percent_complete=0.0, actual_cost=0.0, fields={"risk_register": False, "note": ""}))
    assert found["project"]["percent_reported"] == 0.0
    assert found["cost"]["actual"] == 0.0
    assert found["field"] == {"risk_register": False, "note": ""}


def test_dates_are_midnights_in_utc():
    found = facts(plan(finish=date(2027, 9, 1), gates={"G1": MONDAY}, fields={"signed": MONDAY}))
    assert found["project"]["finish"] == datetime(2027, 9, 1, tzinfo=UTC)
    assert found["gates"]["G1"] == found["field"]["signed"] == datetime(2027, 1, 4, tzinfo=UTC)


def test_weeks_remaining_never_fall_below_zero_and_a_slip_may_be_negative():
    found = facts(plan(finish=date(2026, 12, 1), baseline_finish=date(2026, 12, 11)))["project"]
    assert (found["weeks_remaining"], found["slip_days"]) == (0.0, -10)


def test_the_longest_task_is_a_task():
    spans = [
        item(start=MONDAY, due=date(2027, 1, 9)),
        item(kind=ItemKind.TICKET, start=MONDAY, due=date(2027, 6, 1)),
    ]
    assert facts(plan(items=spans))["plan"]["longest_task_days"] == 5


def test_a_report_is_on_time_by_the_offices_own_cut_off():
    of = plan(last_report=date(2027, 1, 7))
    before, after = datetime(2027, 1, 15, 16, tzinfo=UTC), datetime(2027, 1, 15, 18, tzinfo=UTC)
    assert [facts(of, at)["report"]["on_time"] for at in (before, after)] == [True, False]
    assert facts(of, after)["report"]["age_days"] == 8


LONG_AGO = date(2026, 1, 1)
OPEN, DONE, CANCELED = ItemState.OPEN, ItemState.DONE, ItemState.CANCELED


@pytest.mark.parametrize(
    ("state", "percent", "overdue", "unknown"),
    [
        (None, None, 0, 1),
        (None, 40.0, 1, 0),
        (None, 100.0, 0, 0),
        (OPEN, None, 1, 0),
        (OPEN, 100.0, 1, 0),
        (DONE, None, 0, 0),
        (DONE, 40.0, 0, 0),
        (CANCELED, 40.0, 0, 0),
    ],
)
def test_an_item_is_overdue_only_when_it_is_known_to_be_open(state, percent, overdue, unknown):
    found = facts(plan(items=[item(due=LONG_AGO, state=state, percent=percent)]))["plan"]
    assert (found["overdue"], found["without_owner"], found["unknown"]) == (overdue, overdue, unknown)
    assert found["items"] == 1


def test_what_is_done_is_done_wholly_and_canceled_work_is_no_work():
    items = [item(work=30.0, state=DONE), item(work=10.0, percent=0.0), item(work=99.0, state=CANCELED)]
    found = facts(plan(items=items))["plan"]
    assert (found["work_hours"], found["percent_done_work"]) == (40.0, 75.0)


def test_an_unknown_item_with_work_is_never_counted_as_done():
    items = [item(work=30.0, state=DONE), item(work=10.0)]
    assert "percent_done_work" not in facts(plan(items=items))["plan"]

"""Whole plans made of items: what is carried, what is told, and nothing that is silent."""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.plans import building
from domain.plans.building import whole_plan
from domain.plans.gaps import Gap, GapKind
from domain.plans.item_plan import DayConstraint, ItemPlan, Span
from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.predecessor import LagUnit, LinkType, Predecessor
from domain.plans.project import Item, ItemKind, ItemState, Plan, Project
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.schedule import schedule
from domain.plans.task import Constraint, ConstraintKind, Duration, Money
from domain.plans.whole_plan import FlawKind, flaws
from domain.plans.work_calendar import DayReason, SpecialDay, WorkCalendar

SEVEN_HOURS = ((8 * 60, 12 * 60), (13 * 60, 16 * 60))
CALENDAR = WorkCalendar("lyon", (*([SEVEN_HOURS] * 5), (), ()))
PROJECT = Project("lyon/L-1", "lyon", "Déploiement", start=date(2027, 3, 1), currency="EUR")


def item(name: str, plan: ItemPlan | None = None, **more) -> Item:
    return Item(f"lyon/L-1/{name}", "lyon/L-1", name, plan=plan, **more)


def built(*items: Item, summaries: tuple[Item, ...] = (), project: Project = PROJECT):
    return whole_plan(Plan(project, items, summaries), CALENDAR)


def at(day: int, hour: int) -> datetime:
    """An hour of a day of March, by the office's clock."""
    return datetime.fromisoformat(f"2027-03-{day:02}T{hour:02}:00")


def key(name: str) -> str:
    return f"lyon/L-1/{name}"


def test_days_and_weeks_are_those_of_the_office_s_calendar():
    spans = {"h": LagUnit.WORKING_HOURS, "d": LagUnit.WORKING_DAYS, "w": LagUnit.WORKING_WEEKS}
    spans |= {"min": LagUnit.WORKING_MINUTES, "ed": LagUnit.ELAPSED_DAYS, "eh": LagUnit.ELAPSED_HOURS}
    made = built(*(item(name, ItemPlan(duration=Span(1.5, unit))) for name, unit in spans.items()))
    lengths = {task.name: task.duration for task in made.plan.tasks}
    assert lengths == {
        "h": Duration(90),
        "d": Duration(630),
        "w": Duration(3150),
        "min": Duration(2),
        "ed": Duration(2160, elapsed=True),
        "eh": Duration(90, elapsed=True),
    }
    assert made.gaps == ()


def test_all_that_an_item_holds_stands_in_its_task():
    said = ItemPlan(
        duration=Span(2),
        actual_start=date(2027, 3, 2),
        actual_finish=date(2027, 3, 3),
        constraint=DayConstraint(ConstraintKind.FINISH_NO_LATER_THAN, date(2027, 3, 5)),
        deadline=date(2027, 3, 6),
        cost=1250.1,
        role="Acheteur",
        own_id="77",
    )
    ours = item("A", said, owner="M. Petit", percent=40.0, ours="adopt/x")
    (task,) = built(ours).plan.tasks
    assert (task.actual_start, task.actual_finish) == (at(2, 8), at(3, 16))
    assert task.constraint == Constraint(ConstraintKind.FINISH_NO_LATER_THAN, at(5, 16))
    assert task.deadline == at(5, 16), "a Saturday ends with the Friday before it"
    assert task.cost == Money(Decimal("1250.1"), "EUR")
    assert (task.role, task.assignee, task.own_id, task.percent) == ("Acheteur", "M. Petit", "77", 40.0)


def test_the_outline_stands_in_the_tool_s_order_and_parts_behind_their_summary():
    tree = {"C": ("A", 4), "B": ("A", 2), "D": (None, 5), "E": ("B", 3)}
    items = [
        item(name, ItemPlan(parent=over and key(over), order=order, duration=Span(1)))
        for name, (over, order) in tree.items()
    ]
    made = built(*items, summaries=(item("A", ItemPlan(order=1, summary=True)),))
    assert [task.name for task in made.plan.tasks] == ["A", "B", "E", "C", "D"]
    assert [task.name for task in made.plan.tasks if task.summary] == ["A", "B"]
    assert [str(gap) for gap in made.gaps] == [
        "lyon/L-1/B has parts, so its own duration of 1d is that of its parts"
    ]


def test_links_of_four_kinds_and_lags_of_each_measure_are_carried():
    after = (
        Predecessor(key("A"), 2),
        Predecessor(key("A"), -1.5, LinkType.START_TO_START, LagUnit.ELAPSED_DAYS),
        Predecessor(key("B"), 50, LinkType.FINISH_TO_FINISH, LagUnit.PERCENT),
    )
    one = ItemPlan(duration=Span(1))
    made = built(item("A", one), item("B", one), item("C", replace(one, after=after)))
    assert set(made.plan.links) == {
        PlanLink(key("A"), key("C"), lag=Lag(840)),
        PlanLink(key("A"), key("C"), LinkType.START_TO_START, Lag(-2160, LagMeasure.ELAPSED)),
        PlanLink(key("B"), key("C"), LinkType.FINISH_TO_FINISH, Lag(50, LagMeasure.PERCENT)),
    }


ONE = ItemPlan(duration=Span(1))


@pytest.mark.parametrize(
    ("items", "kind"),
    [
        ((item("A", replace(ONE, after=(Predecessor("#99"),))),), GapKind.LINK_MISSING),
        ((item("A", replace(ONE, after=(Predecessor(key("A")),))),), GapKind.LINK_INTO_ITSELF),
        ((item("A", replace(ONE, parent="#99")),), GapKind.PARENT_MISSING),
        ((item("A", replace(ONE, parent=key("A"))),), GapKind.PARENT_IN_ITSELF),
        ((item("A", ItemPlan(duration=Span(2, LagUnit.WORKING_MONTHS))),), GapKind.UNIT_UNKNOWN),
        ((item("A"),), GapKind.DURATION_MISSING),
        ((item("A", replace(ONE, actual_finish=date(2027, 3, 3))),), GapKind.ACTUAL_START_MISSING),
        ((item("A", ONE, state=ItemState.CANCELED),), GapKind.CANCELED),
        ((item("A", ONE, start=date(2027, 3, 3)),), GapKind.START_HELD),
        ((item("A", ONE, due=date(2027, 3, 3)),), GapKind.DUE_AS_DEADLINE),
        ((item("A", start=date(2027, 3, 3), due=date(2027, 3, 5)),), GapKind.DURATION_FROM_DATES),
        (
            (item("A", ItemPlan(after=(Predecessor(key("B")),))), item("B", replace(ONE, parent=key("A")))),
            GapKind.LINK_TO_OWN_SUMMARY,
        ),
        (
            (
                item("A", replace(ONE, constraint=DayConstraint(ConstraintKind.AS_LATE_AS_POSSIBLE))),
                item("B", replace(ONE, parent=key("A"))),
            ),
            GapKind.SUMMARY_CONSTRAINT,
        ),
    ],
)  # fmt: skip
def test_what_is_not_carried_as_it_stands_is_told(items, kind):
    gaps = built(*items).gaps
    assert kind in {gap.kind for gap in gaps}
    assert all(gap.item in str(gap) for gap in gaps)


def test_a_cost_without_a_currency_is_told_and_not_carried():
    made = built(item("A", replace(ONE, cost=3.0)), project=replace(PROJECT, currency=None))
    assert made.plan.tasks[0].cost is None
    assert made.gaps == (Gap(GapKind.CURRENCY_MISSING, key("A"), "3"),)


def test_a_duration_is_counted_from_dates_by_the_office_s_holidays():
    holiday = {date(2027, 3, 4): SpecialDay(DayReason.HOLIDAY)}
    plan = Plan(PROJECT, (item("A", start=date(2027, 3, 3), due=date(2027, 3, 8)),))
    (task,) = whole_plan(plan, replace(CALENDAR, special=holiday)).plan.tasks
    assert task.duration == Duration(3 * 420)


def test_a_start_to_which_nothing_leads_is_held_and_one_to_which_a_link_leads_is_not():
    first = item("A", ONE, start=date(2027, 3, 3))
    second = item("B", replace(ONE, after=(Predecessor(key("A")),)), start=date(2027, 3, 9))
    by_hand = item("C", replace(ONE, after=(Predecessor(key("A")),), manual=True), start=date(2027, 3, 9))
    held = {task.name: task.constraint for task in built(first, second, by_hand).plan.tasks}
    early = ConstraintKind.START_NO_EARLIER_THAN
    assert held == {
        "A": Constraint(early, at(3, 8)),
        "B": None,
        "C": Constraint(early, at(9, 8)),
    }
    dates = schedule(built(first, second, by_hand).plan, FromStart(at(1, 8))).dates
    assert dates[key("B")].start == at(4, 8)


NAMES = "ABCDEF"
SPANS = st.builds(Span, st.sampled_from([0, 1, 2.5]), st.sampled_from([*LagUnit][:-1]))
DAYS = st.none() | st.dates(date(2027, 3, 1), date(2027, 4, 1))
PLANS = st.builds(
    ItemPlan,
    parent=st.none() | st.sampled_from([*map(key, NAMES), "#9"]),
    order=st.none() | st.integers(1, 9),
    after=st.lists(
        st.builds(
            Predecessor,
            st.sampled_from([*map(key, NAMES), "#9"]),
            st.sampled_from([0, 1, -2, 0.5]),
            st.sampled_from(LinkType),
            st.sampled_from(LagUnit),
        ),
        max_size=3,
    ).map(tuple),
    duration=st.none() | SPANS,
    milestone=st.none() | st.booleans(),
    summary=st.none() | st.just(True),
    manual=st.none() | st.booleans(),
    actual_start=DAYS,
    actual_finish=DAYS,
    deadline=DAYS,
    constraint=st.none()
    | st.builds(
        DayConstraint,
        st.sampled_from([each for each in ConstraintKind if each is not ConstraintKind.AS_LATE_AS_POSSIBLE]),
        st.just(date(2027, 3, 9)),
    ),
    cost=st.none() | st.sampled_from([0.1, 12.5]),
)
FACTS = st.fixed_dictionaries(
    {
        "start": DAYS,
        "due": DAYS,
        "percent": st.none() | st.sampled_from([0.0, 50.0]),
        "state": st.none() | st.sampled_from(ItemState),
        "kind": st.sampled_from(ItemKind),
    }
)
MADE = st.lists(st.tuples(st.none() | PLANS, FACTS), min_size=1, max_size=6).map(
    lambda told: tuple(item(name, plan, **facts) for name, (plan, facts) in zip(NAMES, told, strict=False))
)


def silent(items: tuple[Item, ...], made: building.Built) -> list[str]:
    """What stands neither in the plan nor among its gaps."""
    tasks, gaps = {task.uid: task for task in made.plan.tasks}, {(gap.kind, gap.item) for gap in made.gaps}
    links = {(link.predecessor, link.successor, link.type) for link in made.plan.links}
    lost = []
    for each in items:
        plan = each.plan or ItemPlan()
        if each.key not in tasks:
            lost += [each.key] if (GapKind.CANCELED, each.key) not in gaps else []
            continue
        told = {kind for kind, whose in gaps if whose == each.key}
        for before in plan.after:
            if (before.key, each.key, before.type) not in links and not told & LINK_GAPS:
                lost.append(f"{before} of {each.key}")
        task = tasks[each.key]
        if plan.parent and task.parent != plan.parent and not told & PARENT_GAPS:
            lost.append(f"the parent of {each.key}")
        if plan.duration and task.duration is None and not told & DURATION_GAPS:
            lost.append(f"the duration of {each.key}")
        if plan.constraint and task.constraint is None and GapKind.SUMMARY_CONSTRAINT not in told:
            lost.append(f"the constraint of {each.key}")
    return lost


LINK_GAPS = {
    GapKind.LINK_MISSING,
    GapKind.LINK_INTO_ITSELF,
    GapKind.LINK_TO_OWN_SUMMARY,
    GapKind.PERCENT_OF_SUMMARY,
}
PARENT_GAPS = {GapKind.PARENT_MISSING, GapKind.PARENT_IN_ITSELF}
DURATION_GAPS = {GapKind.UNIT_UNKNOWN, GapKind.SUMMARY_DURATION}


def test_work_that_was_done_on_a_saturday_alone_began_and_ended_there():
    saturday = date(2027, 3, 6)
    made = built(item("A", replace(ONE, actual_start=saturday, actual_finish=saturday)))
    (task,) = made.plan.tasks
    assert task.actual_start == datetime.combine(saturday, time(8))
    assert task.actual_finish == datetime.combine(saturday, time(17))
    assert FlawKind.FINISHED_BEFORE_START not in {flaw.kind for flaw in flaws(made.plan)}


@settings(max_examples=300, deadline=None)
@given(MADE)
def test_whatever_items_say_the_plan_has_no_flaw_but_missing_durations_and_nothing_is_silent(items):
    made = built(*items)
    assert {flaw.kind for flaw in flaws(made.plan)} <= {FlawKind.DURATION_MISSING}
    assert silent(items, made) == []


def test_a_link_that_is_left_out_silently_is_seen(monkeypatch):
    items = (item("A", ONE), item("B", replace(ONE, after=(Predecessor(key("A")),))))
    assert silent(items, built(*items)) == []
    monkeypatch.setattr(building._Building, "_links", lambda *_: iter(()))
    assert silent(items, built(*items)) == ["lyon/L-1/A of lyon/L-1/B"]

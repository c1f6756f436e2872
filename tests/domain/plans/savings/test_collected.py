"""What an office's plan and the pilot's evidence come to: what counts, what is not guessed, what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.language import ENGLISH
from domain.organization.calendar import OFFICE_HOURS, Calendar
from domain.pages.localizing import answers_from, screens
from domain.plans.localization.answers import (
    AnchorAnswer,
    AnchorKind,
    Answers,
    ExchangeRate,
    Target,
    TargetKind,
)
from domain.plans.localization.derivation import Derivation, DerivationId, Ground, GroundKind
from domain.plans.localization.lacks import LackKind, lacks, unknowns
from domain.plans.localization.receiver import Receiver
from domain.plans.localization.sizes import NoSize, is_size, size_of
from domain.plans.savings.collected import Beside, collected, last_of_each
from domain.plans.savings.office import Deployment, Kind, Measure, Missing, compared, reuse
from domain.plans.task import Duration, Money, PlanTask
from domain.plans.templates.template import (
    Driver,
    Effort,
    Evidence,
    Pilot,
    Size,
    TaskKind,
    Template,
    TemplateCalendar,
    TemplateTask,
)
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar

DAY, EUR = 480, "EUR"
WEEK = (OFFICE_HOURS,) * 5 + ((), ())
MONDAY = datetime(2027, 3, 1, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
USERS = Size(Driver.USERS, Decimal(100))


def given(uid: str, first_day: int, days: int, hours: int, *, once: bool = False) -> TemplateTask:
    """A finished task of the pilot that took so many days from that working day on."""
    money = Money(Decimal(hours * 50), EUR)
    evidence = Evidence(
        Duration(days * DAY), Duration(days * DAY), began=first_day * DAY, ended=(first_day + days) * DAY,
        work=hours * 60, cost=money,
    )  # fmt: skip
    return TemplateTask(
        uid, {"en": f"Task {uid}"}, duration=Duration(days * DAY), effort=(Effort("Analyst", hours * 60),),
        cost=money, once=once, evidence=evidence,
    )  # fmt: skip


TEMPLATE = Template(
    "t", {"en": "T"}, "porto", "en", "week", (TemplateCalendar("week", WEEK),),
    (given("A", 0, 2, 16), given("B", 2, 10, 200, once=True), given("C", 12, 3, 24),
     TemplateTask("M", {"en": "Live"}, TaskKind.MILESTONE)),
    pilot=Pilot("porto", date(2027, 1, 1), "d"), size=USERS,
)  # fmt: skip


def done(uid: str, day: int, days: int, hours: int, name: str = "") -> PlanTask:
    """A finished task of the office."""
    start = MONDAY + timedelta(days=day)
    return PlanTask(
        uid, name or f"Task {uid}", duration=Duration(days * DAY), actual_start=start,
        actual_finish=start + timedelta(days=days - 1, hours=9), percent=100, work=Duration(hours * 60),
        cost=Money(Decimal(hours * 60), EUR),
    )  # fmt: skip


BASE = WholePlan(
    "T", "week", (WorkCalendar("week", WEEK),), (done("A", 0, 2, 16), done("C", 2, 3, 24)), (), MONDAY
)
LIVE = replace(
    BASE, tasks=(done("A", 0, 1, 10), done("C", 1, 2, 24), PlanTask("M", "Live", milestone=True, percent=100))
)


def office(
    live: WholePlan | None = LIVE,
    template: Template = TEMPLATE,
    spent: dict[str, float] | None = None,
    **answers: object,
) -> Deployment:
    """An office's figures beside that template."""
    said = Answers(
        AnchorAnswer(AnchorKind.START, date(2027, 3, 1)), Target(TargetKind.EXISTING, "P-1"), size=USERS
    )
    at = datetime(2027, 1, 4, tzinfo=UTC)
    made = Derivation(
        DerivationId("oslo", "t"), 1, "d", Ground(GroundKind.OWN), replace(said, **answers), at, BASE
    )
    return collected(made, live, Beside(template, TEMPLATE), EUR, spent)


def test_hours_and_costs_are_those_of_what_both_did_and_a_milestone_needs_none():
    found = office()
    effort, cost = compared(found, Measure.EFFORT), compared(found, Measure.COST)
    assert (effort.pilot, effort.office_total, effort.missing) == (40, 34, None)
    assert (cost.pilot, cost.office_total, cost.missing) == (2000, 2040, None)
    assert [task.uid for task in found.tasks if task.kind is Kind.BUILT_ONCE] == ["B"]


def test_a_task_without_duration_needs_no_hours_and_no_days_where_a_tool_has_no_milestones():
    point = PlanTask("M", "Live", duration=Duration(0), percent=100)
    found = office(replace(LIVE, tasks=(*LIVE.tasks[:2], point)))
    assert compared(found, Measure.EFFORT) == compared(office(), Measure.EFFORT)
    assert compared(found, Measure.DURATION) == compared(office(), Measure.DURATION)
    longer = office(replace(LIVE, tasks=(*LIVE.tasks[:2], replace(point, duration=Duration(DAY)))))
    assert compared(longer, Measure.EFFORT).missing is Missing.ACTUAL, "the control"
    assert compared(longer, Measure.DURATION).missing is Missing.ACTUAL


def test_the_pilots_days_are_without_those_in_which_it_did_only_what_it_does_once():
    assert office().pilot_duration == 5
    beside = replace(TEMPLATE, tasks=(given("A", 0, 15, 16), *TEMPLATE.tasks[1:]))
    assert office(template=beside).pilot_duration == 15, "what both did went on meanwhile"
    control = replace(
        TEMPLATE, tasks=(TEMPLATE.tasks[0], replace(TEMPLATE.tasks[1], evidence=None), *TEMPLATE.tasks[2:])
    )
    assert office(template=control).pilot_duration == 15, "nothing tells when it was done"


def test_it_is_said_where_the_plan_still_states_what_the_template_gave():
    found = office()
    assert compared(found, Measure.EFFORT).as_given == 1
    assert [task.uid for task in found.tasks if Measure.EFFORT in task.as_given] == ["C"]


def test_hours_that_are_booked_count_and_not_what_was_planned_and_a_task_without_them_is_a_gap():
    effort = compared(office(spent={"A": 12.5, "C": 24}), Measure.EFFORT)
    assert (effort.office_total, effort.missing, effort.as_given) == (Decimal("36.5"), None, 0)
    gap = compared(office(spent={"A": 12.5}), Measure.EFFORT)
    assert (gap.ratio, gap.missing, gap.without) == (None, Missing.ACTUAL, ("C",))
    assert compared(office(spent={"A": 12.5}), Measure.COST).missing is None


def test_all_else_in_the_project_is_charged_and_what_the_office_removed_is_left_out():
    live = replace(LIVE, tasks=(*LIVE.tasks[1:], done("own", 5, 1, 7, "Import")))
    effort = compared(office(live), Measure.EFFORT)
    assert (effort.pilot, effort.office_total, effort.local) == (24, 31, 7)


def test_a_renamed_task_is_no_reuse_and_a_longer_one_is():
    assert reuse(office()) == pytest.approx(2 / 3), "the milestone did not come with the plan"
    renamed = replace(LIVE, tasks=(replace(LIVE.tasks[0], name="Other"), *LIVE.tasks[1:]))
    assert reuse(office(renamed)) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("found", "missing"),
    [
        (office(None), Missing.UNREAD),
        (office(size=None), Missing.SIZE),
        (office(size=Size(Driver.COMPANIES, Decimal(3))), Missing.SIZE),
        (office(template=replace(TEMPLATE, size=None)), Missing.SIZE),
        (office(replace(LIVE, tasks=(replace(LIVE.tasks[0], actual_finish=None, percent=50), *LIVE.tasks[1:]))), Missing.UNFINISHED),
        (office(replace(LIVE, tasks=(replace(LIVE.tasks[0], work=None), *LIVE.tasks[1:]))), Missing.ACTUAL),
        (office(template=replace(TEMPLATE, pilot=Pilot("lima", date(2027, 1, 1), "d"))), Missing.PILOT),
        (office(replace(LIVE, tasks=())), Missing.NOTHING),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_and_nothing_is_guessed(found, missing):
    effort = compared(found, Measure.EFFORT)
    assert (effort.ratio, effort.missing) == (None, missing)


def test_costs_of_two_currencies_need_a_rate():
    abroad = replace(LIVE.tasks[0], cost=Money(Decimal(100), "NOK"))
    live = replace(LIVE, tasks=(abroad, *LIVE.tasks[1:]))
    assert compared(office(live), Measure.COST).missing is Missing.RATE
    assert compared(office(live), Measure.EFFORT).missing is None
    rate = ExchangeRate("NOK", Decimal("0.1"), date(2027, 1, 4), "the bank")
    assert compared(office(live, rates=(rate,)), Measure.COST).office_total == 1450


def test_of_several_plans_of_an_office_the_last_one_counts():
    at = datetime(2027, 1, 4, tzinfo=UTC)
    answers = Answers(AnchorAnswer(AnchorKind.START, date(2027, 3, 1)), Target(TargetKind.EXISTING, "P-1"))
    made = [
        Derivation(DerivationId(name, "t", number), 1, "d", Ground(GroundKind.OWN), answers, at, BASE)
        for name, number in (("oslo", 2), ("lima", 1), ("oslo", 1))
    ]
    assert [str(each.id) for each in last_of_each(made)] == ["lima/t/1", "oslo/t/2"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("many", "'many' is no size; write digits"),
        ("3,000 users", "is no size"),
        ("-3 users", "is no size"),
        ("180 chairs", "nothing is counted by 'chairs'; write one of users, companies, interfaces"),
        ("0 users", "it is not above 0"),
    ],
)
def test_a_text_that_is_no_size_is_refused_with_what_to_write(text, problem):
    with pytest.raises(NoSize, match=problem):
        size_of(text)


@pytest.mark.parametrize(
    ("said", "pilot", "kind"),
    [
        (Size(Driver.USERS, Decimal(0)), USERS, LackKind.SIZE_AMOUNT),
        (Size(Driver.USERS, Decimal("NaN")), USERS, LackKind.SIZE_AMOUNT),
        (Size(Driver.COMPANIES, Decimal(3)), USERS, LackKind.SIZE_DRIVER),
        (USERS, None, LackKind.SIZE_NEEDLESS),
    ],
)
def test_a_size_that_cannot_be_compared_is_refused_in_new_answers(said, pilot, kind):
    template = replace(TEMPLATE, size=pilot)
    answers = Answers(
        AnchorAnswer(AnchorKind.START, date(2027, 3, 1)), Target(TargetKind.EXISTING, "P-1"), size=said
    )
    receiver = Receiver("oslo", Calendar("NO", "Europe/Oslo"), EUR, "en")
    found = [*lacks(template, answers, receiver), *unknowns(template, answers)]
    assert [each.kind for each in found] == [kind]
    assert all(each.what() and each.instead() and each.path[0] == "size" for each in found)


def test_the_page_asks_the_size_by_what_the_template_counts_and_takes_no_other_number_for_it():
    receiver = Receiver("oslo", Calendar("NO", "Europe/Oslo"), EUR, "en")
    asked = [each.name for screen in screens(TEMPLATE, receiver, ENGLISH) for each in screen]
    assert "size users" in asked
    fields = {
        "on": "2027-03-01",
        "anchor": "start",
        "target": "existing",
        "project": "P",
        "durations": "planned",
    }
    said = fields | {"size users": "180"}
    assert answers_from(TEMPLATE, receiver, said, None).size == Size(Driver.USERS, Decimal(180))
    counted = replace(TEMPLATE, size=Size(Driver.COMPANIES, Decimal(2)))
    assert answers_from(counted, receiver, said, None).size is None


def test_a_size_is_a_number_and_what_is_counted():
    assert size_of(" 180  Users ") == Size(Driver.USERS, Decimal(180))
    assert (is_size("180 users"), is_size("answers/oslo.yaml")) == (True, False)

"""What an office's answers do to a template: anchors, calendars, people, money, languages, what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.organization.calendar import Blackout, Calendar
from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.localization.answers import (
    AnchorAnswer,
    AnchorKind,
    Answers,
    Assigned,
    CalendarUse,
    Durations,
    ExchangeRate,
    Target,
    TargetKind,
    Unfilled,
)
from domain.plans.localization.lacks import Lack, LackKind, NotLocalizable, lacks, unknowns
from domain.plans.localization.local_plan import NotTaken, NotTakenWhy, Remark, RemarkKind, Vacancy, totals
from domain.plans.localization.localizing import localize
from domain.plans.localization.receiver import Receiver
from domain.plans.predecessor import LinkType
from domain.plans.schedule.explanation import Side
from domain.plans.schedule.wording import words
from domain.plans.task import ConstraintKind, Duration, Money
from domain.plans.templates.template import (
    Basis,
    Condition,
    Effort,
    Estimate,
    Held,
    Need,
    Parameter,
    Release,
    Standing,
    TaskKind,
    Template,
    TemplateCalendar,
    TemplateTask,
)
from domain.plans.work_calendar import OFFICE_HOURS

DAY = 480
FREE = ((), (), (), (), (), ((8 * 60, 20 * 60),), ((8 * 60, 20 * 60),))
"""A calendar of weekends, as a cut-over is worked."""
WEST = TemplateCalendar("west", (*[OFFICE_HOURS] * 5, (), ()))
CAIRO = Receiver(
    "cairo", Calendar("", "Africa/Cairo", frozenset({4, 5}), frozenset({date(2027, 3, 21)})), "EGP", "ar", "omar",
    {"omar": "Omar Haddad", "nour": "Nour Aziz"}, {date(2027, 3, 21): "Mother's day"},
)  # fmt: skip


def task(uid: str, days: float = 1, **values: object) -> TemplateTask:
    given = {"duration": Duration(round(days * DAY)), **values}
    return TemplateTask(uid, {"en": f"Task {uid}", "pl": f"Zadanie {uid}"}, **given)


def milestone(uid: str, kind: TaskKind = TaskKind.MILESTONE, **values: object) -> TemplateTask:
    return task(uid, 0, kind=kind, **values)


def link(text: str, lag: Lag | None = None) -> PlanLink:
    first, second, kind = (*text.split(), "FS")[:3]
    return PlanLink(first, second, LinkType(kind), lag or Lag())


def release(*tasks: TemplateTask, links: tuple[PlanLink, ...] = (), **values: object) -> Release:
    calendars = (WEST, TemplateCalendar("weekends", FREE))
    template = Template("t", {"en": "System"}, "hq", "en", "west", calendars, tasks, links, **values)
    return Release(template, 1, "digest", date(2027, 1, 1), Standing.LIVE, stated=True)


def answers(
    on: str = "2027-03-01", kind: AnchorKind = AnchorKind.START, gate: str = "", **values: object
) -> Answers:
    anchor = AnchorAnswer(kind, date.fromisoformat(on), gate)
    return Answers(anchor, Target(TargetKind.EXISTING, "P-1"), **values)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def dates(found, uid: str) -> tuple[str, str]:
    shown = found.schedule.dates[uid]
    return f"{shown.start:%a %d %b %H:%M}", f"{shown.finish:%a %d %b %H:%M}"


CHAIN = release(task("A", 2), task("B", 3), milestone("G", TaskKind.GATE), links=(link("A B"), link("B G")))


def test_a_week_from_sunday_to_thursday_and_a_holiday_are_the_offices():
    found = localize(CHAIN, answers("2027-03-17"), CAIRO)
    assert dates(found, "A") == ("Wed 17 Mar 08:00", "Thu 18 Mar 17:00")
    assert dates(found, "B") == ("Mon 22 Mar 08:00", "Wed 24 Mar 17:00")
    assert words(found.explained("B", Side.START)) == (
        "Mon 22 March 2027 08:00: driven by A FS (early finish Thu 18 March 2027 17:00), +15h: outside working hours,"
        " +2 days: not worked in the week, +1 day: holiday (Mother's day)"
    )
    assert found.plan.calendar == "cairo"


def test_a_start_on_a_free_day_moves_on_and_a_finish_back_and_both_say_so():
    on = localize(CHAIN, answers("2027-03-19"), CAIRO)
    assert dates(on, "A")[0] == "Mon 22 Mar 08:00"
    assert Remark(RemarkKind.ANCHOR_MOVED, ("2027-03-19", "2027-03-22")) in on.remarks
    back = localize(CHAIN, answers("2027-03-20", AnchorKind.FINISH), CAIRO)
    assert f"{back.finish:%a %d %b %H:%M}" == "Thu 18 Mar 17:00"
    assert Remark(RemarkKind.ANCHOR_MOVED, ("2027-03-20", "2027-03-18")) in back.remarks
    kept = localize(CHAIN, answers("2027-03-18", AnchorKind.FINISH), CAIRO)
    assert RemarkKind.ANCHOR_MOVED not in {each.kind for each in kept.remarks}


def test_what_leads_to_a_gate_ends_there_and_the_rest_goes_on():
    after = release(*CHAIN.template.tasks, task("C"), links=(*CHAIN.template.links, link("G C")))
    found = localize(after, answers("2027-03-18", AnchorKind.GATE, "G"), CAIRO)
    assert dates(found, "G")[1] == "Thu 18 Mar 17:00"
    assert dates(found, "A")[0] == "Sun 14 Mar 08:00"
    assert dates(found, "C")[0] == "Mon 22 Mar 08:00"


def test_blackouts_and_half_days_of_the_office_and_of_the_answers_count():
    calendar = replace(CAIRO.calendar, half_days=frozenset({date(2027, 3, 2)}))
    more = answers(blackouts=(Blackout("Audit", date(2027, 3, 3), date(2027, 3, 4)),),
                   half_days=frozenset({date(2027, 3, 7)}))  # fmt: skip
    found = localize(release(task("A", 3)), more, replace(CAIRO, calendar=calendar))
    assert dates(found, "A") == ("Mon 01 Mar 08:00", "Mon 08 Mar 17:00")
    steps = {step.name or str(step.kind) for step in found.explained("A", Side.FINISH).steps}
    assert {"Audit", "half_day"} <= steps


def test_a_calendar_of_the_template_is_kept_with_the_offices_holidays_unless_it_uses_its_own():
    cut = release(task("A"), task("B", 0.5, calendar="weekends"), links=(link("A B"),))
    found = localize(cut, answers("2027-03-18"), CAIRO)
    assert dates(found, "B")[0] == "Sat 20 Mar 08:00"
    assert Remark(RemarkKind.CALENDAR_KEPT, ("weekends",)) in found.remarks
    off = replace(CAIRO, calendar=replace(CAIRO.calendar, holidays=frozenset({date(2027, 3, 20)})))
    assert dates(localize(cut, answers("2027-03-18"), off), "B")[0] == "Sun 21 Mar 08:00"
    own = localize(cut, answers("2027-03-18", calendars={"weekends": CalendarUse.OFFICE}), CAIRO)
    assert dates(own, "B")[0] == "Mon 22 Mar 08:00"
    assert [each.name for each in own.plan.calendars] == ["cairo"]


def test_people_are_named_and_other_roles_are_vacancies_of_the_head_until_the_day_before():
    made = release(
        task("A", effort=(Effort("analyst", 60), Effort("trainer", 30))), task("B", effort=(Effort("tester"),)),
        task("C", effort=(Effort("owner"),)), links=(link("A B"),),
    )  # fmt: skip
    who = {
        "analyst": Assigned("nour"),
        "trainer": Assigned(name="Ola"),
        "owner": Unfilled("nour", date(2027, 2, 1)),
    }
    found = localize(made, answers("2027-03-21", roles=who), CAIRO)
    first, second, _ = found.plan.tasks
    assert (first.role, first.assignee, first.others, first.work) == (
        "analyst",
        "Nour Aziz",
        ("Ola",),
        Duration(90),
    )
    assert (second.assignee, second.work) == (None, None)
    assert found.vacancies == (
        Vacancy("tester", "omar", date(2027, 3, 22), ("B",)), Vacancy("owner", "nour", date(2027, 2, 1), ("C",)),
    )  # fmt: skip


def test_an_office_without_a_head_has_vacancies_that_nobody_fills():
    [found] = localize(
        release(task("A", effort=(Effort("tester"),))), answers(), replace(CAIRO, head="")
    ).vacancies
    assert (found.owner, found.due) == ("", date(2027, 2, 28))


@pytest.mark.parametrize(("currency", "amount"), [("EGP", "1512.88"), ("JPY", "1513"), ("KWD", "1512.882")])
def test_money_is_converted_at_the_rate_that_was_answered_and_rounded_as_the_currency_is(currency, amount):
    rate = ExchangeRate("SGD", Decimal("36.9"), date(2027, 1, 4), "Central Bank")
    made = release(
        task("A", cost=Money(Decimal("40.9995"), "SGD")), task("B", cost=Money(Decimal(5), currency))
    )
    found = localize(made, answers(currency=currency, rates=(rate,)), CAIRO)
    assert [task.cost for task in found.plan.tasks] == [
        Money(Decimal(amount), currency),
        Money(Decimal(5), currency),
    ]
    assert [each.rate for each in found.converted] == [rate, None]


def test_names_are_in_the_offices_language_or_in_the_templates_and_that_is_said():
    found = localize(
        release(task("A"), replace(task("B"), names={"en": "Only"})), answers(language="pl-PL"), CAIRO
    )
    assert [task.name for task in found.plan.tasks] == ["Zadanie A", "Only"]
    assert Remark(RemarkKind.OTHER_LANGUAGE, ("B",)) in found.remarks


def test_durations_are_the_planned_the_likely_or_the_safe_ones():
    estimate = Estimate(Duration(2 * DAY), Duration(4 * DAY), Basis.ACTUAL)
    made = release(task("A", estimate=estimate), task("B"))
    found = {
        which: localize(made, answers(durations=which), CAIRO).plan.tasks[0].duration.minutes / DAY
        for which in Durations
    }
    assert found == {Durations.PLANNED: 1, Durations.LIKELY: 2, Durations.SAFE: 4}


def test_a_date_that_holds_a_task_is_counted_from_the_start_that_follows():
    made = release(task("A", 2), task("B", held=Held(ConstraintKind.START_NO_EARLIER_THAN, 5 * DAY)), task("C"),
                   links=(link("A C"),))  # fmt: skip
    found = localize(made, answers("2027-03-01"), CAIRO)
    assert dates(found, "B")[0] == "Mon 08 Mar 08:00"
    late = localize(made, answers("2027-03-04", AnchorKind.FINISH), CAIRO)
    assert dates(late, "B")[0] == "Tue 09 Mar 08:00"
    assert Remark(RemarkKind.NOT_KEPT, ("B",)) in late.remarks


PAYROLL = Parameter("payroll", {"en": "Payroll?"}, ("yes", "no"))
NO = {"parameters": {"payroll": "no"}}


def conditional(uid: str, **values: object) -> TemplateTask:
    return task(uid, need=Need.CONDITIONAL, condition=Condition("payroll", ("yes",)), **values)


def test_what_stood_before_a_task_that_is_left_out_stands_before_what_follows_it():
    made = release(task("A"), conditional("X"), task("B"), links=(link("A X", Lag(60)), link("X B", Lag(30))),
                   parameters=(PAYROLL,))  # fmt: skip
    found = localize(made, answers(**NO), CAIRO)
    assert found.plan.links == (link("A B", Lag(90)),)
    assert found.not_taken == (NotTaken("X", NotTakenWhy.CONDITION, "payroll"),)
    assert Remark(RemarkKind.LINK_BRIDGED, ("A", "B")) in found.remarks
    whole = localize(made, answers(parameters={"payroll": "yes"}), CAIRO)
    assert (whole.plan.links, whole.not_taken) == (made.template.links, ())


PERCENT, ELAPSED = LagMeasure.PERCENT, LagMeasure.ELAPSED
OVER = [
    ("A X", Lag(), "X B", Lag(50, PERCENT), "A B", Lag(), RemarkKind.LINK_BRIDGED),
    ("A X SS", Lag(), "X B FF", Lag(60), "A B SF", Lag(60), RemarkKind.LINK_BRIDGED),
    ("A X", Lag(1440, ELAPSED), "X B", Lag(60), "A B", Lag(1440, ELAPSED), RemarkKind.LAG_APPROXIMATED),
    ("A X", Lag(25, PERCENT), "X B", Lag(60), "A B", Lag(25, PERCENT), RemarkKind.LAG_APPROXIMATED),
    ("A X", Lag(25, PERCENT), "X B", Lag(), "A B", Lag(25, PERCENT), RemarkKind.LINK_BRIDGED),
]


@pytest.mark.parametrize(("first", "wait", "second", "more", "over", "sum_", "kind"), OVER)
def test_kinds_and_waits_of_links_over_what_is_left_out_add_up(first, wait, second, more, over, sum_, kind):
    made = release(task("A"), conditional("X"), task("B"), links=(link(first, wait), link(second, more)),
                   parameters=(PAYROLL,))  # fmt: skip
    found = localize(made, answers(**NO), CAIRO)
    assert found.plan.links == (link(over, sum_),)
    assert Remark(kind, ("A", "B")) in found.remarks


def test_with_a_phase_goes_what_lies_in_it_and_a_phase_without_tasks_goes_too():
    phases = (
        TemplateTask("P", {"en": "P"}, TaskKind.PHASE, need=Need.OPTIONAL), TemplateTask("Q", {"en": "Q"}, TaskKind.PHASE),
    )  # fmt: skip
    made = release(*phases, task("A"), task("X", parent="P"), task("Y", parent="P"), conditional("Z", parent="Q"),
                   task("B"), links=(link("A P"), link("X Y"), link("P B", Lag(60)), link("A Z"), link("Z B")),
                   parameters=(PAYROLL,))  # fmt: skip
    found = localize(made, answers(leave_out=frozenset({"P"}), **NO), CAIRO)
    assert [task.uid for task in found.plan.tasks] == ["A", "B"]
    assert {each.uid: each.why for each in found.not_taken} == {
        "P": NotTakenWhy.CHOSEN, "X": NotTakenWhy.IN_LEFT_OUT, "Y": NotTakenWhy.IN_LEFT_OUT,
        "Z": NotTakenWhy.CONDITION, "Q": NotTakenWhy.EMPTY,
    }  # fmt: skip
    assert found.plan.links == (link("A B", Lag(60)),)


def test_what_a_version_needs_more_is_named_and_what_it_knows_no_longer_is_passed_over():
    old = answers(roles={"gone": Assigned("nour")}, parameters={"gone": "1"}, leave_out=frozenset({"gone"}))
    assert localize(release(task("A")), old, CAIRO).plan.tasks[0].uid == "A"
    assert {each.kind for each in unknowns(release(task("A")).template, old)} == {
        LackKind.ROLE_UNKNOWN, LackKind.PARAMETER_UNKNOWN, LackKind.TASK_UNKNOWN,
    }  # fmt: skip
    needs = release(task("A", cost=Money(Decimal(1), "SGD")), parameters=(PAYROLL,))
    with pytest.raises(NotLocalizable) as asked:
        localize(needs, old, CAIRO)
    assert asked.value.lacks == lacks(needs.template, old, CAIRO)
    assert asked.value.lacks == (
        Lack(LackKind.PARAMETER_MISSING, ("parameters", "payroll"), "payroll", known=("yes", "no")),
        Lack(LackKind.RATE_MISSING, ("rates", "SGD"), "SGD", "EGP"),
    )


def test_a_gate_that_is_left_out_and_a_plan_of_which_nothing_is_left_are_told():
    gate = milestone("G", TaskKind.GATE, need=Need.CONDITIONAL, condition=Condition("payroll", ("yes",)))
    made = release(task("A", need=Need.OPTIONAL), gate, parameters=(PAYROLL,))
    found = lacks(made.template, answers("2027-03-01", AnchorKind.GATE, "G", **NO), CAIRO)
    assert [each.kind for each in found] == [LackKind.GATE_LEFT_OUT]
    found = lacks(made.template, answers(leave_out=frozenset({"A"}), **NO), CAIRO)
    assert [str(each) for each in found] == [
        "leave_out: no task is left of the template; leave out less, or change the parameters"
    ]


def test_a_year_without_known_holidays_is_named():
    found = localize(release(task("A", 300)), answers("2027-03-01"), CAIRO)
    assert Remark(RemarkKind.NO_HOLIDAYS, ("2028",)) in found.remarks


def test_what_a_plan_amounts_to_is_known_only_where_each_task_says_it():
    known = release(
        task("A", 2, effort=(Effort("analyst", 600),), cost=Money(Decimal(10), "EGP")), milestone("M")
    )
    found = totals(localize(known, answers(), CAIRO))
    assert (found.effort, found.duration, found.cost) == (
        Decimal(10),
        Decimal("2.0"),
        Money(Decimal(10), "EGP"),
    )
    part = release(task("A", effort=(Effort("analyst", 600),)), task("B"))
    assert totals(localize(part, answers(), CAIRO)).effort is None

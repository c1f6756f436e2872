"""A template is captured without persons and secrets, with what the pilot teaches, and the plan stays as it is."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest

from domain.plans.predecessor import LinkType
from domain.plans.task import Constraint, ConstraintKind, Duration, PlanTask
from domain.plans.templates.capture import ALL, NoSuchLink, NoSuchMilestone, Wanted, capture
from domain.plans.templates.form import as_data, digest_of
from domain.plans.templates.lint import lint
from domain.plans.templates.names import names
from domain.plans.templates.scrubbing import Private, scrubbed, without_asides
from domain.plans.templates.template import Basis, Effort, Mark, Need, TaskKind
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import DayReason, SpecialDay, WorkCalendar
from tests.domain.plans.templates.pilots import left_of, one_link, people, pilot, planted, with_private

ON = date(2027, 6, 1)
WANTED = Wanted("finance", "hamburg", ON, "en", "digest")
MONDAY = datetime(2027, 3, 1, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
CALENDAR = WorkCalendar("Standard")


def plan_of(
    *tasks: PlanTask, links: tuple = (), calendar: WorkCalendar = CALENDAR, **values: object
) -> WholePlan:
    return WholePlan("Pilot", calendar.name, (calendar,), tasks, links, MONDAY, **values)


def at(days: int, hour: int = 8) -> datetime:
    return MONDAY + timedelta(days=days, hours=hour - 8)


def as_text(found: object) -> str:
    return json.dumps(as_data(found), ensure_ascii=False)


def test_nothing_of_2000_planted_private_things_is_left_in_50_templates(
    capsys: pytest.CaptureFixture[str],
) -> None:
    total, left, told = Counter(), Counter(), Counter()
    for number in range(50):
        chance = Random(f"pilot {number}")
        known = people(chance, 8)
        plan, put = with_private(pilot(chance), chance, 40, known)
        before = repr(plan)
        found = capture(plan, replace(WANTED, people=frozenset(known[:4])))
        text = as_text(found.template)
        total.update(each.kind for each in put)
        left.update(each.kind for each in left_of(text, put))
        told.update(each.kind for each in found.stripped)
        assert not [name for name in known if name.casefold() in text.casefold()]
        assert repr(plan) == before, "the source was changed"
    with capsys.disabled():
        print(  # noqa: T201 - the figures are to be seen
            f"\nprivate things planted: {sum(total.values())}, left: {sum(left.values())}, told: {sum(told.values())}"
        )
    assert sum(total.values()) == 2000
    assert not left
    assert all(told[kind] >= total[kind] for kind in (Private.ADDRESS, Private.LINK))


def test_a_planted_leak_is_counted() -> None:
    chance = Random("leak")
    put = [planted(chance, kind, ["Jan Kowalski"]) for kind in Private]
    text = as_text(capture(pilot(chance), WANTED).template)
    for each in put:
        assert left_of(f"{text} {each.text}", put) == [each]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Spotkanie z Janem Kowalskim i Anną Wilk", "Spotkanie z [person] i [person]"),
        ("KOWALSKI J., tel. 601 234 567", "[person], [phone]"),
        ("Kick-off; ask Jürgen Mueller or J. Müller", "Kick-off; ask [person] or [person]"),
        ("会议与王伟讨论", "会议与[person]讨论"),
        ("ring Bo Li, or Li, Bo", "ring [person], or [person]"),
        ("p.wilk uploads", "[person] uploads"),
        ("write to a.b (at) example (dot) org", "write to [address]"),
        ("see \\\\srv01\\plans, then intra.corp/x", "see [link], then [link]"),
        ("ring 0048 22 1234567 or (022) 123-45-67", "ring [phone] or [phone]"),
        ("password is hunter2, then go", "[credential], then go"),
        ("Konfiguracja; hasło do serwera: Zima2027! potem", "Konfiguracja; [credential] potem"),
        ("Szkolenie kierownika Kowala, Wilkiem i Bakiem", "Szkolenie kierownika Kowala, [person] i [person]"),
        ("pisać: a.b (małpa) firma.pl, kom. +48.601.234.567", "pisać: [address], [phone]"),
    ],
)
def test_private_things_are_found_as_people_write_them(text: str, clean: str) -> None:
    known = names(["Jan Kowalski", "Anna Wilk", "Jürgen Müller", "Li Bo", "王伟", "Jan Bak"], ["p.wilk"])
    assert scrubbed(text, known)[0] == clean
    assert scrubbed(clean, known)[0] == clean, "scrubbing twice changes something"


@pytest.mark.parametrize(
    "text",
    [
        "Release 2027-03-05 to 2027-03-09, 08:00-12:00", "Budget 1 000 000 EUR, 1.250.000", "05.03.2027 - 07.03.2027",
        "ISO 27001:2022 and DIN EN 62304", "Password policy and token ring", "node.js and ASP.NET", "3 x 8 h, 24/7",
        "Marketing of Markets", "Version 10.2.3, 2026/2027",
    ],
)  # fmt: skip
def test_what_only_looks_private_stays(text: str) -> None:
    assert scrubbed(text, names(["Mark Bau", "Eva Ng"]))[0] == text


def test_a_name_that_is_a_word_goes_until_somebody_says_that_it_is_one() -> None:
    plan = plan_of(PlanTask("1", "Zakup wilka do mięsa", duration=Duration(480), assignee="Anna Wilk"))
    assert (
        "wilk"
        not in as_text(capture(plan, replace(WANTED, people=frozenset({"Ewa Wilka"}))).template).casefold()
    )
    kept = replace(WANTED, people=frozenset({"Ewa Wilka"}), kept=frozenset({"wilka"}))
    assert capture(plan, kept).template.tasks[0].names["en"] == "Zakup wilka do mięsa"


def test_an_assignee_that_is_said_to_be_a_role_becomes_one() -> None:
    plan = plan_of(
        PlanTask("1", "Pay the finance team", duration=Duration(480), assignee="Finance team; Ola Nordmann")
    )
    found = capture(plan, replace(WANTED, kept=frozenset({"Finance team"})))
    assert found.template.tasks[0].effort == (Effort("Finance team"),)
    assert found.template.tasks[0].names["en"] == "Pay the finance team"
    assert [each.text for each in found.stripped] == ["Ola Nordmann"]


def test_actuals_become_evidence_and_estimates_stand_beside_what_was_planned() -> None:
    tasks = [
        PlanTask(str(n), f"Step {n}", duration=Duration(960), actual_start=at(7 * n), actual_finish=at(7 * n + 2, 17),
                 baseline_start=at(7 * n), baseline_finish=at(7 * n + 1, 17))
        for n in range(6)
    ]  # fmt: skip
    open_one = PlanTask("9", "Step 9", duration=Duration(480))
    found = {task.names["en"]: task for task in capture(plan_of(*tasks, open_one), WANTED).template.tasks}
    first, last = found["Step 0"], found["Step 9"]
    assert (first.duration, first.evidence.actual) == (Duration(960), Duration(1440))
    assert (first.estimate.likely, first.estimate.basis, first.open) == (Duration(1440), Basis.ACTUAL, False)
    assert (last.estimate.likely, last.estimate.basis, last.open) == (Duration(720), Basis.RATIO, True)
    assert last.duration == Duration(480), "a planned duration was changed"


def test_dates_become_working_time_after_the_start_and_holidays_stay_behind() -> None:
    calendar = replace(CALENDAR, special={date(2027, 3, 2): SpecialDay(DayReason.HOLIDAY)})
    held = PlanTask("1", "A", duration=Duration(480), constraint=Constraint(ConstraintKind.MUST_START_ON, at(2)),
                    deadline=at(4, 17))  # fmt: skip
    found = capture(plan_of(held, calendar=calendar), WANTED)
    task = found.template.tasks[0]
    assert (task.held.after, task.deadline, found.holidays) == (480, 1920, 1)
    assert "2027-03" not in as_text(found.template).replace(str(ON), "")


def test_links_to_tasks_elsewhere_are_told_and_left_out() -> None:
    found = capture(plan_of(PlanTask("1", "A", duration=Duration(480)), links=(one_link("X9", "1"),)), WANTED)
    assert (len(found.elsewhere), found.template.links) == (1, ())


def by_dates() -> WholePlan:
    def day(number: int, constraint: int) -> PlanTask:
        held = Constraint(ConstraintKind.START_NO_EARLIER_THAN, at(constraint))
        return PlanTask(str(number), f"Day {number}", "p", duration=Duration(480), constraint=held)

    return plan_of(PlanTask("p", "P", summary=True), day(1, 0), day(2, 1), day(3, 3), day(4, 7))


def test_a_plan_that_dates_drive_is_told_and_links_are_proposed_in_their_place() -> None:
    found = capture(by_dates(), WANTED)
    assert found.dates.is_so
    assert [(each.name, each.wait) for each in found.proposed] == [("1>2", 0), ("2>3", 480), ("3>4", 480)]
    assert found.template.links == (), "a proposal became a link by itself"


def test_only_confirmed_proposals_become_links() -> None:
    found = capture(by_dates(), replace(WANTED, links=frozenset({"2>3"})))
    assert [(found.uids["2"], found.uids["3"])] == [
        (e.predecessor, e.successor) for e in found.template.links
    ]
    assert [bool(task.held) for task in found.template.tasks] == [False, True, True, False, True]
    assert len(capture(by_dates(), replace(WANTED, links=frozenset({ALL}))).template.links) == 3
    with pytest.raises(NoSuchLink, match=r"'9>1' is no proposed link; there are 1>2"):
        capture(by_dates(), replace(WANTED, links=frozenset({"9>1"})))


def test_links_are_proposed_for_a_plan_that_cannot_be_scheduled_too() -> None:
    plan = by_dates()
    lacking = replace(plan, tasks=(*plan.tasks, PlanTask("9", "No duration")), links=(one_link("X", "1"),))
    assert [each.name for each in capture(lacking, WANTED).proposed] == ["1>2", "2>3", "3>4"]


def test_proposals_never_make_a_cycle() -> None:
    for number in range(40):
        plan = pilot(Random(f"cycle {number}"), 20)
        found = capture(plan, replace(WANTED, links=frozenset({ALL})))
        assert not [each for each in lint(found.template) if each.check == "cycle"]


def test_a_second_capture_keeps_uids_and_what_people_added() -> None:
    plan = pilot(Random("again"), 12)
    first = capture(plan, WANTED).template
    task = next(task for task in first.tasks if task.kind is TaskKind.TASK)
    added = replace(
        task, need=Need.OPTIONAL, rules=("method/plan.owners",), names={**task.names, "de": "Schritt"}
    )
    edited = replace(first, tasks=tuple(added if each is task else each for each in first.tasks))
    again = capture(replace(plan, title="Finance system, finished"), WANTED, edited).template
    found = next(each for each in again.tasks if each.uid == task.uid)
    assert (found.need, found.rules, found.names["de"]) == (Need.OPTIONAL, ("method/plan.owners",), "Schritt")
    assert {each.uid for each in again.tasks} == {each.uid for each in first.tasks}


def test_a_task_that_was_deleted_and_made_anew_keeps_its_uid_by_its_place() -> None:
    plan = pilot(Random("anew"), 12)
    first = capture(plan, WANTED)
    moved = {"4": "400"}
    tasks = tuple(replace(each, uid=moved.get(each.uid, each.uid)) for each in plan.tasks)
    links = tuple(
        replace(
            e,
            predecessor=moved.get(e.predecessor, e.predecessor),
            successor=moved.get(e.successor, e.successor),
        )
        for e in plan.links
    )
    again = capture(replace(plan, tasks=tasks, links=links), WANTED, first.template)
    assert again.uids["400"] == first.uids["4"]
    assert digest_of(again.template) == digest_of(first.template)


def test_a_plan_without_tasks_is_refused() -> None:
    with pytest.raises(ValueError, match="has no tasks; name a plan that has some"):
        capture(plan_of(PlanTask("p", "P", summary=True)), WANTED)


def test_all_four_kinds_of_links_are_captured() -> None:
    links = tuple(one_link("1", "2", kind, 60) for kind in LinkType)
    tasks = (PlanTask("1", "A", duration=Duration(480)), PlanTask("2", "B", duration=Duration(480)))
    assert {each.type for each in capture(plan_of(*tasks, links=links), WANTED).template.links} == set(
        LinkType
    )


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Finance system Singapore (sponsor: Rajesh Pillai)", "Finance system Singapore"),
        ("Finance system - Rajesh Pillai", "Finance system"),
        ("Finance system (wave 1), Rajesh Pillai", "Finance system (wave 1)"),
        ("Rajesh Pillai", "finance"),
        ("Plan of Rajesh Pillai for payroll", "Plan of [person] for payroll"),
        ("Paie (voir Rajesh Pillai), étape 2", "Paie, étape 2"),
        ("Finance system (wave 1)", "Finance system (wave 1)"),
    ],
)
def test_a_title_has_no_aside_of_which_only_a_mark_is_left(title: str, short: str) -> None:
    plan = replace(plan_of(PlanTask("1", "Go", duration=Duration(480))), title=title)
    found = capture(plan, replace(WANTED, people=frozenset({"Rajesh Pillai"})))
    assert found.template.names["en"] == short
    assert bool(found.stripped) == ("Rajesh" in title)
    assert without_asides(short) == short


def with_milestones() -> WholePlan:
    points = [
        PlanTask(n, name, milestone=True, duration=Duration(0))
        for n, name in (("7", "Éles indulás"), ("8", "Vége"))
    ]
    return plan_of(PlanTask("1", "Build", duration=Duration(480)), *points)


def marks_of(template) -> dict[Mark, str]:
    return {task.mark: task.names["en"] for task in template.tasks if task.mark}


def test_a_milestone_that_a_person_names_by_uid_or_name_has_its_mark_and_keeps_it_in_the_next_version() -> (
    None
):
    plan = with_milestones()
    assert marks_of(capture(plan, WANTED).template) == {}, "nothing is guessed"
    named = replace(WANTED, marks={Mark.GO_LIVE: "éles indulás", Mark.SUPPORT_END: "8"})
    first = capture(plan, named).template
    assert marks_of(first) == {Mark.GO_LIVE: "Éles indulás", Mark.SUPPORT_END: "Vége"}
    assert marks_of(capture(plan, WANTED, first).template) == marks_of(first)
    alone = capture(plan, replace(WANTED, marks={Mark.GO_LIVE: "8"}), first).template
    assert marks_of(alone) == {Mark.GO_LIVE: "Vége"}, "a mark stands once"


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (
            {Mark.GO_LIVE: "Build"},
            "'Build' is no milestone of the plan; name one by its uid: 7 .Éles indulás., 8",
        ),
        ({Mark.GO_LIVE: "7", Mark.SUPPORT_END: "Éles indulás"}, "one milestone is named for two things"),
    ],
)
def test_a_milestone_that_is_not_there_once_is_refused_with_those_that_are(marks, said: str) -> None:
    with pytest.raises(NoSuchMilestone, match=said):
        capture(with_milestones(), replace(WANTED, marks=marks))


def test_a_name_of_two_milestones_is_no_name_of_one() -> None:
    plan = with_milestones()
    twice = replace(plan, tasks=tuple(replace(t, name="Vége") if t.milestone else t for t in plan.tasks))
    with pytest.raises(NoSuchMilestone, match="is the name of 2 milestones; name one by its uid"):
        capture(twice, replace(WANTED, marks={Mark.GO_LIVE: "Vége"}))

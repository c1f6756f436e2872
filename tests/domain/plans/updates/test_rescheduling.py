"""The dates of a merged plan: they follow its schedule, but for what the office fixed and for the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.plans.link import PlanLink
from domain.plans.localization.anchoring import anchor_of
from domain.plans.localization.answers import AnchorAnswer, AnchorKind
from domain.plans.merge.change import Fate
from domain.plans.merge.effect import effect
from domain.plans.merge.merging import merge
from domain.plans.merge.place import of_task
from domain.plans.task import Duration, PlanTask
from domain.plans.updates.rescheduling import fixed_dates, moved_dates, rescheduled, without_moved_dates
from domain.plans.whole_plan import FlawKind, WholePlan
from domain.plans.work_calendar import WorkCalendar
from tests.plans_to_place import dated

DAY = 480
MONDAY = datetime(2027, 3, 1, 8)  # noqa: DTZ001 - a local clock
BEFORE = date(2027, 1, 4)
FROM_START = AnchorAnswer(AnchorKind.START, MONDAY.date())


def task(uid: str, days: int, **more) -> PlanTask:
    return PlanTask(uid, f"Passo {uid}", duration=Duration(days * DAY), **more)


def plan(*tasks: PlanTask, links: str = "AB BC") -> WholePlan:
    pairs = tuple(PlanLink(*pair) for pair in links.split())
    return dated(WholePlan("Migração", "Faro", (WorkCalendar("Faro"),), tasks, pairs), MONDAY)


BASE = plan(task("A", 2), task("B", 3), task("C", 1))


def having(whole: WholePlan, uid: str, **values) -> WholePlan:
    return replace(whole, tasks=tuple(replace(t, **values) if t.uid == uid else t for t in whole.tasks))


def updated(base, theirs, live, *, today: date = BEFORE, sent=None, answer=FROM_START):
    moved = moved_dates(live, (base, theirs))
    merged = merge(base, without_moved_dates(theirs, base, moved), live)
    return rescheduled(
        merged, anchor_of(answer, merged.plan), fixed_dates(live, base, moved, sent or {}), today
    )


def days(whole: WholePlan) -> dict[str, str]:
    """The first and the last day of each task, as month-day."""
    return {t.uid: f"{t.start:%m-%d} {t.finish:%m-%d}" for t in whole.tasks if t.start and t.finish}


LONGER = plan(task("A", 4), task("B", 3), task("C", 1))


def test_what_follows_a_longer_task_moves_and_so_does_the_finish() -> None:
    found = updated(BASE, LONGER, BASE)
    assert days(found.plan) == days(LONGER)
    told = effect(found)
    assert (told.after.finish - told.before.finish).days == 2
    assert not found.flaws


def test_the_office_s_own_length_is_in_the_dates_and_not_the_template_s_schedule() -> None:
    found = updated(BASE, LONGER, having(BASE, "B", duration=Duration(8 * DAY)))
    assert days(found.plan) == {"A": "03-01 03-04", "B": "03-05 03-16", "C": "03-17 03-17"}


def test_what_the_office_moved_stays_and_what_follows_it_follows() -> None:
    later = datetime(2027, 3, 15, 8)  # noqa: DTZ001 - a local clock
    moved = having(BASE, "B", start=later, finish=later + timedelta(days=2, hours=9))
    found = updated(BASE, LONGER, moved)
    assert days(found.plan) == {"A": "03-01 03-04", "B": "03-15 03-17", "C": "03-18 03-18"}
    # and so it stays in every later update
    second = updated(found.given.theirs, plan(task("A", 1), task("B", 3), task("C", 1)), found.plan)
    assert days(second.plan) == {"A": "03-01 03-01", "B": "03-15 03-17", "C": "03-18 03-18"}


def test_a_moved_task_that_the_template_makes_longer_keeps_its_start_and_ends_later() -> None:
    later = datetime(2027, 3, 15, 8)  # noqa: DTZ001 - a local clock
    moved = having(BASE, "B", start=later, finish=later + timedelta(days=2, hours=9))
    found = updated(BASE, plan(task("A", 2), task("B", 4), task("C", 1)), moved)
    assert days(found.plan) == {"A": "03-01 03-02", "B": "03-15 03-18", "C": "03-19 03-19"}


def test_dates_that_were_sent_are_not_the_office_s() -> None:
    half = having(BASE, "B", start=datetime(2027, 3, 9), finish=datetime(2027, 3, 11, 23, 59))  # noqa: DTZ001
    sent = {"B": (date(2027, 3, 9), date(2027, 3, 11))}
    assert days(updated(BASE, LONGER, half, sent=sent).plan) == days(LONGER)
    assert days(updated(BASE, LONGER, half).plan)["B"] == "03-09 03-11"


def test_running_and_finished_work_stays_where_it_is() -> None:
    begun = having(BASE, "A", actual_start=MONDAY, percent=50.0)
    found = updated(BASE, LONGER, begun)
    assert days(found.plan) == days(BASE)


def test_nothing_is_moved_back_to_before_today_and_a_new_task_begins_today_at_the_earliest() -> None:
    shorter = plan(task("A", 2), task("B", 3), task("C", 1), task("D", 1), links="AB")
    found = updated(BASE, shorter, BASE, today=date(2027, 3, 5))
    assert days(found.plan) == {
        "A": "03-01 03-02", "B": "03-03 03-05", "C": "03-05 03-05", "D": "03-05 03-05"
    }  # fmt: skip
    assert days(updated(BASE, shorter, BASE).plan)["C"] == "03-01 03-01"


def test_dates_are_counted_back_from_a_fixed_finish_or_gate_and_go_on_when_there_is_no_time_left() -> None:
    by = date(2027, 3, 12)
    gate = PlanTask("G", "Aceitação", milestone=True, duration=Duration(0))
    base = plan(task("A", 2), task("B", 3), gate, links="AB BG")
    theirs = plan(task("A", 4), task("B", 3), gate, links="AB BG")
    for answer in (AnchorAnswer(AnchorKind.FINISH, by), AnchorAnswer(AnchorKind.GATE, by, "G")):
        found = updated(base, theirs, base, answer=answer)
        assert days(found.plan) == {"A": "03-04 03-09", "B": "03-10 03-12", "G": "03-12 03-12"}
        new = plan(task("N", 2), task("A", 4), task("B", 3), gate, links="NA AB BG")
        assert days(updated(base, new, base, answer=answer).plan)["N"] == "03-02 03-03"
        found = updated(base, new, base, answer=answer, today=date(2027, 3, 10))
        assert days(found.plan) == {
            "N": "03-10 03-11", "A": "03-12 03-17", "B": "03-18 03-22", "G": "03-22 03-22"
        }  # fmt: skip
    gone = anchor_of(AnchorAnswer(AnchorKind.GATE, by, "X"), base)
    assert gone.at == base.start


def test_an_own_task_without_dates_and_length_holds_nobody_up() -> None:
    live = replace(BASE, tasks=(*BASE.tasks, PlanTask("faro/P/9", "Chaves")), links=(*BASE.links,))
    found = updated(BASE, LONGER, live)
    assert {uid: each for uid, each in days(found.plan).items() if uid in "ABC"} == days(LONGER)
    assert next(t for t in found.plan.tasks if t.uid == "faro/P/9").start is None


def test_the_dates_that_the_schedule_moved_are_what_the_merge_says_of_dates() -> None:
    found = updated(BASE, LONGER, having(BASE, "B", duration=Duration(8 * DAY)))
    told = {each.place: each.fate for each in found.changes if each.place.field in ("start", "finish")}
    assert told[of_task("C", "start")] is Fate.TAKEN
    by_place = {each.place: each.theirs for each in found.changes}
    (c,) = [t for t in found.plan.tasks if t.uid == "C"]
    assert by_place[of_task("C", "start")] == c.start
    assert found.past.last == found.plan


def test_a_plan_that_contradicts_itself_keeps_its_dates_and_says_why() -> None:
    circle = replace(BASE, links=(*BASE.links, PlanLink("C", "A")))
    found = updated(BASE, LONGER, circle)
    assert days(found.plan) == days(BASE)
    assert [each.kind for each in found.flaws] == [FlawKind.CYCLE]


def test_a_second_time_nothing_moves() -> None:
    first = updated(BASE, LONGER, having(BASE, "B", duration=Duration(8 * DAY)))
    again = updated(first.given.theirs, first.given.theirs, first.plan)
    assert again.plan == first.plan

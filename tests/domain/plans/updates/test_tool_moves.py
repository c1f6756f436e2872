"""What a tool moved along its links is told from what the office moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from domain.plans.link import Lag
from domain.plans.task import Duration
from domain.plans.updates.rescheduling import days_of
from domain.plans.updates.tool_moves import with_dates_of, without_tool_moves
from tests.domain.plans.updates.test_rescheduling import BASE, DAY, having

WEEKEND = frozenset({6, 7})


def on(whole, uid: str, first: str, last: str, **more):
    """A plan in which a task stands on these days of March 2027, as a tool states them."""
    start = datetime.fromisoformat(f"2027-03-{first}")
    return having(whole, uid, start=start, finish=datetime.fromisoformat(f"2027-03-{last}T23:59"), **more)


def stated(found, uid: str) -> tuple[date | None, date | None]:
    return next(days_of(task) for task in found.plan.tasks if task.uid == uid)


def was(uid: str) -> tuple[date | None, date | None]:
    return next(days_of(task) for task in BASE.tasks if task.uid == uid)


def test_a_task_that_begins_just_after_its_predecessor_and_is_as_long_was_moved_by_the_tool() -> None:
    live = on(on(BASE, "A", "01", "04"), "B", "05", "09", duration=Duration(2 * DAY))
    found = without_tool_moves(live, BASE, BASE, {}, WEEKEND)
    assert stated(found, "B") == was("B")
    assert next(t.duration for t in found.plan.tasks if t.uid == "B") == Duration(3 * DAY)
    assert stated(found, "A") == (date(2027, 3, 1), date(2027, 3, 4))
    assert found.led == frozenset()


def test_a_later_day_and_another_length_are_the_office_s() -> None:
    later = on(BASE, "B", "08", "10")
    assert stated(without_tool_moves(later, BASE, BASE, {}, WEEKEND), "B")[0] == date(2027, 3, 8)
    longer = on(on(BASE, "A", "01", "04"), "B", "05", "10", duration=Duration(4 * DAY))
    found = without_tool_moves(longer, BASE, BASE, {}, WEEKEND)
    assert stated(found, "B") == (date(2027, 3, 5), date(2027, 3, 10))
    assert found.led == {"B"}


def test_a_lag_and_the_days_that_were_sent_count_and_a_new_task_has_the_days_of_the_new_version() -> None:
    links = (replace(BASE.links[0], lag=Lag(2 * DAY)), *BASE.links[1:])
    live = on(replace(BASE, links=links), "B", "05", "09")
    assert stated(without_tool_moves(live, BASE, BASE, {}, WEEKEND), "B") == was("B")
    sent = {"C": (date(2027, 3, 22), date(2027, 3, 22))}
    written = on(BASE, "C", "22", "22")
    assert stated(without_tool_moves(written, BASE, BASE, sent, WEEKEND), "C") == was("C")
    assert stated(without_tool_moves(written, BASE, BASE, {}, WEEKEND), "C")[0] == date(2027, 3, 22)
    without = replace(BASE, tasks=BASE.tasks[:2], links=BASE.links[:1])
    live = on(BASE, "C", "08", "08")
    assert stated(without_tool_moves(live, without, BASE, {}, WEEKEND), "C") == was("C")


def test_what_stands_in_the_tool_is_what_is_written_over() -> None:
    live = on(BASE, "B", "05", "09")
    found = with_dates_of(BASE, live)
    assert [days_of(task) for task in found.tasks] == [days_of(task) for task in live.tasks]

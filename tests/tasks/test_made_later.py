"""A cut-off at which nobody ran report-network is made up: once, from what was known then, and said so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from domain.language import ENGLISH
from domain.reporting.cut_offs import Content, Period
from domain.reporting.figures import Gap
from domain.reporting.pack import Pack
from reports.pack.page import page
from reports.pack.spoken_pack import spoken_pack
from reports.pack.words import later_words
from tasks.packing import fill_due_packs
from tests.tasks.conftest import Desk, copy_of, leave
from tests.tasks.test_filling import STATUS, differing, packs, reread

DAYS = [date(2027, 1, 8), date(2027, 1, 15), date(2027, 1, 22)]


def of_hamburg(desk: Desk) -> list[Pack]:
    found = [
        pack for pack in packs(desk) if (pack.head.id.format, pack.head.id.office) == (STATUS, "hamburg")
    ]
    return sorted(found, key=lambda pack: pack.head.id.day)


@pytest.fixture
def third_week(later: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The sample in its third week; nobody ran report-network before."""
    yield copy_of(later, 3, tmp_path, monkeypatch)
    leave()


def values(pack: Pack) -> dict[str, object]:
    return {f.id: "gap" if isinstance(f.value, Gap) else f.value for f in pack.figures}


def test_the_packs_of_missed_cut_offs_are_filled_once_in_their_order_and_say_so(third_week: Desk) -> None:
    told = fill_due_packs(dry_run=False)
    found = of_hamburg(third_week)
    assert [pack.head.id.day for pack in found] == DAYS
    assert [pack.head.known is None for pack in found] == [False, False, True]
    assert [pack.head.previous.day if pack.head.previous else None for pack in found] == [None, *DAYS[:2]]
    assert later_words(spoken_pack(found[0], ENGLISH)).startswith("Made later, on 25 January 2027, ")
    assert b"Made later, on 25 January 2027" in page(found[0])
    assert later_words(spoken_pack(found[2], ENGLISH)) == ""
    assert list(differing(third_week)) == []
    assert fill_due_packs(dry_run=False) == ()
    with third_week.application.store.read() as unit:
        entries = [entry.event for entry in unit.ledger.entries() if entry.event.kind == "pack"]
    assert [event.subject for event in entries] == [each.id for each in told]
    assert sum(event.detail["made_later"] for event in entries) == 2 * len(third_week.offices)


@pytest.mark.servers
def test_what_is_made_later_is_what_would_have_been_said_in_time(
    filled: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = copy_of(filled, 3, tmp_path, monkeypatch)
    in_time = {pack.head.id: pack for pack in packs(desk)}
    fill_due_packs(dry_run=False)
    third = of_hamburg(desk)[-1]
    with desk.application.store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM packs")
    fill_due_packs(dry_run=False)
    made_up = {pack.head.id: pack for pack in packs(desk)}
    assert in_time
    for key, pack in in_time.items():
        assert values(made_up[key]) == values(pack), key
    assert values(of_hamburg(desk)[-1]) == values(third)
    leave()


def test_what_came_after_the_next_cut_off_is_not_in_a_pack_that_is_made_later(third_week: Desk) -> None:
    reread(third_week, "hamburg", "hamburg/TA-01", 60, last_report=DAYS[1], actual_cost=9_999_999.0)
    fill_due_packs(dry_run=False)
    second, third = of_hamburg(third_week)[1:]
    number = next(p.number for p in second.projects if p.key == "hamburg/TA-01")
    said = next(part.value for part in second.figure("spent").parts if part.number == number)
    assert said != 9_999_999
    assert third.head.previous == second.head.id


def newest(history: list[Content], of: Period, as_of: datetime) -> Content | None:
    """What a project says now, whatever the period is."""
    del of, as_of
    return history[-1] if history[-1].plan is not None else None


@pytest.mark.servers
def test_the_control_a_pack_that_is_filled_from_what_is_known_now_is_found(
    month_end: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_time = {pack.head.id: values(pack) for pack in packs(month_end)}
    with month_end.application.store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM packs")
    monkeypatch.setattr("tasks.reported.content_of", newest)
    fill_due_packs(dry_run=False)
    made_up = {pack.head.id: values(pack) for pack in packs(month_end)}
    assert any(made_up[key] != said for key, said in in_time.items())

"""What a delivery remembers of the one before, through the real path: connector, intents, lock, mirror."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.delivery.delivery import IntentState
from domain.hosts.life import Host, Process
from domain.organization.office import Conflict
from store.errors import Fenced
from tests.connectors.workbook import books
from tests.contract.memory import Memory
from tests.crash.conflicts import Desk
from tests.standins.world import Answer

ANOTHER = Process(Host("another", "1"), 1, 1.0)
"""Where another run is."""


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.close()


def test_what_the_office_removed_is_not_made_again_whatever_is_wanted_of_it_then(desk) -> None:
    assert desk.deliver(books.item("k/1")).create == 1
    desk.standin.remove(desk.standin.bearing("k/1")[0]["number"])
    for day, due in enumerate((date(2027, 3, 5), date(2027, 3, 5), date(2027, 3, 12), date(2027, 3, 12))):
        desk.days = day  # a day later it is looked for whether all is still there
        told = desk.deliver(books.item("k/1", due=due))
        assert (told.create, told.held) == (0, 1), f"day {day}"
    assert not desk.standin.bearing("k/1")


def test_the_offices_value_stays_though_the_write_that_would_have_noticed_was_broken_off(desk) -> None:
    desk.policy(Conflict.THEIRS)
    desk.deliver(books.item("k/1"))
    ticket = desk.standin.bearing("k/1")[0]
    fault = desk.standin.fault(method="PATCH", path=r"/tickets/", times=99, answer=Answer(503, {}))
    desk.deliver(books.item("k/1", due=date(2027, 3, 5)))
    assert fault.fired
    fault.times = 0
    desk.standin.pass_time(seconds=10)
    desk.standin.change(ticket["number"], due="2027-04-01")
    desk.standin.pass_time(seconds=10)
    told = desk.deliver(books.item("k/1", due=date(2027, 3, 5)))
    assert (told.update, told.conflicts) == (0, 1)
    assert desk.standin.bearing("k/1")[0]["due"] == "2027-04-01"


def test_what_became_of_a_write_is_noted_only_by_who_holds_the_lock(desk, monkeypatch) -> None:
    real, tokens = Memory.put, []

    def overtaken(self, *given, **more):
        """Another run takes over while the tool is written."""
        written = real(self, *given, **more)
        with desk.application.store.begin() as unit:
            tokens.append(unit.locks.claim(books.OFFICE, ANOTHER, desk.machine.now()))
            unit.commit()
        return written

    monkeypatch.setattr(Memory, "put", overtaken)
    with pytest.raises(Fenced):
        desk.deliver(books.item("k/1"))
    monkeypatch.undo()
    with desk.application.store.begin() as unit:
        assert [intent.state for intent in unit.intents.of(books.OFFICE)] == [IntentState.SENT]
        unit.locks.release(books.OFFICE, tokens[0])
        unit.commit()
    assert desk.deliver(books.item("k/1")).same == 1
    assert len(desk.standin.bearing("k/1")) == 1


def test_what_was_put_off_is_not_waited_for_as_if_it_were_on_its_way(desk) -> None:
    fault = desk.standin.fault(method="POST", path=r"/tickets$", times=1, answer=Answer(429, {}))
    assert desk.deliver(books.item("k/1")).waiting == 1
    assert fault.fired
    assert desk.deliver(books.item("k/1")).create == 1


def test_what_got_no_answer_is_waited_for(desk) -> None:
    desk.standin.fault(method="POST", path=r"/tickets$", times=1, answer=Answer(503, {}))
    assert desk.deliver(books.item("k/1")).waiting == 1
    assert desk.deliver(books.item("k/1")).waiting == 1
    desk.machine.start += timedelta(minutes=3)
    assert desk.deliver(books.item("k/1")).create == 1


def test_it_is_said_how_many_titles_are_cut_and_a_second_delivery_writes_nothing(desk) -> None:
    things = [books.item("k/1", title="Ä" * 300), books.item("k/2", title=" kurz  und gut ")]
    done = desk.deliver(*things)
    assert done.create == 2
    assert "1 title of 2: more than 255 characters is cut" in done.holds
    again = desk.deliver(*things)
    assert (again.same, again.calls) == (2, ())

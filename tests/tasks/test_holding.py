"""What cannot be placed in a tool is listed with its reason until it stands there, and counted nowhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cli import main
from config.settings import read_settings
from config.wiring import wire
from domain.delivery.held import REMEDIES, Cause, Held
from domain.organization.office import Access
from examples.harbor_group import player
from tasks.delivering import deliver
from tests.connectors.workbook import books
from tests.contract import memory
from tests.crash.application import delivery_of
from tests.crash.conflicts import Desk
from tests.standins.world import Answer

MET = replace(books.item("k/2", standing="met"), ended=True)
"""An item of which nothing is to be done any more."""


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def held(desk: Desk) -> tuple[Held, ...]:
    with desk.application.store.read() as unit:
        return unit.held.of(books.OFFICE)


def test_what_the_tool_refuses_is_listed_in_its_own_words_until_it_stands_there(desk) -> None:
    refusal = Answer(422, {"errors": ["Pole „Zadání“ je příliš dlouhé"]})
    desk.deliver(books.item("k/1"))
    for _ in range(2):
        desk.standin.fault(method="POST", path=r"/tickets$", times=1, answer=refusal)
        told = desk.deliver(books.item("k/1"), books.item("k/2"))
        assert (told.create, told.same, told.held) == (0, 1, 1)
        (refused,) = held(desk)
        assert (refused.key, refused.cause, refused.kind) == ("k/2", Cause.REFUSED, "item")
        assert "Pole „Zadání“ je příliš dlouhé" in refused.why
    assert desk.deliver(books.item("k/1"), books.item("k/2")).create == 1
    assert held(desk) == ()


def test_it_is_held_since_the_first_time(desk) -> None:
    desk.deliver(books.item("k/1"), access=Access.ASK)
    (first,) = held(desk)
    later = replace(first, since=first.since + timedelta(days=3))
    with desk.application.store.begin() as unit:
        assert not unit.held.replace(books.OFFICE, [later])
        assert unit.held.replace(books.OFFICE, [replace(later, why="another reason")])
        assert unit.held.of()[0].since == first.since


def test_what_the_office_did_not_grant_is_listed_unless_it_came_to_its_end(desk) -> None:
    told = desk.deliver(books.item("k/1"), MET, access=Access.ASK)
    assert (told.create, told.not_permitted, told.same) == (0, 2, 0)
    (withheld,) = held(desk)
    assert (withheld.key, withheld.cause) == ("k/1", Cause.NOT_GRANTED)
    assert "access is ask" in withheld.why
    desk.deliver(books.item("k/1"), MET)
    assert held(desk) == ()


def test_while_a_tool_is_away_all_that_is_new_there_waits_and_nothing_that_stands_there(desk) -> None:
    desk.deliver(books.item("k/1"), books.item("k/2"))
    away = desk.standin.fault(path=r".*", times=99, answer=Answer(503, {}))
    told = desk.deliver(books.item("k/1"), MET, books.question("q/1"))
    assert told.problem
    assert {each.key: each.cause for each in held(desk)} == {"k/2": Cause.WAITING, "q/1": Cause.WAITING}
    assert all(each.why == told.problem for each in held(desk))
    away.times = 0
    desk.standin.pass_time(seconds=10)
    desk.deliver(books.item("k/1"), MET, books.question("q/1"))
    assert held(desk) == ()


def test_what_the_office_removed_is_held_until_it_is_not_wanted_any_more(desk) -> None:
    desk.deliver(books.item("k/1"))
    desk.standin.remove(desk.standin.bearing("k/1")[0]["number"])
    desk.days = 1
    assert desk.deliver(books.item("k/1", due=date(2027, 3, 5))).held == 1
    assert [(each.key, each.cause) for each in held(desk)] == [("k/1", Cause.UNCLEAR)]
    desk.deliver()
    assert held(desk) == ()


def test_a_dry_run_lists_and_stores_nothing(desk) -> None:

    tool = memory.connector(desk.standin, access=Access.ASK)
    told = deliver(delivery_of(desk.application, tool), [books.item("k/1")], None)
    assert [each.key for each in told.holding] == ["k/1"]
    assert held(desk) == ()


@pytest.fixture
def listed(tmp_path, monkeypatch, capsys):
    """What a command prints of a network in which two offices hold something."""
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path))
    player.copy_sample(tmp_path / "organization")
    application = wire(read_settings())
    at = application.machine.now()
    things = {
        "bergen": [
            Held(f"q/{n:02}", "bergen", books.question().kind, Cause.WAITING, "no answer", at)
            for n in range(30)
        ],
        "santos": [Held("k/1", "santos", books.item().kind, Cause.REFUSED, "Título \x1b[31mlongo", at)],
    }
    with application.store.begin() as unit:
        for office, some in things.items():
            unit.held.replace(office, some)
        unit.commit()
    application.store.close()

    def told(*arguments: str, code: int = 1) -> str:
        assert main.main([*arguments]) == code
        return capsys.readouterr().out

    return told


def test_the_list_says_what_why_and_what_to_do(listed) -> None:
    told = listed("held")
    assert "30 waiting" in told
    assert "and 10 more: see them with `interoffice held bergen --all`" in told
    assert REMEDIES[Cause.REFUSED].text in told
    assert "Título" in told
    assert "\x1b" not in told
    assert told.splitlines()[-1] == "31 held"
    assert len(listed("held", "bergen", "--all").splitlines()) == 33
    assert {each["office"] for each in json.loads(listed("held", "--json"))} == {"bergen", "santos"}


def test_an_office_that_holds_nothing_and_one_that_is_none_are_told_apart(listed) -> None:
    assert "Nothing is held" in listed("held", "durban", code=0)
    listed("held", "lisboa", code=1)


def test_the_state_of_the_network_names_what_is_held(listed) -> None:
    told = listed("status", code=0)
    since = r"\d{4}-\d\d-\d\d"
    assert re.search(rf"held        santos: 1 refused since {since} -> {REMEDIES[Cause.REFUSED].text}", told)
    assert "`interoffice held`" in told

"""`interoffice outbox`: outgoing messages are listed, read, sent again and replayed by a cursor."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cli import main
from config.settings import read_settings
from config.wiring import wire
from domain.ledger.chain import Event
from domain.messages.outbox import OutgoingState
from examples.harbor_group import player

AT = datetime(2027, 1, 4, tzinfo=UTC)
RECEIVER = """
receivers:
  - id: board
    url: https://board.example/hook
    secret: BOARD_HOOK_SECRET
    events: [project.adopted]
"""


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The sample with one receiver, for which three of five entries are on their way; one was sent."""
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path))
    player.copy_sample(tmp_path / "organization")
    with (tmp_path / "organization" / "webhooks.yaml").open("a") as file:
        file.write(RECEIVER)
    settings = read_settings()
    store = wire(settings).store
    with store.begin() as unit:
        unit.outbox.take_in("board", lambda _: True, AT)
        for now in ("adopted", "questioned", "adopted", "grandfathered", "adopted"):
            detail = {"was": "trial", "now": now, "escalated": 0}
            unit.ledger.append(Event("adoption", "r-1: porto/p-1", "system", AT, detail))
        unit.outbox.take_in("board", lambda entry: entry.event.detail["now"] == "adopted", AT)
        first = unit.outbox.get("board", 1)
        unit.outbox.change(first, replace(first, state=OutgoingState.SENT, tries=1, note="it answered 204"))
        unit.commit()
    yield store
    store.close()


def told(capsys, *arguments: str, code: int = 0):
    assert main.main(["outbox", *arguments]) == code
    return capsys.readouterr()


def states(store) -> dict[int, str]:
    with store.read() as unit:
        return {each.number: str(each.state) for each in unit.outbox.newest(9)}


@pytest.mark.usefixtures("store")
def test_what_is_on_its_way_is_listed_for_people_and_programs(capsys) -> None:
    out = told(capsys, "list").out
    assert "it answered 204" in out
    assert "board: 2 waiting, 0 aside, 1 sent, 0 dead, told up to entry 5 of 5" in out
    said = json.loads(told(capsys, "list", "board", "--only", "waiting", "--json").out)
    assert [each["number"] for each in said["events"]] == [5, 3]
    assert said["receivers"]["board"]["counts"]["sent"] == 1


@pytest.mark.usefixtures("store")
def test_one_is_shown_as_it_is_sent(capsys) -> None:
    said = json.loads(told(capsys, "show", "board", "3", "--json").out)
    assert said["kind"] == "project.adopted"
    assert json.loads(said["body"])["data"]["ledger"] == 3
    assert said["id"].startswith("harbor")
    assert said["body"] in told(capsys, "show", "board", "3").out


def test_one_is_sent_again(store, capsys) -> None:
    assert "1 event waits to be sent to board once more" in told(capsys, "resend", "board", "1").out
    assert states(store) == {1: "waiting", 3: "waiting", 5: "waiting"}


def test_a_replay_begins_at_its_number_takes_what_is_wanted_and_can_be_tried_dry(store, capsys) -> None:
    with store.begin() as unit:
        for number in (3, 5):
            found = unit.outbox.get("board", number)
            unit.outbox.change(found, replace(found, state=OutgoingState.DEAD))
        unit.commit()
    before = states(store)
    assert "2 events would be sent" in told(capsys, "replay", "board", "--from", "2", "--dry-run").out
    assert states(store) == before == {1: "sent", 3: "dead", 5: "dead"}
    assert json.loads(told(capsys, "replay", "board", "--from", "2", "--json").out)["events"] == 2
    assert states(store) == {1: "sent", 3: "waiting", 5: "waiting"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("show",), 2, "show takes a RECEIVER and the NUMBER"),
        (("resend", "board"), 2, "resend takes a RECEIVER and the NUMBER"),
        (("replay", "board"), 2, "replay takes a RECEIVER and --from NUMBER"),
        (("replay", "board", "--from", "0"), 2, "the first entry of the ledger is 1"),
        (("list", "--from", "3"), 2, "list takes no more than a RECEIVER"),
        (("show", "lake", "1"), 1, "there is no receiver 'lake' in webhooks.yaml -> it names board"),
        (("show", "board", "2"), 1, "entry 2 is not on its way to board"),
        (("resend", "board", "2"), 1, "is nothing that board is told of -> see what is"),
        (("resend", "board", "99"), 1, "is nothing that board is told of -> see what is"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(store, capsys, arguments, code, said) -> None:
    before = states(store)
    error = told(capsys, *arguments, code=code).err
    assert said in error
    assert len(error.splitlines()) == 1
    assert states(store) == before


def test_who_is_no_receiver_any_more_and_who_is_gone_is_said(store, capsys) -> None:
    with store.begin() as unit:
        unit.outbox.again("lake", [1], AT)
        unit.outbox.close("board")
        unit.commit()
    out = told(capsys, "list").out
    assert (
        "lake: 1 waiting, 0 aside, 0 sent, 0 dead, told up to entry 5 of 5, it is no receiver any more" in out
    )
    assert "it answered that it wants nothing any more -> resend or replay" in out

"""`interoffice inbox list` says how much of the inbox each source takes, and what to do when it is full."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from cli import main
from config.settings import read_settings
from config.wiring import wire
from domain.messages.inbox import Posted
from examples.harbor_group import player

AT = datetime(2027, 1, 4, tzinfo=UTC)
SOURCES = """
sources:
  - {id: board, scheme: hmac, secrets: [BOARD_SECRET], may: [sweep.requested], offices: all, megabytes: 1}
  - {id: lake, scheme: hmac, secrets: [LAKE_SECRET], may: [sweep.requested], offices: all}
"""


@pytest.fixture
def listed(tmp_path, monkeypatch, capsys):
    """What the command prints of an inbox with one full source, one with room, and one that is gone."""
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path))
    player.copy_sample(tmp_path / "organization")
    (tmp_path / "organization" / "webhooks.yaml").write_text(SOURCES)
    store = wire(read_settings()).store
    with store.begin() as unit:
        sizes = {"board": 900_000, "lake": 1_234_567, "gone": 50_000}
        unit.inbox.receive_all([Posted(s, "m", "sweep.requested", AT, b"x" * n) for s, n in sizes.items()])
        unit.commit()
    store.close()

    def told(*arguments: str) -> str:
        assert main.main(["inbox", "list", *arguments]) == 0
        return capsys.readouterr().out

    return told


def test_each_source_is_shown_with_what_it_takes_and_what_it_may(listed) -> None:
    board, gone, lake, counts = listed().splitlines()[-4:]
    assert board.startswith("board: 0.9 of 1 MB: ")
    assert "raise its `megabytes` in webhooks.yaml" in board
    assert gone == "gone: 0.1 MB; webhooks.yaml names no such source any more"
    assert lake == "lake: 1.2 of 1,000 MB"
    assert counts.startswith("3 waiting")


def test_other_programs_are_given_the_bytes(listed) -> None:
    assert json.loads(listed("--json"))["sources"] == {
        "board": {"bytes": 900_000, "limit": 1_000_000},
        "gone": {"bytes": 50_000, "limit": None},
        "lake": {"bytes": 1_234_567, "limit": 1_000_000_000},
    }

"""People are notified once, by Apprise, at their role's addresses; a real receiver on loopback listens."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tasks.advancing import advance_all
from tasks.notifying import tell_people
from tests.tasks.conftest import Desk, forget
from tests.tasks.receiving import Receiver, listening


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as server:
        yield server


def address_of_everybody(desk: Desk, url: str) -> None:
    path = desk.folder / "people.yaml"
    lines = [line for line in path.read_text("utf-8").splitlines() if "address:" not in line]
    told = [
        line.replace("name:", f'address: "{url}"\n    name:') if "name:" in line else line for line in lines
    ]
    path.write_text("\n".join(told) + "\n", "utf-8")
    forget()


def test_a_notice_is_sent_once_and_one_that_failed_is_sent_the_next_time(
    begun: Desk, receiver: Receiver
) -> None:
    begun.play(1)
    address_of_everybody(begun, f"json://127.0.0.1:{receiver.server_port}/")
    begun.read()
    advance_all(dry_run=False)
    with begun.application.store.read() as unit:
        waiting = len(unit.notices.undelivered())
    assert waiting > 0
    receiver.answer = 500
    assert tell_people().failed == waiting
    receiver.answer = 200
    told = tell_people()
    assert (told.sent, told.shown, told.failed) == (waiting, 0, 0)
    assert len(receiver.got) >= waiting
    assert tell_people().sent == 0


def test_without_an_address_a_notice_is_only_shown(begun: Desk) -> None:
    begun.play(1)
    address_of_everybody(begun, "")
    begun.read()
    advance_all(dry_run=False)
    told = tell_people()
    assert told.shown > 0
    assert (told.sent, told.failed) == (0, 0)


def test_what_is_sent_holds_counts_and_no_title_of_a_project(begun: Desk, receiver: Receiver) -> None:
    begun.play(1)
    address_of_everybody(begun, f"json://127.0.0.1:{receiver.server_port}/")
    begun.read()
    advance_all(dry_run=False)
    tell_people()
    with begun.application.store.read() as unit:
        titles = {stored.plan.project.title for stored in unit.plans.current()}
    sent = json.dumps(receiver.got, ensure_ascii=False)
    assert "project waits for an answer" in sent
    assert not [title for title in titles if title in sent]

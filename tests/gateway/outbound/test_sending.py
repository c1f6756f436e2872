"""Events reach their receivers: signed, in order, at least once, whatever is down, killed or in the way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import random
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from config.settings import Settings
from config.wiring import Application
from domain.ledger.chain import Event
from domain.messages.outbox import HOLD, PAUSES, OutgoingState, happening
from domain.organization import webhooks
from gateway.inbound.verify import Unverified, verify
from gateway.outbound import sending
from gateway.outbound.sending import IDLE, Round, send_due
from gateway.signing import keys_in, signed
from store import Store
from store.errors import StoreError
from tests.gateway.conftest import organization, store_in
from tests.gateway.listening import OTHER, SECRET, Clock, Receiver, answering, listening

HERE = ("127.0.0.1",)
LONG = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """The reference library looks at this clock too, so that a test may wait for days."""
    clock = Clock()

    class Library(datetime):
        @classmethod
        def now(cls, tz=None):
            return clock.now().astimezone(tz)

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Library)
    monkeypatch.setenv("BOARD_SECRET", SECRET)
    monkeypatch.setenv("LAKE_SECRET", OTHER)
    return clock


@pytest.fixture
def board() -> Iterator[Receiver]:
    with listening(Receiver()) as receiver:
        yield receiver


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    made = store_in(tmp_path)
    yield made
    made.close()


def to(receiver: Receiver, name: str = "board", **changes) -> webhooks.Receiver:
    return replace(
        webhooks.Receiver(name, receiver.url, f"{name.upper()}_SECRET", frozenset(), HERE), **changes
    )


def application_of(store: Store, clock: Clock, *receivers: webhooks.Receiver) -> Application:
    found = replace(organization(), receivers={each.id: each for each in receivers})
    settings = Settings(database_url=SecretStr(store.url))
    return Application(settings, found, {}, (), store, clock, clock)


def begun(store: Store, clock: Clock, *receivers: webhooks.Receiver) -> Application:
    """An application whose receivers were seen before anything happened."""
    application = application_of(store, clock, *receivers)
    assert send_due(application) == Round()
    return application


def happen(store: Store, count: int = 1, kind: str = "adopted") -> None:
    """As many projects move; one entry besides that is nothing to others."""
    with store.begin() as unit:
        for number in range(count):
            detail = {"was": "trial", "now": kind, "escalated": 0}
            unit.ledger.append(
                Event(
                    "adoption", f"r-1: porto/p-{number}", "system", datetime(2027, 1, 4, tzinfo=UTC), detail
                )
            )
        unit.ledger.append(Event("sweep", "s", "system", datetime(2027, 1, 4, tzinfo=UTC), {"judged": count}))
        unit.commit()


def rounds(application: Application, clock: Clock, most: int = 40) -> list[Round]:
    """Rounds, each when it is due, until nothing waits any more."""
    found = []
    for _ in range(most):
        found.append(send_due(application, lambda: 0.5))
        with application.store.read() as unit:
            due = [unit.outbox.next_due(each) for each in application.organization.receivers]
        if not any(due):
            break
        clock.ahead += max(min(at for at in due if at) - clock.now(), timedelta())
    return found


def states(application: Application, receiver: str = "board") -> dict[int, str]:
    with application.store.read() as unit:
        return {each.number: str(each.state) for each in reversed(unit.outbox.newest(999, receiver))}


def test_an_event_is_signed_accepted_and_sent_once(store, clock, board) -> None:
    application = begun(store, clock, to(board))
    happen(store, 3)
    assert send_due(application) == Round(seconds=IDLE, taken_in=3, sent=3)
    assert send_due(application) == Round()
    assert board.numbers() == [1, 2, 3]
    assert board.forged == 0
    assert len(set(board.ids)) == 3
    assert board.lines == 1, "one connection for a round"
    assert board.taken[0]["type"] == "project.adopted"
    assert states(application) == {1: "sent", 2: "sent", 3: "sent"}


def test_the_control_signed_with_another_secret_nothing_is_accepted(store, clock, board, monkeypatch) -> None:
    application = begun(store, clock, to(board))
    happen(store)
    monkeypatch.setenv("BOARD_SECRET", OTHER)
    assert send_due(application).failed == 1
    assert (board.forged, board.taken) == (1, [])


def test_a_secret_is_rotated_without_a_gap(store, clock, board, monkeypatch) -> None:
    application = begun(store, clock, to(board))
    monkeypatch.setenv("BOARD_SECRET", f"{OTHER} {SECRET}")
    happen(store)
    send_due(application)
    board.secret = OTHER
    happen(store)
    send_due(application)
    assert (len(board.taken), board.forged) == (2, 0)


def test_what_we_sign_our_own_gateway_takes_and_not_a_minute_too_late(store, clock) -> None:
    happen(store)
    with store.read() as unit:
        told = happening(next(unit.ledger.entries()), "x")
    now = clock.now()
    headers = [(name.encode(), value.encode()) for name, value in signed(told, keys_in(SECRET), now)]
    found = verify("standard-webhooks", [SECRET.encode()], headers, told.body, now)
    assert (found.id, found.body) == (told.id, told.body)
    with pytest.raises(Unverified):
        verify("standard-webhooks", [SECRET.encode()], headers, told.body + b" ", now)
    with pytest.raises(Unverified):
        verify("standard-webhooks", [SECRET.encode()], headers, told.body, now + timedelta(minutes=6))


def test_only_the_kinds_that_were_asked_for_are_sent(store, clock, board) -> None:
    with listening(Receiver(secret=OTHER)) as lake:
        application = begun(
            store, clock, to(board, events=frozenset({"project.questioned"})), to(lake, "lake")
        )
        happen(store, 2)
        happen(store, 1, "questioned")
        assert send_due(application).sent == 4
        assert [each["type"] for each in board.taken] == ["project.questioned"]
        assert len(lake.taken) == 3


def test_a_receiver_that_is_down_gets_everything_in_order_once_it_is_up(store, clock) -> None:
    with listening(Receiver()) as down:
        port = down.port
    application = begun(store, clock, to(down))
    for _ in range(4):
        happen(store, 5)
        assert send_due(application).sent == 0
        clock.ahead += timedelta(minutes=2)
    with listening(down, port):
        rounds(application, clock)
    with store.read() as unit:
        wanted = [each.number for each in unit.outbox.newest(99)][::-1]
    assert down.numbers() == wanted
    assert len(wanted) == 20
    assert len(down.ids) == len(set(down.ids))


@pytest.mark.parametrize("status", [301, 401, 404, 429, 500, 503])
def test_trouble_of_the_receiver_holds_up_what_comes_after_and_keeps_the_order(
    store, clock, board, status
) -> None:
    board.answer = answering(status, status, status)
    application = begun(store, clock, to(board))
    happen(store, 4)
    found = rounds(application, clock)
    assert board.numbers() == [1, 2, 3, 4]
    assert sum(each.failed for each in found) == 3
    assert board.ids.count(board.ids[0]) == 4
    assert clock.ahead > PAUSES[0] + PAUSES[1] + PAUSES[2]


def test_an_event_that_a_receiver_refuses_for_what_it_is_holds_up_no_other(store, clock, board) -> None:
    board.answer = lambda told: (422, {}) if told["data"]["ledger"] == 2 else (204, {})
    application = begun(store, clock, to(board))
    happen(store, 4)
    began = clock.now()
    told = send_due(application)
    passed = (clock.now() - began).total_seconds()  # the machine's own time goes on meanwhile
    assert replace(told, seconds=IDLE) == Round(seconds=IDLE, taken_in=4, sent=3, failed=1)
    assert IDLE - passed <= told.seconds <= IDLE
    assert board.numbers() == [1, 3, 4]
    rounds(application, clock)
    assert states(application) == {1: "sent", 2: "dead", 3: "sent", 4: "sent"}
    assert board.numbers() == [1, 3, 4]


def test_an_event_at_which_the_receiver_breaks_holds_up_the_others_for_hours_and_not_for_ever(
    store, clock, board
) -> None:
    board.answer = lambda told: (500, {}) if told["data"]["ledger"] == 1 else (204, {})
    application = begun(store, clock, to(board))
    happen(store, 3)
    for tries in range(HOLD + 1):
        assert board.numbers() == [], tries
        rounds(application, clock, most=1)
    assert board.numbers() == []
    rounds(application, clock)
    assert board.numbers() == [2, 3]
    assert states(application) == {1: "dead", 2: "sent", 3: "sent"}
    assert len(board.ids) == len(PAUSES) + 1 + 2


def test_what_nobody_takes_is_dead_after_the_last_try_and_comes_when_it_is_replayed(
    store, clock, board
) -> None:
    down = replace(to(board), url="http://127.0.0.1:1/none")
    application = begun(store, clock, down)
    happen(store)
    found = rounds(application, clock)
    assert sum(each.failed for each in found) == len(PAUSES)
    assert found[-1].dead == 1
    assert states(application) == {1: "dead"}
    assert clock.ahead > timedelta(days=3)
    assert send_due(application) == Round()
    with store.begin() as unit:
        unit.outbox.again("board", [1], clock.now())
        unit.commit()
    assert send_due(application_of(store, clock, to(board))).sent == 1
    assert board.numbers() == [1]


def test_a_receiver_that_says_gone_is_told_nothing_until_a_person_asks(store, clock, board) -> None:
    board.answer = answering(410)
    application = begun(store, clock, to(board))
    happen(store, 3)
    assert send_due(application).dead == 1
    happen(store)
    for _ in range(3):
        clock.ahead += LONG
        assert send_due(application).sent == 0
    assert len(board.ids) == 1
    assert list(states(application).values()) == ["dead", "waiting", "waiting", "waiting"]
    with store.begin() as unit:
        unit.outbox.again("board", [1], clock.now())
        unit.commit()
    rounds(application, clock)
    assert len(board.taken) == 4


def test_a_wait_that_is_asked_for_is_kept(store, clock, board) -> None:
    board.answer = answering(503, Retry_After="3600")
    application = begun(store, clock, to(board))
    happen(store)
    assert send_due(application).seconds == IDLE
    clock.ahead += timedelta(minutes=59)
    assert send_due(application) == Round()
    clock.ahead += timedelta(minutes=2)
    assert send_due(application).sent == 1


def test_a_wait_that_is_asked_for_with_a_success_puts_off_the_next_without_a_try(store, clock, board) -> None:
    board.answer = answering(204, Retry_After="600")
    application = begun(store, clock, to(board))
    happen(store, 2)
    found = send_due(application)
    assert (found.sent, found.failed) == (1, 0)
    assert len(board.ids) == 1
    with store.read() as unit:
        assert unit.outbox.get("board", 2).tries == 0
    clock.ahead += timedelta(minutes=11)
    assert send_due(application).sent == 1


def test_one_that_is_dead_or_slow_holds_up_no_other(store, clock, board, monkeypatch) -> None:
    monkeypatch.setattr(sending, "TIMEOUT", (0.5, 1.0))
    with socket.create_server(("127.0.0.1", 0)) as silent, listening(Receiver(secret=OTHER)) as lake:
        slow = replace(to(board), id="slow", url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        application = begun(
            store, clock, slow, replace(to(board), id="none", url="http://127.0.0.1:1/"), to(lake, "lake")
        )
        happen(store, 10)
        began = time.monotonic()
        found = send_due(application)
        assert time.monotonic() - began < 5
        assert (found.sent, found.failed) == (10, 2)
        assert lake.numbers() == list(range(1, 11))
        with store.read() as unit:
            assert unit.outbox.get("slow", 1).note == "it did not answer"
            assert unit.outbox.get("none", 1).note == "it cannot be reached"


CHILD = """
import sys
from tests.gateway.outbound import test_sending as t
from store import Store
application = t.application_of(Store(sys.argv[1]), t.Clock(), t.webhooks.Receiver("board", sys.argv[2], "BOARD_SECRET", frozenset(), t.HERE))
t.send_due(application)
"""


def killed_child(store: Store, receiver: Receiver) -> None:
    """A process of its own that sends; the receiver ends it with SIGKILL before it hears the answer."""
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(CHILD), store.engine_url, receiver.url])

    def kill(_told):
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        return 204, {}

    receiver.answer = kill
    assert child.wait(timeout=60) == -signal.SIGKILL


@pytest.mark.servers
def test_killed_between_the_call_and_its_note_it_is_sent_again_with_the_same_id(
    store, clock, board, tmp_path
) -> None:
    store.engine_url = f"sqlite:///{tmp_path}/store.db"
    application = begun(store, clock, to(board))
    happen(store, 3)
    killed_child(store, board)
    assert states(application) == {1: "waiting", 2: "waiting", 3: "waiting"}
    board.answer = answering()
    assert send_due(application).sent == 0, "the try is left alone for a while"
    clock.ahead += sending.CLAIM
    rounds(application, clock)
    assert board.numbers() == [1, 1, 2, 3]
    assert board.ids[0] == board.ids[1]
    assert board.bodies[0] == board.bodies[1]
    assert len(set(board.ids)) == 3


ENDING = """
import asyncio, sys, time
from gateway.outbound.sending import send_round
from store import Store
from tests.gateway.outbound import test_sending as t
application = t.application_of(Store(sys.argv[1]), t.Clock(), t.webhooks.Receiver("board", sys.argv[2], "BOARD_SECRET", frozenset(), t.HERE))
async def main():
    task = asyncio.ensure_future(send_round(application))
    await asyncio.sleep(1)
    task.cancel()
asyncio.run(main())
print(time.monotonic(), flush=True)
"""


@pytest.mark.servers
def test_who_ends_does_not_wait_for_a_receiver_that_is_silent(store, clock, tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        receiver = replace(to(Receiver()), url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        application = begun(store, clock, receiver)
        happen(store)
        command = [sys.executable, "-c", ENDING, f"sqlite:///{tmp_path}/store.db", receiver.url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        assert time.monotonic() - float(done.stdout) < 5
    with store.read() as unit:
        found = unit.outbox.get("board", 1)
    assert (found.state, found.tries) == (OutgoingState.WAITING, 0)
    assert found.due > application.machine.now()


def test_a_round_tells_the_loop_what_it_came_to_and_what_went_wrong(store, clock, board, tmp_path) -> None:
    application = begun(store, clock, to(board))
    happen(store)
    assert asyncio.run(sending.send_round(application)).sent == 1
    broken = replace(application, store=Store(f"sqlite:///{tmp_path}/none/none.db"))
    with pytest.raises(StoreError):
        asyncio.run(sending.send_round(broken))


def test_two_processes_beside_each_other_send_each_event_once(store, clock, board) -> None:
    application = begun(store, clock, to(board))
    happen(store, 30)

    def work() -> None:
        while list(states(application).values()) != ["sent"] * 30:
            send_due(application)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert board.numbers() == list(range(1, 31))


def test_the_control_that_claims_nothing_sends_twice(store, clock, board, monkeypatch) -> None:
    monkeypatch.setattr(sending._Line, "_claimed", lambda _line, each: each)
    monkeypatch.setattr(sending._Line, "_changed", lambda *_: True)
    application = begun(store, clock, to(board))
    happen(store)
    send_due(application)
    send_due(application)
    assert board.numbers() == [1, 1]


def test_a_private_address_that_is_not_permitted_gets_no_byte(store, clock, board) -> None:
    application = begun(store, clock, to(board, allow=()))
    happen(store, 2)
    found = send_due(application)
    assert "not a public address" in found.unsent["board"]
    for _ in range(5):
        clock.ahead += LONG
        assert send_due(application).sent == 0
    assert (board.lines, board.ids) == (0, [])
    assert states(application) == {1: "waiting", 2: "waiting"}, "nothing is dead by a mistake of ours"
    with store.read() as unit:
        assert unit.outbox.get("board", 1).tries == 0
    clock.ahead += LONG
    assert send_due(application_of(store, clock, to(board))).sent == 2


def test_a_private_address_under_another_name_is_not_permitted_either(store, clock, board) -> None:
    application = begun(store, clock, to(board, allow=(), url=f"http://localhost:{board.port}/"))
    happen(store)
    assert send_due(application).unsent
    assert board.lines == 0


def test_a_redirect_is_not_followed(store, clock, board) -> None:
    with listening(Receiver()) as elsewhere:
        board.answer = answering(307, Location=elsewhere.url)
        application = begun(store, clock, to(board))
        happen(store)
        assert send_due(application).failed == 1
        assert elsewhere.lines == 0


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        (None, "BOARD_SECRET is not set -> set it"),
        ("", "BOARD_SECRET is not set -> set it"),
        ("whsec_", "BOARD_SECRET holds no secret"),
        ("whsec_c2hvcnQ=", "BOARD_SECRET holds no secret"),
        ("no-base64-at-all", "BOARD_SECRET holds no secret"),
        (f"{SECRET} whsec_c2hvcnQ=", "BOARD_SECRET holds no secret"),
    ],
)
def test_without_a_good_secret_nothing_is_sent_and_that_is_said(
    store, clock, board, monkeypatch, secret, said, caplog
) -> None:
    application = begun(store, clock, to(board))
    happen(store)
    monkeypatch.delenv("BOARD_SECRET")
    if secret is not None:
        monkeypatch.setenv("BOARD_SECRET", secret)
    with caplog.at_level(logging.INFO, "interoffice.gateway"):
        found = send_due(application)
    assert found.unsent["board"].startswith(said)
    assert board.lines == 0
    assert any(said in str(getattr(record, "why", "")) for record in caplog.records)
    hidden = [each for each in (secret or "").split() if len(each) > len("whsec_")]
    assert not any(each in str(vars(record)) for record in caplog.records for each in hidden)
    monkeypatch.setenv("BOARD_SECRET", SECRET)
    clock.ahead += sending.PUT_OFF
    assert send_due(application).sent == 1


def test_nothing_of_an_answer_is_kept_but_its_status_and_no_secret_is_logged(
    store, clock, board, caplog
) -> None:
    board.answer = answering(500)
    secret_path = replace(to(board), url=f"http://127.0.0.1:{board.port}/services/T0/canary?key=canary")
    with listening(Receiver()) as down:
        pass
    nowhere = replace(secret_path, id="nowhere", url=f"http://127.0.0.1:{down.port}/canary")
    refused = replace(secret_path, id="refused", allow=())
    application = begun(store, clock, secret_path, nowhere, refused)
    happen(store)
    with caplog.at_level(logging.INFO, "interoffice.gateway"):
        rounds(application, clock, most=3)
    with store.read() as unit:
        notes = str(unit.outbox.newest(99))
        assert unit.outbox.get("board", 1).state is OutgoingState.SENT
    said = notes + "".join(str(vars(record)) for record in caplog.records)
    assert "it answered 500" in said
    for hidden in ("a secret answer", "canary", SECRET, SECRET.removeprefix("whsec_")):
        assert hidden not in said


def test_an_entry_that_is_no_event_any_more_is_dead_and_the_others_go_on(store, clock, board) -> None:
    application = begun(store, clock, to(board))
    happen(store)
    with store.begin() as unit:
        unit.outbox.take_in("board", lambda _: True, clock.now())
        unit.commit()
    assert send_due(application).sent == 1
    assert states(application) == {1: "sent", 2: "dead"}


def test_a_whole_day_of_events_is_sent_in_rounds_that_follow_at_once(store, clock, board) -> None:
    application = begun(store, clock, to(board))
    happen(store, 120)
    assert [send_due(application).seconds for _ in range(3)] == [0.0, 0.0, IDLE]
    assert board.numbers() == list(range(1, 121))


def test_what_is_sent_is_what_the_ledger_holds(store, clock, board) -> None:
    application = begun(store, clock, to(board))
    happen(store, 2)
    send_due(application)
    with store.read() as unit:
        told = [found for each in unit.ledger.entries() if (found := happening(each, "x"))]
    assert [found.body for found in told] == board.bodies
    assert [found.id for found in told] == board.ids
    assert json.loads(board.bodies[0])["data"]["project"] == "porto/p-0"


TROUBLES = (200, 202, 204, 301, 400, 401, 404, 413, 422, 429, 500, 502, 503)


def misfortune(store, clock, board, monkeypatch, seed: int) -> tuple[int, list[int], int]:
    """Events while the receiver does anything and we are killed between call and note.

    How many were lost, those that were taken by their first time, and how many were taken twice.
    """
    chance = random.Random(seed)
    calm = False

    def answer(_told):
        status = 204 if calm or chance.random() < 0.6 else chance.choice(TROUBLES)
        return status, {"Retry-After": str(chance.randrange(900))} if chance.random() < 0.1 else {}

    class KilledError(BaseException):
        pass

    note = sending._Line._changed

    def killed(line, before, after):
        if before.due != after.due and after.tries > before.tries and not calm and chance.random() < 0.1:
            raise KilledError
        return note(line, before, after)

    board.answer = answer
    application = begun(store, clock, to(board))
    monkeypatch.setattr(sending._Line, "_changed", killed)
    for _ in range(15):
        happen(store, chance.randrange(1, 6))
        with contextlib.suppress(KilledError):
            send_due(application)
        clock.ahead += timedelta(seconds=chance.choice((1, 60, 600, 7200)))
    calm = True
    rounds(application, clock, most=100)
    with store.read() as unit:
        wanted = {each.number for each in unit.outbox.newest(999)}
    taken = board.numbers()
    return len(wanted - set(taken)), list(dict.fromkeys(taken)), len(taken) - len(set(taken))


@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_each_event_is_taken_and_a_second_time_only_by_the_same_id(
    store, clock, board, monkeypatch, seed
) -> None:
    lost, order, twice = misfortune(store, clock, board, monkeypatch, seed)
    assert lost == 0
    assert len(order) > 30
    assert twice <= len(board.ids) - len(set(board.ids))
    assert len(set(board.ids)) == len(set(board.bodies)) == len(order)
    assert list(states(application_of(store, clock)).values()) == ["sent"] * len(order)


def test_the_control_that_notes_before_it_calls_loses_some(store, clock, board, monkeypatch) -> None:
    honest = sending._Line._tried

    def hasty(line, http, call, each, claimed):
        sent = replace(claimed, state=OutgoingState.SENT, tries=1)
        with line.application.store.begin() as unit:
            unit.outbox.change(claimed, sent)
            unit.commit()
        return honest(line, http, call, each, sent)

    monkeypatch.setattr(sending._Line, "_tried", hasty)
    monkeypatch.setattr(sending, "tried", lambda before, *_: before)
    lost, _, _ = misfortune(store, clock, board, monkeypatch, 1)
    assert lost > 0

"""The gateway as it is started: another process's event is sent within seconds, again after a kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from config.settings import read_settings
from config.wiring import wire
from domain.ledger.chain import Event
from domain.messages.outbox import OutgoingState
from examples.harbor_group import player
from runtime.folder import CHECKOUT
from store import Store
from tests.gateway.listening import SECRET, Receiver, listening

PATIENCE = 60.0
AT = datetime(2027, 1, 4, tzinfo=UTC)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def until(seen: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.05)


@contextmanager
def gateway(state: Path, port: int) -> Iterator[subprocess.Popen]:
    """`interoffice gateway` as a service starts it; ended by its id."""
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")},
        "INTEROFFICE_STATE": str(state), "INTEROFFICE_GATEWAY_PORT": str(port), "BOARD_SECRET": SECRET,
    }  # fmt: skip
    with (state.parent / "gateway.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "gateway"],
            env=environment,
            cwd=CHECKOUT,
            stdout=log,
            stderr=log,
        )
    try:
        until(lambda: answers(port), "the gateway's first answer")
        yield child
    finally:
        child.kill()
        child.wait()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False, timeout=5).is_success
    except httpx.HTTPError:
        return False


def happen(store: Store, count: int) -> None:
    with store.begin() as unit:
        for number in range(count):
            detail = {"was": "trial", "now": "adopted", "escalated": 0}
            unit.ledger.append(Event("adoption", f"r-1: porto/p-{number}", "system", AT, detail))
        unit.commit()


@pytest.fixture
def state(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("INTEROFFICE_STATE", str(folder))
    player.copy_sample(folder / "organization")
    return folder


@pytest.mark.servers
def test_the_gateway_tells_what_another_process_did_and_what_happened_while_it_was_dead(state) -> None:
    with listening(Receiver()) as board:
        with (state / "organization" / "webhooks.yaml").open("a") as file:
            file.write(
                f"receivers:\n  - {{id: board, url: '{board.url}', secret: BOARD_SECRET, allow: [127.0.0.1]}}\n"
            )
        store = wire(read_settings()).store
        happen(store, 3)
        with gateway(state, free_port()) as child:
            until(lambda: reached(store), "the receiver's place in the ledger")
            happen(store, 5)
            began = time.monotonic()
            until(lambda: len(board.taken) == 5, "the telling")
            assert time.monotonic() - began < 15
            until(lambda: sent(store) == 5, "the note")  # killed before it, the last one would come again
            child.send_signal(signal.SIGKILL)
            child.wait()
        happen(store, 4)
        with gateway(state, free_port()):
            until(lambda: sent(store) == 9, "the telling after a kill")
        store.close()
    assert board.numbers() == list(range(4, 13))
    assert board.forged == 0
    said = (state.parent / "gateway.log").read_text("utf-8")
    assert SECRET.removeprefix("whsec_") not in said
    assert "porto/p-" not in said


def reached(store: Store) -> bool:
    with store.read() as unit:
        return unit.outbox.reach("board") is not None


def sent(store: Store) -> int:
    with store.read() as unit:
        return unit.outbox.counts().get("board", {}).get(OutgoingState.SENT, 0)

"""The gateway finds the Prefect server of whatever `up` holds its state folder now, and none of one that ended."""

from __future__ import annotations

import asyncio
import fcntl
import threading
import time

import pytest

from domain.messages.inbox import RunState
from gateway.prefect import Away, Prefect
from runtime.folder import SERVING, STARTING, StateFolder
from runtime.found_server import EVERY, FoundServer

FIRST, SECOND = "http://127.0.0.1:4200/api", "http://127.0.0.1:4201/api"


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        self.at += EVERY
        return self.at


@pytest.fixture
def folder(tmp_path) -> StateFolder:
    made = StateFolder(tmp_path / "state")
    made.make()
    return made


def api(server: FoundServer) -> str:
    try:
        return asyncio.run(server.found()).api
    except Away:
        return ""


def test_an_up_that_comes_later_goes_and_comes_back_on_another_port_is_found(folder) -> None:
    server = FoundServer(folder, Clock())
    assert api(server) == ""
    for at in (FIRST, SECOND):
        with folder.held(print):
            assert api(server) == "", "what stands there is of the one before"
            for stage in ("working", SERVING):
                folder.note(stage=stage, api=at)
                assert api(server) == at
        assert api(server) == "", "it has ended: another program may answer there"


def test_what_was_found_is_used_for_some_seconds_and_what_was_not_is_looked_for_at_once(folder) -> None:
    at = [0.0]
    server = FoundServer(folder, lambda: at[0])
    assert api(server) == ""
    with folder.held(print):
        folder.note(stage=SERVING, api=FIRST)
        assert api(server) == FIRST
        folder.note(api=SECOND)
        assert api(server) == FIRST
        at[0] += EVERY
        assert api(server) == SECOND


def test_everything_that_the_gateway_asks_goes_to_the_server_that_was_found(folder, monkeypatch) -> None:
    asked = []

    async def answered(self, *given):
        asked.append((self.api, *given))
        return RunState.QUEUED

    for name in ("start", "state", "tell"):
        monkeypatch.setattr(Prefect, name, answered)
    server = FoundServer(folder, Clock())
    with folder.held(print):
        folder.note(stage=SERVING, api=FIRST)
        asyncio.run(server.start("a/b", {}, "key"))
        assert asyncio.run(server.state("run")) is RunState.QUEUED
        asyncio.run(server.tell([]))
    assert asked == [(FIRST, "a/b", {}, "key"), (FIRST, "run"), (FIRST, [])]
    with pytest.raises(Away, match="start `interoffice up`, or set PREFECT_API_URL"):
        asyncio.run(server.start("a/b", {}, "key"))


def test_who_only_looks_whether_a_folder_is_held_turns_no_up_away(folder) -> None:
    folder.note(stage=SERVING, pid=1)  # of one that was killed
    looking = threading.Event()

    def look() -> None:
        with (folder.root / "up.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            looking.set()
            time.sleep(0.02)

    glance = threading.Thread(target=look)
    glance.start()
    looking.wait()
    with folder.held(print):
        assert folder.notes()["stage"] == STARTING
    glance.join()

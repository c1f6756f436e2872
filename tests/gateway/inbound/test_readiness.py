"""`/ready` is 200 only when a message can be stored now, however large it may be; asking it costs little."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from config.settings import Settings
from gateway.app import gateway_of
from gateway.inbound.keeping import Keeper
from gateway.inbound.readiness import KEPT, Readiness
from gateway.limits import LARGEST
from runtime.folder import StateFolder
from store.errors import Unavailable
from tests.crash.disk import no_disk, small_disk
from tests.crash.gateway import SECRET, TLS, Gate, organization
from tests.gateway.conftest import Client, run
from tests.store.conftest import WHERE, Cluster

SMALL = 2**18
"""Bytes in which a small message has room, and a large one has not."""
KILOBYTES = {"sqlite": 32 * 1024, "postgresql": 160 * 1024}
CARELESS = """\
from gateway.inbound.readiness import Readiness
async def problem(_self):
    return ""
Readiness.problem = problem
from runtime.gateway_process import main
main()
"""
"""A gateway that looks at the store and writes nothing, as before."""


class Slow(Keeper):
    """Counts what is asked of it, and answers when it may."""

    def __init__(self, store) -> None:
        super().__init__(store)
        self.asked, self.may, self.why = 0, asyncio.Event(), ""

    async def rehearse(self) -> None:
        self.asked += 1
        await self.may.wait()
        if self.why:
            raise Unavailable(self.why)


def test_however_many_ask_one_try_is_under_way_and_its_result_holds_for_a_moment(application) -> None:
    async def tried() -> None:
        now = [0.0]
        keeper = Slow(application.store)
        readiness = Readiness(keeper, lambda: now[0])
        many = [asyncio.create_task(readiness.problem()) for _ in range(100)]
        await asyncio.sleep(0)
        now[0] = 50.0
        keeper.may.set()
        assert await asyncio.gather(*many) == [""] * 100
        now[0] += KEPT / 2
        keeper.why = "the disk is full"
        assert await readiness.problem() == ""
        assert keeper.asked == 1
        now[0] += KEPT / 2
        assert await readiness.problem() == "the disk is full"
        now[0] += KEPT
        keeper.why = ""
        assert await readiness.problem() == ""
        assert keeper.asked == 3

    run(tried())


def test_a_try_that_does_not_end_is_answered_and_not_repeated(application) -> None:
    async def tried() -> None:
        keeper = Slow(application.store)
        readiness = Readiness(keeper, time.monotonic, longest=0.05)
        for _ in range(3):
            assert "0.05 seconds" in await readiness.problem()
        keeper.may.set()
        await asyncio.sleep(0)
        assert await readiness.problem() == ""
        assert keeper.asked == 1

    run(tried())


def test_what_is_tried_stands_behind_the_messages_and_breaks_none_of_them(
    application, shelf, monkeypatch
) -> None:
    from store.room import Room
    from tests.gateway.conftest import bearer, message

    def none(_self, _size):
        raise Unavailable("there is no room")

    async def asked():
        monkeypatch.setattr(Room, "take", none)
        async with Client(gateway_of(application, shelf)) as client:
            sends = [client.post("bearer", message(why=f"reason {n}"), bearer(str(n))) for n in range(20)]
            return await asyncio.gather(client.http.get("/ready"), *sends)

    ready, *told = run(asked())
    assert (ready.status_code, ready.json()) == (503, {"status": "no store", "why": "there is no room"})
    assert {each.status_code for each in told} == {202}


# Against a gateway in a process of its own.


class Place:
    """A gateway whose store is at `url`, and what is asked of it."""

    def __init__(self, folder: Path, url: str = "", program: str = "") -> None:
        self.state = StateFolder(folder / "state")
        self.state.make()
        given = {"database_url": SecretStr(url)} if url else {}
        settings = Settings(
            state=self.state.root, organization=organization(folder / "organization"), **given
        )
        self.gate, self.sent = Gate(self.state, settings, None, program), 0

    def ready(self) -> tuple[int, str]:
        answer = httpx.get(f"{self.gate.url}/ready", trust_env=False, timeout=60, verify=TLS)
        return answer.status_code, answer.json().get("why", "")

    def until(self, status: int) -> str:
        """Ask until that is answered; the reason."""
        deadline = time.monotonic() + 60
        while (told := self.ready())[0] != status:
            assert time.monotonic() < deadline, f"it says {told}"
            time.sleep(0.1)
        return told[1]

    def send(self) -> int:
        """A message as large as one may be."""
        self.sent += 1
        key, stamp = f"large-{self.sent}", str(int(time.time()))
        body = b'{"type": "sweep.requested", "data": {"why": "a large one"}}'.ljust(LARGEST)
        proof = hmac.new(SECRET.encode(), f"{stamp}.{key}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "content-type": "application/json", "x-interoffice-id": key,
            "x-interoffice-timestamp": stamp, "x-interoffice-signature": f"sha256={proof}",
        }  # fmt: skip
        return httpx.post(
            f"{self.gate.url}/hooks/portfolio", content=body, headers=headers, trust_env=False, timeout=60,
            verify=TLS,
        ).status_code  # fmt: skip


@contextmanager
def placed(folder: Path, url: str = "", program: str = "") -> Iterator[Place]:
    made = Place(folder, url, program)
    made.gate.start()
    try:
        yield made
    finally:
        made.gate.kill()
        made.gate.close()


@pytest.mark.servers
def test_a_store_that_may_not_grow_is_not_ready_and_ready_again_when_it_may(tmp_path) -> None:
    with placed(tmp_path) as place:
        place.until(200)
        assert place.send() == 202
        pid = place.gate._process.pid
        soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (LARGEST // 2, hard))
        assert place.until(503).startswith("the database cannot do it")
        assert place.send() == 503
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
        place.until(200)
        assert place.send() == 202


@pytest.mark.servers
def test_a_store_that_somebody_holds_is_not_ready_until_it_is_let_go_of(tmp_path) -> None:
    with placed(tmp_path) as place:
        with closing(sqlite3.connect(place.state.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert "something else holds the database" in place.until(503)
        place.until(200)
        assert place.send() == 202


@contextmanager
def on_a_small_disk(kind: str, program: str = "") -> Iterator[tuple[Place, Path]]:
    """A gateway, and the disk that its store has for itself."""
    if reason := no_disk():
        pytest.skip(reason)
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(KILOBYTES[kind]))
        url = ""
        if kind == "postgresql":
            if not WHERE:
                pytest.skip("no PostgreSQL here: /usr/lib/postgresql/*/bin/initdb is not found")
            server = Cluster(disk)
            server.start()
            stack.callback(server.run, "pg_ctl", "-m", "immediate", "stop")
            url = server.url(server.create())
        yield stack.enter_context(placed(disk, url, program)), disk


def fill(disk: Path, left: int = 0) -> Path:
    """Leave so many bytes of it."""
    ballast = disk / "ballast"
    with ballast.open("ab", buffering=0) as filled, suppress(OSError):
        while filled.write(b"x" * 4096) == 4096:
            pass
    os.truncate(ballast, ballast.stat().st_size - left)
    return ballast


@pytest.mark.servers
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_on_a_full_disk_it_is_not_ready_and_when_there_is_space_again_it_is(kind) -> None:
    with on_a_small_disk(kind) as (place, disk):
        place.until(200)
        for left in (0, SMALL):
            assert place.send() == 202
            place.until(200)
            ballast = fill(disk, left)
            assert place.until(503).startswith("the database cannot do it")
            assert place.send() == 503
            ballast.unlink()
            place.until(200)
        assert place.send() == 202


@pytest.mark.servers
def test_while_messages_fill_the_disk_it_is_not_ready_as_soon_as_none_can_be_stored() -> None:
    with on_a_small_disk("sqlite") as (place, _):
        while place.send() == 202:
            pass
        assert place.sent > 3
        place.until(503)
        assert place.send() == 503


@pytest.mark.servers
def test_the_control_a_gateway_that_writes_nothing_is_ready_on_a_full_disk() -> None:
    with on_a_small_disk("sqlite", CARELESS) as (place, disk):
        place.until(200)
        fill(disk, SMALL)
        assert place.send() == 503
        assert place.ready()[0] == 200

"""Connections that never send a whole request: they end, and honest senders keep their place among 1,024 files."""

from __future__ import annotations

import asyncio
import http.client
import resource
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from typing import Self
from urllib.parse import urlsplit

import pytest
import uvicorn
import websockets

from gateway.connections import Waiting, limited
from tests.crash.gateway import signed
from tests.gateway.inbound.test_hostile import opened

FILES, HOSTILE, HONEST = 1024, 2000, 50
FEW = f"""\
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({FILES}, {FILES}))
from gateway import connections
CHANGE
from runtime.gateway_process import main
main()
"""
"""A gateway that may open so many files."""
LIMITED = FEW.replace("CHANGE", "")
UNLIMITED = FEW.replace(
    "CHANGE",
    "from uvicorn.protocols.http.auto import AutoHTTPProtocol\nconnections.limited = lambda _: AutoHTTPProtocol",
)
"""One that waits as uvicorn does."""
HALF = b"POST /hooks/portfolio HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
WAYS = {"sent once": b"", "and a byte each second": b"x"}


class Hostile:
    """So many connections that begin a request and do not end it; whoever is thrown out comes again."""

    def __init__(self, port: int, more: bytes) -> None:
        self.port, self.more = port, more
        self.opened = 0
        self.ready = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._work()))

    async def _work(self) -> None:
        lines: list[asyncio.StreamWriter | None] = [None] * HOSTILE
        while not self._ended.is_set():
            for part in range(0, HOSTILE, 200):
                mine = range(part, part + 200)
                await asyncio.gather(*(self._keep(lines, number) for number in mine))
            self.ready.set()
            await asyncio.sleep(1)
        for each in lines:
            if each is not None:
                each.transport.abort()

    async def _keep(self, lines: list[asyncio.StreamWriter | None], number: int) -> None:
        line = lines[number]
        if line is not None and not line.is_closing():
            line.write(self.more)
            return
        lines[number] = None
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(10):
                _, line = await asyncio.open_connection("127.0.0.1", self.port)
            self.opened += 1
            line.write(HALF)
            lines[number] = line

    def __enter__(self) -> Self:
        self._thread.start()
        self.ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


@pytest.fixture(autouse=True, scope="module")
def many_files() -> Iterator[None]:
    """We ourselves may hold that many connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * HOSTILE
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this test needs {wanted} open files: raise `ulimit -Hn`")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def honest(url: str, name: str, count: int = HONEST, patience: float = 60) -> list[bool]:
    """Whether each of so many messages was acknowledged, each over a connection of its own."""

    def sent(number: int) -> bool:
        body, headers = signed(f"{name} {number}".replace(" ", "-"))
        with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=patience)) as line:
            try:
                line.request("POST", "/hooks/portfolio", body, headers)
                return line.getresponse().status == 202
            except OSError:
                return False

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(sent, range(count)))


@pytest.mark.servers
def test_two_thousand_connections_with_half_a_header_leave_honest_senders_their_place(tmp_path) -> None:
    with opened(tmp_path, LIMITED) as gate:
        for name, more in WAYS.items():
            with Hostile(urlsplit(gate.url).port, more) as hostile:
                told = honest(gate.url, name)
            assert hostile.opened >= HOSTILE
            assert told == [True] * HONEST, name
        assert "Too many open files" not in (gate._folder.logs / "gateway.log").read_text("utf-8")


@pytest.mark.servers
def test_the_control_under_uvicorn_alone_they_take_every_place(tmp_path) -> None:
    with opened(tmp_path, UNLIMITED) as gate, Hostile(urlsplit(gate.url).port, b"x"):
        told = honest(gate.url, "control", 4, patience=3)
    assert told == [False] * 4


# What ends when, in a server of our own process with small limits.


async def answered(scope, receive, send) -> None:
    """Answers at once, whatever of the body is there; a path of /whole waits for all of it."""
    if scope["type"] == "lifespan":
        return
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        said = await receive()
        await send({"type": "websocket.send", "text": said["text"]})
        await receive()
        return
    while scope["path"] == "/whole" and (await receive()).get("more_body"):
        pass
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


class Line:
    """One connection to such a server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, more: bytes = b"") -> bytes:
        """The answer to a request, which is kept."""
        self.writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + more)
        return await self.reader.readuntil(b"ok")

    async def rest(self) -> bytes:
        """All that comes until it is closed."""
        async with asyncio.timeout(30):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""


@asynccontextmanager
async def small(
    most: int, longest: float = 60
) -> AsyncIterator[tuple[Waiting, Callable[[], Awaitable[Line]]]]:
    """A server with these limits, and how to connect to it."""
    waiting = Waiting(most, longest)
    config = uvicorn.Config(answered, http=limited(waiting), lifespan="off", log_level="critical")
    server, at = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    lines: list[Line] = []

    async def connect() -> Line:
        lines.append(Line(*await asyncio.open_connection(*at.getsockname())))
        here = lines[-1].writer.get_extra_info("sockname")
        async with asyncio.timeout(30):
            while all(each.client != here for each in server.server_state.connections):  # noqa: ASYNC110
                await asyncio.sleep(0)
        return lines[-1]

    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup([at])
    try:
        yield waiting, connect
    finally:
        for each in lines:
            each.writer.transport.abort()
        await server.shutdown([at])


def test_headers_have_their_time_from_the_beginning_and_from_the_first_byte_of_a_next_request_on() -> None:
    async def tried() -> list[bytes]:
        async with small(99, longest=0.3) as (waiting, connect):
            silent, half, kept = await connect(), await connect(), await connect()
            half.writer.write(HALF)
            await kept.ask(HALF)
            kept.writer.write(b"x")
            told = [await each.rest() for each in (silent, half, kept)]
            assert not waiting.new
            assert not waiting.kept
            return told

    assert [each[:12] for each in asyncio.run(tried())] == [b"HTTP/1.1 408"] * 3


def test_a_byte_now_and_then_buys_no_time() -> None:
    async def tried() -> bytes:
        async with small(99, longest=0.5) as (_, connect):
            line = await connect()

            async def drip() -> None:
                while True:
                    line.writer.write(b"G")
                    await asyncio.sleep(0.05)

            dripping = asyncio.create_task(drip())
            told = await line.rest()
            dripping.cancel()
            return told

    assert asyncio.run(tried()).startswith(b"HTTP/1.1 4")


def test_whoever_was_answered_and_says_nothing_may_stay_as_long_as_uvicorn_lets_it() -> None:
    async def tried() -> bytes:
        async with small(99, longest=0.1) as (_, connect):
            line = await connect()
            await line.ask()
            await asyncio.sleep(0.5)
            return await line.ask()

    assert asyncio.run(tried()).endswith(b"ok")


def test_beyond_the_bound_the_oldest_ends_and_those_that_were_answered_end_last() -> None:
    async def tried() -> None:
        async with small(3) as (waiting, connect):
            answered_once, first, body = await connect(), await connect(), await connect()
            await answered_once.ask()
            body.writer.write(b"POST /whole HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
            await connect()
            assert await first.rest() == b""
            await connect()
            assert await body.rest() == b"", "a body that has not come whole waits too"
            assert (await answered_once.ask()).endswith(b"ok")
            assert len(waiting.new) + len(waiting.kept) == 3

    asyncio.run(tried())


def test_a_body_that_goes_on_after_its_answer_has_the_same_time() -> None:
    async def tried() -> bytes:
        async with small(99, longest=0.3) as (_, connect):
            line = await connect()
            line.writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
            await line.reader.readuntil(b"ok")
            line.writer.write(b"x")
            return await line.rest()

    assert b" 408 " in asyncio.run(tried())


def test_a_websocket_is_let_go_of_when_it_is_one() -> None:
    async def tried() -> str | bytes:
        async with small(1, longest=0.2) as (waiting, connect):
            line = await connect()
            host, port = line.writer.get_extra_info("peername")
            line.writer.close()
            async with websockets.connect(f"ws://{host}:{port}/", proxy=None) as socket_of_ours:
                assert not waiting.new
                await connect()
                await asyncio.sleep(0.5)
                await socket_of_ours.send("hello")
                return await socket_of_ours.recv()

    assert asyncio.run(tried()) == "hello"

"""One load on one server: told what by JSON, it prints what was answered, how fast, and what it used itself.

Each connection is kept and has one request at a time. Closed loop: each sends its next one when the last was
answered. Open loop: requests are due at a rate, and an answer's time counts from then, however late it was
sent. Refuses to count what was not answered.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

KEY = b"a secret for one measurement"
END = b"\r\n\r\n"
LENGTH = b"content-length:"


def message(name: str, port: int) -> bytes:
    """A business message with an id of its own, signed as Standard Webhooks."""
    body = json.dumps({"type": "sweep.requested", "data": {"why": f"measured as {name}"}}).encode()
    at = int(time.time())
    digest = hmac.digest(KEY, b"%b.%d.%b" % (name.encode(), at, body), hashlib.sha256)
    signed = {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
    return post("/hooks/measured", port, body, signed)


def run(name: str, port: int, deployment: str, authorization: str) -> bytes:
    """Prefect's own way to start a flow run once."""
    body = json.dumps({"idempotency_key": name, "parameters": {"message": name}}).encode()
    return post(
        f"/api/deployments/{deployment}/create_flow_run", port, body, {"authorization": authorization}
    )


def post(path: str, port: int, body: bytes, more: Mapping[str, str]) -> bytes:
    """A request as it goes over the line."""
    headers = {
        "host": f"127.0.0.1:{port}",
        "content-type": "application/json",
        "content-length": str(len(body)),
        **more,
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items())]
    return "\r\n".join(lines).encode() + END + body


class Line(asyncio.Protocol):
    """One kept connection; one request at a time."""

    def __init__(self) -> None:
        self._came = b""
        self._answer: asyncio.Future[int] | None = None
        self._way: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        assert isinstance(transport, asyncio.Transport)
        self._way = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """It is not there any more; who waits for an answer gets none."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("closed before the answer"))

    def data_received(self, data: bytes) -> None:
        """A part of the answer."""
        self._came += data
        head, found, body = self._came.partition(END)
        if not found or self._answer is None:
            return
        lower = head.lower()
        length = int(lower[lower.index(LENGTH) + len(LENGTH) :].split(b"\r\n", 1)[0])
        if len(body) >= length:
            self._came = b""
            self._answer.set_result(int(head[9:12]))

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """The status of the answer."""
        assert self._way is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._way.write(request)
        return self._answer


class Load:
    """What is sent, and what came of it."""

    def __init__(self, asked: Mapping[str, Any]) -> None:
        self.port, self.seconds, self.rate = asked["port"], asked["seconds"], asked.get("rate", 0)
        self.statuses: Counter[int] = Counter()
        self.times: list[float] = []
        numbers = itertools.count()
        if asked.get("deployment"):
            self._make: Callable[[str], bytes] = lambda name: run(
                name, self.port, asked["deployment"], asked.get("authorization", "")
            )
        else:
            self._make = lambda name: message(name, self.port)
        self._names: Iterator[str] = (f"{asked['name']}-{number}" for number in numbers)

    def next(self) -> bytes:
        """A request that was never sent before."""
        return self._make(next(self._names))

    async def send(self, line: Line, due: float) -> None:
        """One request, counted when it is answered."""
        status = await line.ask(self.next())
        self.times.append(time.perf_counter() - due)
        self.statuses[status] += 1

    async def closed(self, lines: list[Line]) -> None:
        """Every connection as fast as it is answered, until the time is over."""
        until = time.perf_counter() + self.seconds

        async def keep_on(line: Line) -> None:
            while (now := time.perf_counter()) < until:
                await self.send(line, now)

        await asyncio.gather(*map(keep_on, lines))

    async def steady(self, lines: list[Line]) -> None:
        """So many a second, each at its time, on whichever connection is free."""
        free: asyncio.Queue[Line] = asyncio.Queue()
        for line in lines:
            free.put_nowait(line)

        async def one(due: float) -> None:
            line = await free.get()
            await self.send(line, due)
            free.put_nowait(line)

        began, waiting = time.perf_counter(), []
        for number in range(round(self.seconds * self.rate)):
            due = began + number / self.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(asyncio.ensure_future(one(due)))
        await asyncio.gather(*waiting)


async def measured(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What one load found."""
    load, loop = Load(asked), asyncio.get_running_loop()
    lines = [
        (await loop.create_connection(Line, "127.0.0.1", load.port))[1] for _ in range(asked["connections"])
    ]
    began, used = time.perf_counter(), time.process_time()
    await (load.steady(lines) if load.rate else load.closed(lines))
    seconds = time.perf_counter() - began
    ordered = sorted(load.times)
    return {
        "statuses": {str(status): count for status, count in load.statuses.items()},
        "taken": sum(count for status, count in load.statuses.items() if 200 <= status < 300),
        "seconds": seconds,
        "cpu": (time.process_time() - used) / seconds,
        **{f"p{part}": 1000 * ordered[len(ordered) * part // 100] for part in (50, 99)},
    }


if __name__ == "__main__":
    json.dump(asyncio.run(measured(json.load(sys.stdin))), sys.stdout)

"""How long, and how many, HTTP connections may keep a server waiting: uvicorn with both limits.

uvicorn waits for the headers of a request as long as it takes, and takes connections until no file descriptor
is left. Here headers have a time limit, and at most half as many connections as this process may open files
may wait with an incomplete request: beyond that the oldest is closed. It knows nothing of what is served; a
WebSocket is no longer watched once its handshake was passed on.
"""

from __future__ import annotations

import asyncio
import resource
import socket
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

LONGEST = 10.0
"""Seconds that the headers of a request may take, from the connection's beginning or their first byte on."""
QUEUE = 2048
"""Connections that the kernel queues until we accept them."""
FILES = 8192
"""The most open files that we count on, whatever the limit is: each waiting connection takes memory too."""
SAID = b"The headers did not arrive in time.\n"
TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%b" % (len(SAID), SAID)
)


@dataclass(slots=True)
class Waiting:
    """The connections of one server that wait for their peer, in the order in which they began to wait."""

    most: int
    longest: float = LONGEST
    new: dict[Limited, None] = field(default_factory=dict)
    """Those that never sent a whole request: they are closed first."""
    kept: dict[Limited, None] = field(default_factory=dict)
    """Those that were answered before."""

    def add(self, connection: Limited, *, kept: bool) -> None:
        """Add a connection that waits; the oldest one is closed when there are too many."""
        (self.kept if kept else self.new)[connection] = None
        if len(self.new) + len(self.kept) > self.most:
            oldest = next(iter(self.new or self.kept))
            self.remove(oldest)
            oldest.transport.abort()

    def remove(self, connection: Limited) -> None:
        """The connection does not wait any more."""
        self.new.pop(connection, None)
        self.kept.pop(connection, None)


class Limited(asyncio.Protocol):
    """What is added to a protocol of uvicorn: see `limited`."""

    waiting: ClassVar[Waiting]
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    cycle: Any
    """uvicorn's own: the newest request whose headers are complete, and its answer."""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection waits from its beginning on."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(self.waiting.longest, self._late)
        self.waiting.add(self, kept=False)

    def data_received(self, data: bytes) -> None:
        """Look whether the headers, or the whole request, are there by now."""
        super().data_received(data)
        if self.transport.get_protocol() is not self:  # a WebSocket
            self._stop()
            self.waiting.remove(self)
            return
        if self.cycle is None or self.cycle.response_complete:
            if self._timer is None and not self.transport.is_closing():
                self._timer = self.loop.call_later(self.waiting.longest, self._late)
            return
        self._stop()
        if not self.cycle.more_body:
            self.waiting.remove(self)

    def on_response_complete(self) -> None:
        """A kept connection waits for its next request."""
        super().on_response_complete()  # type: ignore[misc]
        self.waiting.remove(self)
        if not self.transport.is_closing() and (self.cycle.response_complete or self.cycle.more_body):
            self.waiting.add(self, kept=True)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed: nothing waits any more."""
        self._stop()
        self.waiting.remove(self)
        super().connection_lost(exc)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.write(TOO_SLOW)
            self.transport.close()


def limited(waiting: Waiting) -> type[asyncio.Protocol]:
    """The HTTP protocol of uvicorn with the limits, for `uvicorn.Config(http=...)`."""
    return cast(
        "type[asyncio.Protocol]", type("LimitedHTTP", (Limited, AutoHTTPProtocol), {"waiting": waiting})
    )


def serve(app: Any, at: socket.socket, **settings: Any) -> None:  # noqa: ANN401 - as uvicorn takes them
    """Serve an ASGI application on a listening socket until a signal ends it; `settings` are uvicorn's own.

    asyncio accepts `backlog` connections in one go before it reads any: so few that those that wait, and four
    goes until the oldest are closed, leave a quarter of the files to others.
    """
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    files = FILES if limit == resource.RLIM_INFINITY else min(FILES, limit)
    http = limited(Waiting(max(8, files // 2)))
    _Server(uvicorn.Config(app, http=http, backlog=max(4, files // 16), **settings)).run(sockets=[at])


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and let the kernel queue more connections than we accept in one go."""
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(QUEUE)

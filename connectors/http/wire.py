"""The connections under HTTP: only to permitted peers, with a deadline, and with a record of what was sent.

Whether bytes of a call were sent is recorded here, not guessed from an error. Refuses to connect to an
address that was not checked, and to wait longer than the call may last, however slowly its answer comes.
"""

from __future__ import annotations

import http.client
import io
import logging
import socket
import time
from collections.abc import Iterator
from typing import Any, Protocol

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
)

from connectors.http.peers import Peers

TRIED = 4
"""How many addresses of one name are tried."""


class Wire:
    """What the connections of one tool share: the permitted peers, and the state of the call under way."""

    def __init__(self, peers: Peers) -> None:
        self.peers = peers
        self.sent = False
        """Whether anything of the call under way was sent."""
        self.until = 0.0
        """When the call must be over, by the monotonic clock, in seconds."""

    def begin(self, seconds: float) -> None:
        """Begin a call that may last so many seconds."""
        self.sent = False
        self.until = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """The seconds that the call under way still has; raises `TimeoutError` when it has none."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        return left

    def over(self, manager: PoolManager) -> None:
        """Let a pool manager connect over this wire only."""

        class Answer(_Answer):
            wire = self

        class Plain(_Line, HTTPConnection):
            wire, secure, response_class = self, False, Answer

        class Secure(_Line, HTTPSConnection):
            wire, secure, response_class = self, True, Answer

        class PlainPool(HTTPConnectionPool):
            ConnectionCls: Any = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls: Any = Secure

        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


class _Connection(Protocol):
    """What `_Line` needs of the connection that it is mixed into."""

    wire: Wire
    secure: bool
    sock: socket.socket | None
    auto_open: int
    port: int
    _dns_host: str

    @property
    def host(self) -> str: ...
    def connect(self) -> None: ...


class _Line:
    """A connection whose peer is checked before and after connecting; mixed into urllib3's."""

    def _new_conn(self: _Connection) -> socket.socket:
        """Connect to the first of the name's addresses that answers; all of them must be permitted."""
        name, problem = self._dns_host, None
        addresses = list(_addresses(self))
        for address in addresses:
            self.wire.peers.check(self.host, address, secure=self.secure)
        for address in addresses[:TRIED]:
            try:
                self._dns_host = address
                line: socket.socket = super()._new_conn()  # type: ignore[misc]
            except (NewConnectionError, ConnectTimeoutError) as error:
                problem = error
                continue
            finally:
                self._dns_host = name
            try:
                self.wire.peers.check(self.host, line.getpeername()[0], secure=self.secure)
            except BaseException:
                line.close()
                raise
            return line
        raise problem or LocationParseError("no address")

    def send(self: _Connection, data: Any) -> None:  # noqa: ANN401 - http.client's own
        """Send bytes, and record that something was sent."""
        if self.sock is None and self.auto_open:
            self.connect()
        self.wire.sent = True
        super().send(data)  # type: ignore[misc]


def _addresses(line: _Connection) -> Iterator[str]:
    """The addresses of a connection's host, in the order in which the name server gives them."""
    name = line._dns_host.strip("[]")  # noqa: SLF001 - urllib3 keeps the name with its final dot only there
    try:
        found = socket.getaddrinfo(name, line.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise NameResolutionError(line.host, line, error) from error  # type: ignore[arg-type]
    except UnicodeError:
        raise LocationParseError(name) from None
    for *_, where in found:
        yield str(where[0])


class _Answer(http.client.HTTPResponse):
    """An answer that ends at the call's deadline, however slowly it comes."""

    wire: Wire

    def __init__(self, sock: socket.socket, *given: Any, **more: Any) -> None:  # noqa: ANN401 - http.client's own
        super().__init__(sock, *given, **more)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock, self.wire))


class _Timed(io.RawIOBase):
    """A socket's bytes, each read no longer than the call under way may last."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, wire: Wire) -> None:
        self._raw, self._sock, self._wire = raw, sock, wire

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def readinto(self, into: Any) -> int | None:  # noqa: ANN401 - a buffer
        left, patience = self._wire.left, self._sock.gettimeout()
        if patience is None or left < patience:
            self._sock.settimeout(left)
        return self._raw.readinto(into)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Discreet(logging.Filter):
    """Keeps possible secrets out of urllib3's log: the queries of addresses, and what a tool sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_discreet, record.args))
        record.exc_info = record.exc_text = None
        return True


def _discreet(said: object) -> object:
    if isinstance(said, str):
        return said.partition("?")[0]
    return said if isinstance(said, int | None) else type(said).__name__


for _name in ("connection", "connectionpool", "response", "util.retry"):
    logging.getLogger(f"urllib3.{_name}").addFilter(_Discreet())

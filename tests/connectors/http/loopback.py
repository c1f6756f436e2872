"""Servers on loopback that answer what a test sets, byte by byte, and count what reaches them."""

import contextlib
import http.client
import json
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from connectors.http.client import Http

TOKEN = "canary-7f3e77a91c44"


class Clock:
    """A clock that only moves when somebody waits; `waits` are the waits in seconds."""

    def __init__(self):
        self.time = datetime(2027, 3, 1, 12, tzinfo=UTC)
        self.waits = []

    def now(self):
        return self.time

    def pause(self, seconds):
        self.waits.append(seconds)
        self.time += timedelta(seconds=seconds)


def said(status: int = 200, body: object = None, headers: Mapping[str, str] | None = None) -> bytes:
    """An answer as bytes; what is not bytes is written as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    lines = {"Content-Type": "application/json", "Content-Length": str(len(raw)), **(headers or {})}
    phrase = http.client.responses.get(status, "Odd")
    head = f"HTTP/1.1 {status} {phrase}\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in lines.items()
    )
    return head.encode("latin-1") + b"\r\n" + raw


def reset(line: socket.socket) -> None:
    """The connection ends with a reset."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    line.close()


def silence(line: socket.socket) -> None:
    """No answer, until the other side gives up."""
    with contextlib.suppress(OSError):
        line.recv(1)


def then_reset(start: bytes) -> Callable[[socket.socket], None]:
    """The start of an answer, and a reset."""

    def act(line):
        line.sendall(start)
        time.sleep(0.02)  # lets it be read before the reset throws it away
        reset(line)

    return act


def then_end(start: bytes) -> Callable[[socket.socket], None]:
    """The start of an answer, and an orderly end."""

    def act(line):
        line.sendall(start)
        line.close()

    return act


class Drip:
    """An answer of which the first part comes at once and then a byte at a time; `sent` counts those."""

    def __init__(self, start: bytes, every: float):
        self.start, self.every, self.sent = start, every, 0

    def __call__(self, line):
        with contextlib.suppress(OSError):
            line.sendall(self.start)
            while True:
                time.sleep(self.every)
                line.sendall(b" ")
                self.sent += 1


Answer = bytes | Callable[[socket.socket], None]


class Tool:
    """A server that gives its answers in order, the last one again and again."""

    def __init__(self, *answers: Answer, host: str = "127.0.0.1", context: ssl.SSLContext | None = None):
        self.answers: Sequence[Answer] = answers or [said()]
        self.requests: list[bytes] = []
        self.times: list[float] = []
        self.connects = 0
        self.context = context
        self._listener = socket.create_server((host, 0), family=family(host), backlog=128)
        self._lines: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if context else 'http'}://{'[::1]' if ':' in host else host}:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        for thread in self._threads:
            thread.join(10)
        for line in self._lines:
            line.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self.connects += 1
                self._lines.append(line)
                self._threads.append(threading.Thread(target=self._converse, args=(line,), daemon=True))
                self._threads[-1].start()

    def _converse(self, line):
        with contextlib.suppress(OSError, ValueError):
            if self.context:
                line = self.context.wrap_socket(line, server_side=True)
                self._lines.append(line)
            rest = b""
            while True:
                request, rest = read_request(line, rest)
                if not request:
                    return
                number = len(self.requests)
                self.times.append(time.monotonic())
                self.requests.append(request)
                answer = self.answers[min(number, len(self.answers) - 1)]
                if callable(answer):
                    answer(line)
                    return
                line.sendall(answer)

    @property
    def heads(self) -> list[str]:
        """The first line of each request."""
        return [request.split(b"\r\n", 1)[0].decode() for request in self.requests]


def family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def read_request(line: socket.socket, got: bytes) -> tuple[bytes, bytes]:
    """One request and what came after it; nothing when the other side has ended."""
    while b"\r\n\r\n" not in got:
        part = line.recv(65536)
        if not part:
            return b"", b""
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        (
            int(each.split(b":")[1])
            for each in head.split(b"\r\n")
            if each.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body[:length], body[length:]


class Sentinel:
    """Listeners that nobody may reach: they count connections and bytes; `places` are our addresses that got some."""

    def __init__(self, *hosts: str, port: int = 0):
        self.connects, self.bytes = 0, 0
        self.places: set[str] = set()
        self._selector = selectors.DefaultSelector()
        self._ends: list[socket.socket] = []
        self.port = port
        for host in hosts:
            listener = socket.create_server((host, self.port), family=family(host), backlog=128)
            self.port = listener.getsockname()[1]
            self._ends.append(listener)
            self._selector.register(listener, selectors.EVENT_READ, True)
        self._wake, self._told = socket.socketpair()
        self._ends += [self._wake, self._told]
        self._selector.register(self._told, selectors.EVENT_READ, None)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._wake.send(b".")
        self._thread.join(10)
        for end in self._ends:
            end.close()
        self._selector.close()

    def _serve(self):
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    return
                if key.data:
                    line, _ = key.fileobj.accept()
                    self.connects += 1
                    self._ends.append(line)
                    self._selector.register(line, selectors.EVENT_READ, False)
                    continue
                try:
                    part = key.fileobj.recv(65536)
                except OSError:
                    part = b""
                self.bytes += len(part)
                if part:
                    self.places.add(key.fileobj.getsockname()[0])
                    with contextlib.suppress(OSError):
                        key.fileobj.sendall(said(200, {"reached": True}))
                else:
                    self._selector.unregister(key.fileobj)
                    key.fileobj.close()


@contextlib.contextmanager
def speaking(tool: Tool | str, clock: Clock | None = None, **options: object) -> Iterator[Http]:
    """Our side of a conversation with a tool on loopback, with a clock of its own."""
    clock = clock or Clock()
    given = {
        "auth": lambda: {"Authorization": f"Bearer {TOKEN}"},
        "now": clock.now,
        "pause": clock.pause,
        "allow": ["127.0.0.0/8", "::1"],
        **options,
    }
    http = Http(tool if isinstance(tool, str) else tool.url, **given)
    try:
        yield http
    finally:
        http.close()

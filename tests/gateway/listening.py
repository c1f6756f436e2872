"""A receiver of events on loopback: it verifies with the reference library, and answers as a test sets it."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

SECRET = "whsec_" + "a2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMsIGZvciB0ZXN0"
OTHER = "whsec_" + "YW5vdGhlciBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyEh"


class Clock:
    """The machine's time, and ahead of it by as much as a test says."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Receiver:
    """Everything that came, and what was verified; `answer` gives status and headers for each body."""

    secret: str = SECRET
    answer: Callable[[dict[str, Any]], tuple[int, dict[str, str]]] = lambda _told: (204, {})
    taken: list[dict[str, Any]] = field(default_factory=list)
    """The events that were answered with 2xx."""
    ids: list[str] = field(default_factory=list)
    """The id of each try, taken or not."""
    bodies: list[bytes] = field(default_factory=list)
    forged: int = 0
    lines: int = 0
    """How many connections were opened."""
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/in?from=interoffice"

    def numbers(self) -> list[int]:
        return [each["data"]["ledger"] for each in self.taken]


@contextlib.contextmanager
def listening(receiver: Receiver, port: int = 0) -> Iterator[Receiver]:
    """The receiver is up within it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            receiver.lines += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.ids.append(self.headers["webhook-id"])
            receiver.bodies.append(body)
            try:
                told = Webhook(receiver.secret).verify(body, dict(self.headers))
            except WebhookVerificationError:
                receiver.forged += 1
                status, headers = 401, {}
            else:
                status, headers = receiver.answer(told)
                if 200 <= status < 300:
                    receiver.taken.append(told)
            said = b"a secret answer" if status not in (204, 304) else b""
            self.send_response(status)
            for name, value in {"Content-Length": str(len(said)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answering(*statuses: int, **headers: str) -> Callable[[dict[str, Any]], tuple[int, dict[str, str]]]:
    """One status after the other, then 204 for ever."""
    left = list(statuses)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _told: (left.pop(0), named) if left else (204, {})


def told_of(body: bytes) -> dict[str, Any]:
    return dict(json.loads(body))

"""The base of a stand-in for a vendor's server: real HTTP on loopback, state, a clock, and faults as data.

Every call and every answer is held against the vendor's description; what departs from it is kept and
raised when the test ends, so that no test passes with one. A fault that never fired is an error too.
"""

import json
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.standins.described import Departure, Description


@dataclass
class Asked:
    """One call as it came in; `path` is without the query, `args` the parts of it that the route named."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    args: Mapping[str, str] = field(default_factory=dict)

    def one(self, name: str, default: str = "") -> str:
        """A query parameter's value."""
        return self.query.get(name, [default])[0]

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


@dataclass
class Answer:
    """What goes back: JSON unless `raw` is given."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    def bytes(self) -> bytes:
        """The body as it is sent."""
        if self.raw is not None:
            return self.raw
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass
class Fault:
    """What goes wrong: on the calls that match, from the `first` matching one, `times` times.

    `answer` is given instead of the real one, before the call is applied or, with `applied`, after it;
    without an answer the connection is cut. `slow` seconds pass first. With `late` the call is carried out so
    many seconds later by the server's own clock, as when it was still on its way. `kill` is the process to be ended
    there, without warning: the caller's own, which a test has started.
    """

    method: str = ""
    path: str = ""
    first: int = 1
    times: int = 1
    applied: bool = False
    answer: Answer | None = None
    slow: float = 0.0
    late: float = 0.0
    kill: int = 0
    seen: int = 0
    fired: int = 0

    def meets(self, asked: Asked) -> bool:
        """Whether it fires on this call."""
        if (self.method and self.method != asked.method) or not re.search(self.path, asked.path):
            return False
        self.seen += 1
        if not self.first <= self.seen < self.first + self.times:
            return False
        self.fired += 1
        return True


def sign_in_page(status: int = 200) -> Answer:
    """What a proxy says with success to who is not signed in: a page for people."""
    page = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"
    return Answer(status, None, {"Content-Type": "text/html; charset=utf-8"}, page)


class Cut(Exception):
    """The connection ends without an answer."""


Route = tuple[str, re.Pattern[str], Callable[["Asked"], Answer]]


class StandIn:
    """A vendor's server with state; a vendor's file derives from it and gives routes and rules."""

    description: Description | None = None
    lag: timedelta = timedelta()
    """For how long a search does not show a write."""
    most: int = 1000
    """How many elements of any list come in one page, however many are asked for."""

    def __init__(self) -> None:
        self.now = datetime(2027, 1, 4, 7, 0, tzinfo=UTC)
        """The server's own clock; every call moves it by a millisecond, tests move it by `pass_time`."""
        self.calls: Counter[str] = Counter()
        self.log: list[tuple[str, str]] = []
        self.credentials: set[str] = set()
        self.faults: list[Fault] = []
        self.departures: list[Departure] = []
        self.routes: list[Route] = []
        self.on_its_way: list[tuple[datetime, Asked]] = []
        """Calls that will be carried out, and when."""
        self.on_call: Callable[[int, str], None] = lambda _number, _phase: None
        """Called with each call's number, counted from 1, `before` and `after` it is answered."""
        self.number = 0
        self._one_at_a_time = threading.Lock()

    def route(self, method: str, template: str, act: Callable[[Asked], Answer]) -> None:
        """Answer `METHOD /path/{name}` by that function; earlier routes come first."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
        self.routes.append((method, re.compile(pattern), act))

    def fault(self, **what: Any) -> Fault:
        """Plant a fault; the test fails when it never fires."""
        self.faults.append(Fault(**what))
        return self.faults[-1]

    def pass_time(self, **delta: float) -> None:
        """Move the server's clock."""
        self.now += timedelta(**delta)

    def writes(self) -> int:
        """How many calls were not reads."""
        return sum(n for name, n in self.calls.items() if not name.startswith("GET "))

    def refused(self, asked: Asked) -> Answer | None:
        """An answer before everything else: unknown credentials, limits; None lets the call through."""
        del asked
        return None

    def missing(self, asked: Asked) -> Answer:
        """The answer to a path that nobody knows."""
        return Answer(404, {"message": f"nothing at {asked.path}"})

    def handle(self, asked: Asked) -> Answer:
        """The answer to one call; raises `Cut` when the line is to break."""
        with self._one_at_a_time:
            self.now += timedelta(milliseconds=1)
            self.credentials.add(asked.headers.get("authorization", ""))
            self.number += 1
            self._arrive()
            self.on_call(self.number, "before")
            fault = next((each for each in self.faults if each.meets(asked)), None)
            answer = self._failed(fault, asked) if fault else self._real(asked)
            self.on_call(self.number, "after")
            return answer

    def _arrive(self) -> None:
        """Carry out what was on its way and is due."""
        due = [each for at, each in self.on_its_way if at <= self.now]
        self.on_its_way = [(at, each) for at, each in self.on_its_way if at > self.now]
        for asked in due:
            self._real(asked)

    def _failed(self, fault: Fault, asked: Asked) -> Answer:
        time.sleep(fault.slow)
        self.calls[f"{asked.method} (faulty)"] += 1
        if fault.applied:
            self._real(asked)
        elif fault.late:
            self.on_its_way.append((self.now + timedelta(seconds=fault.late), asked))
        else:
            self.log.append((asked.method, asked.path))
            self._hold(asked, None)
        if fault.kill:
            os.kill(fault.kill, signal.SIGKILL)
        if fault.answer is None:
            raise Cut
        return fault.answer

    def _real(self, asked: Asked) -> Answer:
        answer, name = self.refused(asked), f"{asked.method} {asked.path}"
        if answer is None:
            answer, name = self._routed(asked)
        self.calls[name] += 1
        self.log.append((asked.method, asked.path))
        self._hold(asked, answer)
        return answer

    def _hold(self, asked: Asked, answer: Answer | None) -> None:
        """Hold a call and its answer, if it has one of ours, against the vendor's description."""
        if self.description is None:
            return
        call = (asked.method, asked.path, asked.query, asked.headers, asked.body)
        try:
            self.description.check_request(*call)
            if answer is not None:
                headers = {"content-type": "application/json"}
                headers |= {name.lower(): value for name, value in answer.headers.items()}
                self.description.check_reply(*call, (answer.status, headers, answer.bytes()))
        except Departure as departure:
            self.departures.append(departure)

    def _routed(self, asked: Asked) -> tuple[Answer, str]:
        for method, pattern, act in self.routes:
            match = pattern.fullmatch(asked.path)
            if match and method == asked.method:
                asked.args = match.groupdict()
                return act(asked), f"{method} {pattern.pattern}"
        return self.missing(asked), f"{asked.method} {asked.path}"

    def things(self) -> Any:
        """What stands there now, as JSON, for who counts from outside; a stand-in says what its things are."""
        raise NotImplementedError

    def end(self) -> None:
        """Raises the first departure, and a fault that never fired."""
        if self.departures:
            raise AssertionError("\n\n".join(str(each) for each in self.departures[:5]))
        unfired = [fault for fault in self.faults if not fault.fired]
        assert not unfired, f"faults that never fired: {unfired}"


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with kept-alive connections around `StandIn.handle`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for the client's acknowledgement
    standin: StandIn

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The server's own clock in the header Date."""
        return super().date_time_string(self.standin.now.timestamp() if timestamp is None else timestamp)

    def _any(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        asked = Asked(self.command, parts.path, parse_qs(parts.query, keep_blank_values=True), headers, body)
        try:
            answer = self.standin.handle(asked)
        except Cut:
            self.close_connection = True
            self.connection.close()
            return
        except Exception as problem:  # noqa: BLE001 - a stand-in's own fault must reach the test
            self.standin.departures.append(
                Departure(f"the stand-in broke on {asked.method} {asked.path}: {problem!r}")
            )
            answer = Answer(500, {"message": repr(problem)})
        data = answer.bytes()
        self.send_response(answer.status)
        sent = {"Content-Type": "application/json; charset=utf-8", **answer.headers}
        for name, value in sent.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked did not wait for the answer
            self.end_headers()
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - http.server's names

    def log_message(self, *args: object) -> None:
        """Nothing on the console."""


@contextmanager
def served(standin: StandIn) -> Iterator[str]:
    """The stand-in on a loopback port of its own, by its address; its departures are raised at the end."""
    handler = type("Served", (Handler,), {"standin": standin})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
        standin.end()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

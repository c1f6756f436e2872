"""The only HTTP client for tools: limits, retries, waits, peers, and errors by what to do next.

What is not idempotent is sent once. urllib3 itself retries nothing: each attempt is one call here, so that it
counts toward the tool's limits and the budget of retries. A wait of more than a minute is raised with its
time and never slept. Refuses redirects, the machine's own proxies and credentials, other hosts than the
tool's, and answers that are too long or take too long.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests_ratelimiter import LimiterMixin
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError
from urllib3.exceptions import TimeoutError as LineTimeout
from urllib3.util import Retry

from connectors.errors import OutcomeUnknown, Refused, ToolError, TryLater
from connectors.http import waiting
from connectors.http.calls import UNLIMITED, Answered, Call, Limits, Reply
from connectors.http.concealing import Concealed
from connectors.http.pacing import Pace, Patience
from connectors.http.peers import Peers
from connectors.http.wire import Wire

__all__ = ["Answered", "Call", "Http", "Limits", "Reply"]

TROUBLE = frozenset({408, 425, 500, 502, 503, 504})
SHOWN = 300
CHUNK = 1 << 16
PACED: dict[str, Any] = {"per_host": False, "limit_statuses": ()}
SHARE, MOST = 0.2, 5.0
"""How many retries an answer adds to the budget, and the most that the budget holds; an outage adds none."""
HINTS = {
    401: "; it does not know the credential: check the variable that tools.yaml names",
    403: "; the credential has no right to that: grant it, or lower the office's access",
}


class _Adapter(HTTPAdapter):
    """Sends a call once, over the connections of a `Wire`."""

    def __init__(self, wire: Wire, deadline: float) -> None:
        self.wire, self.deadline = wire, deadline
        never = Retry(0, read=False, redirect=False, respect_retry_after_header=False)
        super().__init__(pool_connections=1, pool_maxsize=8, max_retries=never)

    def init_poolmanager(self, *given: Any, **more: Any) -> None:  # noqa: ANN401 - requests' own
        super().init_poolmanager(*given, **more)
        self.wire.over(self.poolmanager)

    def send(self, *given: Any, **more: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        self.wire.begin(self.deadline)
        return super().send(*given, **more)


class _Limited(LimiterMixin, _Adapter):  # type: ignore[misc] # both are adapters
    """An adapter that keeps the tool's limits."""


class _Straight(requests.Session):
    """A session that does not follow redirects: requests would read the whole body of one even so."""

    def get_redirect_target(self, _resp: requests.Response) -> None:
        return None


class _Paced(LimiterMixin, _Straight):
    """A session that keeps the limits of writes."""


@dataclass(frozen=True, slots=True)
class _Setback:
    """A failed attempt: its error, whether to send again, when, and whether without using the budget."""

    error: ToolError
    again: bool = False
    at: datetime | None = None
    free: bool = False


class Http:
    """A tool's server at `base`, called with the headers that `auth` gives; safe for one thread at a time.

    `allow` names private hosts and networks that may be called, `ca` a file with the certificates of the
    company's own authority. A call is sent at most `attempts` times, each attempt lasts at most `deadline`
    seconds, and between them at most `patience` seconds are slept; `pause` sleeps, tests give their own.
    """

    def __init__(
        self,
        base: str,
        *,
        auth: Callable[[], Mapping[str, str]],
        now: Callable[[], datetime],
        limits: Limits = UNLIMITED,
        allow: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        timeout: tuple[float, float] = (5.0, 30.0),
        deadline: float = 120.0,
        cap: int = 32 * 2**20,
        attempts: int = 3,
        patience: float = 60.0,
        pause: Callable[[float], None] = time.sleep,
        ca: str | None = None,
    ) -> None:
        self.limits = limits
        self.calls = 0
        """How many requests were sent, retries included."""
        self._spent = 0.0
        self.deadline = deadline
        self.host = _host(base)
        """The tool's host, for people."""
        self._base = base.rstrip("/")
        self._auth, self._now = auth, now
        self._headers = {"User-Agent": _agent(), "Accept": "application/json", **(headers or {})}
        self._timeout, self._cap, self._attempts = timeout, cap, attempts
        self._earned: float | None = None
        self._not_before: datetime | None = None
        self._secrets: Mapping[str, str] = {}
        self._wire = Wire(Peers(allow))
        self._patience = Patience(patience, now, pause)
        self._sessions = _sessions(
            _adapter(self._wire, deadline, limits, self._patience), limits, self._patience
        )
        for session in self._sessions.values():
            session.verify = ca or True

    def get(
        self,
        path: str,
        params: Sequence[tuple[str, str]] = (),
        *,
        accept: frozenset[int] = frozenset(),
        headers: Sequence[tuple[str, str]] = (),
    ) -> Reply:
        """Read something; see `call`."""
        return self.call(Call("GET", path, tuple(params), headers=tuple(headers), accept=accept))

    def call(self, call: Call) -> Reply:
        """Send one call and return its answer.

        Raises `Answered` (a `Refused`) for what the tool refuses, `TryLater` for what was not carried out,
        `OutcomeUnknown` for a write without an answer.
        """
        if call.astray:
            raise Refused(f"{call.path!r} is no path of {self.host}")
        self._patience.begin()
        self._await(self._not_before, call, None)
        unknown: ToolError | None = None
        for attempt in range(1, self._attempts + 1):
            answer = self._sent(call)
            outcome = self._judged(call, answer) if isinstance(answer, Reply) else answer
            if isinstance(outcome, Reply):
                return outcome
            error = outcome.error
            if isinstance(error, OutcomeUnknown):
                unknown = error
            elif unknown and isinstance(error, TryLater):
                error = unknown  # this attempt failed, but one before it may have been carried out
            if not outcome.again or attempt == self._attempts or not (outcome.free or self._afford()):
                raise error
            at = outcome.at or self._now() + timedelta(seconds=2 ** (attempt - 1) * _chance())
            self._await(at, call, error)
        raise AssertionError("unreachable")

    def below(self, address: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The path and parameters, for `Call`, of an address that the tool gave, such as its next page's.

        Raises `Refused` for one that is not below the tool's own address.
        """
        try:
            there, here = urlsplit(urljoin(self._base + "/", address)), urlsplit(self._base)
        except ValueError:
            there, here = urlsplit(""), urlsplit(self._base)
        path = there.path.removeprefix(here.path)
        if there[:2] != here[:2] or not there.path.startswith(here.path + "/"):
            raise Refused(f"{self.host} leads to {_elsewhere(address)}, which is not below the tool's `url`")
        return path, tuple(parse_qsl(there.query, keep_blank_values=True))

    def close(self) -> None:
        """Close the connections; another call opens them anew."""
        for session in self._sessions.values():
            session.close()

    def _await(self, at: datetime | None, call: Call, instead: ToolError | None) -> None:
        """Wait until `at`; if that is too long, raises `instead`, or without it `TryLater` with the time."""
        if at and not self._patience.until(at):
            raise instead or TryLater(
                f"{self.host} asks to wait until {at:%Y-%m-%d %H:%M:%S} UTC ({call})", at=at
            )
        self._not_before = None

    def _afford(self) -> bool:
        """Take one retry from the budget; False where none is left, or where the tool never answered yet."""
        if self._earned is None or self._earned < 1:
            return False
        self._earned -= 1
        return True

    def _earn(self) -> None:
        """Add to the budget of retries, as the tool answered."""
        earned = self._attempts - 1 - SHARE if self._earned is None else self._earned
        self._earned = min(earned + SHARE, MOST)

    def _sent(self, call: Call) -> Reply | _Setback:
        """Send a call once; a failure is returned, not raised, so that it does not refer to the request."""
        auth = self._secrets = self._auth()
        self._wire.sent, begun = False, time.monotonic()
        try:
            response = self._sessions[call.writing].request(
                call.method,
                self._base + call.path,
                params=call.params,
                json=call.json,
                data=call.body,
                headers={**self._headers, **auth, **dict(call.headers)},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            )
            with response:
                body = self._body(response)
                done = call.writing and response.status_code < 300
                return Reply(response.status_code, CaseInsensitiveDict(response.headers), body, done)
        except TryLater as late:
            return _Setback(late)
        except _TooLong:
            text = f"{self.host} answered {call} with more than {self._cap:,} bytes; ask for less at a time"
            return _Setback(OutcomeUnknown(text) if call.writing else Refused(text))
        except (requests.RequestException, HTTPError, OSError, UnicodeError) as problem:
            return self._broken(call, problem) if self._wire.sent else self._unsent(call, problem)
        finally:
            self.calls += self._wire.sent
            self._spent += time.monotonic() - begun

    @property
    def pace(self) -> float:
        """The seconds that a request took so far, on average, waits for limits included; 0 before any."""
        return self._spent / self.calls if self.calls else 0.0

    def _body(self, response: requests.Response) -> bytes:
        """The whole body; raises when it is longer than `cap`."""
        parts, size = [], 0
        for part in response.raw.stream(CHUNK, decode_content=True):
            size += len(part)
            if size > self._cap:
                raise _TooLong
            parts.append(part)
        return b"".join(parts)

    def _judged(self, call: Call, reply: Reply) -> Reply | _Setback:
        """What an answer means: the answer itself where it is a success or its status is accepted."""
        now = self._now()
        later = self._not_before = waiting.asked(reply.headers, now)
        limited = waiting.limited(reply.status, reply.headers, reply.body, now)
        if reply.status < 500 and not limited:
            self._earn()
        if reply.status in call.accept:
            return reply
        if 200 <= reply.status < 300:
            wanted = dict(call.headers).get("Accept", self._headers["Accept"])
            return _Setback(self._page(call, reply)) if reply.page and "json" in wanted else reply
        text = self._said(call, reply)
        if limited:
            at = later or now + waiting.UNTOLD
            return _Setback(TryLater(text, at=at), not waiting.spent(reply.headers), later, free=True)
        if reply.status in TROUBLE or reply.status >= 500 or reply.status < 200:
            again = call.repeatable and reply.status in TROUBLE
            return _Setback(self._unanswered(call, text, later), again, later)
        return _Setback(Answered(text, reply.status))

    def _unanswered(self, call: Call, text: str, at: datetime | None = None) -> ToolError:
        """The error for a call that was sent and whose outcome is not known."""
        if call.writing:
            return OutcomeUnknown(text)
        return TryLater(text, at=at) if at else TryLater(text, after=timedelta(minutes=_chance()))

    def _broken(self, call: Call, problem: Exception) -> _Setback:
        """The failure of a connection that broke after something was sent."""
        late = isinstance(problem, requests.Timeout | LineTimeout | TimeoutError)
        what = "did not answer in time" if late else "broke off"
        return _Setback(self._unanswered(call, f"{self.host} {what} after {call} was sent"), call.repeatable)

    def _unsent(self, call: Call, problem: Exception) -> _Setback:
        """The failure of a call of which nothing could be sent."""
        reason = getattr(problem.args[0] if problem.args else None, "reason", None) or problem
        if "CERTIFICATE_VERIFY_FAILED" in str(reason):
            return _Setback(
                Refused(f"{self.host} shows a certificate that cannot be verified; have it mended there")
            )
        if isinstance(problem, ValueError | requests.exceptions.InvalidJSONError):
            return _Setback(Refused(f"{call} to {self.host} cannot be written as a request"))
        why = "cannot be reached"
        if isinstance(reason, NameResolutionError):
            why = "is not known to the name server"
        elif isinstance(problem, requests.exceptions.SSLError):
            why = "gives no secure connection"
        elif not isinstance(reason, NewConnectionError):
            why = "did not let us connect in time"
        return _Setback(TryLater(f"{self.host} {why} ({call})", after=timedelta(minutes=_chance())))

    def _page(self, call: Call, reply: Reply) -> Refused:
        return Refused(
            f"{self.host} answered {reply.status} to {call} with a page instead of data: a sign-in page? "
            "Check the address and the credential"
        )

    def concealed(self, text: str) -> str:
        """A tool's text without our credential, for an error message."""
        return Concealed(self._secrets).out_of(text)

    def _said(self, call: Call, reply: Reply) -> str:
        """The tool's answer as the text of an error, without our credential."""
        concealed = Concealed(self._secrets)
        said = concealed.out_of(reply.told)
        if len(said) > SHOWN:
            said = f"{said[:SHOWN]}\N{HORIZONTAL ELLIPSIS}"
        text = f"{self.host} answered {reply.status} to {call}{f': {said}' if said else ''}"
        if 300 <= reply.status < 400 and "location" in reply.headers:
            target = _elsewhere(concealed.out_of(reply.headers["location"]))
            return f"{text}; it leads to {target}, which is not followed: correct the tool's `url`"
        return text + HINTS.get(reply.status, "")


class _TooLong(Exception):
    """An answer is longer than permitted."""


def _adapter(wire: Wire, deadline: float, limits: Limits, patience: Patience) -> _Adapter:
    if not limits.of_calls:
        return _Adapter(wire, deadline)
    pace = Pace(limits.of_calls, patience)
    return _Limited(wire=wire, deadline=deadline, limiter=pace, **PACED)


def _sessions(adapter: _Adapter, limits: Limits, patience: Patience) -> dict[bool, requests.Session]:
    """The sessions of calls that read (False) and that write (True), over one adapter."""
    reading = _bare(_Straight(), adapter)
    if not limits.of_writes:
        return {False: reading, True: reading}
    return {False: reading, True: _bare(_Paced(limiter=Pace(limits.of_writes, patience), **PACED), adapter)}


def _bare(session: requests.Session, adapter: _Adapter) -> requests.Session:
    """The session without the machine's own proxies, netrc and certificates, and without cookies."""
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers.clear()
    session.headers.update({"Accept-Encoding": "gzip, deflate", "Connection": "keep-alive"})
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _host(base: str) -> str:
    """The host and port of a tool's address; raises `Refused` for one that cannot be used."""
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if "@" in base:
        raise Refused("the tool's `url` holds a name or a password: take them out, and name a credential")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        shown = re.split(r"[?#]", base)[0][:80]
        raise Refused(f"the tool's `url` must be like https://pmo.example.com/tool, not {shown!r}")
    return f"{parts.hostname}:{port}" if port else parts.hostname


def _elsewhere(address: str) -> str:
    """The host that an address leads to, for people."""
    try:
        return (urlsplit(address).hostname or "another place")[:100]
    except ValueError:
        return "a place that is no address"


@cache
def _agent() -> str:
    return f"interoffice/{version('interoffice')}"


def _chance() -> float:
    """A random factor around 1, so that many clients do not call at the same time."""
    return random.uniform(0.5, 1.5)  # noqa: S311 - not used for a secret

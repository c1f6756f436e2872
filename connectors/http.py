"""The one way to speak HTTP with a tool: limits, retries, waits, peers, and errors by what to do next.

What is not idempotent is sent once. A wait of more than a minute is raised with its time and never slept.
Refuses redirects, proxies and credentials of the machine's own, other hosts than the tool's, and answers
that are too long.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import parse_header_links
from requests_ratelimiter import LimiterMixin
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util import Retry

from connectors import waiting
from connectors.errors import OutcomeUnknown, Refused, ToolError, TryLater
from connectors.peers import Peers, guarded

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
TROUBLE = frozenset({500, 502, 503, 504})
AGENT = "interoffice"
SHOWN = 300
CHUNK = 1 << 16
SHARE = 0.2
"""Retries that every call earns, so that an outage does not multiply the calls."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A tool's documented rates of calls; None: none. Those of writes count besides."""

    per_second: float | None = None
    per_minute: float | None = None
    per_hour: float | None = None
    writes_per_minute: float | None = None
    writes_per_hour: float | None = None

    def seconds(self, calls: int, writes: int) -> float:
        """The least time that so many calls need, `writes` of them writing."""
        rates = [(calls, self.per_second, 1), (calls, self.per_minute, 60), (calls, self.per_hour, 3600)]
        rates += [(writes, self.writes_per_minute, 60), (writes, self.writes_per_hour, 3600)]
        return max((count / rate * span for count, rate, span in rates if rate), default=0.0)

    def of(self, *, writing: bool) -> dict[str, float]:
        """The rates of one kind of call as requests-ratelimiter names them."""
        least = {"per_second": self.per_second, "per_minute": self.per_minute, "per_hour": self.per_hour}
        if writing:
            for name, rate in (("per_minute", self.writes_per_minute), ("per_hour", self.writes_per_hour)):
                least[name] = min(filter(None, (least[name], rate)), default=None)
        return {name: rate for name, rate in least.items() if rate}


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a value. `accept` are statuses from 400 on that are given back and not raised.

    `creates`: no answer leaves unknown what happened, so it is never sent twice. `reads`: a POST that only
    asks, so it may be.
    """

    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    json: object | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    creates: bool = False
    reads: bool = False
    accept: frozenset[int] = frozenset()
    what: str = ""
    """What it does, in words, where its path does not tell."""

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.what}".rstrip()

    @property
    def writing(self) -> bool:
        """Whether it changes something in the tool."""
        return self.method not in ("GET", "HEAD") and not self.reads

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again when it got no answer."""
        return not self.creates and (self.reads or self.method in IDEMPOTENT)


@dataclass(frozen=True)
class Reply:
    """What a tool answered; header names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:  # noqa: ANN401 - JSON is whatever the tool says
        """The body as JSON; raises `Refused` for a sign-in page or anything else that is not JSON."""
        kind = self.headers.get("content-type", "")
        if "html" in kind.lower() or self.body[:32].lstrip()[:1] == b"<":
            raise Refused(
                f"it answered {self.status} with a page ({kind or 'no content type'}) instead of data: "
                "a sign-in page? Check the address and the credential"
            )
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Refused(
                f"it answered {self.status} with {kind or 'no content type'} that is no JSON: {error}"
            ) from None

    @cached_property
    def links(self) -> dict[str, str]:
        """The addresses of the Link header by their relation."""
        return {each.get("rel", ""): each["url"] for each in parse_header_links(self.headers.get("link", ""))}


class Answered(Refused):
    """The tool answered with a refusal; `status` is its HTTP status."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


class _Adapter(HTTPAdapter):
    """Connects only to permitted peers."""

    def __init__(self, peers: Peers) -> None:
        self.peers = peers
        super().__init__(pool_connections=1, pool_maxsize=8)

    def init_poolmanager(self, *given: Any, **more: Any) -> None:  # noqa: ANN401 - requests' own
        super().init_poolmanager(*given, **more)
        guarded(self.poolmanager, self.peers)


class _Limited(LimiterMixin, _Adapter):  # type: ignore[misc] # both are adapters
    """The same, not faster than the tool's limits; a longer wait than `max_delay` raises."""


class Http:
    """A tool's server at `base`, spoken to with the headers that `auth` gives; safe for one thread at a time.

    `allow` names private hosts and networks that may be spoken to. `pause` sleeps; tests give their own.
    """

    def __init__(
        self,
        base: str,
        *,
        auth: Callable[[], Mapping[str, str]],
        now: Callable[[], datetime],
        limits: Limits = Limits(),
        allow: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        timeout: tuple[float, float] = (5.0, 30.0),
        deadline: float = 120.0,
        cap: int = 64 * 2**20,
        attempts: int = 3,
        patience: float = 60.0,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.limits = limits
        self.calls = 0
        """How many requests were sent, those sent again included."""
        self._base = base.rstrip("/")
        self._auth, self._now, self._pause = auth, now, pause
        self._headers = {"User-Agent": AGENT, "Accept": "application/json", **(headers or {})}
        self._timeout, self._deadline, self._cap = timeout, deadline, cap
        self._attempts, self._patience = attempts, patience
        self._earned = float(attempts)
        self._not_before: datetime | None = None
        peers = Peers(allow)
        self._sessions = {
            writing: self._session(peers, limits.of(writing=writing)) for writing in (False, True)
        }

    def _session(self, peers: Peers, rates: Mapping[str, Any]) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        session.headers.clear()
        session.headers.update({"Accept-Encoding": "gzip, deflate", "Connection": "keep-alive"})
        adapter = (
            _Limited(peers=peers, max_delay=self._patience, limit_statuses=(), **rates)
            if rates
            else _Adapter(peers)
        )
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session

    @property
    def host(self) -> str:
        """The tool's host, for people."""
        return urlsplit(self._base).netloc

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
        """Send one call and give its answer.

        Raises `Answered` (a `Refused`) for what the tool refuses, `TryLater` for what was not carried out,
        `OutcomeUnknown` for a write without an answer.
        """
        if not call.path.startswith("/") or call.path.startswith("//") or "\\" in call.path:
            raise Refused(f"{call.path!r} is no path of {self.host}")
        self._await(self._not_before, call)
        self._earned = min(self._earned + SHARE, 10.0)
        for attempt in range(self._attempts):
            reply = self._sent(call)
            later = waiting.asked(reply.headers, self._now())
            limited = reply.status == 429 or (reply.status == 403 and later is not None)
            if reply.status < 300 or reply.status in call.accept:
                self._not_before = later
                return reply
            if not limited and not (reply.status in TROUBLE and call.repeatable):
                raise self._refusal(call, reply)
            if attempt == self._attempts - 1 or not self._afford():
                raise self._put_off(call, reply, later)
            self._await(later or self._now() + self._backoff(attempt), call)
        raise AssertionError("unreachable")

    def _await(self, at: datetime | None, call: Call) -> None:
        """Wait until then; raises `TryLater` with the time when that is longer than our patience."""
        seconds = (at - self._now()).total_seconds() if at else 0.0
        if seconds > self._patience:
            raise TryLater(f"{self.host} asks to wait until {at:%Y-%m-%d %H:%M:%S} UTC ({call})", at=at)
        if seconds > 0:
            self._pause(seconds)
        self._not_before = None

    def _backoff(self, attempt: int) -> timedelta:
        """Longer each time, and never all clients together."""
        return timedelta(seconds=2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - no secret hangs on it

    def _afford(self) -> bool:
        """Take one retry from the budget, if there is one."""
        if self._earned < 1:
            return False
        self._earned -= 1
        return True

    def _sent(self, call: Call) -> Reply:
        """The answer to a call, sent again by urllib3 when it may be and the line broke."""
        session = self._sessions[call.writing]
        adapter = session.get_adapter(self._base)
        more = min(self._attempts - 1, int(self._earned))
        adapter.max_retries = Retry(  # type: ignore[attr-defined]
            total=more,
            read=more if call.repeatable else False,
            status=0,
            redirect=False,
            allowed_methods=None,
            backoff_factor=0.3,
            backoff_jitter=0.3,
            respect_retry_after_header=False,
        )
        headers = {**self._headers, **self._auth(), **dict(call.headers)}
        self.calls += 1
        until = time.monotonic() + self._deadline
        try:
            response = session.request(
                call.method,
                self._base + call.path,
                params=call.params,
                json=call.json,
                data=call.body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            )
            history = len(response.raw.retries.history) if response.raw.retries else 0
            self.calls += history
            self._earned -= history
            with response:
                return Reply(
                    response.status_code, CaseInsensitiveDict(response.headers), self._body(response, until)
                )
        except (requests.RequestException, HTTPError, OSError) as problem:
            raise self._broken(call, problem, more) from None

    def _body(self, response: requests.Response, until: float) -> bytes:
        """The whole body; raises when it is longer than `cap`, or not there in time."""
        parts, size = [], 0
        for part in response.raw.stream(CHUNK, decode_content=True):
            size += len(part)
            if size > self._cap:
                raise Refused(
                    f"{self.host} answered with more than {self._cap:,} bytes; ask for less at a time"
                )
            if time.monotonic() > until:
                raise requests.ReadTimeout("the answer takes too long")
            parts.append(part)
        return b"".join(parts)

    def _broken(self, call: Call, problem: Exception, retried: int) -> ToolError:
        """What a line that broke means for the call."""
        reason = getattr(problem.args[0] if problem.args else None, "reason", None) or problem
        self._earned = max(self._earned - retried, 0.0)
        if "CERTIFICATE_VERIFY_FAILED" in str(reason):
            return Refused(f"{self.host} shows a certificate that cannot be verified; have it mended there")
        if type(problem) is requests.Timeout:
            after = timedelta(seconds=self._patience)
            return TryLater(f"{self.host} is called as often as its limits permit ({call})", after=after)
        unsent = (requests.ConnectTimeout, NewConnectionError)
        if isinstance(problem, unsent) or isinstance(reason, unsent):
            self.calls += retried
            return TryLater(f"{self.host} cannot be reached ({call})", after=timedelta(minutes=1))
        what = "did not answer in time" if "imeout" in type(reason).__name__ else "broke off"
        if call.writing:
            return OutcomeUnknown(f"{self.host} {what} after {call} was sent")
        return TryLater(f"{self.host} {what} ({call})", after=timedelta(minutes=1))

    def _put_off(self, call: Call, reply: Reply, later: datetime | None) -> ToolError:
        if reply.status in TROUBLE and call.writing:
            return self._refusal(call, reply)
        text = f"{self.host} answered {reply.status} to {call}: {self._said(reply)}"
        return TryLater(text, at=later) if later else TryLater(text, after=timedelta(minutes=1))

    def _refusal(self, call: Call, reply: Reply) -> ToolError:
        """What a status from 300 on means."""
        said = self._said(reply)
        text = f"{self.host} answered {reply.status} to {call}{f': {said}' if said else ''}"
        if reply.status in TROUBLE or reply.status >= 500:
            return OutcomeUnknown(text) if call.writing else TryLater(text, after=timedelta(minutes=1))
        if reply.status == 401:
            text += "; it does not know the credential: check the variable that tools.yaml names"
        if reply.status == 403:
            text += "; the credential has no right to that: grant it, or lower the office's access"
        if 300 <= reply.status < 400:
            target = urlsplit(reply.headers.get("location", "")).netloc or "elsewhere"
            text += f"; it leads to {target}, which is not followed: correct the tool's `url`"
        return Answered(text, reply.status)

    def _said(self, reply: Reply) -> str:
        """The tool's own words, without our credential in them."""
        text = " ".join(reply.body[: 4 * SHOWN].decode("utf-8", "replace").split())
        for secret in self._auth().values():
            for part in {secret, secret.rpartition(" ")[2]}:
                text = text.replace(part, "***") if part else text
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}\N{HORIZONTAL ELLIPSIS}"

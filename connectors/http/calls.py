"""One HTTP call and its answer as values, and how often a tool permits calls.

Nothing here uses a network: a dry run lists calls that are never sent. Refuses an answer that is not the data
that was asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from connectors.errors import OutcomeUnknown, Refused

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
KNOWN_TYPES = frozenset({"application/json", "application/xml", "text/html", "text/plain", "text/xml"})
LINK = re.compile(r"<(?P<url>[^>]*)>(?P<parameters>[^,<]*)")
RELATION = re.compile(r"""(?i);\s*rel\s*=\s*(?:"([^"]*)"|([^\s;"]+))""")
READ = 1 << 16
"""How many bytes of a refusal are searched for the tool's message."""
TOLD = ("message", "errorMessages", "error", "error_description", "detail", "title", "errors")


@dataclass(frozen=True, slots=True)
class Limits:
    """A tool's documented rates of calls; None is no limit. Writes count toward both kinds of rates."""

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

    @property
    def of_calls(self) -> dict[str, Any]:
        """The rates of all calls, as requests-ratelimiter names them."""
        return _stated(per_second=self.per_second, per_minute=self.per_minute, per_hour=self.per_hour)

    @property
    def of_writes(self) -> dict[str, Any]:
        """The additional rates of writes, as requests-ratelimiter names them."""
        return _stated(per_minute=self.writes_per_minute, per_hour=self.writes_per_hour)


def _stated(**rates: float | None) -> dict[str, Any]:
    return {name: rate for name, rate in rates.items() if rate}


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a value. `accept` are statuses from 300 on that are returned and not raised.

    `creates`: without an answer it is unknown whether it was carried out, so it is never sent twice. `reads`:
    a POST that only reads, so it may be sent again.
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
    """What the call does, in words, where its path does not show it."""

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.what}".rstrip()

    @property
    def writing(self) -> bool:
        """Whether it changes something in the tool."""
        return self.method not in ("GET", "HEAD", "OPTIONS") and not self.reads

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again when it got no answer."""
        return not self.creates and (self.reads or self.method in IDEMPOTENT)

    @property
    def astray(self) -> bool:
        """Whether the path leads outside of the tool's address, or holds more than a path."""
        return (
            not self.path.startswith("/")
            or self.path.startswith("//")
            or any(sign in "\\?#" or not sign.isprintable() for sign in self.path)
            or not {".", ".."}.isdisjoint(re.split(r"[/\\]", unquote(self.path)))
        )


@dataclass(frozen=True)
class Reply:
    """A tool's answer; header names in any case. `done`: it answers a write that was carried out."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    done: bool = field(default=False, repr=False)

    @property
    def kind(self) -> str:
        """The content type without its parameters; `another content type` for one that we do not know."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return kind if kind in KNOWN_TYPES or not kind else "another content type"

    @property
    def page(self) -> bool:
        """Whether the body is a page for people, such as a sign-in page, and no data."""
        start = self.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        return start == b"<" and ("html" in self.kind or b"<html" in self.body[:2048].lower())

    def json(self) -> Any:  # noqa: ANN401 - JSON is whatever the tool says
        """The body as JSON; raises `Refused` for a sign-in page or anything else that is not JSON.

        For a write that was carried out it raises `OutcomeUnknown` instead.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            pass  # raised below, so that the error does not refer to the body
        kind = self.kind or "no content type"
        if self.page:
            raise Refused(
                f"it answered {self.status} with a page ({kind}) instead of data: a sign-in page? "
                "Check the address and the credential"
            )
        text = f"it answered {self.status} with {len(self.body):,} bytes ({kind}) that are no JSON"
        raise OutcomeUnknown(text) if self.done else Refused(text)

    @cached_property
    def links(self) -> dict[str, str]:
        """The addresses in the Link header by their relation."""
        found: dict[str, str] = {}
        for link in LINK.finditer(self.headers.get("link", "")):
            relation = RELATION.search(link["parameters"])
            for name in (relation[1] or relation[2] or "").split() if relation else ():
                found.setdefault(name.lower(), link["url"].strip())
        return found

    @property
    def told(self) -> str:
        """The tool's own message in a refusal, on one line; empty for a page."""
        if self.page:
            return ""
        try:
            text = "; ".join(_sentences(json.loads(self.body[:READ])))
        except (ValueError, RecursionError):
            text = ""
        if not text and self.body.strip() not in (b"{}", b"[]", b"null"):
            text = self.body[:READ].decode("utf-8", "replace")
        return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _sentences(said: object) -> Iterator[str]:
    """The texts under the names in which tools say what is wrong; none where there is none."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, list):
        for each in said:
            yield from _sentences(each)
    elif isinstance(said, dict):
        for name in TOLD:
            each = said.get(name)
            if name == "errors" and isinstance(each, dict):
                yield from (f"{key}: {value}" for key, value in each.items() if isinstance(value, str))
            elif each:
                yield from _sentences(each)


class Answered(Refused):
    """The tool answered with a refusal; `status` is its HTTP status."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status

    def __reduce__(self) -> tuple[type[Answered], tuple[str, int]]:
        return type(self), (self.text, self.status)

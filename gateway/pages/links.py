"""Personal links to reports: who may read what until when, signed, so that nobody can make or change one.

Sans-I/O: key and time are given. A link is a secret in itself, like a letter: who has it reads as the person
whom it names, until it ends or the person leaves. Refuses every token but the very text that it made.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.reporting.entry import ReportEntry

VERSION = "1"
PURPOSE = b"interoffice/reports/"
"""What the key signs here, so that no other use of it makes a link."""
LONGEST = 600
TOKEN = re.compile(r"1\.[A-Za-z0-9_-]{8,500}\.[A-Za-z0-9_-]{43}")
SUBJECT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")


class NoLink(Exception):
    """A token that is not accepted; the text says why, for our log, and holds nothing of the token."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A person and what they may read: all reports, or those about one subject."""

    person: str
    about: str = ""

    def may_read(self, entry: ReportEntry) -> bool:
        """Whether that report is among them."""
        return not self.about or entry.about == self.about


def sign(key: bytes, reader: Reader, until: datetime) -> str:
    """The token of a link, for the path of a URL. Raises ValueError for a reader that no link can name."""
    if reader.about and not SUBJECT.fullmatch(reader.about):
        raise ValueError(f"{reader.about[:100]!r} is nothing that a report is about")
    said = {"person": reader.person, "about": reader.about, "until": int(until.timestamp())}
    payload = _text(json.dumps(said, separators=(",", ":")).encode())
    token = f"{VERSION}.{payload}.{_mark(key, payload)}"
    if not TOKEN.fullmatch(token):
        raise ValueError("the person's id is too long for a link")
    return token


def read(key: bytes, token: str, now: datetime, people: Container[str]) -> Reader:
    """Who reads with this token, if it is one of these people. Raises `NoLink`, and nothing else.

    Nothing of the token is parsed before its signature fits its exact text, compared in constant time.
    """
    if len(token) > LONGEST or not TOKEN.fullmatch(token):
        raise NoLink("it is no token")
    _, payload, mark = token.split(".")
    if not hmac.compare_digest(mark.encode(), _mark(key, payload).encode()):
        raise NoLink("its signature does not fit")
    said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if now >= datetime.fromtimestamp(said["until"], UTC):
        raise NoLink("it has ended")
    if said["person"] not in people:
        raise NoLink("its person is none of the organization's")
    return Reader(said["person"], said["about"])


def _mark(key: bytes, payload: str) -> str:
    """The signature over purpose, version and payload."""
    content = PURPOSE + VERSION.encode() + b"/" + payload.encode()
    return _text(hmac.new(key, content, "sha256").digest())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

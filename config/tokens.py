"""The signed text of a link: what it says, and that nobody changed it; one text only for each link.

Sans-I/O: the key is given. Refuses every token but the very text that was made for that purpose.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.pages.link import PageLink

OFFICES = b"interoffice/office/"
"""The purpose of links to offices' own pages."""
PEOPLE = b"interoffice/person/"
"""The purpose of links to people's own pages."""
DECISIONS = b"interoffice/decision/"
"""The purpose of links by which an approver decides."""
FORMS = b"interoffice/decision-form/"
"""The purpose of the mark in a form for a decision."""
VERSION = "1"
LONGEST = 600
TOKEN = re.compile(r"1\.[A-Za-z0-9_-]{8,500}\.[A-Za-z0-9_-]{43}")


class NoLink(Exception):
    """A token that is not accepted; the text says why, for our log, and holds nothing of the token."""


def sealed(key: bytes, purpose: bytes, said: Mapping[str, object]) -> str:
    """The token of a link, for the path of a URL. Raises ValueError for what is too long for one."""
    payload = _text(json.dumps(said, separators=(",", ":")).encode())
    token = f"{VERSION}.{payload}.{_mark(key, purpose, payload)}"
    if not TOKEN.fullmatch(token):
        raise ValueError("it is too long for a link")
    return token


def unsealed(key: bytes, purpose: bytes, token: str) -> Mapping[str, Any]:
    """What a token says. Raises `NoLink`, and nothing else.

    Nothing of the token is parsed before its signature fits its exact text, compared in constant time.
    """
    if len(token) > LONGEST or not TOKEN.fullmatch(token):
        raise NoLink("it is no token")
    _, payload, mark = token.split(".")
    if not hmac.compare_digest(mark.encode(), _mark(key, purpose, payload).encode()):
        raise NoLink("its signature does not fit")
    said: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return said


def office_token(key: bytes, link: PageLink) -> str:
    """The token of a link to an office's own page, for the path of a URL."""
    said = {"id": link.id, "office": link.office, "until": int(link.until.timestamp())}
    return sealed(key, OFFICES, said)


def person_token(key: bytes, link: PageLink) -> str:
    """The token of a link to a person's own pages, for the path of a URL."""
    return sealed(key, PEOPLE, {"id": link.id, "until": int(link.until.timestamp())})


def decision_token(key: bytes, secret: str, until: datetime) -> str:
    """The token of a link by which an approver decides, for the path of a URL."""
    return sealed(key, DECISIONS, {"id": secret, "until": int(until.timestamp())})


def decision_mark(key: bytes, token: str) -> str:
    """The mark under which the store knows the link with that token. Raises NoLink, and nothing else."""
    return link_mark(unsealed(key, DECISIONS, token)["id"])


def link_mark(secret: str) -> str:
    """The digest that is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_mark(key: bytes, link: str, shown: str) -> str:
    """The mark in the form that a link shows: it fits that link, and what was shown, alone."""
    return _mark(key, FORMS, f"{link}/{shown}")


def fits(given: str, wanted: str) -> bool:
    """Whether two marks are the same, compared in constant time."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def _mark(key: bytes, purpose: bytes, payload: str) -> str:
    """The signature over purpose, version and payload."""
    content = purpose + VERSION.encode() + b"/" + payload.encode()
    return _text(hmac.new(key, content, "sha256").digest())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

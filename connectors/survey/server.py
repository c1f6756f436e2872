"""A tracker's address asked for what it is and what it has, so that settings can be proposed.

The credential is sent only when the kind of server is known, in that kind's own way. Refuses to write, and to
take a server for one that it does not show itself to be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from connectors.errors import Refused, ToolError
from connectors.github.connector import GitHub
from connectors.http.client import Http
from connectors.survey import jira, others, redmine
from connectors.survey.found import Server
from connectors.survey.recognizing import KNOWN, recognized
from connectors.tickets.served import basic, bearer

__all__ = ["Address", "Server", "surveyed"]


class Address(NamedTuple):
    """Where the server is and how it is asked; `secret` gives the credential, None where there is none."""

    url: str
    secret: Callable[[], str] | None
    now: Callable[[], datetime]
    user: str = ""
    allow: tuple[str, ...] = ()


SURVEYS: Mapping[str, Callable[[Http], Server]] = {
    "redmine": redmine.survey,
    "jira-cloud": jira.survey_cloud,
    "jira-dc": jira.survey_data_center,
    "openproject": others.openproject,
    "github": others.github,
    "azure-devops": others.azure_devops,
    "trac": others.trac,
}
HEADERS: Mapping[str, Mapping[str, str]] = {"github": GitHub.headers}
"""The headers of every call, where a kind wants some."""


def surveyed(address: Address, kind: str = "") -> Server:
    """What the server is, unless `kind` says it, and what it has. Raises `Refused` and `TryLater`."""
    _checked(address.url)
    if kind and kind not in SURVEYS:
        raise Refused(f"--kind {kind} is no kind of server; known are {', '.join(sorted(SURVEYS))}")
    url = address.url.rstrip("/")
    why = "as --kind says"
    if not kind:
        with_no_one = Http(url, auth=dict, now=address.now, allow=address.allow, attempts=1)
        kind, why = recognized(with_no_one, url)
    if not kind:
        raise Refused(f"it was not recognized as {KNOWN}; say what it is with --kind")
    headers = _signed(kind, address.user, address.secret() if address.secret else "")
    more = HEADERS.get(kind)
    http = Http(url, auth=lambda: headers, now=address.now, allow=address.allow, headers=more, attempts=2)
    try:
        return replace(SURVEYS[kind](http), why=why)
    except ToolError as error:
        hint = "" if address.secret else "; name the variable with its credential: --credentials NAME"
        if isinstance(error, Refused):
            raise Refused(f"{error.text}{hint}") from None
        raise
    finally:
        http.close()


def _checked(url: str) -> None:
    try:
        parts = urlsplit(url)
        held = parts.username or parts.password or parts.query or parts.fragment
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        fits, held = False, None
    if not fits:
        raise Refused("it is no web address; write https://redmine.example.com")
    if held:
        raise Refused("it holds a user, a password or a query; write it without")


def _signed(kind: str, user: str, secret: str) -> Mapping[str, str]:
    """The headers of a credential, in the way of each kind."""
    if not secret:
        return {}
    if kind == "redmine":
        return {"X-Redmine-API-Key": secret}
    if kind == "github" or (kind == "jira-dc" and not user):
        return bearer(secret)
    return basic("apikey" if kind == "openproject" else user, secret)

"""A Prefect server of the operator's own, looked at from outside: what is open there, and what to set.

It sends requests as a stranger and a web page of another address would, and changes nothing. Refuses to send
a credential anywhere but to the server itself.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from config.settings import variable
from runtime.environment import CLIENT_AUTH, given_server
from runtime.permitted import TEMPLATE

PATIENCE = 10.0
STRANGER = "elsewhere.invalid"
"""A name that belongs to nobody (RFC 2606)."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Opening:
    """One way in which a server is open, and what to do about it."""

    message: str
    instead: str

    def __str__(self) -> str:
        """For people."""
        return f"{self.message} -> {self.instead}"


def openings(api: str, pool: str = "") -> tuple[Opening, ...]:
    """What is open at the server with that API; the only entry is that it does not answer, where it does not.

    `pool` names the work pool whose template is checked; empty: none.
    """
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
            return tuple(_found(client, api.rstrip("/"), pool))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
        return (
            Opening(f"it cannot be asked ({type(problem).__name__})", "start it, or correct PREFECT_API_URL"),
        )


def of_given_server(pool: str = "") -> tuple[Opening, ...]:
    """What is open at the server that PREFECT_API_URL names; nothing where it names none. See `openings`."""
    given = given_server()
    found = openings(given, pool) if given else ()
    return tuple(
        replace(each, message=f"the Prefect server at {_shown(given)}: {each.message}") for each in found
    )


def _shown(api: str) -> str:
    """The address without the user and password that may stand before the `@`."""
    return urlunsplit(urlsplit(api)._replace(netloc=urlsplit(api).netloc.rpartition("@")[2]))


def _found(client: httpx.Client, api: str, pool: str) -> Iterator[Opening]:
    parts = urlsplit(api)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        yield Opening("what is sent to it can be read on the way", "serve it by https")
    if client.get(f"{api}/admin/version").is_success:
        yield Opening(
            "everybody who reaches it may start runs and read all",
            "set PREFECT_SERVER_API_AUTH_STRING there, and PREFECT_API_AUTH_STRING here",
        )
    if client.get(f"{api}/health", headers={"host": STRANGER}).is_success:
        yield Opening(
            "it answers under any name, so a web page may reach it by a name of its own (DNS rebinding)",
            "put a proxy before it that passes on its own names only",
        )
    allowed = client.get(f"{api}/health", headers={"origin": f"https://{STRANGER}"}).headers
    if allowed.get("access-control-allow-origin") in ("*", f"https://{STRANGER}"):
        yield Opening(
            "pages of any other address may read its answers",
            "set PREFECT_SERVER_CORS_ALLOWED_ORIGINS there to the address of its own page",
        )
    own = _own_credentials()
    token = client.get(f"{api}/csrf-token", params={"client": "interoffice"}, headers=own)
    if token.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        yield Opening(
            "pages of other addresses may send it requests (CSRF)",
            "set PREFECT_SERVER_CSRF_PROTECTION_ENABLED=true there",
        )
    if _accepts_anyone(api):
        yield Opening(
            "any page may read its events and plant others (WebSocket)",
            "put a proxy before it that looks at Origin, or set an authentication string",
        )
    if not _refuses_frames(client.get(api.removesuffix("/api") + "/", follow_redirects=True)):
        yield Opening(
            "other pages may show its page in a frame",
            "let a proxy add `content-security-policy: frame-ancestors 'none'`",
        )
    if pool and (there := _template(client, api, pool, own)) is not None and there != TEMPLATE:
        yield Opening(f"the work pool {pool} lets a run name its own command", "run `interoffice setup`")


def _own_credentials() -> Mapping[str, str]:
    """The header with our credentials for the server that PREFECT_API_URL names; empty without any."""
    if auth := variable(CLIENT_AUTH):
        return {"authorization": f"Basic {base64.b64encode(auth.encode()).decode()}"}
    key = variable("PREFECT_API_KEY")
    return {"authorization": f"Bearer {key}"} if key else {}


def _template(client: httpx.Client, api: str, pool: str, own: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """The template of a work pool; None where there is no such pool, or the server does not show it."""
    answer = client.get(f"{api}/work_pools/{pool}", headers=own)
    return answer.json().get("base_job_template") if answer.is_success else None


def _refuses_frames(answer: httpx.Response) -> bool:
    """Whether a page forbids other pages to show it in a frame; one that is not there need not."""
    policy, old = answer.headers.get("content-security-policy", ""), answer.headers.get("x-frame-options", "")
    return not answer.is_success or "frame-ancestors" in policy or old.lower() in ("deny", "sameorigin")


def _accepts_anyone(api: str) -> bool:
    """Whether the server accepts a WebSocket from a page of another address without the secret."""
    url = f"ws{api.removeprefix('http')}/events/out"
    asked = partial(connect, url, open_timeout=PATIENCE, proxy=None)
    try:
        with asked(origin=Origin(f"https://{STRANGER}"), subprotocols=[Subprotocol("prefect")]) as socket:
            socket.send(json.dumps({"type": "auth", "token": None}))
            return bool(json.loads(socket.recv(timeout=PATIENCE)).get("type") == "auth_success")
    except (WebSocketException, OSError, ValueError, EOFError):
        return False

"""Which requests an HTTP server of ours answers: those for a loopback name, and those for its public origins.

One guard wraps the whole of the gateway and of Prefect's server, WebSockets included. A web page elsewhere
may point its own name at this address (DNS rebinding), or send requests to it from its own origin: it gets no
answer. Every answer has protective headers, also the 500 of a request on which the application failed. It
refuses web pages only: a program sends whatever header it likes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from traceback import extract_tb
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("interoffice.gateway")
ROOT = Path(__file__).resolve().parent.parent
HERE = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
PASSED_ON = re.compile(rb"x-forwarded-.+|forwarded|x-real-ip|via")
"""The headers by which a proxy says that somebody else asks."""
HEADERS = {
    b"content-security-policy": (
        b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"cache-control": b"no-store",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
}
"""Those of the gateway's answers."""
REFUSED_SOCKET = 1008
"""The WebSocket close code of a policy (RFC 6455, 7.4.1); before the handshake it is answered 403."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Answers requests for loopback and for `public`, origins such as `https://pmo.example.com`."""

    app: ASGIApp
    public: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    """The beginnings of the paths that only this machine itself may ask for."""
    headers: Mapping[bytes, bytes] | None = None
    """What every answer has, unless the application set that header; None: those of the gateway."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it; an error of the application is logged, and answered 500."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket" and self.refusal(scope) is not None:
            await receive()
            await send({"type": "websocket.close", "code": REFUSED_SOCKET})
        else:
            await self.app(scope, receive, send)

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """The status and text of the refusal of a request or handshake; None where it is passed on."""
        named = _one(scope, b"host").lower()
        inside = scope["path"].startswith(self.inside) if self.inside else False
        here = HERE.fullmatch(named) is not None
        own = f"http://{named}" if here else next((o for o in self.public if urlsplit(o).netloc == named), "")
        if not own or (inside and not here):
            names = ", ".join(["127.0.0.1 and localhost", *(urlsplit(o).netloc for o in self.public)])
            return 421, f"This address answers only to {names}."
        if inside and not is_here(scope):
            return 403, "Only this machine itself may ask for that, without a proxy."
        if not _of_origin(scope, own):
            return 403, f"A page of another address asked for this. Open it at {own} itself."
        return None

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = False
        added = HEADERS if self.headers is None else self.headers

        async def guarded(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                given = message.get("headers", [])
                known = {name.lower() for name, _ in given}
                missing = [(name, value) for name, value in added.items() if name not in known]
                message = {**message, "headers": [*given, *missing]}
            await send(message)

        try:
            if refusal := self.refusal(scope):
                status, words = refusal
                await PlainTextResponse(f"{words}\n", status)(scope, receive, guarded)
            else:
                await self.app(scope, receive, guarded)
        except Exception as problem:  # noqa: BLE001 - the border: the client learns that it failed, no more
            LOG.error("broken", extra={"status": 500, "why": _where(problem)})  # noqa: TRY400 - its text may hold anything
            if not began:
                await PlainTextResponse("Something went wrong here.\n", 500)(scope, receive, guarded)


def is_here(scope: Scope) -> bool:
    """Whether this machine itself asks: from loopback, under a loopback name, and not by a proxy for another.

    One of these alone proves nothing: a web page sends any name, and a proxy asks from loopback, at times
    under a loopback name.
    """
    direct = not any(PASSED_ON.fullmatch(name.lower()) for name, _ in scope["headers"])
    return direct and HERE.fullmatch(_one(scope, b"host")) is not None and _is_near(scope)


def _of_origin(scope: Scope, own: str) -> bool:
    """Whether the request comes from no page of another origin.

    A browser sends `Origin` with every WebSocket and POST, and Fetch Metadata with the rest. A link that a
    person follows may be on any page.

    Source: Fetch (https://fetch.spec.whatwg.org/#origin-header), https://www.w3.org/TR/fetch-metadata/.
    """
    origins = [value for name, value in scope["headers"] if name == b"origin"]
    if origins:
        return len(origins) == 1 and origins[0].decode("latin-1").lower() == own
    if _one(scope, b"sec-fetch-site") in ("", "same-origin", "none"):
        return True
    followed = (_one(scope, b"sec-fetch-mode"), _one(scope, b"sec-fetch-dest")) == ("navigate", "document")
    return followed and scope.get("method") in ("GET", "HEAD")


def _is_near(scope: Scope) -> bool:
    try:
        return scope.get("client") is not None and ip_address(scope["client"][0]).is_loopback
    except ValueError:
        return False


def _where(problem: Exception) -> str:
    """The kind of an error and the line of ours that it came from, without its text."""
    frames = extract_tb(problem.__traceback__)
    ours = [
        each for each in frames if Path(each.filename).is_relative_to(ROOT) and ".venv" not in each.filename
    ]
    at = (ours or frames)[-1]
    return f"{type(problem).__name__} at {Path(at.filename).name}:{at.lineno} in {at.name}"


def _one(scope: Scope, wanted: bytes) -> str:
    """The value of a header that is there once; empty where it is missing or there twice."""
    found = [value for name, value in scope["headers"] if name == wanted]
    return found[0].decode("latin-1") if len(found) == 1 else ""

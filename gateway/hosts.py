"""For whom the door answers: this machine by its loopback names, others by the name that was given to it.

A web page elsewhere may point its own name at this address (DNS rebinding): it gets no answer. Headers
guard every answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
INSIDE = ("/metrics",)
"""What only this machine may ask for."""
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


@dataclass(frozen=True, slots=True)
class Hosts:
    """Answers requests for loopback and for `public` (host, and port where it is not the usual one)."""

    app: ASGIApp
    public: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 421."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message.get("headers", []) if name not in HEADERS]
                message = {**message, "headers": [*kept, *HEADERS.items()]}
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif is_here(scope) or (self.public and _named(scope) == self.public and not _is_inside(scope)):
            await self.app(scope, receive, guarded)
        else:
            names = f"127.0.0.1 and localhost{f', and to {self.public}' if self.public else ''}"
            await PlainTextResponse(f"This address answers only to {names}.\n", 421)(scope, receive, guarded)


def is_here(scope: Scope) -> bool:
    """Whether a request names loopback, exactly once, as its host."""
    return HERE.fullmatch(_named(scope)) is not None


def _named(scope: Scope) -> str:
    """The host that a request names, in small letters; empty where it names none or several."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return hosts[0].decode("latin-1").lower() if len(hosts) == 1 else ""


def _is_inside(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.startswith(INSIDE)

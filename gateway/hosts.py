"""For whom the door answers: this machine by its loopback names, others by the name that was given to it.

A web page elsewhere may point its own name at this address (DNS rebinding): it gets no answer. Headers
guard every answer, also that to a request at which the application broke.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from traceback import extract_tb

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("interoffice.gateway")
ROOT = Path(__file__).resolve().parent.parent
HERE = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
INSIDE = ("/metrics",)
"""What only this machine may ask for."""
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


@dataclass(frozen=True, slots=True)
class Hosts:
    """Answers requests for loopback and for `public` (host, and port where it is not the usual one)."""

    app: ASGIApp
    public: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 421 or 403; what breaks is a line in the log, and a 500."""
        began = False

        async def guarded(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                kept = [(name, value) for name, value in message.get("headers", []) if name not in HEADERS]
                message = {**message, "headers": [*kept, *HEADERS.items()]}
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await (self._refusal(scope) or self.app)(scope, receive, guarded)
        except Exception as problem:  # noqa: BLE001 - the border: whoever asks learns that it broke, no more
            LOG.error("broken", extra={"status": 500, "why": _where(problem)})  # noqa: TRY400 - its text may hold anything
            if not began:
                await PlainTextResponse("Something went wrong here.\n", 500)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        """What a request is answered instead; None for one that is passed on."""
        named = _named(scope)
        inside = scope["path"].startswith(INSIDE)
        if not HERE.fullmatch(named) and (named != self.public or not self.public or inside):
            names = f"127.0.0.1 and localhost{f', and to {self.public}' if self.public else ''}"
            return PlainTextResponse(f"This address answers only to {names}.\n", 421)
        if inside and not is_here(scope):
            return PlainTextResponse("Only this machine itself may ask for that, without a proxy.\n", 403)
        return None


def is_here(scope: Scope) -> bool:
    """Whether this machine itself asks: from loopback, under a loopback name, and no proxy for another.

    Each alone may be anybody's: a web page sends any name, and a proxy asks from loopback, at times under it.
    """
    direct = not any(PASSED_ON.fullmatch(name.lower()) for name, _ in scope["headers"])
    return direct and HERE.fullmatch(_named(scope)) is not None and _is_near(scope)


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


def _named(scope: Scope) -> str:
    """The host that a request names, in small letters; empty where it names none or several."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return hosts[0].decode("latin-1").lower() if len(hosts) == 1 else ""

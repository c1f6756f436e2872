"""Signing in to our Prefect server's page by one click on a printed link: `/sign-in#TICKET`.

The ticket is behind the `#`, so no request for the page carries it and no log holds it. The page redeems it
by a POST and keeps the authentication string where Prefect's own login page keeps it. Refuses a ticket that
was used or is too old, by one answer.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/sign-in"
KEPT_AS = "prefect-password"
"""The key under which Prefect's two interfaces look for the string in the browser; a test watches it."""
OVER = "This link was used before, or is older than an hour. Have a new one printed: interoffice login"
LONGEST = 100
SCRIPT = f"""
const said = document.getElementById("said"), ticket = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
(async () => {{
  const answer = await fetch("{PATH}", {{method: "POST", body: ticket}});
  if (!answer.ok) {{ said.textContent = await answer.text(); return; }}
  localStorage.setItem("{KEPT_AS}", (await answer.json()).password);
  location.replace("/");
}})().catch(() => {{ said.textContent = "Prefect's server does not answer. Is `interoffice up` running?"; }});
"""
PAGE = f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sign in</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 4rem auto; max-width: 40rem }}</style>
<p id="said" role="status">Signing in ...</p>
<noscript><p>Prefect's page needs JavaScript.</p></noscript>
<script>{SCRIPT}</script></html>
"""
DIGEST = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
HEADERS = {
    "content-security-policy": f"default-src 'none'; script-src 'sha256-{DIGEST}'; connect-src 'self'; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """Serves the page in front of an application; every other request is passed on to that."""

    app: ASGIApp
    auth_string: str
    spend: Callable[[str], bool]
    """Redeems a ticket; whether it was valid. It is not any more."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The page, the string for a ticket, or the application's own answer."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.app(scope, receive, send)
            return
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method in ("GET", "HEAD"):
            return HTMLResponse(PAGE, headers=HEADERS)
        if request.method != "POST":
            return PlainTextResponse("Open this address in a browser.\n", 405, HEADERS)
        try:
            ticket = await _short(request)
        except ClientDisconnect:
            ticket = ""
        if not self.spend(ticket):
            return PlainTextResponse(f"{OVER}\n", 410, HEADERS)
        password = base64.b64encode(self.auth_string.encode()).decode()
        return JSONResponse({"password": password}, headers=HEADERS)


async def _short(request: Request) -> str:
    """The body, where it is as short as a ticket; else nothing."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            return ""
    return body.decode("ascii", "replace")

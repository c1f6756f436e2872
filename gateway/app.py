"""The door's first route: reports out, to this machine only.

Refuses names that are not those of our own report files, and requests for another host than loopback
(a web page elsewhere may point its own name at this address: DNS rebinding).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reports.entries import HEAD, Entry, entry_of
from reports.render import index_html

NAME = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,158}[a-z0-9])?)(?:\.html)?")
HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
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


class Loopback:
    """Answers only requests for this machine by its loopback name, and guards every answer by headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 421."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message.get("headers", []) if name not in HEADERS]
                message = {**message, "headers": [*kept, *HEADERS.items()]}
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif is_here(scope):
            await self.app(scope, receive, guarded)
        else:
            refusal = PlainTextResponse("This address answers only to 127.0.0.1 and localhost.\n", 421)
            await refusal(scope, receive, guarded)


def is_here(scope: Scope) -> bool:
    """Whether a request names loopback, exactly once, as its host."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return len(hosts) == 1 and HOST.fullmatch(hosts[0].decode("latin-1")) is not None


def create_app(reports_folder: Path) -> FastAPI:
    """The application that serves the report files of a folder; the folder may not exist yet."""
    app = FastAPI(title="Interoffice", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Loopback)

    @app.api_route("/", methods=["GET", "HEAD"])
    def index() -> Response:
        """The list of reports, newest first."""
        return HTMLResponse(index_html(entries(reports_folder)))

    @app.api_route("/reports/{name}", methods=["GET", "HEAD"])
    def report(name: str) -> Response:
        """One report file."""
        found = report_file(reports_folder, name)
        if found is None:
            raise HTTPException(404, "There is no such report.")
        return HTMLResponse(found.read_bytes())

    @app.get("/health")
    def health() -> dict[str, str]:
        """That the door is open."""
        return {"status": "ok"}

    @app.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> Response:
        """A refusal in plain words, without repeating what was asked for."""
        return PlainTextResponse(f"{error.detail}\n", error.status_code, error.headers)

    return app


def report_file(folder: Path, name: str) -> Path | None:
    """The report file of that name in the folder itself; None for any other name, or none there."""
    matched = NAME.fullmatch(name)
    if matched is None:
        return None
    path = folder / f"{matched[1]}.html"
    return path if path.is_file() and not path.is_symlink() else None


def entries(folder: Path) -> Iterator[Entry]:
    """What the report files of the folder say of themselves; others are left out."""
    for path in sorted(folder.glob("*.html")) if folder.is_dir() else []:
        if report_file(folder, path.name) is not None:
            with path.open("rb") as file:
                entry = entry_of(path.stem, file.read(HEAD))
            if entry is not None:
                yield entry

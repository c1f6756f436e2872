"""Reports out: the list of them, and each page. Refuses names that are not those of our own report files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from reports.entries import HEAD, Entry, entry_of
from reports.render import index_html

NAME = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,158}[a-z0-9])?)(?:\.html)?")


def pages(reports_folder: Path) -> APIRouter:
    """The routes that serve the report files of a folder; the folder may not exist yet."""
    router = APIRouter()

    @router.api_route("/", methods=["GET", "HEAD"])
    def index() -> Response:
        """The list of reports, newest first."""
        return HTMLResponse(index_html(entries(reports_folder)))

    @router.api_route("/reports/{name}", methods=["GET", "HEAD"])
    def report(name: str) -> Response:
        """One report file."""
        found = report_file(reports_folder, name)
        if found is None:
            raise HTTPException(404, "There is no such report.")
        return HTMLResponse(found.read_bytes())

    return router


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

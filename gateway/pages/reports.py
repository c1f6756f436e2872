"""Reports out, to whom they are for: by a personal link, and those of the sample on this machine without one.

Refuses names that are not those of our own report files, and tells nobody why a link opens nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from config.keyfile import link_key
from config.people import people_now
from config.sample import is_copy
from config.settings import BadSettings
from config.wiring import Application
from gateway.guard import is_here
from gateway.pages.links import NoLink, Reader, read
from reports.entries import HEAD, ReportEntry, entry_of
from reports.render import index_html

LOG = logging.getLogger("interoffice.gateway")
NAME = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,158}[a-z0-9])?)(?:\.html)?")
READING = ["GET", "HEAD"]
HOW = (
    "Reports are read by personal links. Have one made on the machine that runs this: interoffice link PERSON"
)
OVER = "This link opens nothing, or nothing any more. Ask for a new one whoever gave it to you."
ALL = Reader("")


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read which reports; without an application, everything on this machine."""

    application: Application | None = None

    def here(self, request: Request) -> Reader:
        """Whoever asks without a link. Raises HTTPException 403."""
        settings = self.application.settings if self.application else None
        sample = settings is None or is_copy(settings.organization, settings.state)
        if not sample or not is_here(request.scope):
            raise HTTPException(403, HOW)
        return ALL

    def reader(self, token: str) -> Reader:
        """Whoever asks with a link. Raises HTTPException 403."""
        if self.application is None:
            raise HTTPException(403, OVER)
        settings, now = self.application.settings, self.application.machine.now()
        try:
            return read(link_key(settings.state), token, now, people_now(settings.organization))
        except NoLink as why:
            LOG.info("a link opened nothing", extra={"why": str(why)})
            raise HTTPException(403, OVER) from None
        except BadSettings as why:
            LOG.error("no link opens anything", extra={"why": str(why)})  # noqa: TRY400 - it says what to do
            raise HTTPException(403, OVER) from None


def pages(reports_folder: Path, application: Application | None = None) -> APIRouter:
    """The routes that serve the report files of a folder; the folder may not exist yet."""
    router, readers = APIRouter(), Readers(application)

    @router.api_route("/", methods=READING)
    def index(request: Request) -> Response:
        """The list of reports, newest first."""
        return _listed(reports_folder, readers.here(request))

    @router.api_route("/reports/{name}", methods=READING)
    def report(request: Request, name: str) -> Response:
        """One report file."""
        return _opened(reports_folder, name, readers.here(request))

    @router.api_route("/to/{token}/", methods=READING)
    def index_of(token: str) -> Response:
        """The list of the reports that a person may read."""
        return _listed(reports_folder, readers.reader(token))

    @router.api_route("/to/{token}/reports/{name}", methods=READING)
    def report_of(token: str, name: str) -> Response:
        """One report file that a person may read."""
        return _opened(reports_folder, name, readers.reader(token))

    return router


def report_file(folder: Path, name: str) -> Path | None:
    """The report file of that name in the folder itself; None for any other name, or none there."""
    matched = NAME.fullmatch(name)
    if matched is None:
        return None
    path = folder / f"{matched[1]}.html"
    return path if path.is_file() and not path.is_symlink() else None


def entries(folder: Path) -> Iterator[ReportEntry]:
    """What the report files of the folder say of themselves; others are left out."""
    for path in sorted(folder.glob("*.html")) if folder.is_dir() else []:
        if report_file(folder, path.name) is not None:
            with path.open("rb") as file:
                entry = entry_of(path.stem, file.read(HEAD))
            if entry is not None:
                yield entry


def _listed(folder: Path, reader: Reader) -> Response:
    return HTMLResponse(index_html(each for each in entries(folder) if reader.may_read(each.slug)))


def _opened(folder: Path, name: str, reader: Reader) -> Response:
    found = report_file(folder, name)
    if found is None or not reader.may_read(found.stem):
        raise HTTPException(404, "There is no such report.")
    return HTMLResponse(found.read_bytes())

"""Reports for their readers: by a personal link, and those of the sample on this machine without one.

The index in the store says which reports there are, and what each is about. A file that it does not know is
not served, and a report whose file is gone is not listed. The pages behind a report are one file with a row
of its own, about the same subject, so that who may read the one may read the other. The other files of a pack
are handed out to whoever may read its page. Refuses to say why a link is not accepted.
"""

from __future__ import annotations

import logging
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from config.keyfile import link_key
from config.organization_now import OrganizationNow
from config.people import people_now
from config.sample import is_copy
from config.settings import BadSettings
from config.tokens import NoLink
from config.wiring import Application
from domain.reporting.entry import ReportEntry
from gateway.guard import is_here
from gateway.pages.dashboard import dashboard_of
from gateway.pages.indexed import indexed
from gateway.pages.links import Reader, read
from gateway.pages.refused import BY_LINK, NO_FILE, NO_LINK, NO_REPORT
from gateway.pages.withheld import Withheld
from reports.made import BEHIND
from reports.pack.filed import FORMS, KIND, download_name
from reports.render import history_html, index_html
from store import Store, Unit

LOG = logging.getLogger("interoffice.gateway")
NAME = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,158}[a-z0-9])?)(?:\.html)?")
HOW = BY_LINK.text
OVER = NO_LINK.text
NONE = NO_REPORT.text
ALL = Reader("")


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read which reports."""

    application: Application

    def reader(self, request: Request) -> Reader:
        """Whoever asks, by a link's token or from this machine. Raises HTTPException 403."""
        token = request.path_params.get("token")
        return self._here(request) if token is None else self._linked(token)

    def _here(self, request: Request) -> Reader:
        settings = self.application.settings
        if not is_copy(settings.organization, settings.state) or not is_here(request.scope):
            raise HTTPException(403, HOW)
        return ALL

    def _linked(self, token: str) -> Reader:
        settings, now = self.application.settings, self.application.machine.now()
        try:
            return read(
                link_key(settings.state),
                token,
                now,
                people_now(settings.organization, self.application.clock.now().date()),
            )
        except NoLink as why:
            LOG.info("a link opened nothing", extra={"why": str(why)})
            raise HTTPException(403, OVER) from None
        except BadSettings as why:
            LOG.error("no link opens anything", extra={"why": str(why)})  # noqa: TRY400 - it says what to do
            raise HTTPException(403, OVER) from None


@dataclass(frozen=True, slots=True)
class Filed:
    """The reports of the index whose files are in the folder, which may not exist yet."""

    folder: Path
    store: Store

    def all(self) -> list[ReportEntry]:
        """What the index says of each. Raises HTTPException 503 while it cannot be read."""
        with indexed(self.store) as unit:
            return self.within(unit)

    def within(self, unit: Unit) -> list[ReportEntry]:
        """What the index says of each, read in that unit; the pages behind a report are no report."""
        found = (entry for entry in unit.reports.all() if entry.kind != BEHIND)
        return [entry for entry in found if report_file(self.folder, entry.slug) is not None]

    def find(self, name: str) -> tuple[ReportEntry, Path] | None:
        """The report of that name, with or without `.html`; None for any other. Raises as `all` does."""
        path = report_file(self.folder, name)
        if path is None:
            return None
        with indexed(self.store) as unit:
            entry = unit.reports.get(path.stem)
        return None if entry is None else (entry, path)

    def behind(self, name: str) -> tuple[ReportEntry, Path] | None:
        """The pages behind a report by their common name; None for any other. Raises as `all` does."""
        path = report_file(self.folder, name, ".zip")
        if path is None:
            return None
        with indexed(self.store) as unit:
            entry = unit.reports.get(path.stem)
        return None if entry is None or entry.kind != BEHIND else (entry, path)

    def files(self, entry: ReportEntry) -> tuple[str, ...]:
        """The names of a pack's other files that are there, in their order; none for another report."""
        if entry.kind != KIND:
            return ()
        return tuple(name for name in FORMS if pack_file(self.folder, entry.slug, name) is not None)


def pages(reports_folder: Path, application: Application) -> list[Route]:
    """The routes that serve the reports of an application, whose files are in that folder."""
    readers, filed = Readers(application), Filed(reports_folder, application.store)
    withheld = Withheld(application, OrganizationNow(application.settings.organization))

    def index(request: Request) -> Response:
        """The newest of what whoever asks may read, and how the network stands."""
        return _index(filed, application, readers.reader(request), withheld)

    def history(request: Request) -> Response:
        """The list of all reports that whoever asks may read, newest first."""
        reader = readers.reader(request)
        entries = [entry for entry in filed.all() if reader.may_read(entry)]
        files = {entry.slug: filed.files(entry) for entry in entries}
        language = withheld.organization().language_for(reader.person)
        return HTMLResponse(history_html(entries, files, language))

    def report(request: Request) -> Response:
        """One report file, if whoever asks may read it."""
        return _opened(filed, request.path_params["name"], readers.reader(request), withheld)

    def beside(request: Request) -> Response:
        """A page behind a report, or another file of a pack, if whoever asks may read the report or pack."""
        name, which = request.path_params["name"], request.path_params["file"]
        reader = readers.reader(request)
        return (
            _handed_out(filed, name, which, reader, withheld)
            if which in FORMS
            else _opened_behind(filed, name, which, reader, withheld)
        )

    routes = (
        ("", index),
        ("history", history),
        ("reports/{name}", report),
        ("reports/{name}/{file}", beside),
    )
    return [Route(f"{way}{path}", endpoint) for way in ("/", "/to/{token}/") for path, endpoint in routes]


def report_file(folder: Path, name: str, kind: str = ".html") -> Path | None:
    """The report file of that name in the folder itself; None for any other name, or none there."""
    matched = NAME.fullmatch(name)
    if matched is None:
        return None
    path = folder / f"{matched[1]}{kind}"
    return path if path.is_file() and not path.is_symlink() else None


def pack_file(folder: Path, slug: str, name: str) -> Path | None:
    """That file of a pack beside its page; None for any other name, or none there."""
    path = folder / slug / name
    if name not in FORMS or path.parent.is_symlink() or path.is_symlink():
        return None
    return path if path.is_file() else None


def _index(filed: Filed, application: Application, reader: Reader, withheld: Withheld) -> Response:
    """The first page of all reports, in the language of whoever the link names."""
    language = withheld.organization().language_for(reader.person)
    with indexed(filed.store) as unit:
        entries = [entry for entry in filed.within(unit) if reader.may_read(entry)]
        board = dashboard_of(application, unit, entries, everything=not reader.about, language=language)
    return HTMLResponse(index_html(board, {each.slug: filed.files(each) for each in board.others}))


def _opened(filed: Filed, name: str, reader: Reader, withheld: Withheld) -> Response:
    found = filed.find(name)
    if found is None or not reader.may_read(found[0]):
        raise HTTPException(404, NONE)
    return HTMLResponse(withheld.page(found[1].read_bytes(), withheld.names(reader.person)))


def _opened_behind(filed: Filed, name: str, page: str, reader: Reader, withheld: Withheld) -> Response:
    found, matched = filed.behind(name), NAME.fullmatch(page)
    if found is None or matched is None or not reader.may_read(found[0]):
        raise HTTPException(404, NONE)
    try:
        with zipfile.ZipFile(found[1]) as archive:
            content = archive.read(f"{matched[1]}.html")
    except KeyError:
        raise HTTPException(404, NONE) from None
    return HTMLResponse(withheld.own_page(content, page, withheld.names(reader.person)))


def _handed_out(filed: Filed, name: str, which: str, reader: Reader, withheld: Withheld) -> Response:
    found = filed.find(name)
    if found is None or not reader.may_read(found[0]) or which not in filed.files(found[0]):
        raise HTTPException(404, NO_FILE.text)
    entry = found[0]
    withheld.check_file(entry, withheld.names(reader.person))
    path = pack_file(filed.folder, entry.slug, which)
    if path is None:
        raise HTTPException(404, NO_FILE.text)
    headers = {"content-disposition": f'attachment; filename="{download_name(entry.slug, which)}"'}
    return Response(path.read_bytes(), media_type=FORMS[which].media_type, headers=headers)

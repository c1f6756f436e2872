"""The pages of directives, by a person's own link: those that their offices issued or got, and one of them.

They only show; a directive is answered in the office's tool or on its page. Refuses to say whether there is
one that none of the reader's offices issued or got.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from config.organization_now import OrganizationNow
from config.wiring import Application
from domain.directives.directive import Directive
from domain.directives.sheet import lines, sheet_of
from gateway.pages.office import HEADERS
from gateway.pages.office_links import NOT_NOW
from gateway.pages.role_links import Caller, caller
from reports.directives_page import DirectiveReader, directive_html, directives_html
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")
NONE = "There is no such directive."


@dataclass(frozen=True, slots=True)
class DirectivePages:
    """The pages of every directive of an application."""

    application: Application
    now: OrganizationNow

    async def all(self, request: Request) -> Response:
        """All directives that the person sees."""
        return await asyncio.to_thread(self._all, request)

    async def one(self, request: Request) -> Response:
        """One of them, with a line per addressee."""
        return await asyncio.to_thread(self._one, request)

    def _all(self, request: Request) -> Response:
        come = caller(self.application, self.now, request)
        says, there = come.organization.language_for(come.person), come.organization
        found = lines(self._directives(), there, come.person, self.application.clock.now(), says)
        return HTMLResponse(directives_html(found, _reader(come), says), headers=HEADERS)

    def _one(self, request: Request) -> Response:
        come, wanted = caller(self.application, self.now, request), request.path_params["id"]
        says, there = come.organization.language_for(come.person), come.organization
        directive = next(iter(self._directives(wanted)), None)
        now = self.application.clock.now()
        sheet = sheet_of(directive, there, come.person, now, says) if directive is not None else None
        if sheet is None:
            raise HTTPException(404, NONE)
        return HTMLResponse(directive_html(sheet, _reader(come), says), headers=HEADERS)

    def _directives(self, only: str = "") -> tuple[Directive, ...]:
        try:
            with self.application.store.read() as unit:
                if only:
                    found = unit.directives.get(only)
                    return (found,) if found is not None else ()
                return unit.directives.all()
        except StoreError as problem:
            LOG.warning("directives cannot be looked up", extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None


def _reader(come: Caller) -> DirectiveReader:
    return DirectiveReader(come.organization.people[come.person].name, come.link.until.date(), come.base)


def directive_pages(application: Application) -> list[Route]:
    """The routes of directives; they stand before those of people's other pages."""
    pages = DirectivePages(application, OrganizationNow(application.settings.organization))
    way = "/person/{token}/directives"
    return [
        Route(way, pages.all, methods=["GET"]),
        Route(f"{way}/{{id}}", pages.one, methods=["GET"]),
    ]

"""The pages of cases, by a person's own link: those of their offices, and the timeline of one.

They only show; a case is answered in the office's tool or on its page. Refuses to say whether there is a case
in which none of the reader's offices takes part.
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
from domain.cases.case import Case
from domain.cases.sheet import lines, sheet_of
from gateway.pages.office import HEADERS
from gateway.pages.office_links import NOT_NOW
from gateway.pages.refused import NO_CASE
from gateway.pages.role_links import Caller, caller
from reports.cases_page import CaseReader, case_html, cases_html
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")
NONE = NO_CASE.text


@dataclass(frozen=True, slots=True)
class CasePages:
    """The pages of every case of an application."""

    application: Application
    now: OrganizationNow

    async def all(self, request: Request) -> Response:
        """All cases that the person sees."""
        return await asyncio.to_thread(self._all, request)

    async def one(self, request: Request) -> Response:
        """One of them, with its timeline."""
        return await asyncio.to_thread(self._one, request)

    def _all(self, request: Request) -> Response:
        come = caller(self.application, self.now, request)
        says, there = come.organization.language_for(come.person), come.organization
        found = lines(self._cases(), there, come.person, self.application.clock.now(), says)
        return HTMLResponse(cases_html(found, _reader(come), says), headers=HEADERS)

    def _one(self, request: Request) -> Response:
        come, wanted = caller(self.application, self.now, request), request.path_params["id"]
        says, there = come.organization.language_for(come.person), come.organization
        case = next((each for each in self._cases(wanted)), None)
        now = self.application.clock.now()
        sheet = sheet_of(case, there, come.person, now, says) if case is not None else None
        if sheet is None:
            raise HTTPException(404, NONE)
        return HTMLResponse(case_html(sheet, _reader(come), says), headers=HEADERS)

    def _cases(self, only: str = "") -> tuple[Case, ...]:
        try:
            with self.application.store.read() as unit:
                if only:
                    found = unit.cases.get(only)
                    return (found,) if found is not None else ()
                return unit.cases.all()
        except StoreError as problem:
            LOG.warning("cases cannot be looked up", extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None


def _reader(come: Caller) -> CaseReader:
    return CaseReader(come.organization.people[come.person].name, come.link.until.date(), come.base)


def case_pages(application: Application) -> list[Route]:
    """The routes of cases; they stand before those of people's other pages."""
    pages = CasePages(application, OrganizationNow(application.settings.organization))
    way = "/person/{token}/cases"
    return [
        Route(way, pages.all, methods=["GET"]),
        Route(f"{way}/{{id}}", pages.one, methods=["GET"]),
    ]

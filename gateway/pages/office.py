"""An office's own page, reached by its link: it uploads its workbook there and answers its questions.

GET and HEAD change nothing, since programs that look through mail open every link. A POST is taken from the
page itself only, is followed by a page that may be reloaded, and is bounded in size and number. Forms may be
sent from these routes alone. Refuses to show anything of another office.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TypeAlias, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from config.wiring import Application
from connectors.errors import Refused
from connectors.records.mapping import ToolSettings
from connectors.workbook.checked import MOST_BYTES
from domain.pages.link import upload_tool
from domain.pages.upload import Upload
from gateway.limits import Rates, Rejected
from gateway.pages import asked
from gateway.pages.checking import answered
from gateway.pages.forms import Sent, Unfit, fields_of, file_of
from gateway.pages.office_links import NOT_NOW, Visit, visit
from gateway.pages.refused import NO_UPLOAD
from gateway.pages.uploading import refused, settings_of, taken
from reports.office_page import Place, office_html, questions_html, stopped_html, upload_html
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")
PER_MINUTE = 40
"""POSTs by one link; a quarter of them may come at once."""
AT_ONCE = 2
"""Workbooks that are looked through at the same time."""
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
}
"""What these pages need to send their own forms: with the gateway's own headers no form is sent, and one that
is sent says of no origin."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
P = TypeVar("P")
Endpoint: TypeAlias = Callable[[P, Request], Awaitable[Response]]


def guarded(endpoint: Endpoint[P]) -> Endpoint[P]:
    """What went wrong as an answer: a limit by its status, a store or disk that takes nothing as 503."""

    @wraps(endpoint)
    async def answer(self: P, request: Request) -> Response:
        try:
            return await endpoint(self, request)
        except Rejected as no:
            headers = {**HEADERS, **no.headers}
            return HTMLResponse(stopped_html(f"{no.text[:1].upper()}{no.text[1:]}."), no.status, headers)
        except (StoreError, OSError) as problem:
            LOG.warning("a page could not do it", extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None

    return answer


@dataclass(frozen=True, slots=True)
class OfficePages:
    """The pages of every office of an application."""

    application: Application
    rates: Rates
    wake: Callable[[], None]
    """Called after something is to be read."""
    checks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @guarded
    async def first(self, request: Request) -> Response:
        """The upload, and how many questions there are."""
        come = await self._come(request)
        found = await _in_thread(asked.questions, self.application, come.office.id, come.link.person)
        newest = await _in_thread(self._newest, come.office.id)
        return _page(office_html(self._place(come), newest, len(found.new), len(found.asked)))

    @guarded
    async def upload(self, request: Request) -> Response:
        """Take a workbook, or say on the next page why not."""
        come = await self._come(request, posts=True)
        try:
            sent = await file_of(request, "workbook")
        except Unfit as why:
            made = await _in_thread(refused, self.application, come, why)
        else:
            async with self.checks:
                made = await _in_thread(taken, self.application, come, sent)
        self.wake()
        return _next(come, f"uploads/{made.id}", problem=not made.accepted)

    @guarded
    async def uploaded(self, request: Request) -> Response:
        """What became of an upload."""
        come = await self._come(request)
        found = await self._upload(come, request.path_params["upload"])
        if found is None:
            raise HTTPException(404, NO_UPLOAD.text)
        return _page(upload_html(self._place(come), found))

    @guarded
    async def open(self, request: Request) -> Response:
        """Open the questions that wait to be opened: their time begins."""
        come = await self._come(request, posts=True)
        await _in_thread(asked.open_all, self.application, come)
        return _next(come, "questions")

    @guarded
    async def questions(self, request: Request) -> Response:
        """The questions as a form."""
        come = await self._come(request)
        found = await _in_thread(asked.questions, self.application, come.office.id, come.link.person)
        sheet = await self._upload(come, request.query_params.get("sheet", ""))
        page = questions_html(
            self._place(come), found.asked, found.given, found.missed, len(found.new), sheet
        )
        return _page(page)

    @guarded
    async def answer(self, request: Request) -> Response:
        """Take the answers of a form."""
        come = await self._come(request, posts=True)
        fields = await fields_of(request)
        given = await _in_thread(asked.from_form, self.application, come.office.id, fields)
        missed = await _in_thread(asked.take, self.application, come, given)
        self.wake()
        return _next(come, "questions", problem=bool(missed))

    @guarded
    async def download(self, request: Request) -> Response:
        """The questions as a workbook to fill in."""
        come = await self._come(request)
        data = await _in_thread(asked.as_workbook, self.application, come.office.id, come.link.person)
        name = f"questions-{come.office.id}.xlsx"
        headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
        return Response(data, media_type=XLSX, headers=headers)

    @guarded
    async def answer_by_workbook(self, request: Request) -> Response:
        """Take the answers of a filled-in workbook."""
        come = await self._come(request, posts=True)
        try:
            sent = await file_of(request, "filled")
            async with self.checks:
                given = await _in_thread(self._from_workbook, come, sent)
        except Unfit as why:
            made = await _in_thread(refused, self.application, come, why)
            return _next(come, f"questions?sheet={made.id}", problem=True)
        missed = await _in_thread(asked.take, self.application, come, given)
        self.wake()
        return _next(come, "questions", problem=bool(missed))

    def _from_workbook(self, come: Visit, sent: Sent) -> tuple[asked.Given, ...]:
        """The answers in a filled-in workbook. Raises Unfit where it cannot be taken."""
        office, settings = come.office.id, settings_of(self.application, come.office.id)
        tool = settings.of_tool if settings else ToolSettings(upload=True)
        try:
            found = answered(sent.data, sent.name, tool, asked.sheets_of(self.application, office))
        except Refused as why:
            raise Unfit(why.text, sent.name, len(sent.data)) from None
        known = asked.known(self.application, office)
        for each in found:
            if each.question not in known:
                what = f"{sent.name}, {each.ref}: its key is that of no question to this office"
                raise Unfit(f"{what}; download the questions anew", sent.name, len(sent.data))
        if not found:
            raise Unfit(f"{sent.name}: it holds no answer; write into its column of answers", sent.name)
        return tuple(asked.Given(each.question, each.text) for each in found)

    async def _come(self, request: Request, *, posts: bool = False) -> Visit:
        """Who comes by this link. Raises HTTPException where it opens nothing, Rejected where too often."""
        come = await _in_thread(visit, self.application, request)
        if posts:
            self.rates.take(f"office-page/{come.link.id}", PER_MINUTE)
        return come

    def _place(self, come: Visit) -> Place:
        return Place(
            office=come.office.name,
            person=come.person,
            until=come.link.until.date(),
            base=f"/office/{come.token}",
            uploads=bool(upload_tool(self.application.organization, come.office.id)),
            most=f"{MOST_BYTES // 2**20} MB",
            language=self.application.organization.language_of(come.office.id),
        )

    def _newest(self, office: str) -> Upload | None:
        tool = upload_tool(self.application.organization, office)
        with self.application.store.read() as unit:
            return unit.uploads.newest(office, tool)

    async def _upload(self, come: Visit, upload: str) -> Upload | None:
        def found() -> Upload | None:
            with self.application.store.read() as unit:
                return unit.uploads.get(come.office.id, upload)

        return await _in_thread(found) if upload else None


_in_thread = asyncio.to_thread


def _page(html: bytes) -> Response:
    return HTMLResponse(html, headers=HEADERS)


def _next(come: Visit, where: str, *, problem: bool = False) -> Response:
    """The page that follows a POST: reloading it sends nothing again."""
    return RedirectResponse(f"/office/{come.token}/{where}{'#problem' if problem else ''}", 303, HEADERS)


def office_pages(application: Application, rates: Rates, wake: Callable[[], None]) -> list[Route]:
    """The routes of the pages of an application's offices."""
    pages = OfficePages(application, rates, wake)
    way = "/office/{token}/"
    return [
        Route(way, pages.first, methods=["GET"]),
        Route(f"{way}upload", pages.upload, methods=["POST"]),
        Route(f"{way}uploads/{{upload}}", pages.uploaded, methods=["GET"]),
        Route(f"{way}open", pages.open, methods=["POST"]),
        Route(f"{way}questions", pages.questions, methods=["GET"]),
        Route(f"{way}questions", pages.answer, methods=["POST"]),
        Route(f"{way}questions.xlsx", pages.download, methods=["GET"]),
        Route(f"{way}answers", pages.answer_by_workbook, methods=["POST"]),
    ]

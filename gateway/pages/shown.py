"""Pages of one kind of thing, by a person's own link: a list of what the reader sees of it, and one of them.

They only show. Refuses to say whether there is one that the reader may not see.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from config.organization_now import OrganizationNow
from config.wiring import Application
from domain.language import Language, Message
from domain.organization.office import Organization
from gateway.pages.office import HEADERS
from gateway.pages.office_links import NOT_NOW
from gateway.pages.role_links import Caller, caller
from reports.link_reader import LinkReader
from store.errors import StoreError
from store.unit import Unit

LOG = logging.getLogger("interoffice.gateway")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Kept(Protocol[T_co]):
    """Where the things are kept."""

    def get(self, id_: str, /) -> T_co | None:
        """That one; None when there is none."""

    def all(self) -> Sequence[T_co]:
        """All of them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who reads, when, and in which language."""

    organization: Organization
    person: str
    now: datetime
    says: Language
    reader: LinkReader


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """A kind of thing: its name in addresses, what is said where there is none, and its two pages.

    `one` gives None where the reader may not see it.
    """

    name: str
    none: Message
    kept: Callable[[Unit], Kept[T]]
    all: Callable[[Sequence[T], Seen], bytes]
    one: Callable[[T, Seen], bytes | None]

    def routes(self, application: Application) -> list[Route]:
        """The routes of its pages; they stand before those of people's other pages."""
        pages = ShownPages(self, application, OrganizationNow(application.settings.organization))
        way = f"/person/{{token}}/{self.name}"
        return [
            Route(way, pages.all, methods=["GET"]),
            Route(f"{way}/{{id}}", pages.one, methods=["GET"]),
        ]


@dataclass(frozen=True, slots=True)
class ShownPages(Generic[T]):
    """The two pages of a kind of thing of an application."""

    shown: Shown[T]
    application: Application
    now: OrganizationNow

    async def all(self, request: Request) -> Response:
        """All that the person sees."""
        return await asyncio.to_thread(self._all, request)

    async def one(self, request: Request) -> Response:
        """One of them."""
        return await asyncio.to_thread(self._one, request)

    def _all(self, request: Request) -> Response:
        come = caller(self.application, self.now, request)
        return HTMLResponse(self.shown.all(self._found(), self._seen(come)), headers=HEADERS)

    def _one(self, request: Request) -> Response:
        come = caller(self.application, self.now, request)
        found = next(iter(self._found(request.path_params["id"])), None)
        page = self.shown.one(found, self._seen(come)) if found is not None else None
        if page is None:
            raise HTTPException(404, self.shown.none.text)
        return HTMLResponse(page, headers=HEADERS)

    def _seen(self, come: Caller) -> Seen:
        there, person = come.organization, come.person
        reader = LinkReader(there.people[person].name, come.link.until.date(), come.base)
        return Seen(there, person, self.application.clock.now(), come.language, reader)

    def _found(self, only: str = "") -> Sequence[T]:
        try:
            with self.application.store.read() as unit:
                kept = self.shown.kept(unit)
                if only:
                    found = kept.get(only)
                    return (found,) if found is not None else ()
                return kept.all()
        except StoreError as problem:
            LOG.warning("%s cannot be looked up", self.shown.name, extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None

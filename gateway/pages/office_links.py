"""Links to offices' own pages, with a purpose of their own: the token holds an id, an office and an end.

Whether the link stands, and whose it is, is what the store says of its id; so one link can be revoked.
Refuses to say to a visitor why a link opens nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request

from config.keyfile import link_key
from config.people import people_now
from config.settings import BadSettings
from config.standing_in import entitled_now
from config.tokens import OFFICES, NoLink, unsealed
from config.wiring import Application
from domain.organization.office import Office
from domain.pages.link import PageLink, closed
from gateway.pages.refused import NO_LINK, NO_PAGE_NOW
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")
OVER = NO_LINK.text
NOT_NOW = NO_PAGE_NOW.text


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who came by a link that stands: the link, its office, and how the link's person is called."""

    link: PageLink
    office: Office
    token: str
    person: str


def visit(application: Application, request: Request) -> Visit:
    """Who comes by the request's token. Raises HTTPException 403 or 503."""
    try:
        return _found(application, request.path_params["token"])
    except NoLink as why:
        LOG.info("an office's link opened nothing", extra={"why": str(why)})
        raise HTTPException(403, OVER) from None
    except BadSettings as why:
        LOG.error("no link opens anything", extra={"why": str(why)})  # noqa: TRY400 - it says what to do
        raise HTTPException(403, OVER) from None
    except StoreError as problem:
        LOG.warning("a link cannot be looked up", extra={"why": str(problem)})
        raise HTTPException(503, NOT_NOW) from None


def _found(application: Application, token: str) -> Visit:
    """Who comes by that token. Raises NoLink, BadSettings and StoreError."""
    settings, now = application.settings, application.machine.now()
    said = unsealed(link_key(settings.state), OFFICES, token)
    if now >= datetime.fromtimestamp(said["until"], UTC):
        raise NoLink("it has ended")
    with application.store.read() as unit:
        link = unit.page_links.get(said["id"])
        organization = entitled_now(unit, application.organization, application.clock)
    people, office = (
        people_now(settings.organization, application.clock.now().date()),
        organization.offices.get(said["office"]),
    )
    why = closed(link, now, people, office)
    if why or link is None or office is None or link.office != office.id:
        raise NoLink(why or "it is that of another office")
    return Visit(link, office, token, people[link.person].name)

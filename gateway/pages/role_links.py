"""Links to people's own pages, with a purpose of their own: the token holds an id and an end.

Whose it is, and whether it stands, is what the store says of its id; what it opens, what the organization's
files say at that moment. Refuses to say to a visitor why a link opens nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request

from config.keyfile import link_key
from config.organization_now import NotReadable, OrganizationNow
from config.settings import BadSettings
from config.tokens import PEOPLE, NoLink, unsealed
from config.wiring import Application
from domain.language import Language
from domain.organization.office import Organization
from domain.pages.link import PageLink, closed_to
from gateway.pages.office_links import NOT_NOW, OVER
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who came by a link that stands, and the organization as it is now."""

    link: PageLink
    organization: Organization
    base: str
    """The path of their pages."""

    @property
    def person(self) -> str:
        """Whose link it is."""
        return self.link.person

    @property
    def language(self) -> Language:
        """The reader's own, else that of the first office in which they have a role, else that of all."""
        held = (
            office.id
            for office in self.organization.offices.values()
            if any(self.person in people for people in office.roles.values())
        )
        return self.organization.language_for(self.person, next(held, ""))


def caller(application: Application, now: OrganizationNow, request: Request) -> Caller:
    """Who comes by the request's token. Raises HTTPException 403 or 503."""
    token = request.path_params["token"]
    try:
        return _found(application, now, token)
    except NoLink as why:
        LOG.info("a person's link opened nothing", extra={"why": str(why)})
        raise HTTPException(403, OVER) from None
    except BadSettings as why:
        LOG.error("no link opens anything", extra={"why": str(why)})  # noqa: TRY400 - it says what to do
        raise HTTPException(403, OVER) from None
    except (StoreError, NotReadable, OSError) as problem:
        LOG.warning("a person's link cannot be looked up", extra={"why": str(problem)})
        raise HTTPException(503, NOT_NOW) from None


def _found(application: Application, now: OrganizationNow, token: str) -> Caller:
    said, at = unsealed(link_key(application.settings.state), PEOPLE, token), application.machine.now()
    if at >= datetime.fromtimestamp(said["until"], UTC):
        raise NoLink("it has ended")
    with application.store.read() as unit:
        link = unit.page_links.get(said["id"])
    organization = now.get()
    why = closed_to(link, at, organization.people)
    if why or link is None:
        raise NoLink(why)
    return Caller(link, organization, f"/person/{token}")

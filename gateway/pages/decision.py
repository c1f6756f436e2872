"""The page on which an approver decides, reached by a link that was sent to them alone, and once.

GET and HEAD decide nothing, since programs that look through mail open every link: a form is shown, and only
that form, sent back, decides. It is followed by a page that may be reloaded. Refuses nothing silently: a link
that decides nothing says why.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from config.decision_kinds import NotShown, card_of
from config.decision_mail import Post, post_of, send_link
from config.organization_now import NotReadable, OrganizationNow
from config.settings import BadSettings
from config.wiring import Application
from domain.decisions.asking import voted
from domain.decisions.card import Reader
from domain.decisions.law import quorum
from domain.decisions.links import Over
from domain.decisions.request import Choice
from domain.decisions.request import Request as Wanted
from domain.decisions.silence import otherwise
from gateway.limits import Rates, Rejected
from gateway.pages.deciding import Taken, delegates, take
from gateway.pages.decision_links import Came, Visitors
from gateway.pages.forms import fields_of
from gateway.pages.office import HEADERS
from gateway.pages.office_links import NOT_NOW
from reports.decision_page import Asked, Before, decision_html, done_html, over_html
from reports.office_page import stopped_html
from store.errors import StoreError
from store.unit import Unit

LOG = logging.getLogger("interoffice.gateway")
PER_MINUTE = 40
"""Forms by one link; a quarter of them may come at once."""
MOST_BEFORE = 5
STATUS = {Over.UNKNOWN: 403, Over.OTHER_FORM: 403}
"""That of a link that decides nothing; of all others 410."""
Endpoint: TypeAlias = Callable[["DecisionPages", Request], Awaitable[Response]]


def _guarded(endpoint: Endpoint) -> Endpoint:
    """What went wrong as an answer: a limit by its status, what cannot be looked up as 503."""

    @wraps(endpoint)
    async def answer(self: DecisionPages, request: Request) -> Response:
        try:
            return await endpoint(self, request)
        except Rejected as no:
            headers = {**HEADERS, **no.headers}
            return HTMLResponse(stopped_html(f"{no.text[:1].upper()}{no.text[1:]}."), no.status, headers)
        except (StoreError, NotReadable, BadSettings, OSError) as problem:
            LOG.warning("a decision cannot be looked up", extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None

    return answer


@dataclass(frozen=True, slots=True)
class DecisionPages:
    """The pages of everybody who is asked for a decision."""

    visitors: Visitors
    rates: Rates
    wake: Callable[[], None]
    """Called after something was decided."""
    post: Callable[[], Post]
    """What a delegate's own link is sent with."""

    @_guarded
    async def show(self, request: Request) -> Response:
        """The request with its form, or why the link decides nothing."""
        return await asyncio.to_thread(self._shown, request.path_params["token"])

    @_guarded
    async def decide(self, request: Request) -> Response:
        """Take the form, or say on the next page why not."""
        token = request.path_params["token"]
        fields = await fields_of(request)
        made = await asyncio.to_thread(self._taken, token, fields)
        if made.why is not None:
            return _over(made.came, made.why)
        if made.problem:
            return RedirectResponse(f"/decide/{token}#problem", 303, HEADERS)
        self.wake()
        if made.to and made.came.request is not None:
            await asyncio.to_thread(send_link, self.post(), made.came.request.id, made.to)
        return RedirectResponse(f"/decide/{token}/done", 303, HEADERS)

    @_guarded
    async def done(self, request: Request) -> Response:
        """What was answered by the link; of one that was not used, its form."""
        return await asyncio.to_thread(self._done, request.path_params["token"])

    def _shown(self, token: str) -> Response:
        unknown = self.visitors.unknown(token)
        if unknown is not None:
            self.visitors.refused(unknown, Over.UNKNOWN)
            return _over(unknown, Over.UNKNOWN)
        with self.visitors.application.store.read() as unit:
            came = self.visitors.find(unit, token)
            page = _page(unit, came) if came.why is None else b""
        if came.why is not None:
            self.visitors.refused(came, came.why)
            return _over(came, came.why)
        return HTMLResponse(page, headers=HEADERS)

    def _taken(self, token: str, fields: Mapping[str, str]) -> Taken:
        made = take(self.visitors, token, fields, self._once)
        if made.why is not None:
            self.visitors.refused(made.came, made.why)
        return made

    def _once(self, mark: str) -> None:
        self.rates.take(f"decide/{mark[:16]}", PER_MINUTE)

    def _done(self, token: str) -> Response:
        if self.visitors.unknown(token) is not None:
            return RedirectResponse(f"/decide/{token}", 303, HEADERS)
        with self.visitors.application.store.read() as unit:
            came = self.visitors.find(unit, token)
        if came.link is None or came.request is None or not came.link.reply:
            return RedirectResponse(f"/decide/{token}", 303, HEADERS)
        return HTMLResponse(done_html(came.link.reply, came.request.state, came.language), headers=HEADERS)


def _over(came: Came, why: Over) -> Response:
    """What somebody is told whose link decides nothing."""
    state = came.request.state if came.request is not None else None
    page = over_html(why, came.language, state, came.link.reply if came.link is not None else "")
    return HTMLResponse(page, STATUS.get(why, 410), HEADERS)


def _page(unit: Unit, came: Came) -> bytes:
    """The page with the form. Raises HTTPException where nothing can show the request."""
    link, request, organization = came.link, came.request, came.organization
    if link is None or request is None:
        raise HTTPException(403, NOT_NOW)
    says, law, people = came.language, came.law, organization.people
    try:
        card = card_of(unit, request, Reader(link.person, says, organization, law.now))
    except NotShown as why:
        LOG.warning("a decision cannot be shown", extra={"why": str(why)})
        raise HTTPException(503, NOT_NOW) from None
    said = voted(request, unit.decisions.votes(request.id))
    approved = {person for person, choice in said.items() if choice is Choice.APPROVE}
    others = [each for each in law.eligible(request) if each != link.person and each not in approved]
    asked = Asked(
        card=card,
        office=organization.offices[request.office].name,
        person=people[link.person].name,
        address=f"/decide/{came.token}",
        shown=request.shown.digest,
        form=came.form_of(request.shown.digest),
        due=request.due,
        link_until=link.until.date(),
        needed=quorum(law.terms, request.stakes),
        approved=tuple(sorted(people[each].name for each in approved if each in people)),
        others=tuple(sorted(people[each].name for each in others)),
        otherwise=tuple(otherwise(request, organization, says)),
        before=_before(unit, request, came),
        delegates=delegates(came),
        draft=unit.decision_links.draft(link.mark),
    )
    return decision_html(asked, says)


def _before(unit: Unit, request: Wanted, came: Came) -> tuple[Before, ...]:
    """The newest decisions of the office on others of its kind."""
    calendar = came.organization.offices[request.office].calendar
    return tuple(
        Before(asked.subject, decision.outcome, calendar.local_date(decision.at), decision.entered)
        for asked, decision in unit.decisions.before(request, MOST_BEFORE)
    )


def decision_pages(application: Application, rates: Rates, wake: Callable[[], None]) -> list[Route]:
    """The routes of the pages on which approvers decide."""
    now = OrganizationNow(application.settings.organization)
    pages = DecisionPages(
        Visitors(application, now, rates), rates, wake, lambda: post_of(application, now.get())
    )
    way = "/decide/{token}"
    return [
        Route(way, pages.show, methods=["GET"]),
        Route(way, pages.decide, methods=["POST"]),
        Route(f"{way}/done", pages.done, methods=["GET"]),
    ]

"""The page of a deployment, by a person's own link: what they may see of it now, and do.

A decision made here is that of the link's person, so it counts as theirs. GET and HEAD change nothing; a POST
is bounded in size and number, and is followed by a page that may be reloaded. Refuses to say whether there
is a deployment in which the reader has no part.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from config.deploying import close_deployment, reply
from config.deployment_sheets import DeploymentSeen, deployments_seen
from config.organization_now import OrganizationNow
from config.permitting import NotPermitted
from config.sharing import answer_peer, ask_owner, share_template
from config.wiring import Application
from domain.deployments.sharing import Redaction
from domain.language import Language, Message, Worded
from domain.organization.actions import TABLE, Account
from domain.organization.office import Role
from gateway.limits import Rates, Rejected
from gateway.pages.forms import fields_of
from gateway.pages.office import HEADERS
from gateway.pages.office_links import NOT_NOW
from gateway.pages.refused import NO_DEPLOYMENT
from gateway.pages.role_links import Caller, caller
from reports.deployments.page import Reading, deployment_html
from reports.words import ROLES
from store.errors import Changed, StoreError

LOG = logging.getLogger("interoffice.gateway")
NONE = NO_DEPLOYMENT.text
PER_MINUTE = 60
"""POSTs by one link."""
LONGEST = 300
"""Characters of a reason."""
NO_REASON = Message("why: write a reason of at most {most} characters")
NO_CHOICE = Message("choose one of the two buttons")
NOT_HEAD = Message("you are not the head of {office} in this deployment; choose an office whose head you are")
NOT_YOURS = Message("{office} is none of your offices in this deployment; choose one of them")
NO_QUESTION = Message("the question is none of this template; load the page anew")
NOT_ALLOWED = Message("only these roles of the office may do that: {roles}; ask one of them")
OF_SPONSOR = Message("only the sponsor who opened this deployment may do that; ask them")
NOT_SHARED = Message("it is not there, or not shared with your office any more; load the page anew")
MEANWHILE = Message("somebody changed it meanwhile; load the page anew, and look at it again")


@dataclass(frozen=True, slots=True)
class DeploymentPages:
    """The pages of every deployment of an application."""

    application: Application
    now: OrganizationNow
    rates: Rates

    async def first(self, request: Request) -> Response:
        """To the first deployment of the person."""
        come = await asyncio.to_thread(caller, self.application, self.now, request)
        found = await asyncio.to_thread(self._seen, come)
        if not found:
            raise HTTPException(404, NONE)
        return RedirectResponse(f"{come.base}/deployments/{found[0].sheet.deployment.id}", 303)

    async def page(self, request: Request) -> Response:
        """One deployment as the person sees it now."""
        come = await asyncio.to_thread(caller, self.application, self.now, request)
        return await asyncio.to_thread(self._page, come, request.path_params["id"], "")

    async def act(self, request: Request) -> Response:
        """Do what a form of the page asks for; what cannot be is said on the page."""
        come = await asyncio.to_thread(caller, self.application, self.now, request)
        deployment, what = request.path_params["id"], request.path_params["what"]
        if what not in ACTS:
            raise HTTPException(404, NONE)
        try:
            self.rates.take(f"deployment-page/{come.link.id}", PER_MINUTE)
            fields = await fields_of(request)
        except Rejected as no:
            raise HTTPException(no.status, f"{no.text[:1].upper()}{no.text[1:]}.", dict(no.headers)) from None
        return await asyncio.to_thread(self._act, come, deployment, what, fields)

    def _act(self, come: Caller, deployment: str, what: str, fields: Mapping[str, str]) -> Response:
        found = self._one(come, deployment)
        try:
            ACTS[what](self.application, found, Account(come.person), fields)
        except (Worded, NotPermitted, LookupError, Changed) as why:
            LOG.info("a deployment's form was not taken", extra={"deployment": deployment, "what": what})
            office = found.sheet.offices[0] if found.sheet.offices else ""
            says = come.organization.language_for(come.person, office)
            return self._page(come, deployment, told(why, says), 422)
        except StoreError as problem:
            LOG.warning("a deployment's form could not be kept", extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None
        return RedirectResponse(f"{come.base}/deployments/{deployment}", 303, HEADERS)

    def _page(self, come: Caller, deployment: str, problem: str, status: int = 200) -> Response:
        every = self._seen(come)
        found = next((each for each in every if each.sheet.deployment.id == deployment), None)
        if found is None:
            raise HTTPException(404, NONE)
        there = come.organization
        office = found.sheet.offices[0] if found.sheet.offices else ""
        others = [(e.sheet.deployment.id, e.sheet.deployment.system) for e in every if e is not found]
        shown = frozenset(line.office for line in found.sheet.lines)
        reading = Reading(
            there, come.base, come.link.until.date(), there.language_for(come.person, office),
            self.application.clock.now().date(), found.release, found.kept_back, found.shared, found.owns,
            found.questions, found.recall, shown, others, problem,
        )  # fmt: skip
        return HTMLResponse(deployment_html(found.sheet, reading), status, HEADERS)

    def _one(self, come: Caller, deployment: str) -> DeploymentSeen:
        found = next((each for each in self._seen(come, deployment)), None)
        if found is None:
            raise HTTPException(404, NONE)
        return found

    def _seen(self, come: Caller, only: str = "") -> tuple[DeploymentSeen, ...]:
        try:
            with self.application.store.read() as unit:
                seen = deployments_seen(self.application, unit, come.organization, come.person, only)
                return tuple(seen)
        except StoreError as problem:
            LOG.warning("a deployment cannot be looked up", extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None


def told(why: Exception, says: Language) -> str:
    """Why a form was not taken, and what to do, in the reader's language."""
    if isinstance(why, Worded):
        return why.said(says)
    if isinstance(why, NotPermitted):
        row = TABLE[why.refusal.action]
        roles = [says.message(ROLES[role]) for role in dict.fromkeys((*row.roles, *row.concerned))]
        if Role.SPONSOR in row.roles:
            return says.message(OF_SPONSOR)
        return says.message(NOT_ALLOWED, roles=", ".join(roles))
    return says.message(MEANWHILE if isinstance(why, Changed) else NOT_SHARED)


def _why(fields: Mapping[str, str]) -> str:
    said = " ".join(fields.get("why", "").split())
    if not said or len(said) > LONGEST:
        raise Worded(NO_REASON, most=LONGEST)
    return said


def _reply(application: Application, seen: DeploymentSeen, who: Account, fields: Mapping[str, str]) -> None:
    """Accept or decline for one of the reader's offices."""
    accepts = {"yes": True, "no": False}.get(fields.get("accept", ""))
    if accepts is None:
        raise Worded(NO_CHOICE)
    office = fields.get("office", "")
    if office not in seen.sheet.asked:
        raise Worded(NOT_HEAD, office=office[:60])
    deployment = seen.sheet.deployment.id
    reply(application, deployment, office, who, _why(fields), accepts=accepts, dry_run=False)


def _share(application: Application, seen: DeploymentSeen, who: Account, fields: Mapping[str, str]) -> None:
    kept = [kind for kind in Redaction if fields.get(f"keep-{kind}")]
    deployment = seen.sheet.deployment
    share_template(application, deployment.template, deployment.id, kept, who, _why(fields), dry_run=False)


def _ask(application: Application, seen: DeploymentSeen, who: Account, fields: Mapping[str, str]) -> None:
    office, text = fields.get("office", ""), fields.get("text", "")
    if office not in seen.sheet.offices:
        raise Worded(NOT_YOURS, office=office[:60])
    ask_owner(application, seen.sheet.deployment.template, office, text, who, dry_run=False)


def _answer(application: Application, seen: DeploymentSeen, who: Account, fields: Mapping[str, str]) -> None:
    question = fields.get("question", "")
    if question not in {str(each.id) for each in seen.questions}:
        raise Worded(NO_QUESTION)
    answer_peer(application, question, fields.get("text", ""), who, dry_run=False)


def _close(application: Application, seen: DeploymentSeen, who: Account, fields: Mapping[str, str]) -> None:
    close_deployment(application, seen.sheet.deployment.id, who, _why(fields), dry_run=False)


ACTS: Mapping[str, Callable[[Application, DeploymentSeen, Account, Mapping[str, str]], None]] = {
    "reply": _reply,
    "share": _share,
    "ask": _ask,
    "answer": _answer,
    "close": _close,
}
"""What the forms of the page do, by the last part of their address."""


def deployment_pages(application: Application, rates: Rates) -> list[Route]:
    """The routes of the pages of deployments; they come before those of people's other pages."""
    pages = DeploymentPages(application, OrganizationNow(application.settings.organization), rates)
    way = "/person/{token}/deployments"
    return [
        Route(way, pages.first, methods=["GET"]),
        Route(f"{way}/{{id}}", pages.page, methods=["GET"]),
        Route(f"{way}/{{id}}/{{what}}", pages.act, methods=["POST"]),
    ]

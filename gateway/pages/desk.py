"""A person's desk, by their own link that reads until it ends: it shows what waits, and decides nothing.

To decide, a link that decides once is sent to the address that the person has in people.yaml; so whoever has
the link of the desk alone decides nothing. Refuses to send it anywhere else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from config.deciding import law_of
from config.decision_kinds import KINDS, NotShown, card_of
from config.decision_mail import LinkSent, post_of, send_link
from config.deployment_reports import templates_owned
from config.deployment_sheets import deployments_seen
from config.keyfile import link_key
from config.organization_now import OrganizationNow
from config.standing_in import stand_ins
from config.standing_templates import standing_templates
from config.tokens import fits, form_mark
from config.wiring import Application
from domain.cases.objection import ToObject, rollout_of, to_question
from domain.cases.sheet import office_of
from domain.decisions.card import Reader
from domain.decisions.law import Law
from domain.decisions.silence import otherwise
from domain.directives.sheet import sees
from domain.drafts.draft import Draft
from domain.drafts.waiting import drafts_of
from domain.language import Language, Message
from domain.organization.absence import present
from domain.organization.office import Role
from domain.pages.desk import Desk, ToAnswer, ToDecide, desk
from domain.plans.localization.derivation import DerivationId
from domain.plans.project import Plan
from domain.questions.question import Question
from domain.questions.registry import kind_of
from domain.reporting.confidential import Whose, may_see
from domain.reporting.roles.readers import pages_of
from gateway.limits import Rates, Rejected
from gateway.pages.asked import WHY
from gateway.pages.forms import fields_of
from gateway.pages.localizing import UPDATE
from gateway.pages.objecting import may_object, target_of
from gateway.pages.office import HEADERS
from gateway.pages.office_links import NOT_NOW
from gateway.pages.refused import NOT_FROM_PAGE
from gateway.pages.role_links import Caller, caller
from gateway.pages.roles import Bases
from reports.desk_page import DeskItem, DeskShown, Told, desk_html
from store.errors import StoreError
from store.unit import Unit

LOG = logging.getLogger("interoffice.gateway")
PER_MINUTE = 12
"""Links that can be asked for by one desk; a quarter of them at once."""
BECAME: Mapping[LinkSent, Told] = {
    LinkSent.SENT: Told.SENT,
    LinkSent.FAILED: Told.FAILED,
    LinkSent.NO_ADDRESS: Told.FAILED,
    LinkSent.NOT_TO_THEM: Told.NOT_TO_THEM,
    LinkSent.NOT_SHOWN: Told.NOT_SHOWN,
}
CALLED: Mapping[bool, Message] = {
    True: Message("Election", about="desk"),
    False: Message("Question", about="desk"),
}


@dataclass(frozen=True, slots=True)
class DeskPages:
    """The desks of everybody of an application."""

    application: Application
    now: OrganizationNow
    rates: Rates
    bases: Bases

    async def show(self, request: Request) -> Response:
        """All that waits for the person."""
        return await asyncio.to_thread(self._shown, request)

    async def send(self, request: Request) -> Response:
        """Have a link to decide sent to the person's own address."""
        come = await asyncio.to_thread(caller, self.application, self.now, request)
        try:
            fields = await fields_of(request)
            wanted = fields.get("request", "")
            if not fits(fields.get("form", ""), self._form(come, wanted)):
                raise HTTPException(403, NOT_FROM_HERE)
            self.rates.take(f"desk/{come.link.id}", PER_MINUTE)
        except Rejected as no:
            if no.status != 429:
                raise HTTPException(no.status, no.text) from None
            return _next(come, Told.TOO_OFTEN)
        try:
            became = await asyncio.to_thread(self._sent, come, wanted)
        except StoreError as problem:
            LOG.warning("a link cannot be sent", extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None
        return _next(come, BECAME[became])

    def _sent(self, come: Caller, wanted: str) -> LinkSent:
        return send_link(post_of(self.application, come.organization), wanted, come.person, again=True)

    def _form(self, come: Caller, wanted: str) -> str:
        return form_mark(link_key(self.application.settings.state), f"desk/{come.link.id}", wanted)

    def _shown(self, request: Request) -> Response:
        come, told = caller(self.application, self.now, request), request.query_params.get("told", "")
        says = come.language
        try:
            with self.application.store.read() as unit:
                law = law_of(unit, come.organization, self.application.clock.now())
                items = tuple(self._items(unit, law, come, says))
                seen = deployments_seen(self.application, unit, come.organization, come.person)
                deployed = any(True for _ in seen)
                cases = any(office_of(e, come.organization, come.person) for e in unit.cases.open())
                directed = any(sees(e, come.organization, come.person) for e in unit.directives.open())
                templates = standing_templates(self.application.templates, unit).versions
                owned = templates_owned(self.application, unit, come.organization, come.person)
        except StoreError as problem:
            LOG.warning("a desk cannot be looked up", extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None
        projects = (project for basis in self.bases.all() for project in basis.projects)
        shown = DeskShown(
            person=come.organization.people[come.person].name,
            until=come.link.until.date(),
            base=come.base,
            has_pages=bool(pages_of(come.organization, come.person, projects)),
            items=items,
            told=Told(told) if told in set(Told) else None,
            deployments=deployed,
            cases=cases,
            directives=directed,
            plans=bool(templates) and _is_head(come),
            templates=bool(owned),
        )
        return HTMLResponse(desk_html(shown, says), headers=HEADERS)

    def _items(self, unit: Unit, law: Law, come: Caller, says: Language) -> list[DeskItem]:
        """Everything that waits, in words."""
        requests = unit.decisions.open()
        votes = {each.id: unit.decisions.votes(each.id) for each in requests}
        there = present(come.organization, stand_ins(unit, come.organization), law.now)
        found: Desk = desk(law, come.person, requests, votes, unit.questions.of(), there)
        shown = []
        for each in found.oldest_first:
            if isinstance(each, ToDecide):
                shown.append(self._decision(unit, law, come, says, each))
            elif _may_see(unit, law, come.person, each.question):
                shown.append(
                    replace(_question(law, come, says, each), objects=self._objects(unit, come, each))
                )
        shown += [_draft(each, law, says) for each in drafts_of(unit.drafts.open(), come.person, there)]
        return sorted(shown, key=lambda each: each.since)

    def _objects(self, unit: Unit, come: Caller, each: ToAnswer) -> ToObject | None:
        """What the person may object to instead of answering; None for nothing."""
        if not may_object(self.application, unit, come, each.question.office):
            return None
        return to_question(each.question, target_of(unit, rollout_of(each.question)))

    def _decision(self, unit: Unit, law: Law, come: Caller, says: Language, each: ToDecide) -> DeskItem:
        """A request that the person may decide on."""
        request, organization = each.request, come.organization
        try:
            text = card_of(unit, request, Reader(come.person, says, organization, law.now)).title
        except NotShown:
            text = request.subject
        office = organization.offices[request.office]
        sendable = (
            bool(organization.people[come.person].address) and request.kind in KINDS and not each.approved
        )
        where = ""
        if each.approved:
            where = says.say("You approved it; it waits for others who decide.")
        elif not sendable:
            tool = organization.partition(office.id)
            where = says.say("You have no address here to which a link could be sent.")
            if tool is not None:
                where = says.say("Decide in the tool of {office}.", office=office.name) + f" {where}"
        return DeskItem(
            since=each.since,
            by=request.due,
            late=request.due is not None and office.calendar.local_date(law.now) > request.due,
            what=says.name("desk", "Decision"),
            text=text,
            office=office.name,
            otherwise=" ".join(otherwise(request, organization, says)),
            where=where,
            request=request.id if sendable else "",
            form=self._form(come, request.id),
        )


NOT_FROM_HERE = NOT_FROM_PAGE.text


def _question(law: Law, come: Caller, says: Language, each: ToAnswer) -> DeskItem:
    """A question in words; it stands in the tool, and is answered there or on the office's page."""
    question, office = each.question, law.organization.offices[each.question.office]
    return DeskItem(
        since=each.since,
        by=question.answer_by,
        late=office.calendar.local_date(law.now) > question.answer_by,
        what=says.message(CALLED[each.elects]),
        text=question.text,
        office=office.name,
        otherwise=says.message(WHY[question.kind]),
        where=says.say("Decide in the tool of {office}.", office=office.name)
        if kind_of(question).is_decision
        else says.say("Answer it in the tool of {office}, or on that office's page.", office=office.name),
        chart=_chart(come, question) if _is_head(come) else "",
    )


def _draft(draft: Draft, law: Law, says: Language) -> DeskItem:
    """A draft that its owner puts to the offices, or whose comments are to be answered."""
    office, version, flow = law.organization.offices[draft.owner], draft.version.id, "draft-amendment"
    if draft.unanswered:
        flow = "answer-comment"
        text = says.count(
            len(draft.unanswered),
            "{n} comment on the draft of {version} waits for an answer.",
            "{n} comments on the draft of {version} wait for an answer.",
            version=version,
        )
    elif draft.flaws:
        text = says.say(
            "The draft of {version} has to be mended before it is put to the offices.", version=version
        )
    else:
        text = says.say("The draft of {version} is to be put to the offices, or taken back.", version=version)
    return DeskItem(
        since=office.calendar.local_date(draft.steps[-1].at),
        by=None,
        late=False,
        what=says.name("desk", "Draft of a version"),
        text=f"{text} {draft.why}",
        office=office.name,
        otherwise=says.say("Until then nothing comes of it."),
        where=says.say("An operator enters it by {flow}.", flow=flow),
    )


def _chart(come: Caller, question: Question) -> str:
    """The path of the chart of the plan that a question of its update is about."""
    plan = DerivationId.find(question.about) if kind_of(question).of_plan else None
    return "" if plan is None else f"{come.base}/plans/{plan.office}/{plan.template}/{UPDATE}"


def _is_head(come: Caller) -> bool:
    """Whether the person is the head of an office."""
    offices = come.organization.offices.values()
    return any(come.person in office.roles.get(Role.HEAD, ()) for office in offices)


def _may_see(unit: Unit, law: Law, person: str, question: Question) -> bool:
    """Whether the person may see what a question is about."""
    organization = law.organization
    if question.project not in organization.restricted:
        return True
    found = (each.plan for each in unit.plans.current(question.office))
    plan: Plan | None = next((each for each in found if each.project.key == question.project), None)
    program, lead = (plan.project.program, plan.project.lead) if plan is not None else (None, None)
    whose = Whose(question.project, question.office, program or question.program, lead or "")
    return may_see(organization, person, whose, law.now.date())


def _next(come: Caller, told: Told) -> Response:
    return RedirectResponse(f"{come.base}/desk?told={told}#told", 303, HEADERS)


def desk_pages(application: Application, rates: Rates) -> list[Route]:
    """The routes of people's desks; they stand before those of their other pages."""
    pages = DeskPages(
        application, OrganizationNow(application.settings.organization), rates, Bases(application)
    )
    way = "/person/{token}/desk"
    return [Route(way, pages.show, methods=["GET"]), Route(way, pages.send, methods=["POST"])]

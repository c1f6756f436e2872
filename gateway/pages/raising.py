"""The page at which somebody raises feedback for an office, or objects, by their own link.

It is looked at before anything is stored; what is wrong stands at its field, and what was typed stays. What
is raised waits in the store, and a run makes a case of it. Refuses whoever may not speak for an office.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from config.keyfile import link_key
from config.organization_now import OrganizationNow
from config.page_raisings import keep, raisings
from config.standing_in import entitled_now
from config.tokens import fits, form_mark
from config.wiring import Application
from domain.cases.asking import draft_of
from domain.deviations.flaws import Flawed
from domain.language import Language
from domain.organization.actions import Account, Action, Permission, permit
from domain.organization.office import Organization
from domain.pages.raising import PageRaising, terms_of
from gateway.limits import Rates
from gateway.pages.forms import fields_of
from gateway.pages.office import HEADERS, PER_MINUTE, guarded
from gateway.pages.refused import NOT_FROM_PAGE
from gateway.pages.role_links import Caller, caller
from reports.link_reader import LinkReader
from reports.raising_page import RaisingForm, raising_html

FIELDS = ("office", "kind", "about", "cause", "why", "check", "project", "deadline", "citation")
OBJECTION = "objection"
ELSEWHERE = "about"
"""The field at which stands what is wrong with none of them."""


@dataclass(frozen=True, slots=True)
class RaisingPages:
    """The page for everybody of an application."""

    application: Application
    now: OrganizationNow
    rates: Rates

    @guarded
    async def show(self, request: Request) -> Response:
        """The empty form, or one about what the address names."""
        come = await asyncio.to_thread(caller, self.application, self.now, request)
        asked = {
            name: request.query_params.get(name, "")[:500] for name in ("about", "kind", "office", "project")
        }
        return await asyncio.to_thread(self._page, come, asked, {}, looked=False)

    @guarded
    async def take(self, request: Request) -> Response:
        """Look at what was written; raise it where nothing is wrong and the last button was pressed."""
        come = await asyncio.to_thread(caller, self.application, self.now, request)
        sent = await fields_of(request)
        if not fits(sent.get("form", ""), self._mark(come)):
            raise HTTPException(403, NOT_FROM_PAGE.text)
        self.rates.take(f"raising/{come.link.id}", PER_MINUTE)
        fields = {name: sent.get(name, "").strip() for name in FIELDS}
        return await asyncio.to_thread(self._taken, come, fields, raises=sent.get("step") == "raise")

    def _taken(self, come: Caller, fields: Mapping[str, str], *, raises: bool) -> Response:
        problems = self._problems(come, fields)
        if problems or not raises:
            return self._page(come, fields, problems, looked=not problems)
        today = come.organization.offices[fields["office"]].calendar.local_date(self.application.clock.now())
        raising = PageRaising(
            office=fields["office"],
            person=come.person,
            link=come.link.id,
            on=today,
            about=fields["about"],
            terms=terms_of(fields),
            why=fields["why"],
            objection=fields["kind"] == OBJECTION,
        )
        with self.application.store.begin() as unit:
            keep(unit, raising)
            unit.commit()
        return RedirectResponse(f"{come.base}/raise#before", 303, HEADERS)

    def _problems(self, come: Caller, fields: Mapping[str, str]) -> Mapping[str, str]:
        """What is wrong, by field, in the reader's language."""
        organization, objects = come.organization, fields["kind"] == OBJECTION
        says = organization.language_for(come.person)
        if fields["office"] not in self._offices(come, Action.OBJECT if objects else Action.RAISE):
            return {"office": says.say("You may not do that for this office; ask its head.")}
        today = organization.offices[fields["office"]].calendar.local_date(self.application.clock.now())
        try:
            draft_of(
                fields["office"], fields["about"], terms_of(fields), fields["why"], organization, today,
                objection=objects,
            )  # fmt: skip
        except Flawed as wrong:
            return dict(_by_field(wrong, says))
        return {}

    def _offices(self, come: Caller, *actions: Action) -> Mapping[str, str]:
        """The offices for which the person may do one of these now, by id."""
        with self.application.store.read() as unit:
            there = entitled_now(unit, come.organization, self.application.clock)
        every = come.organization.offices.items()
        return {id_: office.name for id_, office in every if _may(there, come.person, id_, actions)}

    def _page(
        self, come: Caller, fields: Mapping[str, str], problems: Mapping[str, str], *, looked: bool
    ) -> Response:
        offices = self._offices(come, Action.RAISE, Action.OBJECT)
        form = RaisingForm(
            offices, {name: fields.get(name, "") for name in FIELDS}, problems, looked, self._mark(come)
        )
        with self.application.store.read() as unit:
            before = [each for id_ in offices for each in raisings(unit, id_).values()]
        own = sorted((each for each in before if each.person == come.person), key=lambda each: each.on)
        person = come.organization.people[come.person].name
        reader = LinkReader(person, come.link.until.date(), come.base)
        says = come.organization.language_for(come.person)
        return HTMLResponse(raising_html(form, own[::-1], reader, says), headers=HEADERS)

    def _mark(self, come: Caller) -> str:
        return form_mark(link_key(self.application.settings.state), f"raise/{come.link.id}", "")


def _may(organization: Organization, person: str, office: str, actions: tuple[Action, ...]) -> bool:
    found = (permit(organization, Account(person), action, office, office) for action in actions)
    return any(isinstance(each, Permission) for each in found)


def _by_field(wrong: Flawed, says: Language) -> Iterator[tuple[str, str]]:
    """Each flaw in words at its field, the first of each; one of no field at `ELSEWHERE`."""
    for each in reversed(wrong.flaws):
        told = each.said(says).partition(": ")[2]
        yield (each.field if each.field in FIELDS else ELSEWHERE), told


def raising_pages(application: Application, rates: Rates) -> list[Route]:
    """The routes of the page; they stand before those of people's other pages."""
    pages = RaisingPages(application, OrganizationNow(application.settings.organization), rates)
    way = "/person/{token}/raise"
    return [Route(way, pages.show, methods=["GET"]), Route(way, pages.take, methods=["POST"])]

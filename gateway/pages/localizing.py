"""The page at which the head of an office answers once, so that a template becomes the office's plan.

First what the office expects by itself; only then is anything of the template's figures shown. What was
answered stays, and is asked again only where a version needs more. Refuses everybody but the office's head,
and templates that are not shared with the office: for them there is nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from config.languages import own_name
from config.local_plans import NotMade, Offered, Prepared, keep, offered, prepared, receiver
from config.organization_now import OrganizationNow
from config.permitting import NotPermitted, permitted
from config.standing_templates import standing_templates
from config.update_charts import update_chart
from config.wiring import Application
from domain.cases.objection import to_update
from domain.ids import TemplateVersionId
from domain.organization.actions import Account, Action, Permission
from domain.pages.localizing import (
    Asked,
    answers_from,
    estimate_of,
    estimate_screen,
    problems,
    says_of,
    screens,
)
from domain.plans.localization.answers import OwnEstimate
from domain.plans.localization.derivation import DerivationId
from domain.plans.localization.lacks import NotLocalizable
from domain.plans.localization.local_plan import totals
from domain.plans.localization.receiver import Receiver
from domain.plans.templates.template import TaskKind, Template
from gateway.limits import Rates
from gateway.pages.forms import fields_of
from gateway.pages.objecting import may_object
from gateway.pages.office import HEADERS, PER_MINUTE, guarded
from gateway.pages.reports import NONE
from gateway.pages.role_links import Caller, caller
from reports.localizing_page import (
    LocalizingPlace,
    TemplateEntry,
    lacking_html,
    local_gantt,
    result_html,
    screen_html,
    templates_html,
)

RESULT, CHART, UPDATE = "plan", "chart", "update"


@dataclass(frozen=True, slots=True)
class Begun:
    """What an office has answered so far for one template, and all that is asked."""

    come: Caller
    id: DerivationId
    offered: Offered
    receiver: Receiver
    place: LocalizingPlace
    screens: tuple[tuple[Asked, ...], ...]
    """The first asks what the office expects."""
    fields: Mapping[str, str]
    estimate: OwnEstimate | None
    is_made: bool

    def wrong(self, number: int) -> Mapping[str, str]:
        """What is wrong on a screen, by field."""
        return problems(self.screens[number], self.fields, self.place.language)

    def next(self) -> int | None:
        """The first screen that lacks an answer or has a problem; None where all are answered."""
        for number in range(1, len(self.screens)):
            asked = [each for each in self.screens[number] if each.needed or not self.is_made]
            if self.wrong(number) or any(each.name not in self.fields for each in asked):
                return number
        return None


@dataclass(frozen=True, slots=True)
class LocalizingPages:
    """The pages of every office of an application."""

    application: Application
    now: OrganizationNow
    rates: Rates

    @guarded
    async def list(self, request: Request) -> Response:
        """The templates that are shared with the offices whose head comes."""
        return _page(await asyncio.to_thread(self._list, request))

    @guarded
    async def show(self, request: Request) -> Response:
        """One screen, or the plan that follows."""
        return await asyncio.to_thread(self._show, request)

    @guarded
    async def update(self, request: Request) -> Response:
        """The plan that was made, before and after its update, with what is asked."""
        return await asyncio.to_thread(self._update, request)

    @guarded
    async def take(self, request: Request) -> Response:
        """Keep what one screen's fields say, or make the plan."""
        fields = await fields_of(request)
        return await asyncio.to_thread(self._take, request, fields)

    def _list(self, request: Request) -> bytes:
        come = caller(self.application, self.now, request)
        entries = tuple(self._entries(come))
        says = come.language
        place = LocalizingPlace(
            "", come.organization.people[come.person].name, come.link.until.date(),
            come.base, "", 0, says,
        )  # fmt: skip
        return templates_html(place, entries)

    def _entries(self, come: Caller) -> Iterator[TemplateEntry]:
        with self.application.store.read() as unit:
            known = standing_templates(self.application.templates, unit)
            made = set(unit.derivations.ids())
        names = dict.fromkeys(each.template for each in known.versions)
        for office in come.organization.offices.values():
            if self._may(come, office.id) is None:
                continue
            with self.application.store.read() as unit:
                objects = may_object(self.application, unit, come, office.id)
            for template in names:
                found = self._offered(office.id, template)
                if found is not None and found.release.template.owner != office.id:
                    title = says_of(
                        found.release.template, found.release.template.names,
                        come.organization.language_for(come.person, office.id),
                    )  # fmt: skip
                    plan = DerivationId(office.id, template)
                    yield TemplateEntry(
                        office.name, title, f"{come.base}/plans/{office.id}/{template}", plan in made,
                        to_update(str(plan), office.id) if plan in made and objects else None,
                    )  # fmt: skip

    def _offered(self, office: str, template: str) -> Offered | None:
        with self.application.store.read() as unit:
            try:
                return offered(self.application, unit, office, template)
            except LookupError:
                return None

    def _may(self, come: Caller, office: str) -> Permission | None:
        there = come.organization.offices[office]
        try:
            return permitted(
                come.organization, self.application.store, self.application.clock, Account(come.person),
                Action.LOCALIZE, leader=there, concerned=office, dry_run=True,
            )  # fmt: skip
        except NotPermitted:
            return None

    def _begun(self, request: Request) -> Begun:
        """What was answered so far. Raises HTTPException 404 alike for all that is not this person's."""
        come = caller(self.application, self.now, request)
        office, template = request.path_params["office"], request.path_params["template"]
        if office not in come.organization.offices or self._may(come, office) is None:
            raise HTTPException(404, NONE)
        found = self._offered(office, template)
        if found is None:
            raise HTTPException(404, NONE)
        there, key = receiver(self.application, office), DerivationId(office, template)
        says = come.organization.language_for(come.person, office)
        with self.application.store.read() as unit:
            fields, estimate = unit.derivations.begun(key), unit.derivations.estimated(key)
            made = unit.derivations.find(key)
        released = found.release.template
        place = LocalizingPlace(
            come.organization.offices[office].name, come.organization.people[come.person].name,
            come.link.until.date(), f"{come.base}/plans/{office}/{template}",
            says_of(released, released.names, says),
            sum(task.kind is not TaskKind.PHASE for task in released.tasks), says,
        )  # fmt: skip
        spoken = {tag: own_name(tag) for tag in {there.language, released.language, *_tags(released)}}
        every = (estimate_screen(there, says), *screens(released, there, says, fields, spoken))
        return Begun(come, key, found, there, place, every, fields, estimate, made is not None)

    def _show(self, request: Request) -> Response:
        begun, which = self._begun(request), request.path_params["screen"]
        if begun.estimate is None:
            return self._screen(begun, 0) if which == "0" else _to(begun, "0")
        if which in (RESULT, CHART):
            waiting = begun.next()
            if waiting is not None:
                return _to(begun, str(waiting))
            return self._result(begun) if which == RESULT else self._chart(begun)
        number = _number(which, begun)
        if number == 0:
            waiting = begun.next()
            return _to(begun, RESULT if waiting is None else str(waiting))
        return self._screen(begun, number)

    def _screen(self, begun: Begun, number: int) -> Response:
        return _page(
            screen_html(
                begun.place, number, len(begun.screens), begun.screens[number], begun.fields,
                begun.wrong(number),
            )
        )  # fmt: skip

    def _result(self, begun: Begun) -> Response:
        try:
            made = self._prepared(begun)
        except NotLocalizable as wrong:
            says = begun.place.language
            told = [f"{each.what(says)}: {each.instead(says)}" for each in wrong.lacks]
            return _page(lacking_html(begun.place, told))
        except NotMade as wrong:
            return _page(lacking_html(begun.place, [wrong.said(begun.place.language)]))
        return _page(
            result_html(
                begun.place, made.local, totals(made.local), made.answers.estimate, begun.receiver.people,
                target=made.target(begun.place.language),
                is_made=made.there is not None
                and (made.there.base, made.there.answers) == (made.local.plan, made.answers),
                late=(made.late, made.agreed) if made.late and made.agreed else None,
                gates=made.gates,
            )
        )  # fmt: skip

    def _chart(self, begun: Begun) -> Response:
        """The plan as a Gantt chart: today's line, the critical path, the vacancies."""
        try:
            local = self._prepared(begun).local
        except ValueError:
            return _to(begun, RESULT)
        calendar = begun.come.organization.offices[begun.id.office].calendar
        today = calendar.local_date(self.application.clock.now())
        return _page(local_gantt(local, today, begun.receiver.people, begun.place.language))

    def _update(self, request: Request) -> Response:
        begun = self._begun(request)
        with self.application.store.read() as unit:
            made = unit.derivations.find(begun.id)
            if made is None:
                raise HTTPException(404, NONE)
            says, back = begun.place.language, f"{begun.come.base}/plans/"
            chosen = request.query_params.get("update", "")
            page = update_chart(self.application, unit, made, says, back, chosen)
            if page is None:
                raise HTTPException(404, NONE)
            return _page(page)

    def _prepared(self, begun: Begun) -> Prepared:
        release = begun.offered.release
        answers = answers_from(release.template, begun.receiver, begun.fields, begun.estimate)
        version = str(TemplateVersionId(release.template.id, release.version))
        with self.application.store.read() as unit:
            return prepared(self.application, unit, begun.id, version, answers)

    def _take(self, request: Request, fields: Mapping[str, str]) -> Response:
        begun, which = self._begun(request), request.path_params["screen"]
        self.rates.take(f"localizing/{begun.come.link.id}", PER_MINUTE)
        if which == "make":
            return self._make(begun)
        number = _number(which, begun)
        if number == 0:
            return self._estimated(begun, fields)
        if begun.estimate is None:
            return _to(begun, "0")
        asked = {each.name: fields.get(each.name, "") for each in begun.screens[number]}
        with self.application.store.begin() as unit:
            unit.derivations.begin(begun.id, asked)
            unit.commit()
        if problems(begun.screens[number], asked, begun.place.language):
            return _to(begun, f"{number}#problem")
        return _to(begun, str(number + 1) if number + 1 < len(begun.screens) else RESULT)

    def _estimated(self, begun: Begun, fields: Mapping[str, str]) -> Response:
        asked = {each.name: fields.get(each.name, "") for each in begun.screens[0]}
        wrong = problems(begun.screens[0], asked, begun.place.language)
        with self.application.store.begin() as unit:
            unit.derivations.begin(begun.id, asked)
            if not wrong:
                at = self.application.clock.now()
                unit.derivations.estimate(begun.id, estimate_of(asked, begun.receiver, at))
            unit.commit()
        return _to(begun, "0#problem" if wrong else "1")

    def _make(self, begun: Begun) -> Response:
        """Make the plan of the answers, in the name of whoever comes. What cannot be made is shown again."""
        by = self._may(begun.come, begun.id.office)
        if by is None or begun.estimate is None or begun.next() is not None:
            return _to(begun, RESULT)
        try:
            made = self._prepared(begun)
        except ValueError:
            return _to(begun, RESULT)
        keep(self.application, made, Account(begun.come.person), by, "")
        return _to(begun, RESULT)


def _tags(template: Template) -> Iterator[str]:
    """The tags of the languages in which the template names its tasks."""
    return (tag for task in template.tasks for tag in task.names)


def _number(which: str, begun: Begun) -> int:
    if not which.isascii() or not which.isdigit() or int(which) >= len(begun.screens):
        raise HTTPException(404, NONE)
    return int(which)


def _page(html: bytes) -> Response:
    return HTMLResponse(html, headers=HEADERS)


def _to(begun: Begun, where: str) -> Response:
    """The page that follows; reloading it sends nothing again."""
    return RedirectResponse(f"{begun.place.base}/{where}", 303, HEADERS)


def localizing_pages(application: Application, rates: Rates) -> list[Route]:
    """The routes of the pages at which offices answer for their plans."""
    pages = LocalizingPages(application, OrganizationNow(application.settings.organization), rates)
    way = "/person/{token}/plans"
    one = f"{way}/{{office}}/{{template}}/{{screen}}"
    return [
        Route(f"{way}/", pages.list, methods=["GET"]),
        Route(f"{way}/{{office}}/{{template}}/{UPDATE}", pages.update, methods=["GET"]),
        Route(one, pages.show, methods=["GET"]),
        Route(one, pages.take, methods=["POST"]),
    ]

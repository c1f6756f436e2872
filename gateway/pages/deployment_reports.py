"""The reports of templates in their offices, by a person's own link: as pages, as CSV, down to the tasks.

They open to whoever sees the deployment, and to the owner of the template; each shows what that person may
see now. GET changes nothing. Refuses to say whether there is a report in which the reader has no part.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from config.deployment_reports import deployment_report, plan_under, template_report, templates_owned
from config.deployment_sheets import deployments_seen
from config.organization_now import OrganizationNow
from config.standing_templates import standing_templates
from config.update_charts import update_chart
from config.wiring import Application
from domain.deployments.report import TemplateReport
from gateway.pages.deployments import NONE
from gateway.pages.office import HEADERS
from gateway.pages.office_links import NOT_NOW
from gateway.pages.role_links import Caller, caller
from reports.deployments.report_page import ReportPlace, figures_html, report_csv, report_html
from store.errors import StoreError
from store.unit import Unit

LOG = logging.getLogger("interoffice.gateway")
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as the person who comes may see it, and where it is read."""

    found: TemplateReport
    place: ReportPlace


Open = Callable[[Unit, Caller, str], Opened | None]


@dataclass(frozen=True, slots=True)
class ReportPages:
    """The pages of every report of an application."""

    application: Application
    now: OrganizationNow

    async def of_deployment(self, request: Request) -> Response:
        """A deployment's report, as a page or as CSV."""
        return await self._answer(request, self._deployment)

    async def of_template(self, request: Request) -> Response:
        """A template's report over all offices that its owner sees."""
        return await self._answer(request, self._template)

    async def plan(self, request: Request) -> Response:
        """The plan of one of the person's own offices before and after its update."""
        come = await asyncio.to_thread(caller, self.application, self.now, request)
        return await asyncio.to_thread(self._plan, request, come)

    def _plan(self, request: Request, come: Caller) -> Response:
        which, office = request.path_params["id"], request.path_params["office"]
        try:
            with self.application.store.read() as unit:
                opened = self._deployment(unit, come, which)
                states = opened.found.offices if opened is not None else ()
                own = any(each.office == office and each.own and each.plan.version for each in states)
                plan = plan_under(unit, which, office) if own else None
                if opened is None or plan is None:
                    raise HTTPException(404, NONE)
                says, back = opened.place.language, f"{opened.place.base}/report"
                chosen = request.query_params.get("update", "")
                page = update_chart(self.application, unit, plan, says, back, chosen)
                if page is None:
                    raise HTTPException(404, NONE)
                return HTMLResponse(page, headers=HEADERS)
        except StoreError as problem:
            LOG.warning("a plan cannot be looked up", extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None

    async def templates(self, request: Request) -> Response:
        """To the report of the first template that the person's office owns."""
        come = await asyncio.to_thread(caller, self.application, self.now, request)

        def first() -> str:
            with self.application.store.read() as unit:
                owned = templates_owned(self.application, unit, come.organization, come.person)
            return owned[0] if owned else ""

        template = await asyncio.to_thread(first)
        if not template:
            raise HTTPException(404, NONE)
        return RedirectResponse(f"{come.base}/templates/{template}/report", 303)

    async def _answer(self, request: Request, opening: Open) -> Response:
        come = await asyncio.to_thread(caller, self.application, self.now, request)
        return await asyncio.to_thread(self._made, request, come, opening)

    def _made(self, request: Request, come: Caller, opening: Open) -> Response:
        try:
            with self.application.store.read() as unit:
                opened = opening(unit, come, request.path_params["id"])
        except StoreError as problem:
            LOG.warning("a report of a template cannot be looked up", extra={"why": str(problem)})
            raise HTTPException(503, NOT_NOW) from None
        if opened is None:
            raise HTTPException(404, NONE)
        found, place = opened.found, opened.place
        office = request.path_params.get("office")
        if office is not None:
            if office not in found.figures:
                raise HTTPException(404, NONE)
            return HTMLResponse(figures_html(found.figures[office], found, place), headers=HEADERS)
        if request.url.path.endswith(".csv"):
            name = f"{found.template}.csv"
            headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
            return Response(report_csv(found, place), media_type=CSV, headers=headers)
        return HTMLResponse(report_html(found, place), headers=HEADERS)

    def _deployment(self, unit: Unit, come: Caller, which: str) -> Opened | None:
        every = deployments_seen(self.application, unit, come.organization, come.person, which)
        seen = next(iter(every), None)
        found = deployment_report(self.application, unit, seen) if seen is not None else None
        if seen is None or found is None:
            return None
        way = f"{come.base}/deployments/{which}"
        office = seen.sheet.offices[0] if seen.sheet.offices else ""
        return Opened(found, self._place(come, seen.sheet.deployment.title, way, way, office))

    def _template(self, unit: Unit, come: Caller, which: str) -> Opened | None:
        found = template_report(self.application, unit, come.organization, come.person, which)
        newest = standing_templates(self.application.templates, unit).newest(which)
        if found is None or newest is None:
            return None
        template = newest.template
        says = come.organization.language_for(come.person, template.owner)
        title = template.names.get(says.tag) or template.text(template.names)
        way = f"{come.base}/templates/{which}"
        place = self._place(come, title, way, f"{come.base}/desk", template.owner)
        return Opened(found, replace(place, plans=False))

    def _place(self, come: Caller, title: str, way: str, back: str, office: str) -> ReportPlace:
        there = come.organization
        return ReportPlace(
            title, way, back, there, there.language_for(come.person, office),
            self.application.clock.now().date(), come.link.until.date(),
        )  # fmt: skip


def deployment_report_pages(application: Application) -> list[Route]:
    """The routes of the reports of templates and deployments; they come before those of deployments."""
    pages = ReportPages(application, OrganizationNow(application.settings.organization))
    kinds = {"deployments": pages.of_deployment, "templates": pages.of_template}
    found = [Route("/person/{token}/templates", pages.templates, methods=["GET"])]
    for name, endpoint in kinds.items():
        way = f"/person/{{token}}/{name}/{{id}}"
        found += [
            Route(f"{way}/{path}", endpoint, methods=["GET"])
            for path in ("report", "report.csv", "figures/{office}")
        ]
    plan = "/person/{token}/deployments/{id}/plan/{office}"
    return [*found, Route(plan, pages.plan, methods=["GET"])]

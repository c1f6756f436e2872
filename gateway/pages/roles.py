"""People's own pages: one for each role that they have at this moment, and the reports that it may open.

The values are those of the newest reports; who sees which of them is decided anew for each request, from the
organization's files. GET and HEAD change nothing, and nothing else is taken. Refuses to say whether something
exists that the reader may not see.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from config.deployment_sheets import deployments_seen
from config.organization_now import OrganizationNow
from config.standing_in import entitled_now
from config.wiring import Application
from domain.cases.sheet import lines
from domain.directives.sheet import lines as directive_lines
from domain.ids import VersionId
from domain.language import ENGLISH
from domain.organization.office import Organization
from domain.pages.desk import has_desk
from domain.reporting.dashboard import newest_of_each
from domain.reporting.entry import ReportEntry
from domain.reporting.roles.basis import RoleBasis
from domain.reporting.roles.choosing import in_order
from domain.reporting.roles.readers import WHOLE, PageKind, RolePage, Sight, pages_of
from domain.reporting.roles.sheet import role_sheet
from gateway.pages.indexed import indexed
from gateway.pages.objecting import may_object, target_of
from gateway.pages.office_links import OVER
from gateway.pages.refused import NOT_YET
from gateway.pages.reports import NONE, Filed
from gateway.pages.role_links import Caller, caller
from gateway.pages.withheld import Withheld
from reports.pack.filed import FORMS, subject
from reports.roles.page import FeedbackCounts, Visited, role_html
from reports.roles.pages_behind import with_links
from store.unit import Unit

ONE = re.compile(r"(p|o)-(\d{1,6})(?:-\d{1,4})?(?:\.html)?")
HOME = "../../"
"""The link of the pages behind a report to the first page."""
WAITS = NOT_YET.text


@dataclass
class Bases:
    """What the pages are made from, read of the store again when it changed."""

    application: Application
    _kept: dict[str, tuple[str, RoleBasis]] = field(default_factory=dict)

    def all(self) -> tuple[RoleBasis, ...]:
        """Every basis, in the order in which pages are about them. Raises HTTPException 503."""
        with indexed(self.application.store) as unit:
            digests = unit.role_bases.digests()
            for about, digest in digests.items():
                kept = self._kept.get(about)
                if kept is None or kept[0] != digest:
                    found = unit.role_bases.get(about)
                    if found is not None:
                        self._kept[about] = (digest, found)
        return in_order(self._kept[about][1] for about in digests if about in self._kept)


@dataclass(frozen=True, slots=True)
class RolePages:
    """The pages of everybody in an application; the files of its reports lie in that folder."""

    application: Application
    filed: Filed
    now: OrganizationNow
    bases: Bases

    def first(self, request: Request) -> Response:
        """To the first page that the person has with content; before the first sweep no role has any."""
        come, bases = self._come(request)
        projects = (project for basis in bases for project in basis.projects)
        filled = bool(bases and pages_of(come.organization, come.person, projects))
        if not filled and self._has_deployment(come):
            return RedirectResponse(f"{come.base}/deployments", 303)
        pages = self._pages(come, bases, or_desk=True)
        return RedirectResponse(_address(come, pages[0]) if filled else f"{come.base}/desk", 303)

    def _has_deployment(self, come: Caller) -> bool:
        """Whether the person sees a deployment, who has no other page."""
        with indexed(self.application.store) as unit:
            seen = deployments_seen(self.application, unit, come.organization, come.person)
            return any(True for _ in seen)

    def page(self, request: Request) -> Response:
        """One of the person's pages."""
        come, bases = self._come(request)
        pages = self._pages(come, bases)
        wanted = (request.path_params["kind"], request.path_params.get("about", ""))
        page = next((each for each in pages if (each.kind, each.about) == wanted), None)
        if page is None:
            raise HTTPException(404, NONE)
        sheets = [role_sheet(self._sight(come, page, basis), basis) for basis in bases]
        shown = [each for each in sheets if each.projects] or sheets
        if not shown:
            raise HTTPException(404, WAITS)
        packs = tuple(self._reports(come, page))
        with indexed(self.application.store) as unit:
            counts = feedback_of(unit, come.organization, come.person, self.application.clock.now())
            target = self._objected(unit, come, page, shown[0].basis)
        visited = Visited(come.base, pages, come.link.until.date(), packs, counts, target)
        return HTMLResponse(role_html(shown[0], visited, shown[1:]))

    def _objected(self, unit: Unit, come: Caller, page: RolePage, basis: RoleBasis) -> VersionId | None:
        """The version to which the person may object for the office that the page is about; None for none."""
        if page.kind is not PageKind.OFFICE or basis.rollout is None:
            return None
        may = may_object(self.application, unit, come, page.about)
        return target_of(unit, basis.rollout.id) if may else None

    def behind(self, request: Request) -> Response:
        """A page behind a report: of a project or an office that one of the person's pages may show."""
        come, bases = self._come(request)
        name, page = request.path_params["name"], request.path_params["page"]
        pages, found = self._pages(come, bases), self.filed.behind(name)
        if found is None:
            raise HTTPException(404, NONE)
        withheld = Withheld(self.application, self.now)
        names = withheld.names(come.person)
        if self._reads_all(come, pages):
            return HTMLResponse(withheld.own_page(_from_archive(found[1], page), page, names))
        basis = next((each for each in bases if each.pages == name), None)
        sights = [self._sight(come, each, basis) for each in pages] if basis is not None else []
        if basis is None or not _may_open(basis, sights, page):
            raise HTTPException(404, NONE)
        content = withheld.own_page(_from_archive(found[1], page), page, names)
        return HTMLResponse(with_links(content, lambda to: to == HOME or _may_open(basis, sights, to)))

    def report(self, request: Request) -> Response:
        """A report or pack, a file beside it, or a page behind it, for who leads all that it is about."""
        come, bases = self._come(request)
        name, which = request.path_params["name"], request.path_params.get("file", "")
        pages, found = self._pages(come, bases), self.filed.find(name)
        withheld = Withheld(self.application, self.now)
        names = withheld.names(come.person)
        if not self._reads_all(come, pages) and not self._is_own(pages, found):
            raise HTTPException(404, NONE)
        if found is None:
            behind = self.filed.behind(name)
            if behind is None or not self._reads_all(come, pages):
                raise HTTPException(404, NONE)
            return HTMLResponse(withheld.own_page(_from_archive(behind[1], which), which, names))
        if not which:
            return HTMLResponse(withheld.page(found[1].read_bytes(), names))
        if which not in FORMS or which not in self.filed.files(found[0]):
            raise HTTPException(404, NONE)
        withheld.check_file(found[0], names)
        path = self.filed.folder / found[0].slug / which
        return Response(path.read_bytes(), media_type=FORMS[which].media_type)

    def _come(self, request: Request) -> tuple[Caller, tuple[RoleBasis, ...]]:
        return caller(self.application, self.now, request), self.bases.all()

    def _pages(
        self, come: Caller, bases: Sequence[RoleBasis], *, or_desk: bool = False
    ) -> tuple[RolePage, ...]:
        """Every page that the person has now. Raises HTTPException 403 for none, unless a desk is enough."""
        projects = (project for basis in bases for project in basis.projects)
        pages = pages_of(come.organization, come.person, projects)
        if not pages and not (or_desk and self._has_desk(come)):
            raise HTTPException(403, OVER)
        return pages

    def _has_desk(self, come: Caller) -> bool:
        """Whether something may wait for the person, by a role of theirs or of who they stand in for."""
        with indexed(self.application.store) as unit:
            there = entitled_now(unit, come.organization, self.application.clock)
        return has_desk(there, come.person)

    def _sight(self, come: Caller, page: RolePage, basis: RoleBasis) -> Sight:
        return Sight(come.organization, come.person, page, basis.as_of)

    def _reads_all(self, come: Caller, pages: Sequence[RolePage]) -> bool:
        """Whether one of the pages is about the office that leads all that take part, as reports are."""
        on = self.application.clock.now().date()
        try:
            leader = come.organization.leader_of_all(on).id
        except LookupError:
            return False
        return any(page.kind in WHOLE and page.about == leader for page in pages)

    def _is_own(self, pages: Sequence[RolePage], found: tuple[ReportEntry, Path] | None) -> bool:
        """Whether it is a pack of an office whose head the person is."""
        return found is not None and found[0].about in self._own_packs(pages)

    def _own_packs(self, pages: Sequence[RolePage]) -> frozenset[str]:
        """The subjects of the packs of offices whose head the person is."""
        own = {page.about for page in pages if page.kind is PageKind.OFFICE}
        if not own:
            return frozenset()
        with indexed(self.application.store) as unit:
            heads = unit.packs.heads()
        return frozenset(subject(head.id) for head in heads if head.id.office in own and not head.is_network)

    def _reports(self, come: Caller, page: RolePage) -> Iterator[ReportEntry]:
        """The newest reports and packs that stand on the page."""
        whole = self._reads_all(come, [page])
        own = frozenset[str]() if whole else self._own_packs([page])
        for entry in newest_of_each(self.filed.all()).values() if whole or own else ():
            if whole or entry.about in own:
                yield entry


def feedback_of(unit: Unit, organization: Organization, person: str, now: datetime) -> FeedbackCounts:
    """What is open of the cases and directives that the person sees."""
    cases = lines(unit.cases.open(), organization, person, now, ENGLISH)
    directed = directive_lines(unit.directives.open(), organization, person, now, ENGLISH)
    return FeedbackCounts(
        sum(bool(each.asked) for each in cases),
        sum(each.objection for each in cases),
        len(directed),
        sum(each.count.late for each in directed),
    )


def _may_open(basis: RoleBasis, sights: Sequence[Sight], page: str) -> bool:
    """Whether one of the pages may show the project of that page by name, or that office whole."""
    one = ONE.fullmatch(page)
    if one is None:
        return False
    number = int(one[2])
    if one[1] == "p":
        project = next((each for each in basis.projects if each.number == number), None)
        return project is not None and any(sight.names(project) for sight in sights)
    office = next((each.id for each in basis.offices if each.number == number), None)
    if office is None:
        return False
    own = RolePage(PageKind.OFFICE, office)
    return any(s.page == own or (s.page.kind in WHOLE and s.leads(office)) for s in sights)


def _from_archive(path: Path, page: str) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(f"{page.removesuffix('.html')}.html")
    except KeyError:
        raise HTTPException(404, NONE) from None


def _address(come: Caller, page: RolePage) -> str:
    return "/".join(filter(None, (come.base, str(page.kind), page.about)))


def role_pages(reports_folder: Path, application: Application) -> list[Route]:
    """The routes of people's own pages."""
    now = OrganizationNow(application.settings.organization)
    pages = RolePages(application, Filed(reports_folder, application.store), now, Bases(application))
    way = "/person/{token}"
    kinds = [
        Route(f"{way}/{{kind}}", pages.page, methods=["GET"]),
        Route(f"{way}/{{kind}}/{{about}}", pages.page, methods=["GET"]),
    ]
    return [
        Route(f"{way}/", pages.first, methods=["GET"]),
        Route(f"{way}/pages/{{name}}/{{page}}", pages.behind, methods=["GET"]),
        Route(f"{way}/reports/{{name}}", pages.report, methods=["GET"]),
        Route(f"{way}/reports/{{name}}/{{file}}", pages.report, methods=["GET"]),
        *kinds,
    ]

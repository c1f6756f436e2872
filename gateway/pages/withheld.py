"""What is handed out of kept reports: no project that is restricted now, to a reader who may not see it.

Reports stay as they were written, and a project may be restricted later. So restrictions are those of the
organization's files at the moment of the request. Refuses a file that names such a project and cannot be
handed out without it (workbook, slides, PDF, CSV, JSON), and the project's own page.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException

from config.organization_now import NotReadable, OrganizationNow
from config.wiring import Application
from domain.ids import ProjectKey
from domain.organization.office import Organization
from domain.reporting.confidential import Whose, may_see
from domain.reporting.entry import ReportEntry
from gateway.pages.indexed import indexed
from gateway.pages.refused import CONFIDENTIAL
from reports.masked import Names
from reports.pack.document import document
from reports.pack.filed import slug
from reports.pack.words import RESTRICTED
from store import Unit

LATER = CONFIDENTIAL.text


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is withheld of an application's kept reports."""

    application: Application
    now: OrganizationNow

    def names(self, person: str) -> Names:
        """The names of the restricted projects that this person may not see; for nobody's id, of all."""
        organization = self.organization()
        if not organization.restricted:
            return Names()
        with indexed(self.application.store) as unit:
            return _names(unit, organization, person, self.application)

    def page(self, content: bytes, names: Names) -> bytes:
        """A page of a report without these names. Raises HTTPException 403 where one would be left."""
        if not names:
            return content
        masked = names.masked(content, self.organization().own_language.message(RESTRICTED))
        if masked is None:
            raise HTTPException(403, LATER)
        return masked

    def own_page(self, content: bytes, name: str, names: Names) -> bytes:
        """A page behind a report. Raises HTTPException 403 for the page of such a project."""
        if names and name.startswith("p-") and names.stand_in(content.decode()):
            raise HTTPException(403, LATER)
        return self.page(content, names)

    def check_file(self, entry: ReportEntry, names: Names) -> None:
        """Raises HTTPException 403 where a pack has one of these names, so that its files have it too."""
        if not names:
            return
        with indexed(self.application.store) as unit:
            key = next((each.id for each in unit.packs.heads() if slug(each.id) == entry.slug), None)
            pack = unit.packs.get(key) if key is not None else None
        if pack is None or names.stand_in(document(pack).decode()):
            raise HTTPException(403, LATER)

    def organization(self) -> Organization:
        """The organization as its files say it now; while they are wrong, as it was when this began."""
        try:
            return self.now.get()
        except (NotReadable, OSError):
            return self.application.organization


def _names(unit: Unit, organization: Organization, person: str, application: Application) -> Names:
    on, titles, keys = application.clock.now().date(), set[str](), set[str]()
    plans = unit.plans.all_of(organization.restricted)
    for key in organization.restricted:
        known = plans.get(key, ())
        last = known[-1].project if known else None
        whose = Whose(
            key,
            ProjectKey.read(key).office,
            (last.program or "") if last else "",
            (last.lead or "") if last else "",
            last.sources.get("lead", "") if last else "",
        )
        if not may_see(organization, person, whose, on):
            keys.add(key)
            titles |= {plan.project.title for plan in known if plan.project.title}
    return Names(frozenset(titles), frozenset(keys))

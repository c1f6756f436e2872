"""Who has which page, and what may be seen on it; decided from the organization's files at every opening.

Somebody without such a role has no page. Refuses to remember any right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.organization.accounts import person_of
from domain.organization.office import Office, OfficeKind, Organization, Role
from domain.reporting.confidential import LEADING, may_see
from domain.reporting.roles.basis import BasisProject


class PageKind(StrEnum):
    """The kinds of page, in the order in which a person's own are listed. The names stand in addresses."""

    BOARD = "board"
    DIRECTOR = "director"
    PROGRAM = "program"
    OFFICE = "office"
    PROJECTS = "projects"


WHOLE = frozenset({PageKind.BOARD, PageKind.DIRECTOR})
"""The pages about all that a strategic office leads."""


@dataclass(frozen=True, slots=True)
class RolePage:
    """One page of a person: of which kind, about which office or program; about none for own projects."""

    kind: PageKind
    about: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person may see on one of their pages, on one day."""

    organization: Organization
    person: str
    page: RolePage
    on: date

    def includes(self, project: BasisProject) -> bool:
        """Whether the page is about that project, named or not."""
        if self.page.kind is PageKind.PROGRAM:
            return project.program == self.page.about and self._takes_part(project.office)
        if self.page.kind is PageKind.OFFICE:
            return project.office == self.page.about
        if self.page.kind is PageKind.PROJECTS:
            return manages(self.organization, self.person, project)
        return self.leads(project.office)

    def names(self, project: BasisProject) -> bool:
        """Whether the person may see the name and the details of a project of the page."""
        return self.includes(project) and may_see(self.organization, self.person, project.whose, self.on)

    def leads(self, office: str) -> bool:
        """Whether the strategic office that the page is about leads there."""
        known = office in self.organization.offices
        leaders = self.organization.leaders(office, self.on) if known else ()
        return any(each.id == self.page.about for each in leaders)

    def knows(self, office: str, concerned: Iterable[str]) -> bool:
        """Whether people of that office are named: of the page's own offices and of those above them."""
        if office not in self.organization.offices:
            return False
        if self.page.kind in WHOLE:
            return self.leads(office) or office == self.page.about
        own = {self.page.about} if self.page.kind is PageKind.OFFICE else set(concerned)
        known = (each for each in own if each in self.organization.offices)
        return any(above.id == office for each in known for above in self.organization.above(each))

    def _takes_part(self, office: str) -> bool:
        return office in self.organization.offices and self.organization.takes_part(office, self.on)


def pages_of(
    organization: Organization, person: str, projects: Iterable[BasisProject]
) -> tuple[RolePage, ...]:
    """Every page that the person has now, in the order of the kinds and of the files."""
    if person not in organization.people:
        return ()
    pages = [*_of_offices(organization, person), *_of_programs(organization, person)]
    if any(manages(organization, person, each) for each in projects):
        pages.append(RolePage(PageKind.PROJECTS))
    order = list(PageKind)
    return tuple(sorted(pages, key=lambda page: order.index(page.kind)))


def _of_offices(organization: Organization, person: str) -> Iterator[RolePage]:
    for office in organization.offices.values():
        if office.kind is OfficeKind.STRATEGIC and _has(office, person, (Role.SPONSOR,)):
            yield RolePage(PageKind.BOARD, office.id)
        if office.kind is OfficeKind.STRATEGIC and _has(office, person, LEADING):
            yield RolePage(PageKind.DIRECTOR, office.id)
        if _has(office, person, (Role.HEAD,)):
            yield RolePage(PageKind.OFFICE, office.id)


def _of_programs(organization: Organization, person: str) -> Iterator[RolePage]:
    for program in organization.programs.values():
        if person in (program.manager, program.deputy):
            yield RolePage(PageKind.PROGRAM, program.id)


def _has(office: Office, person: str, roles: Iterable[Role]) -> bool:
    return any(person in office.roles.get(role, ()) for role in roles)


def manages(organization: Organization, person: str, project: BasisProject) -> bool:
    """Whether the person is the project's manager, by the account that its tool gives for who leads it."""
    found = manager_of(organization, project)
    return found == person


def manager_of(organization: Organization, project: BasisProject) -> str:
    """The id of the project's manager; empty where the tool's account is nobody's here."""
    found = person_of(organization, project.office, project.lead, project.tool)
    return found.id if found is not None else ""

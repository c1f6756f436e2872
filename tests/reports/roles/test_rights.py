"""On no page of any role does a reader get what that role may not see; whoever would leak it is caught."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from config.languages import LANGUAGES
from domain.organization.office import OfficeKind, Organization, Person, RelationKind, Role
from domain.reporting.roles.basis import BasisProject
from domain.reporting.roles.readers import PageKind, RolePage, Sight, pages_of
from domain.reporting.roles.sheet import RoleSheet, role_sheet
from reports.roles.page import Visited, role_html
from tests.domain.reporting.roles.planted import TODAY, Planted, planted

NETWORKS = 20


def shown(network: Planted, person: str, page: RolePage, sight: type[Sight] = Sight) -> str:
    pages = pages_of(network.organization, person, network.basis.projects)
    seen = sight(network.organization, person, page, TODAY)
    html = role_html(role_sheet(seen, network.basis), Visited("/person/x", pages, TODAY)).decode()
    return re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL) + " ".join(
        re.findall(r'href="([^"]*)"', html)
    )


def said_in_words(organization: Organization) -> Organization:
    return replace(organization, languages=LANGUAGES)


def apart(organization: Organization) -> set[str]:
    """Where a diverse subtree begins."""
    return {each.root for each in organization.relations if each.kind is RelationKind.DIVERSE}


def leads_there(organization: Organization, strategic: str, office: str) -> bool:
    """Once more and slowly: up the tree, in a diverse subtree by the agreement alone."""
    at, path = office, []
    while at is not None:
        path.append(at)
        at = organization.offices[at].parent
    diverse = bool(apart(organization).intersection(path))
    if diverse:
        agreed = [
            a.giver if a.taker == office else a.taker
            for a in organization.agreements
            if office in (a.giver, a.taker)
        ]
        agreed = [each for each in agreed if organization.offices[each].kind is OfficeKind.STRATEGIC]
        if agreed:
            return strategic in agreed
    return strategic in path


def nearest_leader(organization: Organization, office: str) -> list[str]:
    strategic = [o.id for o in organization.offices.values() if o.kind is OfficeKind.STRATEGIC]
    at: str | None = office
    if not any(leads_there(organization, s, office) for s in strategic):
        return []
    agreed = [a.giver for a in organization.agreements if a.taker == office]
    if agreed and office in apart(organization):
        return agreed[:1]
    while at is not None:
        if at in strategic:
            return [at]
        at = organization.offices[at].parent
    return []


def manager(organization: Organization, project: BasisProject) -> str:
    return next(
        (p.id for p in organization.people.values() if p.accounts.get(project.tool) == project.lead), ""
    )


def about_it(organization: Organization, person: str, page: RolePage, project: BasisProject) -> bool:
    if page.kind is PageKind.PROJECTS:
        return bool(project.lead) and manager(organization, project) == person
    if page.kind is PageKind.PROGRAM:
        agreed = any(project.office in (each.giver, each.taker) for each in organization.agreements)
        return project.program == page.about and (agreed or project.office not in apart(organization))
    if page.kind is PageKind.OFFICE:
        return project.office == page.about
    return leads_there(organization, page.about, project.office)


def may_be_named(organization: Organization, person: str, project: BasisProject) -> bool:
    office = organization.offices[project.office]
    if project.key.partition("/")[2] not in office.restricted:
        return True
    program = organization.programs.get(project.program)
    elector = (program.manager or program.deputy) if program else ""
    leaders = nearest_leader(organization, project.office)[:1]
    over = [
        p
        for o in leaders
        for r in (Role.HEAD, Role.APPROVER)
        for p in organization.offices[o].roles.get(r, ())
    ]
    return person in (
        *office.roles.get(Role.HEAD, ()),
        elector,
        manager(organization, project) if project.lead else "",
        *over,
    )


def words(text: str) -> set[str]:
    """The words of a text; one with a dash whole and in its parts."""
    return {*re.findall(r"[\w-]+", text), *re.findall(r"\w+", text)}


def leaks(network: Planted, sight: type[Sight] = Sight) -> Iterator[str]:
    """What stands on a page that its reader may not see there, and pages of those who have no such role."""
    organization = network.organization
    for person in organization.people:
        for page in pages_of(organization, person, network.basis.projects):
            text = shown(network, person, page, sight)
            said = words(text)
            for project in network.basis.projects:
                number, own = re.findall(r"Title(\d+)q", project.title)[0], project.key.partition("/")[2]
                marks = {
                    f"Title{number}q",
                    f"Mend{number}q",
                    f"Asked{own}q",
                    f"Moved{own}q",
                    f"p-{number}",
                    own,
                    f"Stranger{number}q",
                }
                there = marks & said
                if there and not (
                    about_it(organization, person, page, project)
                    and may_be_named(organization, person, project)
                ):
                    yield from (f"{person} {page}: {mark}" for mark in sorted(there))
            yield from people_leaked(network, person, page, text)


def people_leaked(network: Planted, person: str, page: RolePage, text: str) -> Iterator[str]:
    """People of offices that the page is not about, nor above one that it is about."""
    organization = network.organization
    concerned = {p.office for p in network.basis.projects if about_it(organization, person, page, p)}
    known = {page.about} if page.kind is PageKind.OFFICE else concerned
    path = set()
    for office in known & organization.offices.keys():
        at: str | None = office
        while at is not None:
            path.add(at)
            at = organization.offices[at].parent
    if page.kind in (PageKind.BOARD, PageKind.DIRECTOR):
        path = {o for o in organization.offices if leads_there(organization, page.about, o)} | {page.about}
    seen = {p for o in path for held in organization.offices[o].roles.values() for p in held}
    about = {p.program for p in network.basis.projects if about_it(organization, person, page, p)}
    seen |= {x for p in organization.programs.values() if p.id in about for x in (p.manager, p.deputy)}
    seen |= {manager(organization, p) for p in network.basis.projects if p.office in concerned} | {person}
    said = words(text)
    for other in organization.people.values():
        if other.id not in seen and other.name.split()[0] in said:
            yield f"{person} {page}: {other.name}"


@pytest.mark.parametrize(
    "first", [pytest.param(n, marks=pytest.mark.servers if n else ()) for n in range(0, NETWORKS, 10)]
)
def test_over_all_pages_of_all_roles_no_reader_gets_what_the_role_may_not_see(first) -> None:
    pages = 0
    for seed in range(first, first + 10):
        network = planted(seed)
        found = list(leaks(network))
        assert found == [], f"seed {seed}: {found[:3]}"
        people, projects = network.organization.people, network.basis.projects
        pages += sum(len(pages_of(network.organization, person, projects)) for person in people)
    assert pages > 150


class NamesAll(Sight):
    """The planted fault: it names everything that the page is about."""

    def names(self, project: BasisProject) -> bool:
        return self.includes(project)


class IncludesAll(Sight):
    """Another: the page is about everything."""

    def includes(self, project: BasisProject) -> bool:
        return bool(project.key)


@pytest.mark.parametrize("fault", [NamesAll, IncludesAll])
def test_a_page_that_leaks_a_project_is_caught(fault) -> None:
    assert [line for seed in range(4) for line in leaks(planted(seed), fault)]


def test_a_page_that_leaks_a_person_is_caught(monkeypatch) -> None:
    def everybody(sheet: RoleSheet, *_: object) -> tuple[Person, ...]:
        return tuple(sheet.sight.organization.people.values())[:3]

    monkeypatch.setattr(RoleSheet, "people", everybody)
    assert [line for line in leaks(planted(1)) if "Person" in line]


def test_what_a_role_may_see_is_there_and_what_is_hidden_is_counted() -> None:
    network = planted(3)
    organization = network.organization
    named = hidden = 0
    for person in organization.people:
        for page in pages_of(organization, person, network.basis.projects):
            sheet = role_sheet(Sight(organization, person, page, TODAY), network.basis)
            text = shown(network, person, page)
            named += sum(each.title.split()[0] in text for each in sheet.projects)
            own = [p for p in network.basis.projects if about_it(organization, person, page, p)]
            assert len(sheet.projects) == len(own)
            assert sheet.hidden == sum(not may_be_named(organization, person, p) for p in own)
            if sheet.hidden:
                hidden += 1
                assert re.search(rf"including {sheet.hidden} restricted project|\b{sheet.hidden}\b", text)
    assert named > 100
    assert hidden > 5


def test_who_has_no_role_any_more_has_no_page() -> None:
    network = planted(1)
    for person in network.organization.people:
        bare = {k: replace(o, roles={r: tuple(p for p in held if p != person) for r, held in o.roles.items()})
                for k, o in network.organization.offices.items()}  # fmt: skip
        programs = {k: replace(p, manager=p.manager.replace(person, ""), deputy=p.deputy.replace(person, ""))
                    for k, p in network.organization.programs.items()}  # fmt: skip
        people = {
            k: replace(p, accounts={}) if k == person else p for k, p in network.organization.people.items()
        }
        lost = replace(network.organization, offices=bare, programs=programs, people=people)
        assert pages_of(lost, person, network.basis.projects) == ()
        gone = replace(network.organization, people={k: p for k, p in people.items() if k != person})
        assert pages_of(gone, person, network.basis.projects) == ()


def test_a_page_is_below_a_megabyte_at_any_size_and_has_no_id_of_a_fact() -> None:
    network = planted(5, projects=1000, offices=40)
    for kind, person, page in one_of_each(network):
        content = role_html(
            role_sheet(Sight(said_in_words(network.organization), person, page, TODAY), network.basis),
            Visited("/person/x", (page,), TODAY),
        )
        assert len(content) < 80_000, kind
        assert re.findall(rb"\b(?:plan|project|cost|field|report|gates)\.[a-z_]+\b", content) == []


def one_of_each(network: Planted) -> Iterator[tuple[PageKind, str, RolePage]]:
    """A person and page of each kind, that with the most on it."""
    projects = network.basis.projects
    found: dict[PageKind, tuple[int, str, RolePage]] = {}
    for person in network.organization.people:
        for page in pages_of(network.organization, person, projects):
            seen = Sight(network.organization, person, page, TODAY)
            count = sum(map(seen.includes, projects))
            found[page.kind] = max(
                found.get(page.kind, (-1, "", page)), (count, person, page), key=lambda one: one[0]
            )
    assert set(found) == set(PageKind)
    for kind, (_, person, page) in found.items():
        yield kind, person, page

"""A page that is about no project says why, shows no figure, and names who is asked where nobody has the role."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from domain.organization.office import OfficeKind, Role
from domain.reporting.roles.readers import PageKind, RolePage, Sight
from domain.reporting.roles.sheet import role_sheet
from reports.roles.page import FeedbackCounts, Visited, role_html
from tests.domain.reporting.roles.planted import TODAY, Planted, planted

OFFICE = "of2"
HEAD = "head-of-2"
NOTHING = FeedbackCounts()


def emptied(network: Planted, *, read: bool) -> Planted:
    """The network where one office has no project and nobody but a head, and was read or never."""
    organization, basis = network.organization, network.basis
    person = replace(
        next(iter(organization.people.values())), id=HEAD, name="Zofia Wiśniewska", language="en"
    )
    offices = tuple(
        replace(each, stale=not read, read_at=each.read_at if read else None) if each.id == OFFICE else each
        for each in basis.offices
    )
    own = replace(organization.offices[OFFICE], roles={Role.HEAD: (HEAD,)}, kind=OfficeKind.PROJECT)
    return Planted(
        replace(
            organization,
            offices={**organization.offices, OFFICE: own},
            people={**organization.people, HEAD: person},
        ),
        replace(
            basis,
            offices=offices,
            projects=tuple(each for each in basis.projects if each.office != OFFICE),
            questions=tuple(each for each in basis.questions if each.office != OFFICE),
        ),
    )


def page(network: Planted, feedback: FeedbackCounts = NOTHING) -> str:
    about = RolePage(PageKind.OFFICE, OFFICE)
    sight = Sight(network.organization, HEAD, about, TODAY)
    visited = Visited("/person/x", (about,), TODAY, feedback=feedback)
    made = role_html(role_sheet(sight, network.basis), visited).decode()
    return re.sub(r"<style>.*?</style>|</?bdi>", "", made, flags=re.DOTALL)


def test_what_is_open_between_the_offices_stands_on_the_page_and_leads_to_it() -> None:
    said = page(emptied(planted(3), read=True), FeedbackCounts(2, 1, 1, 3))
    for path, words in (
        ("cases", "2</span> cases of feedback wait for an office"),
        ("cases", "1</span> objection is open"),
        ("directives", "1</span> directive is in force"),
        ("directives", "3</span> addressees are overdue"),
    ):
        assert re.search(rf'<a href="/person/x/{path}">(?:(?!</a>).)*{re.escape(words)}', said), words
    assert "/person/x/cases" not in page(emptied(planted(3), read=True))


def test_an_office_that_was_never_read_is_not_said_to_have_reported() -> None:
    said = page(emptied(planted(3), read=False))
    assert "This office was never read, so nothing is known of its projects." in said
    assert "Have the office read again, or report" in said
    assert "(nobody; head: Zofia Wiśniewska)" in said


@pytest.mark.parametrize("read", [True, False])
def test_a_page_about_no_project_has_no_figures_and_no_empty_section(read) -> None:
    said = page(emptied(planted(3), read=read))
    assert '<ul class="figures">' not in said
    assert re.findall(r"<ul[^>]*>\s*</ul>|<section[^>]*>\s*(?:<h2.*?</h2>\s*)?</section>", said) == []
    assert ("This office has no project under Method 2.0." in said) is read


def test_the_control_an_office_with_projects_has_figures() -> None:
    network = planted(3)
    kept = Planted(emptied(network, read=True).organization, network.basis)
    assert '<ul class="figures">' in page(kept)

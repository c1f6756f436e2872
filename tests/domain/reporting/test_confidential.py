"""Of an office with restricted projects nothing of its tool is shown of which it is not known whose it is."""

from dataclasses import replace
from datetime import date

from domain.delivery.held import Cause, Held
from domain.delivery.wanted import WantedKind
from domain.organization.accounts import person_of
from domain.organization.office import Person, Role
from domain.plans.left_out import LeftOut, LeftOutKind
from domain.plans.project import Unreadable
from domain.reporting.confidential import (
    NOT_SHOWN,
    Whose,
    may_see,
    shown_cells,
    shown_held,
    shown_left_out,
    withheld,
)
from tests.domain.builders import MONDAY, noon, office, organization
from tests.domain.reporting.packs import example_pack

OPEN, CLOSED = office("porto"), office("oslo", restricted=frozenset({"7"}))
CELL = Unreadable("Projects!B7", "Merger with Acme", "no date")


def test_a_cell_that_was_not_understood_is_shown_without_what_it_says() -> None:
    assert shown_cells(OPEN, [CELL]) == (CELL,)
    assert shown_cells(CLOSED, [CELL]) == (Unreadable("Projects!B7", "", NOT_SHOWN),)


def test_what_was_left_out_and_what_is_held_is_counted_without_places_and_reasons() -> None:
    left_out = LeftOut(LeftOutKind.IGNORED_ROW, 2, ("Acme!A1",))
    held = Held("k", "oslo", WantedKind.QUESTION, Cause.REFUSED, "row Acme is locked", noon(MONDAY))
    assert shown_left_out(OPEN, [left_out]) == (left_out,)
    assert shown_held(OPEN, held) == held
    assert str(shown_left_out(CLOSED, [left_out])[0]) == "2 ignored rows"
    assert shown_held(CLOSED, held).why == ""


def test_an_earlier_pack_counts_what_is_restricted_now_and_names_it_no_more() -> None:
    pack = example_pack()
    key = pack.projects[0].key
    found = withheld(pack, frozenset({key}))
    assert key not in {each.key for each in found.projects}
    assert found.restricted == pack.restricted + 1
    assert all(part.number != pack.projects[0].number for figure in found.figures for part in figure.parts)
    assert withheld(pack, frozenset()) is pack


def test_few_may_see_a_restricted_project_and_all_another() -> None:
    people = {
        each: Person(each, each, accounts={"t": "Ann  LEE"} if each == "ann" else {})
        for each in ("ann", "bob", "cy", "dee")
    }
    hq = {Role.HEAD: ("cy",), Role.REPORTER: ("dee",)}
    of = organization(
        office("oslo", restricted=frozenset({"7"}), roles={Role.HEAD: ("bob",), Role.SPONSOR: ("dee",)})
    )
    offices = {**of.offices, "hq": replace(of.offices["hq"], roles=hq)}
    of = replace(of, offices=offices, people=people)
    mine = Whose("oslo/7", "oslo", lead="ann lee", tool="t")
    assert [each for each in people if may_see(of, each, mine, date(2027, 1, 4))] == ["ann", "bob", "cy"]
    assert may_see(of, "dee", Whose("oslo/8", "oslo"), date(2027, 1, 4))


def test_an_account_of_two_people_is_nobody_s() -> None:
    people = {each: Person(each, each, accounts={"t": "Ann"}) for each in ("ann", "bob")}
    of = replace(organization(), people=people)
    assert person_of(of, "hq", "Ann", "t") is None
    assert person_of(of, "hq", "", "t") is None

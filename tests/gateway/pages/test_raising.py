"""An office raises feedback, or objects, on a page of its person's: looked at first, stored once, then a case."""

from __future__ import annotations

import pytest

from config.page_raisings import raisings
from domain.cases.case import Case
from domain.cases.kinds import Way
from tasks.page_raisings import take_page_raisings
from tasks.transactions import short
from tests.gateway.pages.approvers import Approving, approving, words
from tests.gateway.pages.test_desk import desk_of

WHY = 'the port authority <script>alert("x")</script> asks for another form'
FORM = {"office": "gdansk", "kind": "feedback", "about": "report monthly", "cause": "regulatory", "why": WHY}


@pytest.fixture
def made(tmp_path, monkeypatch):
    with approving(tmp_path, monkeypatch) as found:
        yield found


def page_of(made: Approving, person: str = "jan") -> str:
    return f"{desk_of(made, person).removesuffix('/desk')}/raise"


def sent(made: Approving, page: str, step: str = "look", **fields: str):
    return made.post_form(page, {**made.form(page), **FORM, "step": step, **fields})


def kept(made: Approving) -> list:
    with made.desk.application.store.read() as unit:
        return list(raisings(unit).values())


def taken(made: Approving) -> int:
    there = made.desk.application
    return take_page_raisings(short(there.store), there.clock, there.rulebook)


def cases(made: Approving) -> tuple[Case, ...]:
    with made.desk.application.store.read() as unit:
        return unit.cases.all()


def test_it_is_looked_at_before_anything_is_stored_and_then_becomes_a_case_once(made: Approving) -> None:
    page = page_of(made)
    first = made.get(page).text
    assert 'value="raise"' not in first, "nothing is raised that was not looked at"
    looked = sent(
        made, page, deadline="2027-03-01", citation="Ports Act 12", check="attested: we may file it"
    )
    assert "Nothing is stored yet. It can be raised like this for Biuro Gdańsk" in words(looked.text)
    assert 'value="raise"' in looked.text
    assert "<script>alert" not in looked.text
    assert kept(made) == []
    for _ in range(2):
        answer = sent(made, page, "raise", citation="Ports Act 12", deadline="2027-03-01")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{page}#before")
    assert "it is taken within the hour" in words(made.get(page).text)
    assert [taken(made), taken(made)] == [1, 0]
    (case,) = cases(made)
    (who,) = case.raisers
    assert (case.counterpart, case.objection, who.office, who.person) == ("centrala", False, "gdansk", "jan")
    assert (who.way, who.reason, case.deadline.citation) == (Way.PAGE, WHY, "Ports Act 12")
    assert not case.steps[0].entered, "the person said it, no operator entered it"
    assert f"/cases/{case.id}" in made.get(page).text
    assert all(each.why == "" for each in kept(made)), "the case has the text"
    assert made.get(f"{page.removesuffix('/raise')}/cases/{case.id}").status_code == 200


@pytest.mark.parametrize(
    ("fields", "at", "told"),
    [
        ({"about": "something"}, "about", "does not say"),
        ({"cause": ""}, "cause", "it says no cause"),
        ({"why": "no"}, "why", "it gives no reason"),
        ({"check": "we are happy"}, "check", "it does not say what is to hold"),
        ({"deadline": "soon", "citation": "x"}, "deadline", "is no date"),
        ({"deadline": "2027-03-01"}, "citation", "a day is set by a law that is not named"),
        ({"office": "lodz"}, "office", "You may not do that for this office"),
        ({"office": "atlantis"}, "office", "You may not do that for this office"),
        ({"kind": "objection"}, "about", "nobody objects to that"),
        ({"cause": "legal; office=lodz"}, "cause", "is no cause"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(made, fields, at, told) -> None:
    page = page_of(made)
    for step in ("look", "raise"):
        answer = sent(made, page, step, **fields)
        assert answer.status_code == 200
        assert f'id="{at}-problem"' in answer.text
        assert f'{at}-problem" aria-invalid="true"' in answer.text
        assert told in words(answer.text)
        assert 'value="raise"' not in answer.text
        typed = next(iter(fields.values()))
        assert typed == "" or typed in answer.text or at in ("office", "cause", "about")
    assert kept(made) == []


def test_a_reporter_raises_feedback_and_may_not_object_and_who_speaks_for_no_office_is_told_whom_to_ask(
    made: Approving,
) -> None:
    page = page_of(made, "ewa")
    assert "Noch ist nichts gespeichert." in words(sent(made, page).text), "in her language"
    answer = sent(made, page, "raise", kind="objection", about="version metoda/1.0")
    assert "bitten Sie seine Leitung" in words(answer.text)
    assert "You speak for no office." in words(made.get(page_of(made, "lea")).text)


def test_a_form_of_another_link_is_not_taken_and_looking_changes_nothing(made: Approving) -> None:
    page, other = page_of(made), page_of(made, "ola")
    answer = made.post_form(page, {**made.form(other), **FORM, "step": "raise"})
    assert answer.status_code == 403
    for _ in range(2):
        assert made.get(f"{page}?about=report%20monthly&kind=objection&step=raise").status_code == 200
    assert kept(made) == []


def test_what_an_address_names_stands_in_the_form(made: Approving) -> None:
    shown = made.get(f"{page_of(made)}?about=directive%20directive-0123456789ab&kind=objection").text
    assert 'value="directive directive-0123456789ab"' in shown
    assert 'value="objection" checked' in shown


def test_what_cannot_become_a_case_is_told_on_the_page_with_what_to_do(made: Approving) -> None:
    page = page_of(made)
    assert sent(made, page, "raise", about="template nothing-here").status_code == 303
    assert taken(made) == 0
    assert cases(made) == ()
    shown = words(made.get(page).text)
    assert "no template 'nothing-here' is released" in shown
    assert taken(made) == 0, "it is told once"


def test_who_lost_the_role_meanwhile_raises_nothing(made: Approving) -> None:
    page = page_of(made)
    assert sent(made, page, "raise").status_code == 303
    people = made.desk.application.organization.offices["gdansk"].roles
    for role in list(people):
        people[role] = ("ola",)
    assert taken(made) == 0
    assert cases(made) == ()
    assert "whoever is named may not raise feedback" in words(made.get(page).text)


def test_the_desk_leads_to_it(made: Approving) -> None:
    desk = desk_of(made, "jan")
    assert f'href="{desk.removesuffix("/desk")}/raise"' in made.get(desk).text

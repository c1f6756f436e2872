"""The pages of cases by a person's own link: their offices' alone, with whose turn it is and every step."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.cases.case import About, Case, Raised, Said
from domain.cases.kinds import AboutKind, CaseCause, OutcomeKind, Side
from domain.cases.moving import proposed, raised
from gateway.pages.dashboard import dashboard_of
from gateway.pages.roles import feedback_of
from reports.render import index_html
from reports.roles.page import FeedbackCounts
from tests.gateway.pages.approvers import approving
from tests.gateway.pages.test_desk import desk_of

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
WHY = 'the port authority <script>alert("x")</script> asks for longer plans'


@pytest.fixture
def made(tmp_path, monkeypatch):
    with approving(tmp_path, monkeypatch) as found:
        yield found


def test_a_person_sees_the_cases_of_their_offices_and_whoever_has_no_part_in_one_sees_none(made) -> None:
    about = About(AboutKind.RULE, "finish.known", "metoda", "1.0")
    who = Raised("gdansk", "jan", AT, CaseCause.REGULATORY, WHY)
    case = raised(Case("case-1", about, (who,), "centrala"), Said(AT, "jan"))
    case = proposed(case, Side.COUNTERPART, OutcomeKind.TAILORING, "80 tasks", Said(AT, "ewa"))
    with made.desk.application.store.begin() as unit:
        unit.cases.add(case)
        unit.commit()
    desk = desk_of(made, "jan")
    base = desk.removesuffix("/desk")
    assert f'href="{base}/cases"' in made.get(desk).text
    listed = made.get(f"{base}/cases")
    assert listed.status_code == 200
    for said in ("1 case of feedback is open", "the rule finish.known of metoda/1.0", "proposal"):
        assert said in listed.text
    assert "Biuro Gda" in listed.text
    page = made.get(f"{base}/cases/case-1").text
    for said in ("tailoring", "80 tasks", "is asked now", "entered by an operator", "No clock runs"):
        assert said in page
    assert "<script>alert" not in page
    assert made.get(f"{base}/cases/case-2").status_code == 404
    other = desk_of(made, "ola").removesuffix("/desk")
    assert "Your offices take part in no case." in made.get(f"{other}/cases").text
    assert made.get(f"{other}/cases/case-1").status_code == 404
    german = desk_of(made, "ewa").removesuffix("/desk")
    assert "Anliegen" in made.get(f"{german}/cases").text


def test_the_first_page_counts_the_cases_and_objections_that_wait(made) -> None:
    application = made.desk.application
    about = About(AboutKind.VERSION, "metoda/1.0", "metoda", "1.0")
    who = Raised("gdansk", "jan", AT, CaseCause.CAPACITY, WHY, stops=True)
    case = raised(Case("case-1", about, (who,), "centrala", objection=True), Said(AT, "jan"))
    with application.store.begin() as unit:
        before = dashboard_of(application, unit, (), everything=True)
        unit.cases.add(case)
        board = dashboard_of(application, unit, (), everything=True)
        there, now = application.organization, application.clock.now()
        seen = {person: feedback_of(unit, there, person, now) for person in ("jan", "ewa", "ola")}
    assert seen == {"jan": FeedbackCounts(1, 1), "ewa": FeedbackCounts(1, 1), "ola": FeedbackCounts()}
    assert (before.cases, before.objections) == (0, 0)
    assert (board.cases, board.objections) == (1, 1)
    page = index_html(board).decode()
    assert "case of feedback waits for an office" in page
    assert "objection is open: neither late nor adopted" in page

"""The pages of directives by a person's own link: who issued it sees every line, who got it their own alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.cases.case import AcceptanceCheck, Said
from domain.cases.kinds import CheckKind
from domain.directives.directive import Addressed, Directive
from domain.directives.following import acknowledged, delivered, issued
from gateway.pages.dashboard import dashboard_of
from reports.render import index_html
from tests.gateway.pages.approvers import approving
from tests.gateway.pages.test_desk import desk_of

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
TEXT = 'Have every crane <script>alert("x")</script> inspected'


@pytest.fixture
def made(tmp_path, monkeypatch):
    with approving(tmp_path, monkeypatch) as found:
        yield found


def one(made) -> Directive:
    """One to an office, delivered and acknowledged when it was issued."""
    organization = made.desk.application.organization
    new = Directive(
        "directive-1", "centrala", TEXT, Addressed(("gdansk",)), date(2027, 1, 20), 5,
        AcceptanceCheck(CheckKind.ATTESTED, "all were inspected"), "ewa", AT, entered=True, why="two failed",
    )  # fmt: skip
    there = issued(new, organization, Said(AT, "ewa"))
    there = delivered(there, "gdansk", "head", AT, Said(AT))
    return acknowledged(there, "gdansk", "head", Said(AT, "jan"))


def test_who_issued_it_sees_every_line_and_who_has_no_part_in_it_sees_nothing(made) -> None:
    with made.desk.application.store.begin() as unit:
        unit.directives.add(one(made))
        unit.commit()
    for person in ("ewa", "jan"):
        desk = desk_of(made, person)
        base = desk.removesuffix("/desk")
        assert f'href="{base}/directives"' in made.get(desk).text
        listed = made.get(f"{base}/directives")
        assert listed.status_code == 200
        page = made.get(f"{base}/directives/directive-1").text
        assert "Biuro Gda" in page
        assert "<script>alert" not in page + listed.text
        assert made.get(f"{base}/directives/directive-2").status_code == 404
    base = desk_of(made, "jan").removesuffix("/desk")
    page = made.get(f"{base}/directives/directive-1").text
    for said in ("acknowledged", "not attested", "20 January 2027", "entered by an operator", "two failed"):
        assert said in page
    assert "1 directive is in force" in made.get(f"{base}/directives").text
    other = desk_of(made, "ola").removesuffix("/desk")
    assert "Your offices issued no directive and got none." in made.get(f"{other}/directives").text
    assert made.get(f"{other}/directives/directive-1").status_code == 404
    german = desk_of(made, "ewa").removesuffix("/desk")
    assert "Weisung" in made.get(f"{german}/directives").text


def test_the_first_page_counts_the_directives_and_who_is_late(made) -> None:
    application = made.desk.application
    with application.store.begin() as unit:
        before = dashboard_of(application, unit, (), everything=True)
        there = one(made)
        unit.directives.add(there)
        board = dashboard_of(application, unit, (), everything=True)
    late = application.clock.now().date() > there.due
    assert (before.directives, before.directives_late) == (0, 0)
    assert (board.directives, board.directives_late) == (1, int(late))
    assert "1 directive is in force" in index_html(board).decode().replace("</span>", "").replace(
        '<span data-figure="directives">', ""
    )

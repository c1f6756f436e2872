"""Who stands in for somebody opens that office's page while it lasts; who left opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from config.standing_in import end, set_absence
from domain.organization.absence import Absence
from tests.gateway.pages.desk import Desk, desk, printed


@pytest.fixture
def made(tmp_path, monkeypatch) -> Iterator[Desk]:
    with desk(tmp_path, monkeypatch) as found:
        yield found


def opens(made: Desk, link: str) -> int:
    """What the gateway answers to a link."""
    return made.http.get(f"{made.origin}{link[link.index('/office/') :]}").status_code


def test_a_deputy_opens_the_page_of_the_office_until_the_absence_ends(made: Desk) -> None:
    application = made.application
    today = application.clock.now().date()
    away = Absence("jan", today, today + timedelta(days=3), "ola")
    printed("link", "ola", "--upload", "gdansk", code=1)
    id_ = set_absence(application.organization, application.store, application.clock, away, "jan").id
    links = {person: made.link(person) for person in ("ola", "jan")}
    assert [opens(made, links[person]) for person in ("ola", "jan")] == [200, 200], "who is away too"
    end(application.store, application.clock, id_)
    assert [opens(made, links[person]) for person in ("ola", "jan")] == [403, 200]


def test_a_link_of_somebody_who_left_opens_nothing(made: Desk) -> None:
    link = made.link("jan")
    assert opens(made, link) == 200
    people = made.application.settings.organization / "people.yaml"
    text, last = people.read_text("utf-8"), made.application.clock.now().date() - timedelta(days=1)
    assert "{id: jan," in text
    people.write_text(text.replace("{id: jan,", f"{{id: jan, until: {last},"), "utf-8")
    assert opens(made, link) == 403

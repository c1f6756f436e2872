"""The head of an office answers at a page: first the office's estimate, then what the plan needs; then it is made."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from lxml import html
from starlette.applications import Starlette

from config.keyfile import link_key
from config.standing_in import set_absence
from config.tokens import person_token
from domain.organization.absence import Absence
from domain.pages.link import PageLink
from gateway.limits import Rates
from gateway.pages.localizing import localizing_pages
from tasks import context
from tests.tasks.conftest import at_desk, leave
from tests.tasks.test_localizing import PLAN, sharing

FIGURES = ("Hours of work", "The template", "Working days")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sharing(tmp_path_factory.mktemp("kept"))


class Visitor:
    """Opens and sends pages in a person's name."""

    def __init__(self, person: str) -> None:
        self.application = context.current_application()
        now = self.application.machine.now().replace(microsecond=0)
        link = PageLink(secrets.token_hex(8), "", person, now, now + timedelta(days=9))
        with self.application.store.begin() as unit:
            unit.page_links.add(link)
            unit.commit()
        self.base = f"/person/{person_token(link_key(self.application.settings.state), link)}/plans/"
        self.app = Starlette(routes=localizing_pages(self.application, Rates(lambda: 0.0)))

    def go(self, path: str, fields: Mapping[str, str] | None = None) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                method = "GET" if fields is None else "POST"
                headers = {} if fields is None else {"content-type": "application/x-www-form-urlencoded"}
                return await client.request(
                    method, self.base + path, data=fields, headers=headers, follow_redirects=True
                )

        return asyncio.run(asked())


@pytest.fixture
def head(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    at_desk(tmp_path, monkeypatch)
    yield Visitor("bo")
    leave()


def filled(page: httpx.Response) -> dict[str, str]:
    """Answers to the questions of a screen, whatever they are."""
    found: dict[str, str] = {}
    for field in html.fromstring(page.text).xpath("//form[@class='ask']//input"):
        name, kind = field.get("name"), field.get("type")
        if kind == "radio":
            found.setdefault(name, field.get("value"))
        elif name.startswith("rate "):
            found[name] = "0,69"
        else:
            found[name] = "2027-03-01" if kind == "date" else ""
    found |= {"project": "P-1"} if "project" in found else {}
    found |= {name: "a bank" for name in found if name.startswith("rate-by")}
    return found | {name: "Bo Lind" for name in found if name == "role analyst"}


def walked(head: Visitor, page: httpx.Response) -> httpx.Response:
    """Through all screens to the plan that follows."""
    while "/plans/porto/system/plan" not in str(page.url):
        fields = filled(page)
        assert len(fields) <= 5
        page = head.go("porto/system/" + page.url.path.rpartition("/")[2], fields)
        assert page.status_code == 200
    return page


def test_the_office_estimates_first_then_answers_and_makes_its_plan_once(head: Visitor) -> None:
    assert "porto/system/0" in head.go("").text
    for early in ("porto/system/plan", "porto/system/1", "porto/system/0"):
        first = head.go(early)
        assert first.url.path.endswith("/0")
        assert not any(words in first.text for words in FIGURES)
    page = walked(head, head.go("porto/system/0", {"effort": "300", "days": "40", "cost": "120000,50"}))
    assert all(words in page.text for words in FIGURES)
    assert ">300<" in page.text
    chart = head.go("porto/system/chart").text
    assert "vacant: trainer" in chart
    assert "to be filled by Bo Lind until" in chart
    assert "Away while their tasks run" not in page.text + chart
    there, new = head.application, Absence("bo", date(2027, 2, 22), date(2027, 6, 30))
    set_absence(there.organization, there.store, there.clock, new, "bo")
    for text in (head.go("porto/system/plan").text, head.go("porto/system/chart").text):
        assert "Away while their tasks run" in text
        assert "Bo Lind</b>: analyst, away from 22 February 2027 to 30 June 2027" in text.replace(
            "<bdi>", ""
        ).replace("</bdi>", "")
        assert "to be covered by Bo Lind until" in text
    made = head.go("porto/system/make", {})
    assert "The plan is made." in made.text
    with head.application.store.read() as unit:
        stored = unit.derivations.find(PLAN)
        count = len(list(unit.ledger.entries()))
    assert stored.answers.estimate.effort == Decimal(300)
    assert stored.answers.estimate.cost.amount == Decimal("120000.50")
    assert stored.answers.roles["analyst"].person == "bo"
    assert {each.rate for each in stored.answers.rates} <= {Decimal("0.69")}
    head.go("porto/system/make", {})
    head.go("porto/system/0", {"effort": "900"})
    with head.application.store.read() as unit:
        assert unit.derivations.find(PLAN) == stored
        entries = list(unit.ledger.entries())
    assert len(entries) == count
    assert entries[-1].event.detail["entered_by_operator"] is False


def test_a_wrong_answer_stands_at_its_field_and_is_asked_again(head: Visitor) -> None:
    page = head.go("porto/system/0", {"effort": "1.250"})
    assert "this may be two numbers" in page.text
    head.go("porto/system/0", {"effort": "1250"})
    page = head.go("porto/system/1", {"anchor": "start", "on": "soon", "project": "", "target": "existing"})
    assert page.text.count("Not taken:") == 3
    assert "write a day, such as 2027-03-01" in page.text
    assert head.go("porto/system/plan").url.path.endswith("/1")


@pytest.mark.parametrize("person", ["ana", "carl"])
def test_who_is_not_the_offices_head_finds_nothing(head: Visitor, person: str) -> None:
    other = Visitor(person)
    for path in ("porto/system/0", "porto/system/plan", "porto/other/0", "nowhere/system/0"):
        assert other.go(path).status_code == 404
    assert other.go("porto/system/0", {"effort": "1"}).status_code == 404
    assert "system/0" not in other.go("").text
    with head.application.store.read() as unit:
        assert unit.derivations.estimated(PLAN) is None


def test_a_template_that_is_not_shared_is_not_there(head: Visitor) -> None:
    assert head.go("porto/nothing/0").status_code == 404
    assert head.go("porto/system/99").status_code in (404, 200)
    head.go("porto/system/0", {})
    assert head.go("porto/system/99").status_code == 404

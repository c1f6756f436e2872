"""A person's link opens the pages of the roles that they have when it is opened, and what those may see."""

from __future__ import annotations

import asyncio
import html
import re
import secrets
from datetime import timedelta

import httpx
from starlette.applications import Starlette

from config.keyfile import link_key
from config.tokens import office_token, person_token
from domain.ids import WorkItemKey
from domain.organization.office import Role
from domain.pages.link import PageLink
from gateway.limits import Rates
from gateway.pages.raising import raising_pages
from gateway.pages.roles import role_pages
from tasks.reporting import write_reports
from tests.tasks.conftest import Desk, forget
from tests.tasks.test_restricted import projects, restrict

HEAD, DIRECTOR, SECOND, BOARD, PROGRAM, LEAD = (
    "luciana-prado",
    "marijke-van-dijk",
    "sanne-de-wit",
    "hugo-vermeer",
    "carsten-thiel",
    "camila-nogueira",
)


class Visitor:
    """Opens pages of the running sample, as the gateway serves them."""

    def __init__(self, desk: Desk) -> None:
        application = desk.application
        self.application, self.key = application, link_key(application.settings.state)
        self.app = Starlette(routes=role_pages(application.settings.state / "reports", application))

    def link(self, person: str, office: str = "", days: int = 9) -> PageLink:
        now = self.application.machine.now().replace(microsecond=0)
        made = PageLink(secrets.token_hex(8), office, person, now, now + timedelta(days=days))
        with self.application.store.begin() as unit:
            unit.page_links.add(made)
            unit.commit()
        return made

    def of(self, person: str) -> str:
        return f"/person/{person_token(self.key, self.link(person))}"

    def get(self, path: str) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return await client.get(path, follow_redirects=True)

        return asyncio.run(asked())


def edited(desk: Desk, file: str, before: str, after: str) -> None:
    path = desk.folder / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def test_each_role_has_its_page_in_the_person_s_language(running) -> None:
    visitor = Visitor(running)
    for person, kind, words in (
        (BOARD, "board", "The board&#39;s page"),
        (DIRECTOR, "director", "The director&#39;s page"),
        (PROGRAM, "program/terminal-automation", "Die Seite der Programmleitung"),
        (HEAD, "office/santos", "A página da chefia do escritório"),
        (LEAD, "projects", "A página do gerente de projeto"),
    ):
        page = visitor.get(f"{visitor.of(person)}/")
        assert page.status_code == 200, person
        assert kind in str(page.url)
        assert words in page.text
        assert page.text.count('<li><span class="box">') <= 6
    nobody = visitor.get(f"{visitor.of('lotte-smit')}/")
    assert nobody.status_code == 403
    assert "Santos" not in nobody.text


def test_who_lost_the_role_sees_nothing_any_more_by_the_same_link(running) -> None:
    visitor = Visitor(running)
    head, program, lead = visitor.of(HEAD), visitor.of(PROGRAM), visitor.of(LEAD)
    assert [visitor.get(f"{each}/").status_code for each in (head, program, lead)] == [200, 200, 200]
    edited(running, "offices.yaml", "head: [luciana-prado]", "head: [rafael-teixeira]")
    edited(running, "programs.yaml", "    manager: carsten-thiel\n", "")
    edited(running, "people.yaml", "    accounts: {santos-workbook: Camila Nogueira}\n", "")
    assert [visitor.get(f"{each}/").status_code for each in (head, program, lead)] == [403, 403, 403]
    assert visitor.get(f"{head}/office/santos").status_code == 403
    assert visitor.get(f"{visitor.of('rafael-teixeira')}/office/santos").status_code == 200
    edited(running, "offices.yaml", "head: [rafael-teixeira]", "head: [rafael-teixeira")
    assert visitor.get(f"{visitor.of('rafael-teixeira')}/").status_code == 503, (
        "no role while the files are wrong"
    )


def test_a_link_opens_no_page_of_somebody_else_nor_of_an_office(running) -> None:
    visitor = Visitor(running)
    head = visitor.of(HEAD)
    for path in (
        "director/group",
        "board/group",
        "office/hamburg",
        "program/green-corridor",
        "projects",
        "x",
        "office/x",
    ):
        assert visitor.get(f"{head}/{path}").status_code == 404, path
    office = visitor.link(HEAD, "santos")
    for token in (person_token(visitor.key, office), office_token(visitor.key, office), "1.x.y"):
        assert visitor.get(f"/person/{token}/").status_code == 403
    made = visitor.link(HEAD)
    with visitor.application.store.begin() as unit:
        unit.page_links.revoke(made.id, visitor.application.machine.now())
        unit.commit()
    assert visitor.get(f"/person/{person_token(visitor.key, made)}/").status_code == 403
    assert (
        visitor.get(f"/person/{person_token(visitor.key, visitor.link(HEAD, days=-1))}/").status_code == 403
    )


def test_pages_behind_a_report_open_for_what_the_role_may_see_alone(running) -> None:
    visitor = Visitor(running)
    with visitor.application.store.read() as unit:
        basis = unit.role_bases.get("rollout-delivery-method-2-0")
    santos = {p.number for p in basis.projects if p.office == "santos"}
    opened = {
        who: {
            n
            for n in range(1, len(basis.projects) + 2)
            if visitor.get(f"{base}/pages/{basis.pages}/p-{n}").status_code == 200
        }
        for who, base in (
            (HEAD, visitor.of(HEAD)),
            (LEAD, visitor.of(LEAD)),
            (DIRECTOR, visitor.of(DIRECTOR)),
        )
    }
    assert opened[HEAD] == santos
    assert opened[LEAD] == {p.number for p in basis.projects if p.lead == "Camila Nogueira"} < santos
    assert opened[DIRECTOR] == {p.number for p in basis.projects}
    page = visitor.get(f"{visitor.of(LEAD)}/pages/{basis.pages}/p-{min(opened[LEAD])}").text
    links = re.findall(r'href="([^"#]*)"', page)
    assert [link for link in links if link not in ("../../", "data:,")] == [], "what does not open is no link"
    for name in ("g-follows", "offices", "method", "needs", f"o-{basis.offices[0].number}", "../x"):
        assert visitor.get(f"{visitor.of(LEAD)}/pages/{basis.pages}/{name}").status_code == 404
    assert visitor.get(f"{visitor.of(LEAD)}/reports/{basis.report}").status_code == 404
    director = visitor.of(DIRECTOR)
    assert visitor.get(f"{director}/reports/{basis.report}").status_code == 200
    assert visitor.get(f"{director}/reports/{basis.pages}/offices.html").status_code == 200


def readers(desk: Desk, title: str) -> dict[str, str]:
    """The text of all pages of everybody on whose pages the title stands, and of all others by `-` and their id."""
    visitor, seen = Visitor(desk), {}
    for person in visitor.application.organization.people:
        base = visitor.of(person)
        first = visitor.get(f"{base}/")
        tabs = re.findall(r'<li><a href="(/person/[^"]*)"', first.text) if first.status_code == 200 else []
        text = first.text + "".join(visitor.get(tab).text for tab in tabs)
        seen[person if title in text else f"-{person}"] = text
    return seen


def test_a_restricted_project_is_named_to_the_few_who_may_see_it_and_counted_for_the_others(running) -> None:
    """Who leads it is made a person here; its program has a manager, so that the deputy is not among the few."""
    project = projects(running)["group/GP-04"]
    edited(
        running,
        "people.yaml",
        "    name: Lotte Smit\n",
        f"    name: Lotte Smit\n    accounts: {{group-workbook: {project.lead}}}\n",
    )
    forget()
    write_reports()
    assert {BOARD, "anja-petersen"} & set(readers(running, project.title)) == {"anja-petersen"}, "the control"
    restrict(running, {"group": ["GP-04"]})
    write_reports()
    seen = readers(running, project.title)
    assert {person for person in seen if not person.startswith("-")} == {
        DIRECTOR, SECOND, PROGRAM, "lotte-smit"
    }  # fmt: skip
    assert "1 restricted project" in seen[f"-{BOARD}"]
    assert "1 vertrauliches Projekt" in seen["-anja-petersen"]


def test_a_head_objects_to_the_version_or_to_a_work_item_from_their_own_page(running) -> None:
    visitor = Visitor(running)
    visitor.app.router.routes[:0] = raising_pages(visitor.application, Rates(lambda: 0.0))
    with visitor.application.store.read() as unit:
        (rollout,) = unit.rollouts.all()
        members = {each.project: each.office for each in unit.rollouts.members(rollout.id)}
    items = 0
    for office in sorted(set(members.values())):
        (head, *_) = visitor.application.organization.offices[office].roles[Role.HEAD]
        version, *others = abouts(visitor, f"{visitor.of(head)}/office/{office}", office)
        assert version == "version delivery-method/2.0"
        for each in others:
            item = WorkItemKey.read(each.removeprefix("item "))
            assert (str(item.version), members[item.project]) == ("delivery-method/2.0", office)
            assert item.rule in {each.uid for each in visitor.application.versions[str(item.version)].rules}
        items += len(others)
    assert items, "a project has something to do"
    for person, kind in ((DIRECTOR, "director/group"), (PROGRAM, "program/terminal-automation")):
        assert "/raise?" not in visitor.get(f"{visitor.of(person)}/{kind}").text, kind


def abouts(visitor: Visitor, page: str, office: str) -> list[str]:
    """What the forms are about that a page leads to, each opened as an objection of that office."""
    found = []
    for link in re.findall(r'href="([^"]+/raise\?[^"]+)"', visitor.get(page).text):
        form = visitor.get(html.unescape(link)).text
        assert 'value="objection" checked' in form
        assert f'<option value="{office}" selected>' in form
        found += re.findall(r'id="about" name="about" value="([^"]+)"', form)
    return found

"""The figures of every page per role equal a separate slow recomputation from plans, ledger and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.language import ENGLISH, Languages
from domain.organization.office import Person, Program, Role, Tool
from domain.plans.project import Project
from domain.reporting.roles.readers import Sight, pages_of
from domain.reporting.roles.sheet import role_sheet
from domain.standards.tailoring import Rulebook
from reports.made import made_of
from reports.roles.page import RoleWords, Visited, role_html
from reports.roles.verdict import _figures
from tasks import context, sweeping
from tasks.role_bases import RoleGathering
from tasks.transactions import short
from tests.reports.figures import tokens
from tests.reports.role_lists import differences as of_lists
from tests.reports.roles.test_rights import about_it, leads_there, may_be_named
from tests.reports.slow import OfRollout
from tests.reports.slow_lists import Lists
from tests.reports.slow_roles import told
from tests.tasks.conftest import Desk
from tests.tasks.grown import Grown
from tests.tasks.test_random_networks import empty, in_memory
from tests.tasks.test_recomputed import Seen, grown, planted, seen_by

__all__ = ["empty", "in_memory"]
FEW = 2
PARTS = {
    "verdict": r"<h1>(.*?)</h1>",
    "wave": r'<p class="state">(.*?)</p>',
    "tile": r'<li><span class="box">(.*?)</li>',
    "bar": r'<tr><th scope="row">(.*?)</tr>',
}


def numbers(html: str, part: str) -> list[list[str]]:
    """The numbers of each such part of a page."""
    return [tokens(re.sub(r"<[^>]*>", " ", found)) for found in re.findall(PARTS[part], html, re.DOTALL)]


def differences(seen: Seen) -> Iterator[str]:
    """Where a page of anybody says another number than the recomputation."""
    roles, organization = RoleGathering(seen.unit, seen.network), seen.rulebook.organization
    for rollout, given, report in seen.rollouts:
        basis, again = roles.of(given, report, made_of(report)), OfRollout(seen.slow, rollout)
        projects = told(organization, again)
        for person in organization.people:
            pages = pages_of(organization, person, basis.projects)
            for page in pages:
                own = [p for p in projects if about_it(organization, person, page, p)]
                named = {p.key for p in own if may_be_named(organization, person, p)}
                wanted = Lists(again, page, own, named, leads_there)
                sight = Sight(organization, person, page, again.today)
                html = role_html(role_sheet(sight, basis), Visited("/person/x", pages, again.today)).decode()
                expected = {
                    "verdict": [wanted.verdict()],
                    "wave": [wanted.wave()],
                    "tile": wanted.tiles(),
                    "bar": wanted.bars(),
                }
                if page.kind == "projects":
                    del expected["verdict"]
                where = f"{person}, {page.kind} {page.about}"
                yield from (f"{each} of {where}" for each in of_lists(html, wanted))
                for part, texts in expected.items():
                    if numbers(html, part) != list(map(tokens, texts)):
                        yield (
                            f"{part} of {person}, {page.kind} {page.about}: the page says "
                            f"{numbers(html, part)}, recomputed {list(map(tokens, texts))}"
                        )


def in_english(rulebook: Rulebook) -> Rulebook:
    organization = replace(rulebook.organization, languages=Languages(lambda _: ENGLISH))
    return replace(rulebook, organization=organization)


def of_sample(desk: Desk) -> list[str]:
    with seen_by(desk) as seen:
        return list(differences(replace(seen, rulebook=in_english(seen.rulebook))))


@pytest.mark.servers
def test_after_two_weeks_of_the_sample_the_figures_of_every_page_equal_their_recomputation(
    running: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert of_sample(running) == []
    planted(monkeypatch, "role.html.j2", "all=bar_of.total", "all=bar_of.total + 1")
    found = of_sample(running)
    assert found, "the control"
    assert all(each.startswith("bar of") for each in found)


COLUMNS = {
    "projects": {
        "sheet": "Projects",
        "columns": {
            "id": "No.", "title": "Title", "lead": "Manager", "sponsor": "Pays", "finish": "Ende",
            "percent_complete": "% done",
        },
        "fields": {"register": "Risk register"},
    },
    "items": {"sheet": "Work", "columns": {"id": "Item", "project": "Of", "title": "What", "percent": "Done"}},
}  # fmt: skip
LEADS = ("Ayşe Kaya", "Jo Berg", "")


def _told_of(project: Project, n: int, made: Grown) -> Project:
    """The project as it is read now: with program and manager, and every third has another sponsor than before.

    Every second one keeps the other rules now.
    """
    office, today = int(project.office[1:]), made.clock.now().date()
    if n % 2:
        project = replace(project, fields={"register": "risks.docx"}, baseline_finish=project.finish)
    return replace(
        project,
        program=f"p{n % 3}" if n % 3 else None,
        lead=LEADS[n % 2],
        ref=f"Projects!A{n + 2}",
        sponsor=project.sponsor if n % 3 else None if project.sponsor else "Ayşe Kaya",
        last_report=today if office % 2 else None,
    )


def peopled(made: Grown) -> Rulebook:
    """The network with programs, project managers, heads, a director and a sponsor, and restricted projects."""
    with made.store.begin() as unit:
        for office in made.offices:
            own = [stored.plan for stored in unit.plans.current(office)]
            told_of = [
                replace(p, project=_told_of(p.project, n, made)) for n, p in enumerate(own) if n % 6 != 5
            ]
            unit.plans.put(office, told_of, made.clock.now())
        for n, each in enumerate(unit.questions.of()):
            if each.kind == "election" and each.state == "open":
                elsewhere = replace(each, office="o0") if n % 2 else replace(each, program="p1")
                unit.questions.save(elsewhere)
        unit.commit()
    organization = made.rulebook.organization
    heads = {f"head-{key}": key for key in organization.offices}
    people = {key: Person(key, f"Head of {office}") for key, office in heads.items()}
    people |= {key: Person(key, key) for key in ("sponsor", "manager", "deputy")}
    people["jo"] = Person("jo", "Jo Berg", accounts={"shared": "Jo Berg"})
    offices = {
        key: replace(
            each,
            roles={Role.HEAD: (f"head-{key}",), **({Role.SPONSOR: ("sponsor",)} if key == "hq" else {})},
            restricted=frozenset({"P1"}),
        )
        for key, each in organization.offices.items()
    }
    programs = {
        "p1": Program("p1", "Cranes", "hq", "manager"),
        "p2": Program("p2", "Berths", "o0", "", "deputy"),
    }
    tools = {"shared": Tool("shared", "workbook", settings={"file": "plans.xlsx"})}
    changed = replace(
        organization,
        people=people,
        offices=offices,
        programs=programs,
        tools=tools,
        partitions=tuple(replace(part, settings=COLUMNS) for part in organization.partitions),
    )
    rulebook = replace(made.rulebook, organization=changed)
    made.clock.at += timedelta(days=1)
    sweeping.sweep(short(made.store), made.clock, rulebook, "method/2.0")
    return rulebook


def of_networks(empty: Path, folder: Path, first: int, count: int) -> list[str]:
    """The differences of so many random networks, each with its seed."""
    found = []
    for seed in range(first, first + count):
        made = grown(empty, folder / str(seed), seed)
        rulebook = peopled(made)
        with made.store.read() as unit:
            seen = Seen(unit, rulebook, made.clock.now())
            found += [f"{seed}: {each}" for each in differences(seen)]
        made.store.close()
    context.KEPT.forget()
    return found


def test_on_random_networks_the_figures_and_lists_of_every_page_equal_their_recomputation(
    empty: Path, in_memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert of_networks(empty, in_memory, 0, FEW) == []
    planted(
        monkeypatch,
        "role.html.j2",
        '{{ say("Where: {place}", place=where) }}',
        '{{ say("Where: {place}", place=what) }}',
    )
    (again := in_memory / "again").mkdir()
    found = of_networks(empty, again, 0, 1)
    assert found, "the control"
    assert all("typed: " in each for each in found)


FAULTS = {
    "needs": ("role.html.j2", "<b>{{ foreign(each.what) }}</b>", "<b>7 {{ foreign(each.what) }}</b>"),
    "urgent": (
        "role.html.j2",
        "{% for each in urgent[:most_projects] %}",
        "{% for each in urgent[1:most_projects] %}",
    ),
    "escalations": (
        "role.html.j2",
        "{{ many }} → {{ foreign(to, 160) }}",
        "1{{ many }} → {{ foreign(to, 160) }}",
    ),
    "elections": ("role.html.j2", "{{ day(each.elect_by) }}", "{{ day(each.elect_by) }} 9"),
    "strangers": ("role.html.j2", "{names}. Whoever", "(7) {names}. Whoever"),
    "needs, who is named": (
        "role.html.j2",
        "{{ foreign(each.who, 200) }}",
        "{{ foreign(each.who | replace('(', '(Jo, '), 200) }}",
    ),
    "needs, of which projects": (
        "role.html.j2",
        "projects(each.projects, each.more)",
        "projects(each.projects[1:], each.more)",
    ),
    "urgent, who leads it": (
        "role.html.j2",
        "{{ foreign(each.lead, 60) }}",
        "{{ foreign(each.key, 60) }}",
    ),
    "typed": ("role.html.j2", "count(sheet.more_typed,", "count(sheet.more_typed + 1,"),
    "first line": ("role.html.j2", "<h1>{{ foreign(line) }}.", "<h1>{{ foreign(line) }} 7."),
    "verdict": ("role.html.j2", "<h1>{{ foreign(line) }}.", "<h1>{{ foreign(line) }} 7."),
    "tile": ("role.html.j2", "{{ each.value }}", "{{ each.value }}0"),
    "turned": (
        "role.html.j2",
        "{% for many, what, cause, some in turned %}",
        "{% for many, what, cause, some in turned[1:] %}",
    ),
}


@pytest.mark.servers
@pytest.mark.parametrize("part", FAULTS)
def test_the_control_a_fault_in_a_page_per_role_is_found(
    running: Desk, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    planted(monkeypatch, *FAULTS[part])
    assert any(each.startswith(part.partition(",")[0]) for each in of_sample(running))


@pytest.mark.servers
def test_the_control_a_head_that_is_not_named_for_a_vacant_role_is_found(
    empty: Path, in_memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RoleWords, "_or_head", lambda _, said, *__: said)
    found = of_networks(empty, in_memory, 0, 1)
    assert found
    assert all("needs: " in each for each in found)


@pytest.mark.servers
def test_the_control_figures_on_a_page_without_projects_are_found(
    running: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.roles.page.figures", lambda sheet, says: tuple(_figures(sheet, says)))
    found = of_sample(running)
    assert found
    assert all(each.startswith("tile of") for each in found)

"""The figures of every page per role equal a separate slow recomputation from plans, ledger and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from domain.language import ENGLISH, Languages
from domain.organization.office import Person, Program, Role, Tool
from domain.reporting.roles.readers import PageKind, Sight, pages_of
from domain.reporting.roles.sheet import role_sheet
from domain.standards.tailoring import Rulebook
from reports.made import made_of
from reports.roles.page import Visited, role_html
from store.unit import Unit
from tasks import context, reporting
from tasks.given import Gathered
from tasks.network import load_network
from tasks.role_bases import RoleGathering
from tests.reports.figures import tokens
from tests.reports.roles.test_rights import about_it, may_be_named
from tests.reports.slow import OfRollout, Slow
from tests.reports.slow_roles import OfRole, Told, cut_off, told
from tests.tasks.conftest import Desk
from tests.tasks.grown import Grown
from tests.tasks.test_random_networks import empty, in_memory
from tests.tasks.test_recomputed import grown, planted

__all__ = ["empty", "in_memory"]
pytestmark = pytest.mark.servers
NETWORKS = 100
MOST_NEEDS = 6
PARTS = {
    "verdict": r"<h1>(.*?)</h1>",
    "wave": r'<p class="state">(.*?)</p>',
    "tile": r'<li><span class="box">(.*?)</li>',
    "bar": r'<tr><th scope="row">(.*?)</tr>',
    "turned": r'<li><span class="when">([^<]*)</span><span><span class="what">[^<]*<bdi>[^<]*→',
}
LISTS = {"needs": "h-needs", "escalations": "h-told", "elections": "h-elect", "urgent": "h-urgent"}
"""The lists, and their places in a page."""
LINE = re.compile(
    r'<li><span class="when[^"]*">([^<]*)</span>(.*?)</li>|<p class="more">(.*?)</p>|<p>(They have no page.*?)</p>',
    re.DOTALL,
)


def listed(html: str, part: str) -> list[list[str]]:
    """The numbers of each line of a list: its day, what is counted, and how many more rules or lines there are."""
    section = re.search(rf'<section aria-labelledby="{LISTS[part]}">(.*?)</section>', html, re.DOTALL)
    found = []
    for when, what, more, _ in LINE.findall(section[1] if section else ""):
        counted = {
            "needs": re.findall(r"<b>(.*?)</b>", what, re.DOTALL),
            "escalations": re.findall(r'<span class="what">([^→]*)→', what),
            "urgent": re.findall(r", and (\d+) more</bdi>", what),
        }.get(part, [])
        found.append(tokens(f"{when} {' '.join(counted)} {more}"))
    return found


def of_strangers(html: str) -> list[list[str]]:
    section = re.search(r'<section aria-labelledby="h-strangers">(.*?)</section>', html, re.DOTALL)
    return [re.findall(r"\((\d+)\)|(\d+) others?", section[1])] if section else []


def in_lists(html: str, wanted: OfRole, own: list[Told]) -> Iterator[str]:
    """Where a list of a page says another number; what others are asked besides stands not on programs' pages."""
    lists = {
        "escalations": wanted.escalations(),
        "elections": wanted.elections_listed(),
        "urgent": wanted.urgent(),
    }
    if wanted.page.kind is PageKind.PROGRAM:
        lists["needs"] = cut_off(wanted.needs(), MOST_NEEDS)
    for part, lines in lists.items():
        there, here = listed(html, part), list(map(tokens, lines))
        if there != here:
            yield f"{part}: the page says {there}, recomputed {here},"
    strange = [["".join(each) for each in line] for line in of_strangers(html)]
    if strange != [line.split() for line in wanted.strangers(own)]:
        yield f"strangers: the page says {strange}, recomputed {wanted.strangers(own)},"


def numbers(html: str, part: str) -> list[list[str]]:
    """The numbers of each such part of a page."""
    return [tokens(re.sub(r"<[^>]*>", " ", found)) for found in re.findall(PARTS[part], html, re.DOTALL)]


def differences(unit: Unit, rulebook: Rulebook, now: datetime) -> Iterator[str]:
    """Where a page of anybody says another number than the recomputation."""
    network = load_network(unit, rulebook, now)
    gathered, slow, roles = Gathered(unit, network), Slow(unit, rulebook, now), RoleGathering(unit, network)
    organization = rulebook.organization
    for rollout in unit.rollouts.all():
        given, report = reporting._rollout(unit, network, gathered, rollout)
        basis, again = roles.of(given, report, made_of(report)), OfRollout(slow, rollout)
        projects = told(organization, again)
        for person in organization.people:
            pages = pages_of(organization, person, basis.projects)
            for page in pages:
                own = [p for p in projects if about_it(organization, person, page, p)]
                named = {p.key for p in own if may_be_named(organization, person, p)}
                wanted = OfRole(again, page, [p.key for p in own], named)
                sight = Sight(organization, person, page, again.today)
                html = role_html(role_sheet(sight, basis), Visited("/person/x", pages, again.today)).decode()
                expected = {
                    "verdict": [wanted.verdict()],
                    "wave": [wanted.wave()],
                    "tile": wanted.tiles(),
                    "bar": wanted.bars(),
                    "turned": wanted.turned(),
                }
                if page.kind == "projects":
                    del expected["verdict"]
                where = f"{person}, {page.kind} {page.about}"
                yield from (f"{each} of {where}" for each in in_lists(html, wanted, own))
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
    application = desk.application
    with application.store.read() as unit:
        return list(differences(unit, in_english(application.rulebook), application.clock.now()))


def test_after_two_weeks_of_the_sample_the_figures_of_every_page_equal_their_recomputation(
    running: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert of_sample(running) == []
    planted(monkeypatch, "role.html.j2", "all=bar_of.total", "all=bar_of.total + 1")
    found = of_sample(running)
    assert found, "the control"
    assert all(each.startswith("bar of") for each in found)


COLUMNS = {"projects": {"sheet": "Projects", "columns": {"id": "No.", "title": "Title", "lead": "Manager"}}}
LEADS = ("Ayşe Kaya", "Jo Berg", "")


def peopled(made: Grown) -> Rulebook:
    """The network with programs, project managers, heads, a director and a sponsor, and restricted projects."""
    with made.store.begin() as unit:
        for office in made.offices:
            own = [stored.plan for stored in unit.plans.current(office)]
            told_of = [
                replace(
                    p, project=replace(p.project, program=f"p{n % 3}" if n % 3 else None, lead=LEADS[n % 2])
                )
                for n, p in enumerate(own)
            ]
            unit.plans.put(office, told_of, made.clock.now())
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
    return replace(made.rulebook, organization=changed)


def test_on_100_random_networks_the_figures_of_every_page_equal_their_recomputation(
    empty: Path, in_memory: Path
) -> None:
    pages = 0
    for seed in range(NETWORKS):
        made = grown(empty, in_memory / str(seed), seed)
        rulebook = peopled(made)
        with made.store.read() as unit:
            assert list(differences(unit, rulebook, made.clock.now())) == [], seed
        pages += len(rulebook.organization.people)
        made.store.close()
    context.KEPT.forget()
    assert pages > NETWORKS


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
    "verdict": ("role.html.j2", "<h1>{{ foreign(line) }}.", "<h1>{{ foreign(line) }} 7."),
    "tile": ("role.html.j2", "{{ each.value }}", "{{ each.value }}0"),
    "turned": (
        "role.html.j2",
        "{% for many, what, cause, some in turned %}",
        "{% for many, what, cause, some in turned[1:] %}",
    ),
}


@pytest.mark.parametrize("part", FAULTS)
def test_the_control_a_fault_in_a_page_per_role_is_found(
    running: Desk, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    planted(monkeypatch, *FAULTS[part])
    assert any(each.startswith(part) for each in of_sample(running))

"""Every line of the pages of cases, and the figures of a rule under review, equal a plain recomputation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import comb
from random import Random

import pytest

from domain.cases.pressure import Signal, SignalKind, pressure
from domain.cases.reviewing import evidence
from domain.cases.sheet import lines, sheet_of
from domain.language import ENGLISH
from reports.cases_page import case_html, cases_html
from reports.link_reader import LinkReader
from tests.domain.cases.sample import ORG, later
from tests.domain.cases.walk import Walk, walk
from tests.reports.role_lists import words
from tests.reports.slow import long
from tests.reports.slow_cases import SlowCase, cases_page
from tests.tasks.test_recomputed import planted

WALKS = 100
PEOPLE = ("mara", "olga", "vera", "carl", "amal", "liv", "nobody")
READER = LinkReader("somebody", date(2028, 1, 1), "/x")


def _pages(done: Walk, person: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """What each page says, and what is recomputed."""
    cases, now = list(done.cases.values()), done.now + timedelta(days=3)
    html = cases_html(lines(cases, ORG, person, now, ENGLISH), READER, ENGLISH).decode()
    heading, rows = cases_page(cases, person, ORG, now)
    yield "heading", re.findall(r"<h1>(.*?)</h1>", html), [heading]
    body = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)
    yield "cases", re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else [], rows
    for each in cases:
        found, again = sheet_of(each, ORG, person, now, ENGLISH), SlowCase(each, ORG, now)
        yield "sees", [str(found is not None)], [str(again.sees(person))]
        if found is None:
            continue
        html = case_html(found, READER, ENGLISH).decode()
        yield "standing", re.findall(r"<h1>(.*?)</h1>", html), [f"{again.about()}: {again.standing()}"]
        days = [*(step.at for step in each.steps), *(level.at for level in each.told)]
        told = re.findall(r"<time[^>]*>(.*?)</time>", html)
        yield "timeline", told, [long(day.date()) for day in sorted(days)]


def differences(seed: int) -> Iterator[str]:
    """Where somebody's pages of the cases of a random walk say otherwise than the recomputation."""
    done = walk(seed, 30)
    for person in PEOPLE:
        for part, there, wanted in _pages(done, person):
            if list(map(words, there)) != list(map(words, wanted)):
                yield f"{part} of {person}: the page says {list(map(words, there))}, recomputed {wanted}"


def test_on_random_walks_every_line_of_the_pages_of_cases_equals_its_recomputation() -> None:
    for seed in range(10):
        assert list(differences(seed)) == [], seed


@pytest.mark.servers
def test_on_100_random_walks_every_line_of_the_pages_of_cases_equals_its_recomputation() -> None:
    for seed in range(10, WALKS):
        assert list(differences(seed)) == [], seed


FAULTS = {
    "heading": ("cases.html.j2", "<h1>{{ count(waiting,", "<h1>{{ count(waiting + 1,"),
    "cases": ("cases.html.j2", "{% if each.late %}", "{% if not each.late %}"),
    "timeline": ("case.html.j2", "{% for each in sheet.moments %}", "{% for each in sheet.moments[1:] %}"),
    "standing": ("case.html.j2", "{{ sheet.line.standing }}</h1>", "</h1>"),
}


@pytest.mark.parametrize("part", FAULTS)
def test_the_control_a_fault_in_a_page_of_cases_is_found(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    planted(monkeypatch, *FAULTS[part])
    found = [each for seed in range(2) for each in differences(seed)]
    assert found
    assert all(each.startswith(part) for each in found)


def _likely(count: int, bound: int, share: Fraction) -> Fraction:
    """The chance of so many or more, exactly."""
    return sum(
        (comb(bound, k) * share**k * (1 - share) ** (bound - k) for k in range(count, bound + 1)), Fraction(0)
    )


def test_the_figures_that_put_a_rule_under_review_equal_their_recomputation() -> None:
    reviewed = 0
    for seed in range(WALKS):
        dice, now = Random(seed), later(400)
        bound, offices = dice.randrange(5, 60), [f"o{n}" for n in range(dice.randrange(1, 6))]
        said = [
            Signal("m", "r", dice.choice(list(SignalKind)), dice.choice(offices),
                   dice.choice(["", *(f"o/{n}" for n in range(12))]), now - timedelta(days=dice.randrange(120)),
                   f"d{n}")
            for n in range(dice.randrange(1, 25))
        ]  # fmt: skip
        for found in pressure(said, {("m", "r"): bound}, {}, now):
            within = [each for each in said if each.at > now - timedelta(days=90)]
            there, projects = {e.office for e in within}, {e.project for e in within if e.project}
            text = evidence(found, ENGLISH)
            figures = re.findall(r"[\d.]+", text)
            assert figures[:3] == [str(len(there)), str(len(projects)), str(bound)], (seed, text)
            least = Fraction(figures[3]) / 100
            count, half = min(len(projects), bound), Fraction(1, 1000)
            if count:
                assert _likely(count, bound, max(least - half, Fraction(0))) <= Fraction(1, 100) * Fraction(
                    1001, 1000
                )
                assert _likely(count, bound, least + half) >= Fraction(1, 100) * Fraction(999, 1000)
            reviewed += found.under_review
    assert reviewed

"""Stored reasons are said in the reader's language; what has no known form stays as it is stored."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from config.languages import LANGUAGES, shipped
from domain.language import ENGLISH
from domain.organization.office import Person
from domain.plans.project import Attestation, ToolDescription
from domain.reporting.rollout_report import rollout_report
from domain.reporting.trend import TrendPoint
from domain.standards.judging import attested
from domain.standards.leeway import Elector, decide_leeway
from domain.standards.standard import Condition, Discretion, Election, Leeway
from reports.made import made_of
from reports.trends import LETTER, trend_chart
from reports.whys import FORMS, Whys
from tests.domain.builders import rule
from tests.reports import sample

OTHERS = [tag for tag in shipped() if tag != "en"]
TODAY = date(2027, 1, 18)
VALUES = {
    "day": "2027-03-31", "facts": "93.5 % >= 90 %", "why": "61.5 % < 90 %", "chosen": "elected", "gate": "G2",
    "reason": "Kran", "fact": "gates.G2", "value": "85.5", "low": "80", "high": "90", "previous": "1.0",
    "deviation": "D-1", "limit": "3", "kind": "workbook", "kinds": "redmine", "field": "f-1", "status": "Neu",
    "version": "5.0", "least": "6.0", "parts": "document", "type": "int", "signal": "9", "n": "3",
}  # fmt: skip


def filled() -> list[str]:
    return [said.text.format_map(VALUES) for said in FORMS]


@pytest.mark.parametrize("tag", OTHERS)
def test_every_form_is_said_in_the_language(tag: str) -> None:
    whys = Whys(LANGUAGES.of(tag))
    kept = [text for text in filled() if whys.told(text) == text]
    assert kept == []
    text = whys.told("no leeway: 61.5 % < 90 %; 3 weeks <= 6 weeks; the version grants no leeway")
    assert not re.search(r"61\.5|weeks|leeway|version grants", text)


def test_in_english_a_reason_is_said_as_it_is_stored() -> None:
    assert [Whys(ENGLISH).told(text) for text in filled()] == [
        t.replace("gates.G2", "gate G2") for t in filled()
    ]


TERMS = Leeway(
    (Condition("field.done", at_least=90, unit="%"), Condition("field.left", at_most=6)),
    date(2027, 3, 31),
    Election.FINISH_OLD,
)
BAND = replace(TERMS, discretion=Discretion("field.done", 80, 90))


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize(
    ("terms", "facts", "today", "elector"),
    [
        (None, {}, TODAY, Elector()),
        (TERMS, {}, date(2027, 4, 1), Elector()),
        (TERMS, {"done": 93.5, "left": 3}, TODAY, Elector()),
        (TERMS, {"done": 61.5, "left": 7.5}, TODAY, Elector()),
        (BAND, {"done": 85.5, "left": 3}, TODAY, Elector(manager=True)),
        (BAND, {"done": 70, "left": 3}, TODAY, Elector(manager=True)),
        (BAND, {"done": 85.5, "left": 3}, TODAY, Elector()),
    ],
)
def test_what_was_decided_in_english_is_said_as_if_it_were_decided_in_the_language(
    tag: str, terms, facts, today: date, elector: Elector
) -> None:
    says = LANGUAGES.of(tag)
    stored, wanted = (
        decide_leeway(terms, {"field": facts}, "1.0", today, language, elector).why
        for language in (ENGLISH, says)
    )
    assert Whys(says).told(stored) == wanted.replace("field.done", "done") != stored


def test_what_an_attestation_lacks_and_what_a_tool_lacks_is_said() -> None:
    whys, tool = Whys(LANGUAGES.of("de")), ToolDescription("workbook", fields=frozenset({"attested.charter"}))
    asked = rule("charter", "")
    asked = replace(asked, subject="charter")
    lacking = attested("o/1", asked, [Attestation("charter", "", TODAY, "", None)], tool, TODAY)
    ahead = attested(
        "o/1", asked, [Attestation("charter", "x", TODAY + timedelta(1), "d", TODAY)], tool, TODAY
    )
    assert whys.told(lacking.why) == "der Bestätigung fehlt: Person, Dokument, letzter Tag"
    assert whys.told(ahead.why) == "bestätigt für den 19. Januar 2027, der noch kommt"
    assert whys.remedy("Bring the tool in line: the tool has no field f") == (
        "Das Werkzeug anpassen: dem Werkzeug fehlt das Feld f"
    )


@pytest.mark.parametrize(
    "text", ["Somebody wrote this: 2.5; and more", "told on 2027-99-99 by phone", "elected by the board", ""]
)
def test_what_has_no_known_form_stays_as_it_is(text: str) -> None:
    assert Whys(LANGUAGES.of("de")).told(text) == text
    assert Whys(LANGUAGES.of("de")).remedy("follows the version") == "follows the version", (
        "a standard's own words"
    )


def test_who_approved_is_called_by_name() -> None:
    organization = sample.given().organization
    known = Person("jo", "Jo Berg")
    given = sample.given(organization=replace(organization, people={"jo": known}))
    for person, name in (
        ("jo", b"Approved by <bdi>Jo Berg</bdi>"),
        ("nobody-now", b"Approved by <bdi>nobody-now</bdi>"),
    ):
        rollout = replace(sample.rollout(), approved_by=person)
        made = made_of(rollout_report(given, rollout, sample.members(), sample.adoptions()))
        assert name in made.content


@pytest.mark.parametrize(
    "must", [(39, 30, 39), (10, 20, 39), (39, 39, 39), (60, 58, 60), (50, 20, 12), (0, 0, 0)]
)
@pytest.mark.parametrize("tag", ["en", "de", "fr"])
def test_the_count_at_the_end_of_a_trend_does_not_lie_on_its_line(must: tuple[int, ...], tag: str) -> None:
    days = [TODAY + timedelta(weeks=n) for n in range(len(must))]
    trend = [TrendPoint(on, 60 - count, count, 60) for on, count in zip(days, must, strict=True)]
    svg = str(trend_chart(trend, 330, 190, LANGUAGES.of(tag)))
    path = re.search(r'<path d="M([^"Z]*)" fill="none" stroke="[^"]*" stroke-width="2"', svg)[1]
    line = [tuple(map(float, point.split())) for point in path.split("L")]
    x, y, text = re.search(r'class="note" x="([\d.]+)" y="([\d.]+)" [^>]*>([^<]*)', svg).groups()
    left, bottom, top = float(x) - LETTER * len(text), float(y) + 2, float(y) - 9
    for (x0, y0), (x1, y1) in pairwise(line):
        for at in range(int(max(x0, left)) + 1, int(min(x1, float(x))) + 1):
            height = y0 + (y1 - y0) * (at - x0) / (x1 - x0)
            assert not top < height < bottom, (at, height, top, bottom)


@pytest.mark.parametrize(
    ("stored", "german"),
    [
        ("werkwijze/2.0: holds (locked)", "werkwijze/2.0: gilt (fest vorgegeben)"),
        ("m/2.0: limit 10 (ceiling)", "m/2.0: Grenze 10 (Obergrenze)"),
        ("m/2.0: no opinion (silent)", "m/2.0: keine Vorgabe (ohne Vorgabe)"),
        ("t/santos: limit 5.5 (we are stricter (by law))", "t/santos: Grenze 5.5 (we are stricter (by law))"),
        ("t/santos: off (no gates here)", "t/santos: ausgeschaltet (no gates here)"),
        ("something else entirely", "something else entirely"),
    ],
)
def test_where_a_limit_comes_from_is_said_in_the_language_and_an_office_s_reason_as_written(
    stored, german
) -> None:
    assert Whys(LANGUAGES.of("de")).source(stored) == german
    assert Whys(LANGUAGES.of("en")).source(stored) == stored

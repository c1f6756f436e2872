"""The first page of all reports: what needs a look stands before the packs, and each thing is said once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from config.languages import LANGUAGES
from domain.delivery.held import Cause
from domain.plans.not_read import NotRead
from domain.reporting.dashboard import Dashboard, HeldCard, OfficeCard, Waiting
from domain.reporting.entry import ReportEntry
from reports.pack import paper
from reports.pack.filed import KIND, SLIDES
from reports.render import MOST_OTHERS, index_html

DAY = date(2027, 3, 12)
ALL = ("report.xlsx", "figures.csv", "projects.csv", "pack.json")
NO_PDF = {
    "en": "There is no PDF: WeasyPrint, which makes PDFs, is not installed here; run: make pdf.",
    "de": "Es gibt kein PDF: WeasyPrint, das PDFs herstellt, ist hier nicht installiert; auszuführen ist: make pdf.",
}


def entry(n: int) -> ReportEntry:
    return ReportEntry(f"pack-{n}", f"about-{n}", KIND, f"Status, Biuro {n}", DAY, f"Behind: {n}.", "", n)


def board(packs: int = 3, language: str = "en") -> Dashboard:
    return Dashboard(
        organization="Waterland",
        today=DAY,
        rollouts=(),
        sweeps=(),
        others=tuple(entry(n) for n in range(packs)),
        earlier=0,
        offices=(
            OfficeCard("Stilte", None, "", 0, NotRead.NEVER),
            OfficeCard("Łódź", datetime(2027, 3, 8, tzinfo=UTC), "there is no such file", 0, NotRead.REFUSED),
            OfficeCard("Hoorn", datetime(2027, 3, 12, tzinfo=UTC), "", 0, stale=True),
            OfficeCard("Edam", datetime(2027, 3, 12, tzinfo=UTC), "", 0),
        ),
        language=LANGUAGES.of(language),
    )


def full_index(language: str) -> bytes:
    """The first page of a network of 40 offices, each with packs, questions that wait and things that are held."""
    cards = tuple(
        OfficeCard(f"Projektbüro der Region {n}", datetime(2027, 3, 12, tzinfo=UTC), "", n % 3)
        for n in range(40)
    )
    made = replace(
        board(packs=40, language=language),
        offices=cards,
        waiting=tuple(Waiting(each.name, 3, 1, DAY) for each in cards[:12]),
        held=tuple(
            HeldCard(each.name, 7, Cause.NOT_GRANTED, datetime(2027, 3, 1, tzinfo=UTC)) for each in cards[:12]
        ),
    )
    return index_html(made, {each.slug: ALL for each in made.others})


def text(page: bytes) -> str:
    bare = re.sub(r"<style>.*?</style>|<[^>]*>", "", page.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", bare)


@pytest.fixture
def no_pdf(monkeypatch):
    def none() -> None:
        raise paper.NoPdf(paper.NO_PACKAGE)

    monkeypatch.setattr(paper, "_printer", none)


@pytest.mark.usefixtures("no_pdf")
@pytest.mark.parametrize("language", NO_PDF)
def test_that_there_is_no_pdf_is_said_once_in_the_language_of_the_reader(language) -> None:
    made = board(language=language)
    said = text(index_html(made, {each.slug: ALL for each in made.others}))
    assert said.count(NO_PDF[language]) == 1
    printed = index_html(made, {each.slug: ("report.pdf", *ALL) for each in made.others})
    assert NO_PDF[language] not in text(printed), "the control"


def test_an_office_that_nobody_tried_to_read_is_said_in_the_language_of_the_reader() -> None:
    made = board(language="de")
    said = text(index_html(made, {each.slug: ALL for each in made.others}).replace(b"</t", b" </t"))
    assert "Stilte nie nicht gelesen es wurde noch kein Lesen versucht" in said
    assert (
        "Łódź 8. März nicht gelesen in einem Werkzeug muss etwas geändert werden, bevor es gelesen werden kann: „there is no such file“"
        in said
    )
    assert "Hoorn 12. März veraltet Für den Zeitraum seines letzten Stichtags" in said
    assert "1 von 4 ohne Bemerkung gelesen" in said
    assert "never" not in said


def test_offices_stand_before_packs_the_board_s_pack_first_and_the_rest_is_counted() -> None:
    made = board(packs=MOST_OTHERS + 3)
    files = {each.slug: ALL for each in made.others} | {made.others[-1].slug: (SLIDES, *ALL)}
    page = index_html(made, files)
    slugs = re.findall(r'class="serif" href="reports/(pack-\d+)\.html"', page.decode())
    assert len(slugs) == MOST_OTHERS
    assert slugs[0] == made.others[-1].slug
    assert page.index(b"h-offices") < page.index(b"h-others")
    assert "and 3 more, in the list of all reports" in text(page)
    few = replace(made, others=made.others[:MOST_OTHERS])
    assert "in the list of all reports" not in text(index_html(few, files)), "the control"

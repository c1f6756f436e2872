"""A report is made in the language of its reader, all of it, and says the same numbers in each."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from cli.catalogs import translated
from config.languages import language, shipped
from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sweep_report import SweepReport
from reports.made import Made, made_of
from reports.printed import printed_anchor
from tests.chromium import chromium
from tests.reports import sample
from tests.reports.figures import Read

OTHERS = shipped()[1:]
FOREIGN = re.compile(r"<bdi>.*?</bdi>|<style>.*?</style>|<code.*?</code>", re.DOTALL)


def reports(tag: str) -> tuple[RolloutReport, SweepReport]:
    says = language(tag)
    return sample.a_rollout_report(language=says), sample.a_sweep_report(language=says)


def words(html: bytes) -> list[str]:
    """The texts of a page that are ours, one for each place between elements."""
    text = FOREIGN.sub(" ", html.decode())
    return [" ".join(unescape(each).split()) for each in re.findall(r">([^<]+)<", text)]


def english_in(made: Made, tag: str) -> list[str]:
    """The texts of the catalog that stand in a report's pages in English, though they have a translation."""
    ours = {
        text.one for text, said in translated(tag).items() if "{" not in text.one and text.one not in said
    }
    ours = {each for each in ours if len(each.split()) > 1}
    return [
        each for html in (made.content, *made.details.pages.values()) for each in words(html) if each in ours
    ]


@pytest.mark.parametrize("tag", OTHERS)
def test_every_page_of_a_report_is_in_its_language(tag: str) -> None:
    for report in reports(tag):
        made = made_of(report)
        for html in (made.content, *made.details.pages.values()):
            assert f'<html lang="{tag}"'.encode() in html
        assert english_in(made, tag) == []
        assert made.entry.sentence == str(report.sentence)


def test_the_control_a_report_in_english_is_found() -> None:
    assert english_in(made_of(sample.a_sweep_report()), "de")


@pytest.mark.parametrize("tag", OTHERS)
def test_the_same_figures_stand_in_every_language(tag: str) -> None:
    for english, other in zip(reports("en"), reports(tag), strict=True):
        one, two = (Read(made_of(each).content).figures for each in (english, other))
        assert set(one) == set(two)
        for mark, said in one.items():
            numbers = [sorted(re.findall(r"[0-9]+", " ".join(place))) for place in said]
            if not any(re.search("[A-Z][a-z]", each) for place in said for each in place):
                assert numbers == [sorted(re.findall(r"[0-9]+", " ".join(p))) for p in two[mark]], mark


def test_numbers_agree_with_their_nouns_and_days_are_written_as_the_language_does() -> None:
    rollout, sweep = reports("de")
    assert str(rollout.sentence).startswith("24 von 60 Projekten folgen 2.0; 7 schließen unter 1.0 ab, ")
    assert "1 hat eine genehmigte Abweichung" in str(rollout.sentence)
    assert "bei 14 besteht Handlungsbedarf bis 31. März, darunter 4 verspätet" in str(rollout.sentence)
    assert ">Handlungsbedarf</a>" in made_of(rollout).content.decode(), "a noun stays large inside a line"
    assert "1. März 2027" in made_of(sweep).content.decode()


@pytest.mark.parametrize("tag", shipped())
def test_the_ledgers_head_is_read_out_of_a_page_of_any_language(tag: str, tmp_path: Path) -> None:
    for number in (0, 412):
        report = sample.a_sweep_report(language=language(tag), ledger_entry=number)
        page = tmp_path / f"r-{tag}.html"
        page.write_bytes(made_of(report).content)
        found = printed_anchor(page)
        assert found is not None
        assert (found.hash, found.number) == ("9c1f" * 16, number or None)


@pytest.mark.servers
def test_in_every_language_a_first_page_prints_on_two_pages_and_stays_short_on_a_phone(
    tmp_path: Path,
) -> None:
    with chromium() as browser:
        for at, tag in enumerate(shipped()):
            for number, report in enumerate(reports(tag)):
                file = tmp_path / f"{tag}-{number}.html"
                file.write_bytes(made_of(report).content)
                page = browser.new_page(viewport={"width": 390, "height": 844})
                page.goto(file.as_uri())
                assert page.evaluate("document.documentElement.scrollHeight") <= 6 * 844, file.name
                if at % 2 == number:  # printing takes longest: each language prints one of the two
                    pdf = page.pdf(prefer_css_page_size=True)
                    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2, file.name
                page.close()

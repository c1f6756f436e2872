"""In a real browser without scripts: an office uploads its workbook, sees what was read, and answers its questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from domain.questions.question import QuestionState
from gateway.pages.office import HEADERS
from tests.chromium import chromium
from tests.gateway.pages import hostile
from tests.gateway.pages.desk import Desk, desk, workbook
from tests.reports.test_browser import CONTRAST

pytestmark = pytest.mark.servers
UNNAMED = """() => [...document.querySelectorAll('input:not([type=hidden]), button')].filter(
  e => !(e.labels && e.labels.length) && !e.textContent.trim()).map(e => e.outerHTML)"""
UNTOLD = """() => [...document.querySelectorAll('[aria-describedby], [aria-labelledby]')].flatMap(
  e => (e.getAttribute('aria-describedby') || e.getAttribute('aria-labelledby')).split(' ')).filter(
  id => !document.getElementById(id))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def made(tmp_path, monkeypatch) -> Iterator[Desk]:
    with desk(tmp_path, monkeypatch) as found:
        yield found


def opened(browser: Browser, made: Desk, *, scripts: bool = False) -> Page:
    """The page as the office opens it from the link that the command prints."""
    url = made.link("ewa")
    page = browser.new_context(java_script_enabled=scripts).new_page()
    page.goto(made.origin + url[url.index("/office/") :])
    return page


def saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_it_uploads_sees_what_was_read_answers_and_the_next_cycle_reads_the_answer(
    made, browser, tmp_path
) -> None:
    page = opened(browser, made)
    page.get_by_label(re.compile("The workbook")).set_input_files(
        saved(tmp_path, "projekty.xlsx", workbook())
    )
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("projekty.xlsx was taken")
    expect(page.get_by_role("row", name=re.compile("Most nad Motławą"))).to_contain_text("94 %")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("projekty.xlsx was taken")
    assert len(made.ledger("upload")) == 1, "reloading sends nothing again"
    assert made.read().projects == 3
    asked, twins = made.ask(), made.ask_about_twins()
    page.get_by_role("link", name="Back to the page of the office").click()
    page.get_by_role("button", name="Open 2 questions").click()
    page.get_by_label(asked.text).fill("2027-11-30")
    page.get_by_label("another project").check()
    page.get_by_role("button", name="Send the answers").click()
    expect(page.get_by_role("heading", name="Answered here")).to_be_visible()
    page.go_back()
    page.go_forward()
    expect(page.get_by_role("heading", name="Answered here")).to_be_visible()
    assert made.read().answers == 2
    assert made.question(asked).answer == date(2027, 11, 30)
    assert made.question(twins).state is QuestionState.ANSWERED
    page.reload()
    expect(page.get_by_text("it counts").first).to_be_visible()


def test_a_refused_file_and_an_answer_that_is_not_understood_are_told_where_they_are(
    made, browser, tmp_path
) -> None:
    page = opened(browser, made)
    bad = saved(tmp_path, "makra.xlsx", hostile.macros())
    page.get_by_label(re.compile("The workbook")).set_input_files(bad)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("holds macros")
    assert page.url.endswith("#problem")
    expect(page.get_by_label(re.compile("The workbook"))).to_have_attribute("aria-invalid", "true")
    made.begin()
    lead = made.ask("gdansk/P-1", "project.percent_complete")
    page.get_by_role("link", name="Back to the page of the office").click()
    page.get_by_role("button", name="Open 1 question").click()
    page.get_by_label(lead.text).fill("prawie")
    page.get_by_role("button", name="Send the answers").click()
    expect(page.get_by_role("alert")).to_contain_text("1 answer was not taken")
    expect(page.get_by_label(lead.text)).to_have_value("prawie")


def test_the_questions_are_downloaded_filled_in_and_uploaded(made, browser, tmp_path) -> None:
    page = opened(browser, made)
    made.begin()
    asked = made.ask()
    page.reload()
    page.get_by_role("button", name="Open 1 question").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download these questions as a workbook").click()
    path = tmp_path / coming.value.suggested_filename
    coming.value.save_as(path)
    book = openpyxl.load_workbook(path)
    book["Questions"]["G2"] = date(2027, 11, 30)
    book.save(path)
    page.get_by_label(re.compile("filled-in workbook")).set_input_files(path)
    page.get_by_role("button", name="Upload the answers").click()
    expect(page.get_by_role("heading", name="Answered here")).to_be_visible()
    made.read()
    assert made.question(asked).answer == date(2027, 11, 30)


def test_every_field_has_a_name_every_error_its_field_and_every_text_its_contrast(made, browser) -> None:
    page = opened(browser, made, scripts=True)
    made.begin()
    asked = made.ask()
    made.ask_about_twins()
    for step in ("first", "asked", "refused"):
        if step == "asked":
            page.reload()
            page.get_by_role("button", name="Open 2 questions").click()
            expect(page.get_by_role("button", name="Send the answers")).to_be_visible()
        if step == "refused":
            page.get_by_label(asked.text).evaluate("e => e.type = 'text'")
            page.get_by_label(asked.text).fill("wiosną")
            page.get_by_role("button", name="Send the answers").click()
            expect(page.get_by_text("was not understood")).to_be_visible()
        assert page.evaluate(UNNAMED) == []
        assert page.evaluate(UNTOLD) == []
        assert page.evaluate(CONTRAST) == []
    page.evaluate("document.querySelector('label').remove()")
    assert page.evaluate(UNNAMED) != [], "the control"
    page.evaluate("document.querySelector('[id$=-why]').remove()")
    assert page.evaluate(UNTOLD) != [], "the control"


def test_the_control_under_the_gateways_own_headers_no_form_leaves_the_browser(
    made, browser, monkeypatch
) -> None:
    monkeypatch.setitem(HEADERS, "content-security-policy", "default-src 'none'; form-action 'none'")
    page = opened(browser, made)
    made.begin()
    made.ask()
    page.reload()
    page.get_by_role("button", name="Open 1 question").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert made.ledger("questions_opened") == []

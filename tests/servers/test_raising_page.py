"""In a real browser: a head raises feedback by keyboard alone and without scripts, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from config.page_raisings import raisings
from tests.chromium import chromium
from tests.gateway.pages.approvers import Approving, approving
from tests.gateway.pages.test_raising import page_of, taken
from tests.reports.pack.test_pictures import axe
from tests.reports.test_browser import CONTRAST
from tests.servers.test_decision_page import NARROW, SCROLLS, VIOLATIONS, WIDE, opened

__all__ = ["axe"]
pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def made(tmp_path, monkeypatch) -> Iterator[Approving]:
    with approving(tmp_path, monkeypatch) as found:
        yield found


def test_feedback_is_raised_by_keyboard_alone_without_scripts(made: Approving, browser) -> None:
    page = opened(browser, made.desk.origin + page_of(made))
    page.get_by_label("What it is about").focus()
    page.keyboard.type("report monthly")
    page.keyboard.press("Tab")
    page.keyboard.type("capacity")
    page.keyboard.press("Tab")
    page.keyboard.type("nobody here has the time for it")
    button = page.get_by_role("button", name="Look at it first")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Nothing is stored yet.")
    page.get_by_role("button", name="Raise it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("it is taken within the hour")).to_be_visible()
    with made.desk.application.store.read() as unit:
        (kept,) = raisings(unit).values()
    assert (kept.about, kept.terms) == ("report monthly", "cause=capacity")
    assert taken(made) == 1
    page.reload()
    expect(page.get_by_role("link", name="it is a case now")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_axe_finds_nothing_and_nothing_is_cut_off(made, browser, axe, size, tmp_path_factory) -> None:
    url, pictures = made.desk.origin + page_of(made, "ewa"), Path(tmp_path_factory.getbasetemp())
    for step in ("empty", "problem", "looked"):
        page = opened(browser, url, scripts=True, size=size)
        if step == "looked":
            page.locator("#about").fill("report monthly")
            page.locator("#cause").select_option("capacity")
            page.locator("#why").fill("dafür hat hier niemand Zeit")
        if step != "empty":
            page.get_by_role("button", name="Zuerst ansehen").click()
            expect(page.locator("#told")).to_be_visible()
        assert not page.evaluate(SCROLLS), step
        assert page.evaluate(CONTRAST) == [], step
        page.evaluate(axe)
        assert page.evaluate(VIOLATIONS) == [], step
        page.screenshot(path=pictures / f"raising-{step}-{size['width']}.png", full_page=True)
    page.evaluate("document.querySelectorAll('label').forEach(each => each.remove())")
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) != [], "the control"

"""A page as a browser shows it at some widths: what axe finds, too little contrast, and what is wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from tests.reports.pack.test_pictures import RULES
from tests.reports.test_browser import CONTRAST

HEIGHT = 844
"""Of the screen of a phone, in pixels."""


def faults(html: bytes, browser: Browser, axe: str, folder: Path, widths: tuple[int, ...]) -> Iterator[str]:
    """What is wrong with a page at each width, in pixels; a picture of it is put into the folder."""
    path = folder / "page.html"
    path.write_bytes(html)
    for width in widths:
        context = browser.new_context(viewport={"width": width, "height": HEIGHT}, bypass_csp=True)
        page = context.new_page()
        page.goto(path.as_uri())
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            yield f"at {width}: {wide} wide"
        yield from (f"at {width}: too little contrast: {each}" for each in page.evaluate(CONTRAST))
        page.evaluate(axe)
        run = f"async () => (await axe.run(document, {RULES})).violations.map(v => [v.id, v.nodes[0].html])"
        yield from (f"at {width}: {each}" for each in page.evaluate(run))
        page.screenshot(path=folder / f"{width}.png", full_page=True)
        context.close()

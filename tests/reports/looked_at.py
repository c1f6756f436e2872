"""A page as a browser shows it at some widths: what axe finds, too little contrast, and what is wider than the screen.

What a page folds away is unfolded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from tests.reports.pack.test_pictures import violations
from tests.reports.test_browser import CONTRAST

HEIGHT = 844
"""Of the screen of a phone, in pixels."""


def faults(html: bytes, browser: Browser, axe: str, folder: Path, widths: tuple[int, ...]) -> Iterator[str]:
    """What is wrong with a page at each width, in pixels; the folder gets the page itself."""
    path = folder / "page.html"
    path.write_bytes(html)
    with browser.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        page.evaluate(axe)
        for summary in page.locator("details:not([open]) > summary").all():
            if summary.is_visible():
                summary.click()
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                yield f"at {width}: {wide} wide"
            yield from (f"at {width}: too little contrast: {each}" for each in page.evaluate(CONTRAST))
            yield from (f"at {width}: {each}" for each in violations(page))

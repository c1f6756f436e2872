"""Reads the lists of a page per role, line by line, and says where they differ from what is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from domain.reporting.roles.readers import PageKind
from tests.reports.slow_lists import Lists

SECTIONS = {
    "needs": "h-needs", "escalations": "h-told", "elections": "h-elect", "urgent": "h-urgent",
    "turned": "h-turned", "strangers": "h-strangers", "typed": "h-typed",
}  # fmt: skip
"""The lists, and their places in a page."""
LINE = re.compile(r'<li>(.*?)</li>|<p class="more">(.*?)</p>|</h2>\s*<p>(.*?)</p>', re.DOTALL)


def words(html: str) -> str:
    """The text without its tags and spaces; what is late has a mark."""
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]*>", " ", html.replace('class="when late">', ">!"))))


def lines(html: str, section: str) -> list[str]:
    """The lines of a list of a page."""
    found = re.search(rf'<section[^>]* aria-labelledby="{section}">(.*?)</section>', html, re.DOTALL)
    return [words("".join(each)) for each in LINE.findall(found[1])] if found else []


def differences(html: str, wanted: Lists) -> Iterator[str]:
    """Where a list of a page says something else than the recomputation."""
    for name, again in wanted.lists().items():
        there, here = lines(html, SECTIONS[name]), list(map(words, again))
        if there != here:
            yield f"{name}: the page says {there}, recomputed {here},"
    if wanted.page.kind is PageKind.PROJECTS:
        first = re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)[1]
        if words(first) != words(wanted.manager_line()):
            yield f"first line: the page says {first}, recomputed {wanted.manager_line()},"

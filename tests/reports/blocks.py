"""Reads the numbers out of a page block by block: a heading, a paragraph, a row of a table, a line of a list."""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser

from tests.reports.figures import VOID, tokens

BLOCKS = frozenset({"h1", "h2", "p", "tr", "li", "header", "text"})
PASSED_OVER = frozenset({"style", "head", "code", "thead", "nav"})
"""What holds no figures: style, hashes, and the numbers by which parts of a list are leafed through."""


class Blocks(HTMLParser):
    """The text of every block of a page, in the order of the page."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.stack: list[tuple[str, bool]] = []
        self.feed(html.decode())

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        self.stack.append((tag, tag in PASSED_OVER or any(passed for _, passed in self.stack)))
        if tag in BLOCKS:
            self.texts.append("")
        elif self.texts and tag in ("td", "th", "span"):
            self.texts[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(passed for _, passed in self.stack):
            return
        if not self.texts:
            self.texts.append("")
        self.texts[-1] += data


@lru_cache(maxsize=1024)
def numbers(html: bytes) -> list[list[str]]:
    """The numbers and days of each block of a page that has any; of the same page they are read once."""
    return [found for found in map(tokens, Blocks(html).texts) if found]

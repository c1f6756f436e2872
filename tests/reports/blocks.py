"""Reads the numbers out of a page block by block: a heading, a paragraph, a row of a table, a line of a list."""

from __future__ import annotations

from functools import lru_cache

from tests.reports.figures import VOID, tokens
from tests.reports.pieces import pieces

BLOCKS = frozenset({"h1", "h2", "p", "tr", "li", "header", "text"})
PASSED_OVER = frozenset({"style", "head", "code", "thead", "nav"})
"""What holds no figures: style, hashes, and the numbers by which parts of a list are leafed through."""


class Blocks:
    """The text of every block of a page, in the order of the page."""

    def __init__(self, html: bytes) -> None:
        self.texts: list[str] = []
        self.stack: list[tuple[str, bool]] = []
        for tag, ends, attributes, text in pieces(html):
            if not tag:
                self.read(text)
            elif ends:
                self.end(tag)
            elif tag not in VOID and not attributes.endswith("/"):
                self.begin(tag)

    def begin(self, tag: str) -> None:
        self.stack.append((tag, tag in PASSED_OVER or bool(self.stack and self.stack[-1][1])))
        if tag in BLOCKS:
            self.texts.append("")
        elif self.texts and tag in ("td", "th", "span"):
            self.texts[-1] += " "

    def end(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def read(self, text: str) -> None:
        if self.stack and self.stack[-1][1]:
            return
        if not self.texts:
            self.texts.append("")
        self.texts[-1] += text


@lru_cache(maxsize=1024)
def numbers(html: bytes) -> list[list[str]]:
    """The numbers and days of each block of a page that has any; of the same page they are read once."""
    return [found for found in map(tokens, Blocks(html).texts) if found]

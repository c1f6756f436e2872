"""Reads the numbers out of a made page: those of each marked figure, and those that bear no mark."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html import unescape

from tests.reports.pieces import pieces

MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
TOKEN = re.compile(
    rf"\d{{4}}-\d\d-\d\d \d\d:\d\d|\d{{1,2}} (?:{MONTHS})[a-z]*(?: \d{{4}})?|\d+(?:,\d{{3}})*(?:\.\d+)?"
)
"""An instant, a day as English writes it, or a number."""
DIGIT = re.compile(r"\d")
MARK = re.compile(r'<span data-figure="[^"]*">((?:[^<]|<(?!/span))*)</span>|( data-figure="[^"]*")')
FIGURE, TICK = re.compile(r'(?:^|\s)data-figure="([^"]*)"'), ' class="tick"'
VOID = frozenset({"meta", "link", "br", "img", "input", "hr", "rect", "path", "circle"})
PASSED_OVER = frozenset({"style", "code", "bdi", "head", "tick"})
"""What holds no figures: style, hashes, and what offices and people wrote; ticks are the axes of charts."""


def plain(html: bytes) -> bytes:
    """The page without its marks."""
    return MARK.sub(lambda found: found[1] or "", html.decode()).encode()


def tokens(text: str, versions: tuple[str, ...] = ("1.0", "2.0")) -> list[str]:
    """The numbers and days of a text; the names of versions and the goal of 80 % are none."""
    if not DIGIT.search(text):
        return []
    for each in _apart(versions):
        text = each.sub(" ", text)
    return TOKEN.findall(text.replace("80 %", " ").replace("\xa0", " "))


@cache
def _apart(versions: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Each version where it stands by itself."""
    return tuple(re.compile(rf"(?<![\d.]){re.escape(each)}(?![\d.]\d)") for each in versions)


@dataclass
class Read:
    """The figures of a page by their marks, every place of each; and what is a number and bears no mark."""

    html: bytes
    versions: tuple[str, ...] = ("1.0", "2.0")
    texts: dict[str, list[str]] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stack: list[tuple[str, str, bool]] = []
        for tag, ends, attributes, text in pieces(self.html):
            if not tag:
                self.read(text)
            elif ends:
                self.end(tag)
            elif tag not in VOID and not attributes.endswith("/"):
                self.begin(tag, attributes)

    @property
    def figures(self) -> dict[str, list[list[str]]]:
        """The numbers of each figure, in each place where it stands."""
        return {mark: [tokens(each, self.versions) for each in found] for mark, found in self.texts.items()}

    def begin(self, tag: str, attributes: str) -> None:
        found = FIGURE.search(attributes)
        mark = unescape(found[1]) if found else ""
        self.stack.append((tag, mark, tag in PASSED_OVER or TICK in attributes))
        if mark:
            self.texts.setdefault(mark, []).append("")

    def end(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def read(self, data: str) -> None:
        for _, mark, passed in reversed(self.stack):
            if mark:
                self.texts[mark][-1] += data
                return
            if passed and not any(each for _, each, _ in self.stack):
                return
        self.loose += tokens(data, self.versions)

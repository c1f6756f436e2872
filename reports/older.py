"""What each page says about itself that was written before there was an index; read once, at an upgrade.

Such a page has a description in the elements of its head, and its file's name ends with its day and the hash
of its content. Refuses to guess: a file of which one of these is missing or does not fit is no report.
"""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from domain.reporting.entry import ReportEntry
from reports.entries import short_hash
from reports.printed import printed_anchor

HEAD = 4096
"""Bytes of a file that hold its description."""


class _Head(HTMLParser):
    """Collects the named meta elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep name and content of a meta element."""
        known = dict(attrs)
        name, content = known.get("name"), known.get("content")
        if tag == "meta" and name and content is not None:
            self.found.setdefault(name, content)


def older_entry(path: Path) -> ReportEntry | None:
    """The entry of a report file as it was written before there was an index; None for any other file."""
    try:
        found, printed = _described(path), printed_anchor(path)
        hashed = short_hash(path.read_bytes()) if found and printed else ""
    except OSError:
        return None  # a file that cannot be read here cannot be served either
    try:
        as_of = date.fromisoformat(found["interoffice:as-of"])
        kind, standard = found["interoffice:kind"], found["interoffice:standard"]
        sentence = found["description"]
    except (KeyError, ValueError):
        return None
    about = path.stem.removesuffix(f"-{as_of}-{hashed}")
    if printed is None or about in ("", path.stem):
        return None
    return ReportEntry(path.stem, about, kind, standard, as_of, sentence, printed.hash, printed.number or 0)


def _described(path: Path) -> dict[str, str]:
    """What the file says of itself in its first bytes."""
    head = _Head()
    with path.open("rb") as file:
        head.feed(file.read(HEAD).decode("utf-8", "replace"))
    return head.found

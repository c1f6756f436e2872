"""What a report file says of itself in its first lines, for the list of reports; refuses to guess.

A file whose head does not say it all is not a report of ours, and is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser

from domain.ledger.anchors import Anchor

PRINTED = re.compile(rb"Ledger head <code>([0-9a-f]{64})</code>(?: \(entry ([0-9]{1,16})\))?")
"""How a report prints the ledger's head, in its foot; older ones print no number."""
HEAD = 4096
"""Bytes of a file that hold its description."""


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A report in the list; `slug` is its file's name without `.html`."""

    slug: str
    kind: str
    standard: str
    as_of: date
    sentence: str


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


def anchor_of(slug: str, beginning: bytes, end: bytes) -> Anchor | None:
    """The ledger's head as a report file prints it; None where it is no report, or prints none.

    `beginning` and `end` are the first and the last bytes of the file, 4,096 of each.
    """
    entry, printed = entry_of(slug, beginning), PRINTED.findall(end)
    if entry is None or not printed:
        return None
    found, number = printed[-1]
    return Anchor(f"the report {slug} of {entry.as_of}", found.decode(), int(number) if number else None)


def entry_of(slug: str, content: bytes) -> ReportEntry | None:
    """The entry of a report file from its first bytes; None where they are not a report's."""
    head = _Head()
    head.feed(content[:HEAD].decode("utf-8", "replace"))
    found = head.found
    try:
        return ReportEntry(
            slug,
            found["interoffice:kind"],
            found["interoffice:standard"],
            date.fromisoformat(found["interoffice:as-of"]),
            found["description"],
        )
    except (KeyError, ValueError):
        return None

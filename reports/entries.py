"""What a report file says of itself in its first lines, for the list of reports; refuses to guess.

A file whose head does not say it all is not a report of ours, and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser

HEAD = 4096
"""Bytes of a file that hold its description."""


@dataclass(frozen=True, slots=True)
class Entry:
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


def entry_of(slug: str, content: bytes) -> Entry | None:
    """The entry of a report file from its first bytes; None where they are not a report's."""
    head = _Head()
    head.feed(content[:HEAD].decode("utf-8", "replace"))
    found = head.found
    try:
        return Entry(
            slug,
            found["interoffice:kind"],
            found["interoffice:standard"],
            date.fromisoformat(found["interoffice:as-of"]),
            found["description"],
        )
    except (KeyError, ValueError):
        return None

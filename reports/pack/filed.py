"""Under which names a pack's files are kept, listed and handed out; refuses names of other files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.language import Message
from domain.reporting.entry import ReportEntry
from domain.reporting.pack import Pack, PackId
from reports.pack.words import MOST_NAME
from reports.words import clean

KIND = "pack"
PAGE = "report.html"
PDF = "report.pdf"
SLIDES = "board.pptx"
OFFICE_FORMS = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Form:
    """A file of a pack beside its page: what people call it, and its media type."""

    words: Message
    media_type: str


FORMS: Mapping[str, Form] = {
    PDF: Form(Message("PDF", about="file"), "application/pdf"),
    "report.xlsx": Form(Message("workbook", about="file"), f"{OFFICE_FORMS}.spreadsheetml.sheet"),
    SLIDES: Form(Message("slides", about="file"), f"{OFFICE_FORMS}.presentationml.presentation"),
    "figures.csv": Form(Message("figures as CSV", about="file"), "text/csv; charset=utf-8; header=present"),
    "projects.csv": Form(Message("projects as CSV", about="file"), "text/csv; charset=utf-8; header=present"),
    "pack.json": Form(Message("JSON", about="file"), "application/json"),
}
"""By name, in the order in which they are listed."""


def slug(key: PackId) -> str:
    """The name of a pack's page without `.html`, and of its other files' folder; another for each pack."""
    return f"{_named(f'{key.format}-{key.office}', 100)}-{key.day}-{_digest(str(key), 12)}"


def subject(key: PackId) -> str:
    """What the packs of one format and office are about, for personal links: no two of them share it."""
    return f"{_named(f'pack-{key.format}-{key.office}', 80)}-{_digest(f'{key.format}/{key.office}', 8)}"


def entry_of_pack(pack: Pack) -> ReportEntry:
    """The entry of a pack in the index of reports."""
    head = pack.head
    return ReportEntry(
        slug=slug(head.id),
        about=subject(head.id),
        kind=KIND,
        standard=f"{clean(head.title, MOST_NAME)}, {clean(head.office, MOST_NAME)}",
        as_of=head.id.day,
        sentence=clean(pack.verdict, 300),
        ledger_head=head.ledger_head,
        ledger_entry=head.ledger_entry,
    )


def download_name(of: str, name: str) -> str:
    """What a reader's browser calls the file: the pack's name without our digits, and what it is."""
    first, _, ending = name.partition(".")
    what = "" if first == "report" else f"-{first}"
    return f"{re.sub(r'-[0-9a-f]{12}$', '', of)}{what}.{ending}"


def _named(text: str, most: int) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:most].rstrip("-")


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]

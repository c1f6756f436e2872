"""Pages in the folder of reports: each is one file under the name that its content gives it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeAlias

from domain.reporting.entry import ReportEntry
from reports.made import Made


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """One report as written: what it is about, its address, and its counts as Markdown without names."""

    about: str
    url: str
    sentence: str
    summary: str
    written: bool


@dataclass(frozen=True, slots=True)
class PageFolder:
    """The folder where pages are written, and the URL at which they are read."""

    path: Path
    address: str


Filed: TypeAlias = tuple[WrittenPage, tuple[ReportEntry, ...]]
"""A page as written, and the entries of the index for its files."""


def write_report(folder: PageFolder, about: str, made: Made, summary: Callable[[str], str]) -> Filed:
    """Write a report's pages, those behind it first, so that no page leads nowhere."""
    _write(folder.path / f"{made.behind.slug}.zip", lambda: made.details.content)
    page, entries = write_page(folder, about, made.entry, made.content, summary)
    return page, (*entries, made.behind)


def write_page(
    folder: PageFolder, about: str, entry: ReportEntry, content: bytes, summary: Callable[[str], str]
) -> Filed:
    """Write the page of an entry, unless it is there already; `summary` is its Markdown at an address."""
    fresh = _write(folder.path / f"{entry.slug}.html", lambda: content)
    url = f"{folder.address}/{entry.slug}"
    return WrittenPage(about.replace(".", "-"), url, entry.sentence, summary(url), fresh), (entry,)


def _write(target: Path, content: Callable[[], bytes]) -> bool:
    """Write the file unless it is there; whether it did. Its name follows from what is in it."""
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_file(target, content())
    return True


def replace_file(target: Path, content: bytes) -> None:
    """Put a file into its place whole, on disk; one that is there is replaced."""
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    Path(written.name).replace(target)

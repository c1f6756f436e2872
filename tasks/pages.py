"""Pages in the folder of reports: each is one file under the name that its content gives it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeAlias

from domain.reporting.entry import ReportEntry


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


Filed: TypeAlias = tuple[WrittenPage, ReportEntry]


def write_page(
    folder: PageFolder, about: str, entry: ReportEntry, content: bytes, summary: Callable[[str], str]
) -> Filed:
    """Write the page of an entry, unless it is there already; `summary` is its Markdown at an address."""
    folder.path.mkdir(parents=True, exist_ok=True)
    target = folder.path / f"{entry.slug}.html"
    fresh = not target.exists()
    if fresh:
        replace_file(target, content)
    url = f"{folder.address}/{entry.slug}"
    return WrittenPage(about.replace(".", "-"), url, entry.sentence, summary(url), fresh), entry


def replace_file(target: Path, content: bytes) -> None:
    """Put a file into its place whole, on disk; one that is there is replaced."""
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    Path(written.name).replace(target)

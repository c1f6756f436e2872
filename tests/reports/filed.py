"""A report written as `write-reports` does it: its files in the folder, and their rows in the index."""

from __future__ import annotations

from pathlib import Path

from domain.reporting.entry import ReportEntry
from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sweep_report import SweepReport
from reports.made import made_of
from store import Store


def first_page(report: RolloutReport | SweepReport) -> bytes:
    """The first page of the report."""
    return made_of(report).content


def file_report(folder: Path, store: Store, report: RolloutReport | SweepReport) -> ReportEntry:
    """The row of the first page; its file, the pages behind it and their row are there."""
    made = made_of(report)
    folder.mkdir(exist_ok=True)
    (folder / f"{made.behind.slug}.zip").write_bytes(made.details.content)
    (folder / f"{made.entry.slug}.html").write_bytes(made.content)
    with store.begin() as unit:
        unit.reports.add(made.entry)
        unit.reports.add(made.behind)
        unit.commit()
    return made.entry

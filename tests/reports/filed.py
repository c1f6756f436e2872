"""A report written as `write-reports` does it: its file in the folder, and its row in the index."""

from __future__ import annotations

from pathlib import Path

from domain.reporting.entry import ReportEntry
from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sweep_report import SweepReport
from reports.entries import entry_of
from reports.render import rollout_html, sweep_html
from store import Store


def file_report(folder: Path, store: Store, report: RolloutReport | SweepReport) -> ReportEntry:
    """The row; the file and it are there."""
    content = rollout_html(report) if isinstance(report, RolloutReport) else sweep_html(report)
    entry = entry_of(report, content)
    folder.mkdir(exist_ok=True)
    (folder / f"{entry.slug}.html").write_bytes(content)
    with store.begin() as unit:
        unit.reports.add(entry)
        unit.commit()
    return entry

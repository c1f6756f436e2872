"""A report as it is filed: its first page, the pages behind it, and an entry of the index for each file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.reporting.entry import ReportEntry
from domain.reporting.rollout_report import BUCKETS, RolloutReport
from domain.reporting.sweep_report import BAND_GROUPS, PreviewReport, Report, SweepReport
from reports.details import Details, details_of
from reports.entries import entry_of
from reports.project_page import Verdicts
from reports.render import preview_html, rollout_html, sweep_html


@dataclass(frozen=True, slots=True)
class Made:
    """The first page with its entry, and the pages behind it with theirs."""

    entry: ReportEntry
    content: bytes
    details: Details
    behind: ReportEntry


def made_of(report: Report, verdicts: Verdicts | None = None) -> Made:
    """The report as it is filed; `verdicts` holds what other reports of the same sweeps made already.

    Raises TypeError for a report of another kind than a rollout, a sweep or a preview.
    """
    details = details_of(report, BUCKETS if isinstance(report, RolloutReport) else BAND_GROUPS, verdicts)
    content = _first(report, details.name)
    entry = entry_of(report, content)
    behind = replace(entry, slug=details.name, kind=BEHIND, sentence=_behind(report, details))
    return Made(entry, content, details, behind)


def _behind(report: Report, details: Details) -> str:
    return report.heading.language.count(len(details.pages), "{n} page behind it.", "{n} pages behind it.")


BEHIND = "pages"
"""The kind of the entry of the pages behind a report."""


def _first(report: Report, details: str) -> bytes:
    if isinstance(report, RolloutReport):
        return rollout_html(report, details)
    if isinstance(report, PreviewReport):
        return preview_html(report, details)
    if isinstance(report, SweepReport):
        return sweep_html(report, details)
    raise TypeError(f"no page is made of a {type(report).__name__}")

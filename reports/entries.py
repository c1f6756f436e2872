"""The index entry of a report, and the name of its file; neither is ever read from a written page."""

from __future__ import annotations

import hashlib
import re

from domain.reporting.entry import ReportEntry
from domain.reporting.reading_report import ReadingReport
from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sweep_report import PreviewReport, Report
from reports.words import clean

READING = "reading"


def entry_of(report: Report, content: bytes) -> ReportEntry:
    """The entry of a report whose page has that content."""
    head = report.heading
    return ReportEntry(
        slug=slug(report, content),
        about=subject(report),
        kind=_kind(report),
        standard=f"{clean(head.title, 90)} {clean(head.version, 30)}",
        as_of=head.as_of,
        sentence=str(report.sentence),
        ledger_head=head.ledger_head,
        ledger_entry=head.ledger_entry,
    )


def reading_entry(report: ReadingReport, content: bytes) -> ReportEntry:
    """The entry of the page of what was read before any version is published."""
    return ReportEntry(
        slug=f"{READING}-{report.as_of}-{short_hash(content)}",
        about=READING,
        kind=READING,
        standard=report.language.say("What was read"),
        as_of=report.as_of,
        sentence=report.sentence,
        ledger_head=report.ledger_head,
        ledger_entry=report.ledger_entry,
    )


def subject(report: Report) -> str:
    """What a report is about, the same for every report of one rollout or of one version's sweeps.

    `rollout-<standard>-<version>`, or with `sweep` or `preview` in front: small letters, digits and dashes,
    at most 90.
    """
    return subject_of(_kind(report), report.heading.standard, report.heading.version)


def subject_of(kind: str, standard: str, version: str) -> str:
    """What reports of that kind on that version are about; see `subject`."""
    named = re.sub(r"[^a-z0-9]+", "-", f"{kind}-{standard}-{version}".lower()).strip("-")
    return named[:90].rstrip("-")


def slug(report: Report, content: bytes) -> str:
    """The name of a report's file without `.html`: `<subject>-<date>-<hash of content>`.

    Small letters, digits and dashes, at most 120; the same content has the same name.
    """
    return f"{subject(report)}-{report.heading.as_of}-{short_hash(content)}"


def short_hash(content: bytes) -> str:
    """The part of a file's name that depends on its content: 12 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()[:12]


def _kind(report: Report) -> str:
    if isinstance(report, RolloutReport):
        return "rollout"
    return "preview" if isinstance(report, PreviewReport) else "sweep"

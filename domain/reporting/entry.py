"""What is known of a report without opening it, to list it, to say who may read it, and to verify it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A written report; two with one `slug` are the same report.

    `ledger_entry` is 0 where the page prints no number beside the ledger's head.
    """

    slug: str
    """Its file's name without `.html`."""
    about: str
    """The name for which personal links are given, such as `rollout-delivery-method-2-0`."""
    kind: str
    """The kind of report: `rollout` or `sweep`; before a version is published `reading` or `preview`."""
    standard: str
    """Title and version, as people read them."""
    as_of: date
    """The day in the zone of the strategic office that leads what it is about."""
    sentence: str
    ledger_head: str
    """The hash that the page prints."""
    ledger_entry: int

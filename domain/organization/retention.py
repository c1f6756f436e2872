"""For how long an organization keeps what it read, wrote and was told, and what is held beyond that.

Values only. The ledger is in no kind: it is kept for good, and an entry of it names whatever was removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class KeptKind(StrEnum):
    """What is kept for a time. The names stand in the ledger."""

    MESSAGES = "messages"
    """The bodies of messages that were dealt with."""
    REPORTS = "reports"
    """Written reports and filled packs, but the newest of each."""
    PLANS = "plans"
    """What plans held at earlier readings; what they hold now stays."""
    CASES = "cases"
    """Cases that are closed or withdrawn, with what was asked in them."""
    LOGS = "logs"
    """The logs of our processes."""
    RUNS = "runs"
    """The runs in Prefect's own database, which removes them itself."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days each kind is kept; None is for good. `hold` names cases and projects that are held."""

    messages: int | None = 90
    reports: int | None = 1826
    plans: int | None = 1096
    cases: int | None = 3653
    logs: int | None = 90
    runs: int | None = 90
    hold: frozenset[str] = frozenset()

    def days(self, kind: KeptKind) -> int | None:
        """The days of a kind; None where it is kept for good."""
        found: dict[KeptKind, int | None] = {
            KeptKind.MESSAGES: self.messages,
            KeptKind.REPORTS: self.reports,
            KeptKind.PLANS: self.plans,
            KeptKind.CASES: self.cases,
            KeptKind.LOGS: self.logs,
            KeptKind.RUNS: self.runs,
        }
        return found[kind]

    def before(self, kind: KeptKind, now: datetime) -> datetime | None:
        """What is older than this time is removed; None where the kind is kept for good."""
        days = self.days(kind)
        return None if days is None else now - timedelta(days=days)

"""Which reports were written: what each is about, says in one sentence, and prints of the ledger.

The pages themselves are files. A row says that a page was written, not that its file is still there. It
refuses to change a row.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from domain.reporting.entry import ReportEntry
from store.base import Base, Key
from store.repository import Repository


class ReportRow(Base):
    """A report by its file's name without `.html`."""

    __tablename__ = "reports"
    slug: Mapped[Key]
    about: Mapped[str]
    kind: Mapped[str]
    standard: Mapped[str]
    as_of: Mapped[date]
    sentence: Mapped[str]
    ledger_head: Mapped[str]
    ledger_entry: Mapped[int]


COLUMNS = tuple(ReportRow.__table__.c[name] for name in ReportEntry.__dataclass_fields__)


class Reports(Repository):
    """The index of reports."""

    def add(self, entry: ReportEntry) -> bool:
        """Stores a report's entry; whether it is new. An entry that has its slug already stays as it is."""
        return self._add(ReportRow, asdict(entry))

    def get(self, slug: str) -> ReportEntry | None:
        """The report of that slug; None when none was written."""
        found = self._session.execute(select(*COLUMNS).where(ReportRow.slug == slug)).one_or_none()
        return None if found is None else ReportEntry(*found)

    def all(self) -> tuple[ReportEntry, ...]:
        """Every report, by slug."""
        rows = self._session.execute(select(*COLUMNS).order_by(ReportRow.slug))
        return tuple(ReportEntry(*row) for row in rows)

    def subjects(self) -> tuple[str, ...]:
        """What there are reports about, each once, in order."""
        return tuple(self._session.scalars(select(ReportRow.about).distinct().order_by(ReportRow.about)))

    def is_empty(self) -> bool:
        """Whether no report was ever entered."""
        return self._session.scalar(select(ReportRow.slug).limit(1)) is None

"""The outcomes of runs, for a process that started one and waits for it; kept for a while, then deleted.

What a run did is in the other tables and in the ledger. This is only for processes that wait for a run.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.outcomes.outcome import Outcome
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.repository import Repository, Values

KEPT = timedelta(days=30)
"""How long an outcome is kept; a process that waits for a run asks within minutes."""


class OutcomeRow(Base):
    """The outcome of a run; `run` is the id of Prefect's flow run."""

    __tablename__ = "outcomes"
    run: Mapped[Key]
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    document: Mapped[Json]


OUTCOME: DocumentForm[Outcome] = DocumentForm(cast("type[Outcome]", Outcome))


class Outcomes(Repository):
    """The outcomes of runs that ended well and not long ago."""

    def put(self, run: str, outcome: Outcome, at: datetime) -> None:
        """Stores a run's outcome, in place of an earlier one of that run; deletes those older than KEPT."""
        self._count(delete(OutcomeRow).where(OutcomeRow.at < at - KEPT))
        row: Values = {"run": run, "kind": outcome.kind, "at": at, "document": OUTCOME.write(outcome)}
        self._put(OutcomeRow, row)

    def get(self, run: str) -> Outcome | None:
        """The outcome of the run; None for one that did not end well, or ended long ago."""
        text = self._session.scalar(select(OutcomeRow.document).where(OutcomeRow.run == run))
        return None if text is None else OUTCOME.read(text)

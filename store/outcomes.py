"""What runs came to, for whoever started one and waits in another process; kept for a while, then forgotten.

What a run did is in the other tables and in the ledger. This tells only who waits for a run what it came to.
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
"""How long an outcome is kept; who waits for a run asks within minutes."""


class OutcomeRow(Base):
    """What a run came to; `run` is the id of Prefect's flow run."""

    __tablename__ = "outcomes"
    run: Mapped[Key]
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    document: Mapped[Json]


OUTCOME: DocumentForm[Outcome] = DocumentForm(cast("type[Outcome]", Outcome))


class Outcomes(Repository):
    """The outcomes of runs that ended well and not long ago."""

    def put(self, run: str, outcome: Outcome, at: datetime) -> None:
        """Remembers what a run came to, and forgets what is older than KEPT; the same run's newest counts."""
        self._count(delete(OutcomeRow).where(OutcomeRow.at < at - KEPT))
        row: Values = {"run": run, "kind": outcome.kind, "at": at, "document": OUTCOME.write(outcome)}
        self._put(OutcomeRow, row)

    def get(self, run: str) -> Outcome | None:
        """What the run came to; None for one that did not end well, or long ago."""
        text = self._session.scalar(select(OutcomeRow.document).where(OutcomeRow.run == run))
        return None if text is None else OUTCOME.read(text)

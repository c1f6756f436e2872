"""What does not stand in the offices' tools as it should: a row for each thing, until it does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.delivery.held import Cause, Held
from domain.delivery.wanted import WantedKind
from store.base import Base, Key
from store.repository import Repository


class HeldRow(Base):
    """One thing of ours that is not in its tool as it should be."""

    __tablename__ = "held"
    key: Mapped[Key]
    office: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    cause: Mapped[str]
    why: Mapped[str]
    since: Mapped[datetime]


class HeldThings(Repository):
    """What the last delivery to each office could not place."""

    def replace(self, office: str, things: Iterable[Held]) -> bool:
        """Stores what is held of an office now; what was held before keeps its time; whether it changed."""
        known = {each.key: each for each in self.of(office)}
        found = {each.key: each for each in things}
        gone = sorted(known.keys() - found.keys())
        for key in gone:
            self._session.execute(delete(HeldRow).where(HeldRow.key == key))
        changed = bool(gone)
        for key, each in found.items():
            before = known.get(key)
            if before is not None and (before.cause, before.why) == (each.cause, each.why):
                continue
            since = before.since if before else each.since
            self._put(HeldRow, {
                "key": key, "office": office, "kind": str(each.kind), "cause": str(each.cause),
                "why": each.why, "since": since,
            })  # fmt: skip
            changed = True
        return changed

    def of(self, office: str | None = None) -> tuple[Held, ...]:
        """What is held of one office or of all, by office and key."""
        asked = select(HeldRow).order_by(HeldRow.office, HeldRow.key)
        if office is not None:
            asked = asked.where(HeldRow.office == office)
        rows = self._session.scalars(asked, execution_options={"populate_existing": True})
        return tuple(map(_held, rows))

    def counts(self) -> dict[tuple[str, Cause], tuple[int, datetime]]:
        """How many things are held and since when the oldest is, by office and cause."""
        asked = select(HeldRow.office, HeldRow.cause, func.count(), func.min(HeldRow.since))
        asked = asked.group_by(HeldRow.office, HeldRow.cause).order_by(HeldRow.office, HeldRow.cause)
        rows = self._session.execute(asked)
        return {(office, Cause(cause)): (count, since) for office, cause, count, since in rows}


def _held(row: HeldRow) -> Held:
    return Held(row.key, row.office, WantedKind(row.kind), Cause(row.cause), row.why, row.since)

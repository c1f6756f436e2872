"""Deviations as they were asked for and stand; it judges nothing, and none is ever deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped

from domain.deviations.deviation import Deviation
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unknown
from store.repository import Repository, Values


class DeviationRow(Base):
    """A deviation; `ended` where it has an ending, `digest` is the SHA-256 of its document."""

    __tablename__ = "deviations"
    id: Mapped[Key]
    office: Mapped[str]
    project: Mapped[str]
    standard: Mapped[str]
    rule: Mapped[str]
    state: Mapped[str]
    digest: Mapped[str]
    ended: Mapped[bool]
    last: Mapped[date]
    document: Mapped[Json]
    __table_args__ = (
        Index(None, "ended", "last"),
        Index(None, "project"),
        Index(None, "office"),
        Index(None, "standard", "rule"),
    )


DEVIATION = DocumentForm(Deviation, keep=16_384)


class Deviations(Repository):
    """Every deviation there ever was."""

    def add(self, deviation: Deviation) -> bool:
        """Stores one; False where one with its id is there, which stays as it is."""
        return self._add(DeviationRow, _row(deviation))

    def save(self, *deviations: Deviation) -> None:
        """Remembers how these stand now. Raises Unknown for one that was never added."""
        for each in deviations:
            if self.get(each.id) is None:
                raise Unknown(f"the deviation {each.id} was never added")
        self._put(DeviationRow, *map(_row, deviations))

    def put(self, deviations: Iterable[Deviation]) -> None:
        """Stores these by one statement, in place of those with their ids."""
        self._put(DeviationRow, *map(_row, deviations))

    def get(self, deviation_id: str) -> Deviation | None:
        """That deviation; None when there is none."""
        text = self._session.scalar(select(DeviationRow.document).where(DeviationRow.id == deviation_id))
        return None if text is None else DEVIATION.read(text)

    def all(self) -> tuple[Deviation, ...]:
        """Every one, by id."""
        asked = select(DeviationRow.document).order_by(DeviationRow.id)
        return tuple(map(DEVIATION.read, self._session.scalars(asked)))

    def standing(self, on: date) -> tuple[Deviation, ...]:
        """Those that did not end, and whose last day was not over anywhere on that day (UTC); by id."""
        asked = select(DeviationRow.document).where(
            DeviationRow.ended.is_(False), DeviationRow.last >= on - timedelta(days=1)
        )
        return tuple(map(DEVIATION.read, self._session.scalars(asked.order_by(DeviationRow.id))))

    def of_project(self, project: str) -> tuple[Deviation, ...]:
        """Every one for that project alone, by id."""
        asked = select(DeviationRow.document).where(DeviationRow.project == project)
        return tuple(map(DEVIATION.read, self._session.scalars(asked.order_by(DeviationRow.id))))

    def of_office(self, office: str) -> tuple[Deviation, ...]:
        """Every one that an office asked for, by id."""
        asked = select(DeviationRow.document).where(DeviationRow.office == office)
        return tuple(map(DEVIATION.read, self._session.scalars(asked.order_by(DeviationRow.id))))

    def unended(self) -> tuple[Deviation, ...]:
        """Those without an ending, the expired ones too, by id."""
        asked = select(DeviationRow.document).where(DeviationRow.ended.is_(False)).order_by(DeviationRow.id)
        return tuple(map(DEVIATION.read, self._session.scalars(asked)))

    def any(self) -> bool:
        """Whether there is one without an ending."""
        return (
            self._session.scalar(select(DeviationRow.id).where(DeviationRow.ended.is_(False)).limit(1))
            is not None
        )

    def fingerprint(self) -> str:
        """A hash of all that did not end: another one where any of them is another."""
        asked = select(DeviationRow.digest).where(DeviationRow.ended.is_(False)).order_by(DeviationRow.id)
        return hashlib.sha256("".join(self._session.scalars(asked)).encode()).hexdigest()


def _row(deviation: Deviation) -> Values:
    document = DEVIATION.write(deviation)
    return {
        "id": deviation.id,
        "office": deviation.asked.office,
        "project": deviation.scope.project,
        "standard": deviation.standard,
        "rule": deviation.rule,
        "state": deviation.state.value,
        "digest": hashlib.sha256(document.encode()).hexdigest(),
        "ended": deviation.ending is not None,
        "last": deviation.span.last,
        "document": document,
    }

"""Sweeps, each exactly as it was judged, so that any past report can be made again; it refuses to judge."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.compliance.sweep import Judged, Sweep
from store.base import Base, Json
from store.document import DocumentForm
from store.errors import Unknown
from store.repository import Repository, Values


class SweepRow(Base):
    """A sweep without its projects; `number` is the order in which sweeps were stored."""

    __tablename__ = "sweeps"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    standard: Mapped[str]
    version: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[Json]
    __table_args__ = (Index(None, "standard", "version", "at"),)


class SweepProjectRow(Base):
    """One project as a sweep judged it; the document is compressed (zlib)."""

    __tablename__ = "sweep_projects"
    sweep: Mapped[int] = mapped_column(ForeignKey(SweepRow.number), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    project: Mapped[str]
    office: Mapped[str]
    band: Mapped[str]
    document: Mapped[bytes]
    __table_args__ = (UniqueConstraint("sweep", "project"),)


SWEEP = DocumentForm(Sweep)
JUDGED = DocumentForm(Judged, keep=1024)


class Sweeps(Repository):
    """Every sweep of the network; of two at the same time, the one stored later is the newer."""

    def add(self, sweep: Sweep) -> bool:
        """Stores a sweep; whether it is new. One with its id that is there stays as it is."""
        head: Values = {
            "id": sweep.id,
            "standard": sweep.standard,
            "version": sweep.version,
            "at": sweep.at,
            "document": SWEEP.write(replace(sweep, judged=())),
        }
        if not self._add(SweepRow, head):
            return False
        number = self._session.scalar(select(SweepRow.number).where(SweepRow.id == sweep.id))
        self._session.add_all(
            SweepProjectRow(
                sweep=number,
                position=position,
                project=judged.project,
                office=judged.office,
                band=judged.band.value,
                document=zlib.compress(JUDGED.write(judged).encode()),
            )
            for position, judged in enumerate(sweep.judged)
        )
        self._session.flush()
        self._session.expunge_all()
        return True

    def get(self, sweep_id: str) -> Sweep | None:
        """The sweep with that id; None when there is none."""
        return self._newest(SweepRow.id == sweep_id)

    def latest(self, standard: str, version: str) -> Sweep | None:
        """The newest sweep under that version; None when there is none."""
        return self._newest(_under(standard, version))

    def previous(self, standard: str, version: str, before: str) -> Sweep | None:
        """The newest sweep under that version that is older than the one with the id `before`.

        None when there is none. Raises Unknown for an id that was never stored.
        """
        asked = select(SweepRow.at, SweepRow.number).where(SweepRow.id == before)
        found = self._session.execute(asked).one_or_none()
        if found is None:
            raise Unknown(f"no sweep with the id {before} was stored")
        at, number = found
        older = or_(SweepRow.at < at, and_(SweepRow.at == at, SweepRow.number < number))
        return self._newest(_under(standard, version), older)

    def at(self, standard: str, version: str, at: datetime) -> Sweep | None:
        """The sweep under that version that was the newest at that time; None when there was none."""
        return self._newest(_under(standard, version), SweepRow.at <= at)

    def _newest(self, *conditions: ColumnElement[bool]) -> Sweep | None:
        asked = select(SweepRow.number, SweepRow.document).where(*conditions)
        found = self._session.execute(
            asked.order_by(SweepRow.at.desc(), SweepRow.number.desc()).limit(1)
        ).one_or_none()
        if found is None:
            return None
        number, text = found
        parts = select(SweepProjectRow.document).where(SweepProjectRow.sweep == number)
        judged = self._session.scalars(parts.order_by(SweepProjectRow.position))
        return replace(
            SWEEP.read(text), judged=tuple(JUDGED.read(zlib.decompress(part).decode()) for part in judged)
        )


def _under(standard: str, version: str) -> ColumnElement[bool]:
    return and_(SweepRow.standard == standard, SweepRow.version == version)

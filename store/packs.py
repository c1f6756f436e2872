"""Filled report formats, each exactly as it was filled, so that a past one comes out with its own words.

It refuses to change one.
"""

from __future__ import annotations

import zlib
from datetime import date

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped

from domain.reporting.pack import Pack, PackHead, PackId
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unstorable
from store.repository import Repository


class PackRow(Base):
    """A pack; the document is compressed (zlib), its head stands beside it to be listed."""

    __tablename__ = "packs"
    id: Mapped[Key]
    format: Mapped[str]
    office: Mapped[str]
    day: Mapped[date]
    head: Mapped[Json]
    document: Mapped[bytes]
    __table_args__ = (Index(None, "format", "office", "day"),)


PACK = DocumentForm(Pack)
HEAD = DocumentForm(PackHead)


class Packs(Repository):
    """Every pack that was filled."""

    def add(self, pack: Pack) -> bool:
        """Stores a pack; whether it is new. One with its id that is there stays as it is."""
        key = pack.head.id
        row = {
            "id": str(key),
            "format": key.format,
            "office": key.office,
            "day": key.day,
            "head": HEAD.write(pack.head),
            "document": zlib.compress(PACK.write(pack).encode()),
        }
        return self._add(PackRow, row)

    def get(self, key: PackId) -> Pack | None:
        """The pack of that id; None where it was not filled. Raises Unstorable for one that is damaged."""
        found = self._session.scalar(select(PackRow.document).where(PackRow.id == str(key)))
        if found is None:
            return None
        try:
            return PACK.read(zlib.decompress(found).decode())
        except (zlib.error, UnicodeDecodeError):
            raise Unstorable(f"the stored pack {key} cannot be read") from None

    def latest(self, of: str, office: str, before: date | None = None) -> Pack | None:
        """The newest pack of a format and office, or the newest one before a day; None without one."""
        asked = select(PackRow.id).where(PackRow.format == of, PackRow.office == office)
        if before is not None:
            asked = asked.where(PackRow.day < before)
        found = self._session.scalar(asked.order_by(PackRow.day.desc()).limit(1))
        return None if found is None else self.get(PackId.read(found))

    def has(self, key: PackId) -> bool:
        """Whether that pack was filled."""
        return self._session.scalar(select(PackRow.id).where(PackRow.id == str(key))) is not None

    def heads(self) -> tuple[PackHead, ...]:
        """What every pack is of, by format, office and day."""
        rows = self._session.scalars(
            select(PackRow.head).order_by(PackRow.format, PackRow.office, PackRow.day)
        )
        return tuple(HEAD.read(text) for text in rows)

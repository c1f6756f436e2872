"""What the pages per role are made from, the newest of each report's subject; refuses to keep older ones."""

from __future__ import annotations

import hashlib
import zlib

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from domain.reporting.roles.basis import RoleBasis
from store.base import Base, Key
from store.document import DocumentForm
from store.errors import Unstorable
from store.repository import Repository


class RoleBasisRow(Base):
    """A basis by what it is about; the document is compressed (zlib)."""

    __tablename__ = "role_bases"
    about: Mapped[Key]
    digest: Mapped[str]
    document: Mapped[bytes]


BASIS = DocumentForm(RoleBasis)


class RoleBases(Repository):
    """The newest basis of each subject."""

    def put(self, basis: RoleBasis) -> None:
        """Stores it in place of the one before."""
        text = BASIS.write(basis).encode()
        row = {"about": basis.about, "digest": _digest(text), "document": zlib.compress(text)}
        self._put(RoleBasisRow, row)

    def is_news(self, basis: RoleBasis) -> bool:
        """Whether another one about the same is stored, or none."""
        return self.digests().get(basis.about) != _digest(BASIS.write(basis).encode())

    def digests(self) -> dict[str, str]:
        """The digest of the values of each, by what it is about."""
        rows = self._session.execute(select(RoleBasisRow.about, RoleBasisRow.digest))
        return {row.about: row.digest for row in rows}

    def get(self, about: str) -> RoleBasis | None:
        """The basis about that; None where there is none. Raises Unstorable for one that is damaged."""
        found = self._session.scalar(select(RoleBasisRow.document).where(RoleBasisRow.about == about))
        if found is None:
            return None
        try:
            return BASIS.read(zlib.decompress(found).decode())
        except (zlib.error, UnicodeDecodeError):
            raise Unstorable(f"the stored basis of {about} cannot be read") from None


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()

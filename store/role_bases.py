"""What the pages per role are made from, the newest of each report's subject; refuses to keep older ones."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass

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


BASIS = DocumentForm(RoleBasis, plain=True)
QUICK = 1
"""How hard zlib tries: a basis is written with every report, and read when somebody opens a page."""


@dataclass(frozen=True, slots=True)
class WrittenBasis:
    """A basis as it is stored, made before anything is locked."""

    about: str
    digest: str
    document: bytes


def written(basis: RoleBasis) -> WrittenBasis:
    """The basis as it is stored."""
    text = BASIS.write(basis).encode()
    return WrittenBasis(basis.about, hashlib.sha256(text).hexdigest(), zlib.compress(text, QUICK))


class RoleBases(Repository):
    """The newest basis of each subject."""

    def put(self, basis: WrittenBasis) -> None:
        """Stores it in place of the one before."""
        self._put(RoleBasisRow, {"about": basis.about, "digest": basis.digest, "document": basis.document})

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

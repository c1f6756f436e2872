"""Published versions and simulations; both stay as they are, and it refuses to change either."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from domain.ids import VersionId
from domain.standards.standard import Version
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Changed
from store.repository import Repository


class VersionRow(Base):
    """A published version of a standard."""

    __tablename__ = "versions"
    standard: Mapped[Key]
    version: Mapped[Key]
    digest: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[Json]


class SimulationRow(Base):
    """What a simulation found, by its digest."""

    __tablename__ = "simulations"
    digest: Mapped[Key]
    at: Mapped[datetime]
    document: Mapped[Json]


VERSION = DocumentForm(Version, keep=16)
OPEN: DocumentForm[dict[str, object]] = DocumentForm(dict[str, object])


class Versions(Repository):
    """The versions that were published, each once and for ever."""

    def publish(self, version: Version, at: datetime) -> bool:
        """Publishes a version; False when it is published already with this very content.

        Raises Changed when this version of the standard was published with other content.
        """
        key = {"standard": version.standard, "version": version.version}
        row = {"digest": version.digest, "at": at, "document": VERSION.write(version)}
        if self._add(VersionRow, key | row):
            return True
        there = self.get(version.standard, version.version)
        if there is None or there.digest != version.digest:
            raise Changed(f"{version.id} is published and never changes: give the new content a new version")
        return False

    def get(self, standard: str, version: str) -> Version | None:
        """That version; None when it was not published."""
        asked = select(VersionRow.document).where(
            VersionRow.standard == standard, VersionRow.version == version
        )
        text = self._session.scalar(asked)
        return None if text is None else VERSION.read(text)

    def published(self) -> Mapping[str, datetime]:
        """When each version was published, by `standard/version`."""
        rows = self._session.execute(select(VersionRow.standard, VersionRow.version, VersionRow.at))
        return {str(VersionId(standard, version)): at for standard, version, at in rows}

    def all(self) -> tuple[Version, ...]:
        """Every published version, in the order of publishing."""
        asked = select(VersionRow.document).order_by(VersionRow.at, VersionRow.standard, VersionRow.version)
        return tuple(VERSION.read(text) for text in self._session.scalars(asked))


class Simulations(Repository):
    """What simulations found, by the digest that an approval names."""

    def add(self, digest: str, document: Mapping[str, object], at: datetime) -> bool:
        """Stores what a simulation found; whether it is new. The same digest again changes nothing.

        The document may hold strings, numbers, booleans, dates, times, and lists and mappings of them;
        tuples come back as lists.
        """
        row = {"digest": digest, "at": at, "document": OPEN.write(dict(document))}
        return self._add(SimulationRow, row)

    def get(self, digest: str) -> Mapping[str, object] | None:
        """What that simulation found; None when there was none."""
        text = self._session.scalar(select(SimulationRow.document).where(SimulationRow.digest == digest))
        return None if text is None else OPEN.read(text)

    def digests(self) -> tuple[str, ...]:
        """The digests of all simulations, the newest first."""
        asked = select(SimulationRow.digest).order_by(SimulationRow.at.desc(), SimulationRow.digest)
        return tuple(self._session.scalars(asked))

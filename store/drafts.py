"""Drafts of versions as they are drafted and stand; it judges nothing, and none is ever deleted."""

from __future__ import annotations

from sqlalchemy import Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.drafts.draft import Draft
from domain.ids import VersionId
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unknown
from store.repository import Repository, Values


class DraftRow(Base):
    """A draft; `ended` where nothing follows any more."""

    __tablename__ = "drafts"
    id: Mapped[Key]
    standard: Mapped[str]
    version: Mapped[str]
    origin_case: Mapped[str]
    state: Mapped[str]
    ended: Mapped[bool] = mapped_column(index=True)
    document: Mapped[Json]
    __table_args__ = (Index(None, "standard", "version"), Index(None, "origin_case"))


DRAFT = DocumentForm(Draft, keep=64)


class Drafts(Repository):
    """Every draft there ever was."""

    def add(self, draft: Draft) -> bool:
        """Stores one; False where one with its id is there, which stays as it is."""
        return self._add(DraftRow, _row(draft))

    def save(self, draft: Draft) -> bool:
        """Remembers how it stands now; whether that is another than before. Raises Unknown for a new one."""
        before = self.get(draft.id)
        if before is None:
            raise Unknown(f"the draft {draft.id} was never added")
        if before == draft:
            return False
        self._put(DraftRow, _row(draft))
        return True

    def get(self, draft_id: str) -> Draft | None:
        """That draft; None when there is none."""
        text = self._session.scalar(select(DraftRow.document).where(DraftRow.id == draft_id))
        return None if text is None else DRAFT.read(text)

    def locked(self, draft_id: str) -> Draft | None:
        """That draft, which nobody else changes before this unit ends; None when there is none."""
        asked = select(DraftRow.document).where(DraftRow.id == draft_id).with_for_update()
        text = self._session.scalar(asked)
        return None if text is None else DRAFT.read(text)

    def all(self) -> tuple[Draft, ...]:
        """Every one, by id."""
        return self._read(select(DraftRow.document))

    def open(self) -> tuple[Draft, ...]:
        """Those of which something may still become, by id."""
        return self._read(select(DraftRow.document).where(DraftRow.ended.is_(False)))

    def of_version(self, version: str) -> tuple[Draft, ...]:
        """Every draft of `standard/version`, by id; none for a text that names no version."""
        named = VersionId.find(version)
        if named is None:
            return ()
        asked = select(DraftRow.document).where(
            DraftRow.standard == named.standard, DraftRow.version == named.version
        )
        return self._read(asked)

    def of_standard(self, standard: str) -> tuple[Draft, ...]:
        """Every draft of a standard, by id."""
        return self._read(select(DraftRow.document).where(DraftRow.standard == standard))

    def of_case(self, case: str) -> tuple[Draft, ...]:
        """Every draft that a case led to, by id."""
        return self._read(select(DraftRow.document).where(DraftRow.origin_case == case))

    def any(self) -> bool:
        """Whether there is one."""
        return self._session.scalar(select(DraftRow.id).limit(1)) is not None

    def _read(self, asked: Select[tuple[str]]) -> tuple[Draft, ...]:
        return tuple(map(DRAFT.read, self._session.scalars(asked.order_by(DraftRow.id))))


def _row(draft: Draft) -> Values:
    return {
        "id": draft.id,
        "standard": draft.version.standard,
        "version": draft.version.version,
        "origin_case": draft.case,
        "state": draft.state.value,
        "ended": not draft.is_open,
        "document": DRAFT.write(draft),
    }

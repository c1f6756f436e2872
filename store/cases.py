"""Cases as they were raised and stand; it judges nothing, and none is ever deleted."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Select, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.cases.case import About, Case
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unknown
from store.repository import Repository, Values


class CaseRow(Base):
    """A case; `ended` where it is closed or withdrawn."""

    __tablename__ = "cases"
    id: Mapped[Key]
    about: Mapped[str]
    subject: Mapped[str]
    standard: Mapped[str]
    counterpart: Mapped[str]
    state: Mapped[str]
    ended: Mapped[bool] = mapped_column(index=True)
    document: Mapped[Json]
    __table_args__ = (Index(None, "about", "subject"),)


class CaseOfficeRow(Base):
    """An office that takes part in a case."""

    __tablename__ = "case_offices"
    office: Mapped[Key]
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)


CASE = DocumentForm(Case, keep=4_096)


class Cases(Repository):
    """Every case there ever was."""

    def add(self, case: Case) -> bool:
        """Stores one; False where one with its id is there, which stays as it is."""
        added = self._add(CaseRow, _row(case))
        if added:
            self._offices(case)
        return added

    def save(self, case: Case) -> bool:
        """Remembers how it stands now; whether that is another than before. Raises Unknown for a new one."""
        before = self.get(case.id)
        if before is None:
            raise Unknown(f"the case {case.id} was never added")
        if before == case:
            return False
        self._put(CaseRow, _row(case))
        if before.offices != case.offices:
            self._offices(case)
        return True

    def get(self, case_id: str) -> Case | None:
        """That case; None when there is none."""
        text = self._session.scalar(select(CaseRow.document).where(CaseRow.id == case_id))
        return None if text is None else CASE.read(text)

    def locked(self, case_id: str) -> Case | None:
        """That case, which nobody else changes before this unit ends; None when there is none."""
        text = self._session.scalar(select(CaseRow.document).where(CaseRow.id == case_id).with_for_update())
        return None if text is None else CASE.read(text)

    def all(self) -> tuple[Case, ...]:
        """Every one, by id."""
        return self._read(select(CaseRow.document))

    def open(self) -> tuple[Case, ...]:
        """Those that are neither closed nor withdrawn, by id."""
        return self._read(select(CaseRow.document).where(CaseRow.ended.is_(False)))

    def about(self, about: About) -> tuple[Case, ...]:
        """Every one about the same, whoever raised it, by id."""
        asked = select(CaseRow.document).where(
            CaseRow.about == about.kind.value, CaseRow.subject == about.subject
        )
        return self._read(asked)

    def of_office(self, office: str) -> tuple[Case, ...]:
        """Every one in which an office takes part, by id."""
        there = select(CaseOfficeRow.case_id).where(CaseOfficeRow.office == office)
        return self._read(select(CaseRow.document).where(CaseRow.id.in_(there)))

    def any(self) -> bool:
        """Whether there is one."""
        return self._session.scalar(select(CaseRow.id).limit(1)) is not None

    def _read(self, asked: Select[tuple[str]]) -> tuple[Case, ...]:
        return tuple(map(CASE.read, self._session.scalars(asked.order_by(CaseRow.id))))

    def _offices(self, case: Case) -> None:
        self._session.execute(delete(CaseOfficeRow).where(CaseOfficeRow.case_id == case.id))
        self._insert_all(CaseOfficeRow, [{"office": each, "case_id": case.id} for each in case.offices])


def _row(case: Case) -> Values:
    return {
        "id": case.id,
        "about": case.about.kind.value,
        "subject": case.about.subject,
        "standard": case.about.standard,
        "counterpart": case.counterpart,
        "state": case.state.value,
        "ended": not case.is_open,
        "document": CASE.write(case),
    }

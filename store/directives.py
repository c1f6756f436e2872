"""Directives as they were issued and stand; it judges nothing, and none is ever deleted."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Select, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.directives.directive import Directive
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unknown
from store.repository import Repository, Values


class DirectiveRow(Base):
    """A directive; `ended` where all fulfilled it, or it is withdrawn or superseded."""

    __tablename__ = "directives"
    id: Mapped[Key]
    issuer: Mapped[str]
    ended: Mapped[bool] = mapped_column(index=True)
    document: Mapped[Json]


class DirectiveOfficeRow(Base):
    """An office that issued a directive or that it is addressed to."""

    __tablename__ = "directive_offices"
    office: Mapped[Key]
    directive_id: Mapped[str] = mapped_column(ForeignKey("directives.id"), primary_key=True)


DIRECTIVE = DocumentForm(Directive, keep=1_024)


class Directives(Repository):
    """Every directive there ever was."""

    def add(self, directive: Directive) -> bool:
        """Stores one; False where one with its id is there, which stays as it is."""
        added = self._add(DirectiveRow, _row(directive))
        if added:
            self._offices(directive)
        return added

    def save(self, directive: Directive) -> bool:
        """Remembers how it stands now; whether that is another than before. Raises Unknown for a new one."""
        before = self.get(directive.id)
        if before is None:
            raise Unknown(f"the directive {directive.id} was never added")
        if before == directive:
            return False
        self._put(DirectiveRow, _row(directive))
        if before.offices != directive.offices:
            self._offices(directive)
        return True

    def get(self, directive_id: str) -> Directive | None:
        """That directive; None when there is none."""
        text = self._session.scalar(select(DirectiveRow.document).where(DirectiveRow.id == directive_id))
        return None if text is None else DIRECTIVE.read(text)

    def locked(self, directive_id: str) -> Directive | None:
        """That directive, which nobody else changes before this unit ends; None when there is none."""
        asked = select(DirectiveRow.document).where(DirectiveRow.id == directive_id).with_for_update()
        text = self._session.scalar(asked)
        return None if text is None else DIRECTIVE.read(text)

    def all(self) -> tuple[Directive, ...]:
        """Every one, by id."""
        return self._read(select(DirectiveRow.document))

    def open(self) -> tuple[Directive, ...]:
        """Those that are in force, by id."""
        return self._read(select(DirectiveRow.document).where(DirectiveRow.ended.is_(False)))

    def of_issuer(self, office: str) -> tuple[Directive, ...]:
        """Every one that an office issued, by id."""
        return self._read(select(DirectiveRow.document).where(DirectiveRow.issuer == office))

    def of_office(self, office: str) -> tuple[Directive, ...]:
        """Every one that an office issued or got, by id."""
        there = select(DirectiveOfficeRow.directive_id).where(DirectiveOfficeRow.office == office)
        return self._read(select(DirectiveRow.document).where(DirectiveRow.id.in_(there)))

    def any(self) -> bool:
        """Whether one is in force."""
        return (
            self._session.scalar(select(DirectiveRow.id).where(DirectiveRow.ended.is_(False)).limit(1))
            is not None
        )

    def _read(self, asked: Select[tuple[str]]) -> tuple[Directive, ...]:
        return tuple(map(DIRECTIVE.read, self._session.scalars(asked.order_by(DirectiveRow.id))))

    def _offices(self, directive: Directive) -> None:
        there = DirectiveOfficeRow.directive_id == directive.id
        self._session.execute(delete(DirectiveOfficeRow).where(there))
        rows = [{"office": each, "directive_id": directive.id} for each in directive.offices]
        self._insert_all(DirectiveOfficeRow, rows)


def _row(directive: Directive) -> Values:
    return {
        "id": directive.id,
        "issuer": directive.issuer,
        "ended": not directive.is_open,
        "document": DIRECTIVE.write(directive),
    }

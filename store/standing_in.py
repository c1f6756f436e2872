"""Absences and delegations, as they were set and ended; it refuses none: the law of who stands in does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from domain.organization.absence import Absence, Delegation, StandIns
from domain.organization.office import Role
from store.base import Base, Key
from store.repository import Repository


class AbsenceRow(Base):
    """Somebody is away; `ended` is when it was taken back."""

    __tablename__ = "absences"
    id: Mapped[Key]
    person: Mapped[str] = mapped_column(index=True)
    first: Mapped[date]
    last: Mapped[date]
    deputy: Mapped[str]
    entered: Mapped[bool]
    at: Mapped[datetime]
    ended: Mapped[datetime | None]


class DelegationRow(Base):
    """A role that somebody delegated; `ended` is when it was taken back."""

    __tablename__ = "delegations"
    id: Mapped[Key]
    delegator: Mapped[str] = mapped_column(index=True)
    delegate: Mapped[str]
    office: Mapped[str]
    role: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    entered: Mapped[bool]
    at: Mapped[datetime]
    ended: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """An absence or delegation with its id, and whether an operator entered it for the person."""

    id: str
    what: Absence | Delegation
    entered: bool
    at: datetime


class StandInRegister(Repository):
    """Who stands in for whom."""

    def add(self, kept: Kept) -> bool:
        """Stores one; False for an id that is there."""
        what, row = kept.what, {"id": kept.id, "entered": kept.entered, "at": kept.at, "ended": None}
        if isinstance(what, Absence):
            row |= {"person": what.person, "first": what.first, "last": what.last, "deputy": what.deputy}
            return self._add(AbsenceRow, row)
        row |= {
            "delegator": what.delegator, "delegate": what.delegate, "office": what.office,
            "role": what.role.value, "first": what.first, "last": what.last,
        }  # fmt: skip
        return self._add(DelegationRow, row)

    def end(self, id_: str, at: datetime) -> Kept | None:
        """Takes one back; None where none with that id stands."""
        found = next((each for each in self.standing() if each.id == id_), None)
        for row in (AbsenceRow, DelegationRow):
            self._count(update(row).where(row.id == id_, row.ended.is_(None)).values(ended=at))
        return found

    def standing(self) -> tuple[Kept, ...]:
        """All that was not taken back, past ones too, by their first day."""
        absent = select(AbsenceRow).where(AbsenceRow.ended.is_(None))
        given = select(DelegationRow).where(DelegationRow.ended.is_(None))
        found = [
            *(
                Kept(e.id, Absence(e.person, e.first, e.last, e.deputy), e.entered, e.at)
                for e in self._session.scalars(absent)
            ),
            *(Kept(e.id, _delegation(e), e.entered, e.at) for e in self._session.scalars(given)),
        ]
        return tuple(sorted(found, key=lambda each: (each.what.first, each.id)))

    def known(self, *, entered_count: bool) -> StandIns:
        """All that stands; delegations that an operator entered only where such count."""
        listed = self.standing()
        return StandIns(
            tuple(each.what for each in listed if isinstance(each.what, Absence)),
            tuple(
                each.what
                for each in listed
                if isinstance(each.what, Delegation) and (entered_count or not each.entered)
            ),
        )


def _delegation(row: DelegationRow) -> Delegation:
    return Delegation(row.delegator, row.delegate, row.office, Role(row.role), row.first, row.last)

"""Updates of offices' plans: how each plan stands between two of them, and what they asked.

A settled conflict stays as it is. It refuses to delete.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped

from domain.plans.localization.derivation import DerivationId
from domain.plans.updates.asked import ConflictState, PlanConflict, PlanConflictId
from domain.plans.updates.standing import Before, Begun, EarlierUpdate, Footing, PlanStanding, Source
from domain.plans.whole_plan import WholePlan
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Changed
from store.local_times import LocalForm
from store.place_values import PlaceValue, read, written
from store.repository import Repository


class PlanStandingRow(Base):
    """How a plan stands between two updates."""

    __tablename__ = "plan_standings"
    derivation: Mapped[Key]
    document: Mapped[Json]


class PlanConflictRow(Base):
    """What an update asked."""

    __tablename__ = "plan_conflicts"
    id: Mapped[Key]
    derivation: Mapped[str]
    state: Mapped[str]
    document: Mapped[Json]
    __table_args__ = (Index(None, "derivation"),)


@dataclass(frozen=True, slots=True)
class StoredFooting:
    """A footing as it is stored: declined values by place, each of its own type."""

    version: int
    base: WholePlan
    theirs: WholePlan
    last: WholePlan
    tombstones: tuple[str, ...]
    declined: tuple[PlaceValue, ...]
    source: Source = Source()


@dataclass(frozen=True, slots=True)
class StoredStanding:
    """A standing as it is stored."""

    footing: StoredFooting
    before: StoredFooting | None = None
    ours: WholePlan | None = None
    passed: int = 0
    begun: Begun | None = None
    earlier: tuple[EarlierUpdate, ...] = ()


STANDING = LocalForm(StoredStanding)
CONFLICT = DocumentForm(PlanConflict)


class PlanUpdates(Repository):
    """The standings and conflicts of offices' plans."""

    def keep(self, standing: PlanStanding) -> bool:
        """Stores how a plan stands; whether that is a change."""
        if self.standing(standing.derivation) == standing:
            return False
        before = standing.before
        stored = StoredStanding(
            _stored(standing.footing),
            _stored(before.footing) if before else None,
            before.ours if before else None,
            standing.passed,
            standing.begun,
            standing.earlier,
        )
        row = {"derivation": str(standing.derivation), "document": STANDING.write(stored)}
        self._put(PlanStandingRow, row)
        return True

    def standing(self, derivation: DerivationId) -> PlanStanding | None:
        """How a plan stands; None where it was never updated."""
        asked = select(PlanStandingRow.document).where(PlanStandingRow.derivation == str(derivation))
        text = self._session.scalar(asked)
        if text is None:
            return None
        found = STANDING.read(text)
        before = None
        if found.before is not None and found.ours is not None:
            before = Before(_footing(found.before), found.ours)
        return PlanStanding(
            derivation, _footing(found.footing), before, found.passed, found.begun, found.earlier
        )

    def save(self, conflict: PlanConflict) -> bool:
        """Stores a conflict, or how it stands now; whether that is a change.

        Raises Changed for one that is settled: it stays as it is.
        """
        there = self.conflict(str(conflict.id))
        if there == conflict:
            return False
        if there is not None and not there.is_open:
            raise Changed(f"the conflict {conflict.id} is settled and never changes")
        row = {
            "id": str(conflict.id), "derivation": str(conflict.derivation), "state": conflict.state.value,
            "document": CONFLICT.write(conflict),
        }  # fmt: skip
        self._put(PlanConflictRow, row)
        return True

    def conflict(self, conflict: str) -> PlanConflict | None:
        """That conflict; None where there is none."""
        text = self._session.scalar(select(PlanConflictRow.document).where(PlanConflictRow.id == conflict))
        return None if text is None else CONFLICT.read(text)

    def conflicts(self, derivation: DerivationId) -> tuple[PlanConflict, ...]:
        """All conflicts of a plan, open and settled, by their ids."""
        asked = select(PlanConflictRow.document).where(PlanConflictRow.derivation == str(derivation))
        return tuple(
            CONFLICT.read(text) for text in self._session.scalars(asked.order_by(PlanConflictRow.id))
        )

    def open(self) -> tuple[PlanConflictId, ...]:
        """The ids of all open conflicts, in order."""
        asked = select(PlanConflictRow.id).where(PlanConflictRow.state == ConflictState.OPEN.value)
        return tuple(map(PlanConflictId.read, self._session.scalars(asked.order_by(PlanConflictRow.id))))


def _stored(footing: Footing) -> StoredFooting:
    return StoredFooting(
        footing.version,
        footing.base,
        footing.theirs,
        footing.last,
        tuple(sorted(footing.tombstones)),
        written(footing.declined),
        footing.source,
    )


def _footing(stored: StoredFooting) -> Footing:
    return Footing(
        stored.version, stored.base, stored.theirs, stored.last, frozenset(stored.tombstones),
        read(stored.declined), stored.source,
    )  # fmt: skip

"""Rollouts and where each of their projects stands; it refuses to change what was approved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.rollouts.rollout import Adoption, Member, Rollout, Standing
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Changed, Unknown
from store.repository import Repository, Values


class RolloutRow(Base):
    """A rollout as it stands."""

    __tablename__ = "rollouts"
    id: Mapped[Key]
    standard: Mapped[str]
    version: Mapped[str]
    manifest: Mapped[str]
    state: Mapped[str]
    approved_on: Mapped[date]
    document: Mapped[Json]


class MemberRow(Base):
    """A member of a rollout's manifest; never changed."""

    __tablename__ = "rollout_members"
    rollout: Mapped[str] = mapped_column(ForeignKey(RolloutRow.id), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    project: Mapped[str]
    office: Mapped[str]
    wave: Mapped[int]
    __table_args__ = (UniqueConstraint("rollout", "project"),)


class AdoptionRow(Base):
    """Where one project stands in a rollout."""

    __tablename__ = "adoptions"
    rollout: Mapped[str] = mapped_column(ForeignKey(RolloutRow.id), primary_key=True)
    project: Mapped[Key]
    office: Mapped[str]
    wave: Mapped[int]
    standing: Mapped[str]
    document: Mapped[Json]
    __table_args__ = (Index(None, "rollout", "office", "project"),)


class AdoptionCountRow(Base):
    """How many projects stood where in a rollout on one day."""

    __tablename__ = "adoption_counts"
    rollout: Mapped[str] = mapped_column(ForeignKey(RolloutRow.id), primary_key=True)
    as_of: Mapped[date] = mapped_column(primary_key=True)
    document: Mapped[Json]


ROLLOUT = DocumentForm(Rollout)
ADOPTION = DocumentForm(Adoption, keep=1024)
COUNTS: DocumentForm[dict[Standing, int]] = DocumentForm(dict[Standing, int])


class Rollouts(Repository):
    """The rollouts that were approved."""

    def add(self, rollout: Rollout, members: Iterable[Member]) -> bool:
        """Stores a rollout with its members; False, and no change, when this one with this manifest is there.

        Raises Changed when the rollout of this id has another manifest.
        """
        if not self._add(RolloutRow, _row(rollout)):
            self._same_manifest(rollout)
            return False
        for position, member in enumerate(members):
            place = {"project": member.project, "office": member.office, "wave": member.wave}
            self._add(MemberRow, {"rollout": rollout.id, "position": position, **place})
        return True

    def members(self, rollout_id: str) -> tuple[Member, ...]:
        """The members of the manifest that was approved, in its order."""
        asked = select(MemberRow.project, MemberRow.office, MemberRow.wave)
        asked = asked.where(MemberRow.rollout == rollout_id).order_by(MemberRow.position)
        return tuple(Member(*row) for row in self._session.execute(asked))

    def get(self, rollout_id: str) -> Rollout | None:
        """That rollout as it stands; None when there is none."""
        text = self._session.scalar(select(RolloutRow.document).where(RolloutRow.id == rollout_id))
        return None if text is None else ROLLOUT.read(text)

    def locked(self, rollout_id: str) -> Rollout | None:
        """The same; and until the unit ends, whoever else asks for it so waits."""
        asked = select(RolloutRow.document).where(RolloutRow.id == rollout_id).with_for_update()
        text = self._session.scalar(asked)
        return None if text is None else ROLLOUT.read(text)

    def all(self) -> tuple[Rollout, ...]:
        """Every rollout, in the order of approval."""
        asked = select(RolloutRow.document).order_by(RolloutRow.approved_on, RolloutRow.id)
        return tuple(ROLLOUT.read(text) for text in self._session.scalars(asked))

    def save(self, rollout: Rollout) -> bool:
        """Remembers how it stands now; whether that is a change.

        Raises Unknown when it was never added, Changed when its manifest is not the approved one.
        """
        if self._same_manifest(rollout) == rollout:
            return False
        self._put(RolloutRow, _row(rollout))
        return True

    def _same_manifest(self, rollout: Rollout) -> Rollout:
        there = self.get(rollout.id)
        if there is None:
            raise Unknown(f"rollout {rollout.id} was never added")
        if there.manifest.digest != rollout.manifest.digest:
            raise Changed(f"rollout {rollout.id} was approved with another manifest")
        return there


class Adoptions(Repository):
    """Where each project of a rollout stands, and how many stood where on the days that were counted."""

    def of(
        self, rollout_id: str, office: str | None = None, projects: Collection[str] | None = None
    ) -> tuple[Adoption, ...]:
        """The rollout's adoptions of one office or of all, of some projects or of all, by project."""
        asked = select(AdoptionRow.document).where(AdoptionRow.rollout == rollout_id)
        if office is not None:
            asked = asked.where(AdoptionRow.office == office)
        if projects is not None:
            asked = asked.where(AdoptionRow.project.in_(projects))
        rows = self._session.scalars(asked.order_by(AdoptionRow.project))
        return tuple(ADOPTION.read(text) for text in rows)

    def save(self, rollout_id: str, adoption: Adoption) -> bool:
        """Remembers where a project stands now; False, and nothing is written, when it is as before.

        Raises Conflict when the rollout was never added.
        """
        asked = select(AdoptionRow.document).where(
            AdoptionRow.rollout == rollout_id, AdoptionRow.project == adoption.project
        )
        text = self._session.scalar(asked)
        if text is not None and ADOPTION.read(text) == adoption:
            return False
        row: Values = {
            "rollout": rollout_id,
            "project": adoption.project,
            "office": adoption.office,
            "wave": adoption.wave,
            "standing": adoption.standing.value,
            "document": ADOPTION.write(adoption),
        }
        self._put(AdoptionRow, row)
        return True

    def add_count(self, rollout_id: str, as_of: date, counts: Mapping[Standing, int]) -> None:
        """Remembers how many projects stood where on that day; a second count of the day replaces it."""
        row: Values = {"rollout": rollout_id, "as_of": as_of, "document": COUNTS.write(dict(counts))}
        self._put(AdoptionCountRow, row)

    def counts(self, rollout_id: str) -> tuple[tuple[date, Mapping[Standing, int]], ...]:
        """The counts of the rollout, oldest day first."""
        asked = select(AdoptionCountRow.as_of, AdoptionCountRow.document)
        asked = asked.where(AdoptionCountRow.rollout == rollout_id).order_by(AdoptionCountRow.as_of)
        return tuple((day, COUNTS.read(text)) for day, text in self._session.execute(asked))


def _row(rollout: Rollout) -> Values:
    return {
        "id": rollout.id,
        "standard": rollout.manifest.standard,
        "version": rollout.manifest.version,
        "manifest": rollout.manifest.digest,
        "state": rollout.state.value,
        "approved_on": rollout.approved_on,
        "document": ROLLOUT.write(rollout),
    }

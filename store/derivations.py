"""Derivations: the answers, the plan that followed, and the keys of its tasks in the office's tool.

The plan is the base of the next update, so it is replaced only by what a merge left. It refuses to delete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Mapped, mapped_column

from domain.plans.localization.answers import Answers, OwnEstimate
from domain.plans.localization.derivation import Derivation, DerivationId, Ground
from domain.plans.whole_plan import WholePlan
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unknown
from store.local_times import LocalForm
from store.repository import Repository


class DerivationRow(Base):
    """A derivation as it stands."""

    __tablename__ = "derivations"
    id: Mapped[Key]
    office: Mapped[str] = mapped_column(index=True)
    template: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    digest: Mapped[str]
    project: Mapped[str]
    at: Mapped[datetime]
    ground: Mapped[Json]
    answers: Mapped[Json]
    base: Mapped[Json]


class DerivationKeyRow(Base):
    """A task's key in the office's tool, by the template's uid."""

    __tablename__ = "derivation_keys"
    derivation: Mapped[Key]
    uid: Mapped[Key]
    key: Mapped[str]


GROUND = DocumentForm(Ground)
ANSWERS = DocumentForm(Answers)
PLAN = LocalForm(WholePlan)


class EstimateRow(Base):
    """What an office expected of a plan before it saw the template's figures; the first one stays."""

    __tablename__ = "own_estimates"
    derivation: Mapped[Key]
    document: Mapped[Json]


class BegunRow(Base):
    """What an office wrote into the fields of its page so far, before its plan is made."""

    __tablename__ = "begun_answers"
    derivation: Mapped[Key]
    document: Mapped[Json]


ESTIMATE = DocumentForm(OwnEstimate)
FIELDS: DocumentForm[Mapping[str, str]] = DocumentForm(Mapping[str, str])  # type: ignore[type-abstract] # pydantic reads it


class Derivations(Repository):
    """The plans that offices made of templates."""

    def keep(self, derivation: Derivation) -> bool:
        """Stores a derivation as it is, with its keys; whether anything changed."""
        there = self.find(derivation.id)
        if there == derivation or (there is not None and replace(there, at=derivation.at) == derivation):
            return False
        row = {
            "id": str(derivation.id),
            "office": derivation.id.office,
            "template": derivation.template.template,
            "version": derivation.version,
            "digest": derivation.digest,
            "project": derivation.project,
            "at": derivation.at,
            "ground": GROUND.write(derivation.ground),
            "answers": ANSWERS.write(derivation.answers),
            "base": PLAN.write(derivation.base),
        }
        self._put(DerivationRow, row)
        self.place(derivation.id, derivation.keys)
        return True

    def place(self, derivation: DerivationId, keys: Mapping[str, str]) -> None:
        """Notes the keys that tasks have in the office's tool; those of other tasks stay."""
        rows = [{"derivation": str(derivation), "uid": uid, "key": key} for uid, key in keys.items()]
        self._put(DerivationKeyRow, *rows)

    def hold(self, derivation: DerivationId, project: str) -> None:
        """Notes the office's own id of the project that holds the plan. Raises Unknown without the plan."""
        found = update(DerivationRow).where(DerivationRow.id == str(derivation)).values(project=project)
        if not self._count(found):
            raise Unknown(f"there is no local plan {derivation}")

    def find(self, derivation: DerivationId) -> Derivation | None:
        """That derivation; None where there is none."""
        return next(self._read(select(DerivationRow).where(DerivationRow.id == str(derivation))), None)

    def of_office(self, office: str) -> tuple[Derivation, ...]:
        """The derivations of an office, by their ids."""
        return tuple(self._read(select(DerivationRow).where(DerivationRow.office == office)))

    def of_template(self, template: str) -> tuple[Derivation, ...]:
        """The derivations that follow a template, by their ids."""
        return tuple(self._read(select(DerivationRow).where(DerivationRow.template == template)))

    def estimate(self, derivation: DerivationId, said: OwnEstimate) -> bool:
        """Stores what an office expects of a plan that is not made yet; False where it said so before."""
        row = {"derivation": str(derivation), "document": ESTIMATE.write(said)}
        return self._add(EstimateRow, row)

    def estimated(self, derivation: DerivationId) -> OwnEstimate | None:
        """What the office expected of a plan, before it was made; None where it said nothing."""
        asked = select(EstimateRow.document).where(EstimateRow.derivation == str(derivation))
        text = self._session.scalar(asked)
        return None if text is None else ESTIMATE.read(text)

    def begin(self, derivation: DerivationId, fields: Mapping[str, str]) -> None:
        """Stores what was written into fields of the office's page; what is in other fields stays."""
        whole = {**self.begun(derivation), **fields}
        self._put(BegunRow, {"derivation": str(derivation), "document": FIELDS.write(whole)})

    def begun(self, derivation: DerivationId) -> Mapping[str, str]:
        """What was written into the fields of the office's page so far, by the field's name."""
        asked = select(BegunRow.document).where(BegunRow.derivation == str(derivation))
        text = self._session.scalar(asked)
        return {} if text is None else FIELDS.read(text)

    def ids(self) -> tuple[DerivationId, ...]:
        """The ids of all derivations, in order."""
        return tuple(
            map(DerivationId.read, self._session.scalars(select(DerivationRow.id).order_by(DerivationRow.id)))
        )

    def _read(self, rows: Select[tuple[DerivationRow]]) -> Iterator[Derivation]:
        for row in self._session.scalars(rows.order_by(DerivationRow.id)):
            keys = select(DerivationKeyRow).where(DerivationKeyRow.derivation == row.id)
            key = DerivationId.read(row.id)
            yield Derivation(
                key,
                row.version,
                row.digest,
                GROUND.read(row.ground),
                ANSWERS.read(row.answers),
                row.at,
                PLAN.read(row.base),
                row.project,
                {each.uid: each.key for each in self._session.scalars(keys.order_by(DerivationKeyRow.uid))},
                "" if row.template == key.template else row.template,
            )

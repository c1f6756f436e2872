"""What an update asks an office: one record for each conflict, until it is settled. Values and their law.

A conflict that comes again in a later update while it is open is the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self

from domain.canonical import digest
from domain.ids import Id, parts
from domain.organization.calendar import Calendar
from domain.plans.localization.derivation import DerivationId
from domain.plans.merge.change import Conflict, Why
from domain.plans.merge.place import Place, Side
from domain.plans.merge.sides import indexed
from domain.plans.updates.shown import shown_value
from domain.plans.whole_plan import WholePlan


class ConflictState(StrEnum):
    """How far a conflict has come."""

    OPEN = "open"
    DECIDED = "decided"
    """Somebody chose."""
    DEFAULTED = "defaulted"
    """Nobody did in time: the default counts."""
    MOOT = "moot"
    """Nothing is to be chosen any more, as one side changed again."""


@dataclass(frozen=True, slots=True)
class PlanConflictId(Id):
    """The question of an update of a plan where the template and the office differ: the plan, and which one.

    `plan` is the id of the derivation, OFFICE/TEMPLATE/NUMBER.
    """

    plan: str
    which: str

    def __str__(self) -> str:
        return f"conflict/{self.plan}/{self.which}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `conflict/porto/finance-system/1/0123456789ab`."""
        office, template, number, which = parts(text, "conflict/", 4)
        return cls(f"{office}/{template}/{number}", which)


@dataclass(frozen=True, slots=True)
class PlanConflict:
    """One question of an update: the template's value or the office's, at all places together.

    `task` names the task that it is about, `theirs` and `ours` have the values as people read them.
    """

    id: PlanConflictId
    derivation: DerivationId
    version: int
    """The template's version that asks; the newest one, where a later update asked the same again."""
    places: tuple[Place, ...]
    why: Why
    default: Side
    task: str
    theirs: str
    ours: str
    asked: date
    answer_by: date
    state: ConflictState = ConflictState.OPEN
    choice: Side | None = None
    stopped: date | None = None
    """The day up to which its last day was put off, while the office's objection stops its clock."""

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.state is ConflictState.OPEN

    def put_off(self, calendar: Calendar, today: date, *, stops: bool) -> PlanConflict:
        """The same, after its clock stood: the last day is later by the business days since it stopped.

        `stops` says whether it stands now. Done again on the same day it changes nothing.
        """
        if self.stopped is None:
            return replace(self, stopped=today) if stops else self
        days = calendar.business_days_between(self.stopped, today)
        by = calendar.add_business_days(self.answer_by, days) if days else self.answer_by
        return replace(self, answer_by=by, stopped=today if stops else None)

    def settled(self, state: ConflictState, choice: Side | None) -> PlanConflict:
        """The same, settled."""
        return replace(self, state=state, choice=choice)


@dataclass(frozen=True, slots=True)
class Asking:
    """Between which days a new conflict of which plan is asked."""

    derivation: DerivationId
    version: int
    asked: date
    answer_by: date


def conflicts_now(
    asking: Asking, found: Iterable[Conflict], known: Sequence[PlanConflict], names: Mapping[str, str]
) -> tuple[PlanConflict, ...]:
    """The records of what a merge asks: those that are open already with their days, new ones with new ids.

    `known` are all records of the plan so far, `names` the tasks' names by uid.
    """
    open_now = {each.places: each for each in known if each.is_open}
    records = []
    for each in found:
        there = open_now.get(each.places)
        told = _told(asking, each, names)
        if there is not None:
            told = replace(
                told, id=there.id, asked=there.asked, answer_by=there.answer_by, stopped=there.stopped
            )
        else:
            before = sum(one.places == each.places for one in known)
            told = replace(told, id=_id(asking, each.places, before))
        records.append(told)
    return tuple(records)


def no_longer_asked(known: Iterable[PlanConflict], now: Iterable[PlanConflict]) -> tuple[PlanConflict, ...]:
    """The open records that a merge does not ask any more and nobody chose, as moot."""
    asked = {each.id for each in now}
    return tuple(
        each.settled(ConflictState.MOOT, None) for each in known if each.is_open and each.id not in asked
    )


def names_of(*plans: WholePlan) -> Mapping[str, str]:
    """The names of tasks by uid; those of the last plan count."""
    return {uid: task.name for plan in plans for uid, task in indexed(plan).tasks.items()}


def _id(asking: Asking, places: tuple[Place, ...], before: int) -> PlanConflictId:
    text = digest([[str(p.subject), list(p.about), p.field] for p in places] + [asking.version, before])
    return PlanConflictId(str(asking.derivation), text[:12])


def _told(asking: Asking, found: Conflict, names: Mapping[str, str]) -> PlanConflict:
    task = next((names[uid] for uid in found.places[0].about if uid in names), "")
    ours = task if found.why is Why.SAME_TASK else _values(found, found.ours, names)
    return PlanConflict(
        PlanConflictId(str(asking.derivation), ""), asking.derivation, asking.version, found.places,
        found.why, found.default, task, _values(found, found.theirs, names), ours,
        asking.asked, asking.answer_by,
    )  # fmt: skip


def _values(found: Conflict, values: Iterable[object], names: Mapping[str, str]) -> str:
    """The values as people read them: of a task that another is part of its name."""
    pairs = zip(found.places, values, strict=True)
    return "; ".join(
        shown_value(names.get(str(value), value) if place.field == "parent" else value)
        for place, value in pairs
    )

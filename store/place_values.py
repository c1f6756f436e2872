"""The value at a place of a plan as JSON text, and back: each place has its own type.

Refuses a value that is not of the type of its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from domain.plans.merge.place import Place, Subject
from domain.plans.merge.sides import Bonds
from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from store.local_times import LocalForm


@dataclass(frozen=True, slots=True)
class PlaceValue:
    """A place, and the value there as JSON text."""

    subject: Subject
    about: tuple[str, ...]
    field: str
    value: str


def written(values: Mapping[Place, object]) -> tuple[PlaceValue, ...]:
    """The values by place, in order. Raises Unstorable for one that is not of its place's type."""
    return tuple(
        PlaceValue(place.subject, place.about, place.field, _form(place.subject, place.field).write(value))
        for place, value in sorted(values.items())
    )


def read(stored: tuple[PlaceValue, ...]) -> Mapping[Place, object]:
    """The values that were written."""
    return {
        Place(each.subject, each.about, each.field): _form(each.subject, each.field).read(each.value)
        for each in stored
    }


@cache
def _form(subject: Subject, field: str) -> LocalForm[Any]:
    match subject:
        case Subject.TASK:
            kind: Any = get_type_hints(PlanTask)[field] if field else PlanTask | None
            return LocalForm(kind)
        case Subject.PLAN:
            return LocalForm(get_type_hints(WholePlan)[field])
        case Subject.CALENDAR:
            return LocalForm(WorkCalendar | None)  # type: ignore[arg-type] # pydantic takes unions
        case Subject.LINK:
            return LocalForm(Bonds)
        case Subject.ORDER:
            return LocalForm(tuple[str, ...])

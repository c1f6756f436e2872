"""How a plan's tasks stand in a sheet of items: parents, predecessors and lengths as text.

A task's uid is its id there, so that people read `t-7` and `t-7 FS+2d`. Refuses to change rows.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.records.columns import Links, Money, SheetItemColumns, Work
from connectors.records.fitting import fitting
from connectors.records.mapping import ItemsSheet
from connectors.records.plan_words import UNITS
from domain.ids import ItemKey, PlanTaskKey
from domain.plans.item_plan import DayConstraint
from domain.plans.predecessor import LagUnit, LinkType, Predecessor
from domain.plans.project import FieldValue, ItemKind
from domain.plans.task import ConstraintKind

COLUMN = {"milestone": "kind", "constraint": "not_before", "behind": "order"}
"""Where another column than the field's own holds it."""
PLANNED = frozenset({"work", "parent", "after", "milestone", "duration"}) | {"constraint", "cost"}
"""The fields of a plan's task whose cells have a form of their own."""
HOURS = {"hours": 1, "days": 8, "weeks": 40}
HOUR = 60
NEAR = 5e-9
BETWEEN = "; "
ENGLISH = "en"
CENTS = 8
"""Digits of an amount, so that millions have their cents."""


def column_of(field: str) -> str:
    """The column that holds a field of ours."""
    return COLUMN.get(field, field)


def has_column(part: ItemsSheet, field: str) -> bool:
    """Whether the sheet holds that field of a plan's task."""
    if field == "milestone":
        return part.columns.kind is not None and bool(_milestone(part))
    return getattr(part.columns, column_of(field), None) is not None


def cell_of(part: ItemsSheet, field: str, value: FieldValue) -> FieldValue:
    """What stands in the cell for that value; raises `Skip` for what no cell holds."""
    if field == "parent":
        return shown_id(str(value)) if value else ""
    if isinstance(value, tuple):
        return fitting(field, BETWEEN.join(_follows(each, part.columns) for each in value), "")
    if field == "milestone":
        return _milestone(part)
    if field == "duration" and isinstance(value, int):
        return f"{value // HOUR}h" if not value % HOUR else f"{value}min"
    if field == "constraint":
        return value.on if isinstance(value, DayConstraint) and value.on else ""
    if field == "cost" and isinstance(value, int | float):
        ones = int(part.columns.cost.unit) if isinstance(part.columns.cost, Money) else 1
        return round(value / ones, CENTS)
    if field == "work" and isinstance(value, int | float):
        unit = part.columns.work.unit if isinstance(part.columns.work, Work) else "hours"
        return round(value / HOURS[unit], 4)
    return value


def as_held(field: str, value: FieldValue) -> FieldValue:
    """A value of a plan's task as a row holds it: of constraints only a start no earlier than a day."""
    if field == "constraint" and isinstance(value, DayConstraint):
        return value if value.kind is ConstraintKind.START_NO_EARLIER_THAN else ""
    if field == "cost" and isinstance(value, int | float):
        return round(float(value), 2)
    return value


def shown_id(key: str) -> str:
    """The id that people see of a task: of a plan's task its uid, of the office's own the id in its row."""
    found = PlanTaskKey.find(key)
    if found is not None:
        return found.uid
    own = ItemKey.find(key)
    return key if own is None else own.own


def is_said(cell: FieldValue, there: FieldValue | None) -> bool:
    """Whether a cell holds that; numbers are compared as such."""
    if isinstance(cell, float):
        try:
            return abs(float(str(there)) - cell) < NEAR
        except ValueError:
            return False
    return str(cell) == str(there or "").strip()


def _milestone(part: ItemsSheet) -> str:
    """The office's own word for a milestone, else ours; where it has words and none for it, none."""
    words: Mapping[str, str] = part.words.kind
    own = [word for word, kind in words.items() if kind == ItemKind.MILESTONE]
    return own[0] if own else "" if words else str(ItemKind.MILESTONE)


def _follows(each: Predecessor, columns: SheetItemColumns) -> str:
    """`t-7`, `t-7 FS+2d` in the units of the column's language; `t-7 FF` could be minus 7 of a unit."""
    ref = shown_id(each.key)
    if not each.lag and each.type is LinkType.FINISH_TO_START:
        return ref
    language = columns.after.language if isinstance(columns.after, Links) else None
    return f"{ref} {each.type}{each.lag:+g}{_unit(each.unit, language or ENGLISH)}"


def _unit(unit: LagUnit, language: str) -> str:
    if unit is LagUnit.PERCENT:
        return str(unit)
    return next(word for word, meant in UNITS[language].items() if meant is unit)

"""The retention of an organization from organization.yaml: days or `forever`, and what is held."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue

from config.problems import Problems, WrongValue, shown
from config.shapes import FileEntry, Shape, Words
from domain.ids import ProjectKey
from domain.organization.retention import Retention

FOREVER = "forever"
LEAST_DAYS, MOST_DAYS = 30, 36_525
"""Anything that is looked back at is younger: reviews, periods of reports, undone updates."""


def _days_or_forever(value: object) -> object:
    """A number of days; None for `forever`."""
    if value == FOREVER:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and LEAST_DAYS <= value <= MOST_DAYS:
        return value
    given = shown(value) if isinstance(value, str | int | float) else "what stands there"
    raise WrongValue(f"{given} is no number of days", f"write {LEAST_DAYS} to {MOST_DAYS}, or `{FOREVER}`")


SCHEMA: JsonSchemaValue = {
    "anyOf": [{"type": "integer", "minimum": LEAST_DAYS, "maximum": MOST_DAYS}, {"const": FOREVER}]
}
DaysOrForever: TypeAlias = Annotated[int | None, BeforeValidator(_days_or_forever), WithJsonSchema(SCHEMA)]
DEFAULTS = Retention()


class RetentionShape(Shape):
    """organization.yaml, `retention`: days for which what is no longer needed is kept, or `forever`."""

    messages: DaysOrForever = DEFAULTS.messages
    """Days for the bodies of other systems' messages, from when they came, once they are dealt with. That a
    message came, and which, is kept."""
    reports: DaysOrForever = DEFAULTS.reports
    """Days for written reports and filled packs, from the day that they are about. The newest of each
    stays."""
    plans: DaysOrForever = DEFAULTS.plans
    """Days for what a plan held at earlier readings. What it holds now stays, and what it held when that
    time began."""
    cases: DaysOrForever = DEFAULTS.cases
    """Days for cases, from when they were closed or withdrawn."""
    logs: DaysOrForever = DEFAULTS.logs
    """Days for the logs of the processes in the state folder."""
    runs: DaysOrForever = DEFAULTS.runs
    """Days for the runs in Prefect's own database, from their end; Prefect's server deletes them itself, when
    it was started since."""
    hold: tuple[Words, ...] = Field((), examples=[["mersin/MR-01", "case-7ebe53861490"]])
    """Cases by their ids, and projects as office/id, of which nothing is removed, as when a court asks for
    them. What has open matters is held anyway."""


def read_retention(said: RetentionShape, entry: FileEntry[Shape], problems: Problems) -> Retention:
    """The retention that organization.yaml says; what names neither a case nor a project is a problem."""
    for each in said.hold:
        if not each.startswith("case-") and ProjectKey.find(each) is None:
            where = entry.where("retention", "hold")
            told = f"{shown(each)} is neither a case nor a project"
            problems.add(where, told, "write case-7ebe53861490, or a project as office/id")
    return Retention(
        said.messages, said.reports, said.plans, said.cases, said.logs, said.runs, frozenset(said.hold)
    )

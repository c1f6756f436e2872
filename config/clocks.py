"""The clocks of an organization from organization.yaml: it refuses levels whose times are out of order."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue

from config.problems import Problems, WrongValue, shown
from config.shapes import FileEntry, Shape, Whole
from domain.organization.clocks import Clocks, Disorder, Escalation

NEVER = "never"
MOST_DAYS = 250
"""A year of business days."""


def _days_or_never(value: object) -> object:
    """A number of business days; None for `never`."""
    if value == NEVER:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_DAYS:
        return value
    given = shown(value) if isinstance(value, str | int | float) else "what stands there"
    raise WrongValue(f"{given} is no number of business days", f"write 1 to {MOST_DAYS}, or `{NEVER}`")


SCHEMA: JsonSchemaValue = {
    "anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_DAYS}, {"const": NEVER}]
}
DaysOrNever: TypeAlias = Annotated[int | None, BeforeValidator(_days_or_never), WithJsonSchema(SCHEMA)]
DEFAULTS, LEVELS = Clocks(), Escalation()


class EscalationShape(Shape):
    """After how many business days past the date each level is told."""

    head: Whole = Field(LEVELS.head, ge=1, le=MOST_DAYS)
    """Business days after which the head of the late office is told."""
    parent: DaysOrNever = LEVELS.parent
    """Business days after which the head of its parent office is told, more than for `head`; `never`: neither
    it nor anybody further up is told."""
    above: DaysOrNever = LEVELS.above
    """Business days after which the head of each office further up is told, counted from the office below it;
    `never`: nobody above the parent office is told."""
    sponsor: DaysOrNever = LEVELS.sponsor
    """Business days after which the sponsor of the office at the top of the ladder is told, more than for the
    heads; `never`: no sponsor is told."""


class ClocksShape(Shape):
    """organization.yaml, `clocks`."""

    answer_days: Whole = Field(DEFAULTS.answer_days, ge=1, le=100)
    """Business days for an answer that an office owes; an office's own `answer_days` takes its place."""
    elect_days: Whole = Field(DEFAULTS.elect_days, ge=0, le=100)
    """Business days for the election of a project that may complete under the old version; a version's
    `leeway.elect_days` takes its place."""
    decision_days: Whole = Field(DEFAULTS.decision_days, ge=1, le=MOST_DAYS)
    """Business days for an approval that is asked for in the tool of the office that leads."""
    legal_decision_days: Whole = Field(DEFAULTS.legal_decision_days, ge=1, le=MOST_DAYS)
    """Business days for a decision that law demands: of a request that names the law."""
    placing_days: Whole = Field(DEFAULTS.placing_days, ge=1, le=100)
    """Business days for putting a question into its office's tool; after that the office that leads is
    told."""
    escalation: EscalationShape = EscalationShape()
    """After how many business days past a due date each level is told. A level that is left out has its
    default."""


def read_clocks(said: ClocksShape, entry: FileEntry[Shape], problems: Problems) -> Clocks:
    """The clocks that organization.yaml says; levels out of order are a problem at their line."""
    times = said.escalation
    try:
        levels = Escalation(times.head, times.parent, times.above, times.sponsor)
    except Disorder as wrong:
        where = entry.where("clocks", "escalation", wrong.level)
        problems.add(where, str(wrong), "give each level more days than the one before it")
        levels = LEVELS
    return Clocks(
        said.answer_days,
        said.elect_days,
        said.decision_days,
        said.legal_decision_days,
        said.placing_days,
        levels,
    )

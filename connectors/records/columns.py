"""The columns of a tool's lists, in its settings: which header holds which of our fields, and in which unit.

Unknown keys are errors. Refuses to say which lists there are: that is in mapping.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from connectors.records.plan_words import LinkLanguage

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _as_column(value: object) -> object:
    """A bare text is a header."""
    return {"header": value} if isinstance(value, str) else value


def _a_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError(f"{zone!r} is no time zone; write one such as Europe/Berlin")
    return zone


Zone = Annotated[Text, AfterValidator(_a_zone)]
"""The name of a time zone."""


def _as_text(value: object) -> object:
    """A unit as text: YAML reads 1000 as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Strict(BaseModel):
    """Frozen, and unknown keys are errors; each key is described by the docstring under it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Plain(Strict):
    """A column found by its header, and where several have it, by the text that stands over it."""

    header: Text
    """The column's header, as the office writes it."""
    under: Text | None = None
    """The text over the header, where several columns have that header."""


class Percent(Plain):
    """A column of percentages: 94 (`percent`) or 0.94 (`fraction`); else only unambiguous values are read."""

    unit: Literal["fraction", "percent"] | None = None
    """`percent` (94) or `fraction` (0.94). Without it only values that can mean one thing are read."""


class Money(Plain):
    """A column of money, in ones, in thousands or in millions."""

    unit: Annotated[Literal["1", "1000", "1000000"], BeforeValidator(_as_text)] = "1"
    """`1`: the cells hold whole units of the currency; `1000`: thousands; `1000000`: millions of them."""


class Work(Plain):
    """A column of work, in hours, in days of 8 hours or in weeks of 5 days."""

    unit: Literal["hours", "days", "weeks"] = "hours"
    """`hours`, `days` of 8 hours, or `weeks` of 5 such days."""


class Length(Plain):
    """A column of durations: `5d`, `5 Tage`, `40h`, or numbers in one unit."""

    unit: Literal["minutes", "hours", "days", "weeks"] | None = None
    """The unit of plain numbers, in working time. Without it only numbers with their unit are read."""
    language: LinkLanguage | None = None
    """The language of the units, where a letter alone can mean two: `t` is a day in German, an hour in
    Swedish. Without it the whole column decides."""


class Links(Plain):
    """A column of predecessors: `12FS+2d; T-4`, in the abbreviations of ten languages."""

    by: Literal["id", "row", "line"] = "id"
    """What numbers in it are: items' ids, the sheet's `row`, or the `line` in the project, from 1 on."""
    language: LinkLanguage | None = None
    """The language of the abbreviations, where they mean two things: AA is start to start in German, finish
    to finish in Swedish. Without it the whole column decides."""


Column = Annotated[Plain, BeforeValidator(_as_column)]
LengthColumn = Annotated[Length, BeforeValidator(_as_column)]
LinksColumn = Annotated[Links, BeforeValidator(_as_column)]
PercentColumn = Annotated[Percent, BeforeValidator(_as_column)]
MoneyColumn = Annotated[Money, BeforeValidator(_as_column)]
WorkColumn = Annotated[Work, BeforeValidator(_as_column)]


class ProjectColumns(Strict):
    """The columns of the projects sheet."""

    id: Column = Field(description="The project's id in the office, which never changes.")
    title: Column = Field(description="The project's title.")
    program: Column | None = Field(None, description="The id of its program (programs.yaml).")
    stage: Column | None = None
    """Its stage: proposed, planning, execution, closing, closed or on_hold; `words.stage` maps the office's
    own words."""
    lead: Column | None = Field(None, description="The project manager.")
    sponsor: Column | None = Field(None, description="Who sponsors it.")
    start: Column | None = Field(None, description="The planned start.")
    finish: Column | None = Field(None, description="The planned finish.")
    baseline_finish: Column | None = Field(
        None, description="The baseline's finish; a slip is counted from it."
    )
    percent_complete: PercentColumn | None = Field(None, description="Percent complete as reported.")
    budget: MoneyColumn | None = Field(None, description="The approved budget.")
    actual_cost: MoneyColumn | None = Field(None, description="What is spent so far.")
    forecast_cost: MoneyColumn | None = Field(None, description="The expected cost at completion.")
    currency: Column | None = Field(None, description="The currency of its money, by its code of ISO 4217.")
    last_report: Column | None = Field(None, description="The day of its last report.")
    standard_version: Column | None = Field(None, description="The version that the office says it follows.")


class AttestedColumns(Strict):
    """The columns of a person's attestation: who, when, which document, valid until."""

    person: Column | None = Field(None, description="Who attests it.")
    on: Column | None = Field(None, description="The day of the attestation.")
    document: Column | None = Field(None, description="Where the document lies.")
    valid_until: Column | None = Field(None, description="The last day on which the attestation is valid.")

    @model_validator(mode="before")
    @classmethod
    def _on_is_a_word(cls, value: Any) -> Any:  # noqa: ANN401 - what YAML gave, before it is checked
        """YAML 1.1 reads the key `on` as true."""
        if isinstance(value, Mapping) and True in value:
            return {("on" if key is True else key): each for key, each in value.items()}
        return value


class ItemColumns(Strict):
    """The columns of the items sheet; `key`, `role` and `standing` are ours, as are rows with our key."""

    id: Column = Field(description="The item's id in the office.")
    project: Column = Field(description="The id of the project to which the item belongs.")
    title: Column = Field(description="The item's title.")
    kind: Column | None = Field(None, description="Task, milestone or ticket; see `words.kind`.")
    owner: Column | None = Field(None, description="Who does it.")
    start: Column | None = Field(None, description="When it starts.")
    due: Column | None = Field(None, description="When it is due.")
    work: WorkColumn | None = Field(None, description="How much work it is.")
    percent: PercentColumn | None = Field(None, description="How much of it is done.")
    status: Column | None = Field(None, description="Its status, in the office's own words.")
    duration: LengthColumn | None = Field(None, description="How long it takes: 5d, 5 Tage, 40h.")
    actual_start: Column | None = Field(None, description="The day on which it really began.")
    actual_finish: Column | None = Field(None, description="The day on which it was really finished.")
    not_before: Column | None = Field(None, description="The day before which it may not start.")
    deadline: Column | None = Field(None, description="The day by which it has to be done at the latest.")
    cost: MoneyColumn | None = Field(None, description="What it costs, in the project's currency.")
    spent: WorkColumn | None = Field(None, description="How much work it took so far.")
    key: Column | None = Field(None, description="Our key, by which we find what we put there. It is ours.")
    role: Column | None = Field(None, description="The role that has to do what we put there. It is ours.")
    standing: Column | None = Field(None, description="The standing of the project's adoption. It is ours.")


PLAN_COLUMNS = ("duration", "actual_start", "actual_finish", "not_before", "deadline", "cost", "spent")
"""The columns that hold an item's part of a plan."""


AMOUNTS = frozenset({"budget", "actual_cost", "forecast_cost", "work", "cost", "duration", "spent"})
"""The columns whose values add up: one that is merged over several records is none of theirs."""
BARE = AMOUNTS | {"id", "title", "project", "level", "parent", "order", "currency"}
"""The columns that say neither who does something, nor when, nor how far it is: a total may fill them too."""


class SheetItemColumns(ItemColumns):
    """The columns of a sheet of items, which may name the project in headings instead."""

    project: Column | None = None  # type: ignore[assignment] # a sheet with headings has no such column
    level: Column | None = Field(None, description="How deep it lies in the outline: 1, 2, 3.")
    parent: Column | None = Field(None, description="The id of the item that it is part of.")
    after: LinksColumn | None = Field(None, description="What it follows: 12FS+2d; T-4.")
    order: Column | None = Field(None, description="Its place in the order: 1, 2, 3; 2.5 is between two.")
    calendar: Column | None = Field(None, description="The name of its own calendar, if it has one.")


class QuestionColumns(Strict):
    """The columns of the questions sheet; the office writes `answer` and `answered_by`, the rest is ours."""

    key: Column = Field(description="Where our key stands; the question is found again by it. It is ours.")
    kind: Column | None = Field(None, description="What kind of question it is. It is ours.")
    project: Column | None = Field(None, description="The project that it is about. It is ours.")
    text: Column = Field(description="The question. It is ours.")
    asked: Column | None = Field(None, description="The day on which it was asked. It is ours.")
    answer_by: Column | None = Field(None, description="The day by which it is to be answered. It is ours.")
    answer: Column = Field(description="The office's answer; the office writes it.")
    answered_by: Column | None = Field(None, description="Who answered; the office writes it.")
    standing: Column | None = Field(None, description="What became of the question. It is ours.")


class DeviationColumns(Strict):
    """The columns of the sheet on which an office asks for deviations or raises feedback."""

    id: Column = Field(
        description="The request's own id, such as 1. A row is the same request as long as it has that id."
    )
    project: Column | None = Field(
        None, description="The project's id. Without it the request is for a class of projects."
    )
    rule: Column = Field(description="The uid of the rule; before it, if need be, the version.")
    why: Column = Field(description="The reason.")
    last: Column = Field(description="The last day on which it holds.")
    first: Column | None = Field(None, description="The first day. Without it the day on which it is read.")
    limit: Column | None = Field(None, description="The limit in place of the rule's.")
    cost: Column | None = Field(None, description="What it costs, in the project's currency.")
    delay_days: Column | None = Field(None, description="How many days it takes.")
    gate: Column | None = Field(None, description="A gate that is skipped.")
    category: Column | None = Field(
        None, description="waived, mitigated, equivalent, deferred or not_applicable."
    )
    measure: Column | None = Field(None, description="What makes up for it.")
    document: Column | None = Field(None, description="A link to a document.")
    citation: Column | None = Field(None, description="The law that demands it.")
    about: Column | None = Field(
        None,
        description="What feedback is about, as `rule delivery-method/2.0 plan-size`; a row that names it"
        " raises feedback and asks for no deviation.",
    )
    objection: Column | None = Field(None, description="yes, where the feedback is an objection.")
    cause: Column | None = Field(
        None, description="The cause of feedback: regulatory, legal, capacity, quality or conflict."
    )
    terms: Column | None = Field(
        None, description="Other terms, as office=mersin; fact=project.stage=closing."
    )
    standing: Column | None = Field(
        None, description="How the deviation stands. It is ours, and the only one of this sheet that is."
    )

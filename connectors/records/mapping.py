"""The settings of an office's workbook: which sheet and which header hold which of our fields.

Unknown keys are errors. Refuses to read the workbook: whether a header is there is found out by reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Protocol
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from domain.organization.office import Access, Lacking
from domain.plans.project import ItemKind, Stage

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
SHEET_NAME_LIMIT = 31
LAST_ROW = 1_048_576
FORBIDDEN_IN_SHEET_NAMES = frozenset("[]:*?/\\")


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


class Settings(Strict):
    """The settings of a tool, or of an office's part of it."""

    def lacking(self) -> tuple[Lacking, ...]:
        """What is missing for each access; nothing unless a kind of tool says otherwise."""
        return ()


class Plain(Strict):
    """A column found by its header."""

    header: Text
    """The column's header, as the office writes it."""


class Percent(Plain):
    """A column of percentages: 94 (`percent`) or 0.94 (`fraction`); else only unambiguous values are read."""

    unit: Literal["fraction", "percent"] | None = None
    """`percent` (94) or `fraction` (0.94). Without it only values that can mean one thing are read."""


class Money(Plain):
    """A column of money, in ones or in thousands."""

    unit: Annotated[Literal["1", "1000"], BeforeValidator(_as_text)] = "1"
    """`1`: the cells hold whole units of the currency; `1000`: thousands of them."""


class Work(Plain):
    """A column of work, in hours or in days of 8 hours."""

    unit: Literal["hours", "days"] = "hours"
    """`hours`, or `days` of 8 hours."""


Column = Annotated[Plain, BeforeValidator(_as_column)]
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
    lead: Column | None = Field(None, description="Who leads the project.")
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


class ProjectWords(Strict):
    """The office's own words for ours."""

    stage: Mapping[Text, Stage] = Field(default_factory=dict)
    """The office's words for stages, each with ours: proposed, planning, execution, closing, closed or
    on_hold."""


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
    key: Column | None = Field(None, description="Our key, by which we find what we put there. It is ours.")
    role: Column | None = Field(None, description="The role that has to do what we put there. It is ours.")
    standing: Column | None = Field(None, description="The standing of the project's adoption. It is ours.")


class ItemWords(Strict):
    """The office's own words for ours."""

    kind: Mapping[Text, ItemKind] = Field(default_factory=dict)
    """The office's words for kinds of items, each with ours: task, milestone or ticket."""


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


class SheetSettings(Strict):
    """A sheet by its name; the rows `ignore_rows` are left out: by number, or by the whole text of a cell."""

    sheet: Text
    """The sheet's name."""
    ignore_rows: tuple[Annotated[int, Field(strict=True, ge=1, le=LAST_ROW)] | Text, ...] = ()
    """Rows that are left out: by their numbers, or by the whole text of one of their cells."""

    @field_validator("sheet")
    @classmethod
    def _possible(cls, name: str) -> str:
        if len(name) > SHEET_NAME_LIMIT or FORBIDDEN_IN_SHEET_NAMES & set(name):
            raise ValueError(
                f"no workbook can have a sheet {name!r}: at most 31 characters, none of []:*?/\\"
            )
        return name


class ProjectsPart(Strict):
    """The part of a tool that holds its projects."""

    columns: ProjectColumns
    """Which columns hold the projects' facts, by our names. What is not named is not reported."""
    gates: Mapping[Text, Column] = Field(default_factory=dict)
    """The columns with the day on which a gate was passed, by the gate's name; a rule asks for `gates.G1`."""
    attested: Mapping[Text, AttestedColumns] = Field(default_factory=dict)
    """The columns of what a person attests, by the `subject` of the rules that ask for it."""
    fields: Mapping[Text, Column] = Field(default_factory=dict)
    """The office's own columns, by names of ours; a rule asks for `field.NAME`."""
    words: ProjectWords = ProjectWords()
    """The office's own words for ours."""


class ProjectsSheet(SheetSettings, ProjectsPart):
    """The sheet with a row per project."""


class ItemsPart(Strict):
    """The part of a tool that holds items; `statuses` are the ones that the office uses."""

    columns: ItemColumns
    """Which columns hold the items' facts, by our names."""
    words: ItemWords = ItemWords()
    """The office's own words for ours."""
    statuses: tuple[Text, ...] = ()
    """The statuses that the office's items can have, which a standard may demand. Without them a server's
    tickets tell those that are used."""


class ItemsSheet(SheetSettings, ItemsPart):
    """The sheet with a row per item."""


class QuestionsSheet(SheetSettings):
    """The sheet on which we ask and the office answers."""

    columns: QuestionColumns
    """Which columns hold the questions and answers, by our names."""


class ToolSettings(Settings):
    """The workbook itself: `file` is a path inside the organization's folder.

    `zone` is the time zone in which moments that bear another (2027-01-30T23:00:00Z) are days.
    """

    file: Text
    """The path of the .xlsx inside the organization's folder."""
    zone: Zone | None = None
    """The time zone in which moments that bear another (2027-01-30T23:00:00Z) are days. Without it such a
    moment is no day."""

    @field_validator("file")
    @classmethod
    def _a_workbook(cls, file: str) -> str:
        if not file.lower().endswith(".xlsx"):
            raise ValueError(f"{file!r} is not an .xlsx workbook; save it as .xlsx (without macros)")
        return file


QUESTIONS = (
    "make such a sheet, and add `questions: {sheet: Questions, columns: {key: interoffice key, "
    "text: Question, answer: Answer, answered_by: Answered by}}`"
)
ITEMS = (
    "make such a sheet, or name the one that there is: `items: {sheet: Tasks, columns: {id: Id, "
    "project: Project, title: Title, due: Due, status: Status, key: interoffice key}}`"
)
KEY = "make such a column, which may be hidden, and add `key: interoffice key`"


class WorkbookSettings(Settings):
    """One office's part of a workbook."""

    projects: ProjectsSheet
    """The sheet with a row per project."""
    items: ItemsSheet | None = None
    """The sheet with a row per item. Without it no item is read, and access `write` is of no use."""
    questions: QuestionsSheet | None = None
    """The sheet on which we ask and the office answers. Without it nothing can be asked there."""

    def lacking(self) -> tuple[Lacking, ...]:
        """A sheet for questions is missing, or one for items, or the column of our key in it."""
        found = []
        if self.questions is None:
            found.append(Lacking(Access.ASK, ("questions",), "it has no sheet for questions", QUESTIONS))
        if self.items is None:
            found.append(Lacking(Access.WRITE, ("items",), "it has no sheet for items", ITEMS))
        elif self.items.columns.key is None:
            at = ("items", "columns", "key")
            found.append(Lacking(Access.WRITE, at, "items have no column for our key", KEY))
        return tuple(found)

    @model_validator(mode="after")
    def _sheets_of_their_own(self) -> WorkbookSettings:
        names = [part.sheet.casefold() for part in (self.projects, self.items, self.questions) if part]
        if len(set(names)) < len(names):
            raise ValueError("projects, items and questions each need a sheet of their own")
        return self

    @model_validator(mode="after")
    def _our_columns_are_ours(self) -> WorkbookSettings:
        for part, ours in ((self.items, ("key", "role", "standing")), (self.questions, tuple(OWNED_ASKED))):
            if part is None:
                continue
            given = [(name, " ".join(column.header.casefold().split())) for name, column in columns_of(part)]
            for name, header in given:
                others = [other for other, text in given if text == header and other != name]
                if others and name in (*ours, "key"):
                    raise ValueError(
                        f"sheet {part.sheet!r}: {name} and {others[0]} both have the header {header!r}"
                    )
        return self


OWNED_ITEM = ("title", "project", "due", "role", "standing")
OWNED_ASKED = ("kind", "project", "text", "asked", "answer_by", "standing")
DATES = frozenset(
    {"start", "finish", "baseline_finish", "last_report", "due", "asked", "answer_by", "on", "valid_until"}
)


def columns_of(part: BaseModel) -> Iterator[tuple[str, Plain]]:
    """Every mapped column by our name: `title`, `gate.G1`, `attested.case.person`, `field.risks`."""
    columns = getattr(part, "columns")  # noqa: B009 - each kind of part has its own
    for name in type(columns).model_fields:
        column = getattr(columns, name)
        if column is not None:
            yield name, column
    if not isinstance(part, ProjectsPart):
        return
    for gate, column in part.gates.items():
        yield f"gate.{gate}", column
    for subject, attested in part.attested.items():
        for name in AttestedColumns.model_fields:
            column = getattr(attested, name)
            if column is not None:
                yield f"attested.{subject}.{name}", column
    for field, column in part.fields.items():
        yield f"field.{field}", column


class Parts(Protocol):
    """What a reading needs of any tool's settings."""

    @property
    def projects(self) -> ProjectsPart: ...  # noqa: D102 - the class says it
    @property
    def items(self) -> ItemsPart | None: ...  # noqa: D102 - the class says it


def offered(settings: Parts) -> frozenset[str]:
    """The fields that this tool offers: `finish`, `gate.G1`, `attested.case`, `risks`, `item.due`."""
    names: set[str] = set()
    for name, _ in columns_of(settings.projects):
        if name.startswith("attested."):
            names.add(name.rpartition(".")[0])
        else:
            names.add(name.removeprefix("field."))
    if settings.items:
        names |= {
            f"item.{name}"
            for name, _ in columns_of(settings.items)
            if name not in ("key", "role", "standing")
        }
    return frozenset(names)

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
from domain.plans.project import ItemKind, ItemState, Stage

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
    """Frozen, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(Strict):
    """The settings of a tool, or of an office's part of it."""

    def lacking(self) -> tuple[Lacking, ...]:
        """What is missing for each access; nothing unless a kind of tool says otherwise."""
        return ()


class Plain(Strict):
    """A column found by its header."""

    header: Text


class Percent(Plain):
    """A column of percentages: 94 (`percent`) or 0.94 (`fraction`); else only unambiguous values are read."""

    unit: Literal["fraction", "percent"] | None = None


class Money(Plain):
    """A column of money, in ones or in thousands."""

    unit: Annotated[Literal["1", "1000"], BeforeValidator(_as_text)] = "1"


class Work(Plain):
    """A column of work, in hours or in days of 8 hours."""

    unit: Literal["hours", "days"] = "hours"


Column = Annotated[Plain, BeforeValidator(_as_column)]
PercentColumn = Annotated[Percent, BeforeValidator(_as_column)]
MoneyColumn = Annotated[Money, BeforeValidator(_as_column)]
WorkColumn = Annotated[Work, BeforeValidator(_as_column)]


class ProjectColumns(Strict):
    """The columns of the projects sheet."""

    id: Column
    title: Column
    program: Column | None = None
    stage: Column | None = None
    lead: Column | None = None
    sponsor: Column | None = None
    start: Column | None = None
    finish: Column | None = None
    baseline_finish: Column | None = None
    percent_complete: PercentColumn | None = None
    budget: MoneyColumn | None = None
    actual_cost: MoneyColumn | None = None
    forecast_cost: MoneyColumn | None = None
    currency: Column | None = None
    last_report: Column | None = None
    standard_version: Column | None = None


class AttestedColumns(Strict):
    """The columns of a person's attestation: who, when, which document, valid until."""

    person: Column | None = None
    on: Column | None = None
    document: Column | None = None
    valid_until: Column | None = None

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


class ItemColumns(Strict):
    """The columns of the items sheet; `key`, `role` and `standing` are ours, as are rows with our key."""

    id: Column
    project: Column
    title: Column
    kind: Column | None = None
    owner: Column | None = None
    start: Column | None = None
    due: Column | None = None
    work: WorkColumn | None = None
    percent: PercentColumn | None = None
    status: Column | None = None
    key: Column | None = None
    role: Column | None = None
    standing: Column | None = None


class ItemWords(Strict):
    """The office's own words for ours."""

    kind: Mapping[Text, ItemKind] = Field(default_factory=dict)


class QuestionColumns(Strict):
    """The columns of the questions sheet; the office writes `answer` and `answered_by`, the rest is ours."""

    key: Column
    kind: Column | None = None
    project: Column | None = None
    text: Column
    asked: Column | None = None
    answer_by: Column | None = None
    answer: Column
    answered_by: Column | None = None
    standing: Column | None = None


class SheetSettings(Strict):
    """A sheet by its name; the rows `ignore_rows` are left out: by number, or by the whole text of a cell."""

    sheet: Text
    ignore_rows: tuple[Annotated[int, Field(strict=True, ge=1, le=LAST_ROW)] | Text, ...] = ()

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
    gates: Mapping[Text, Column] = Field(default_factory=dict)
    attested: Mapping[Text, AttestedColumns] = Field(default_factory=dict)
    fields: Mapping[Text, Column] = Field(default_factory=dict)
    words: ProjectWords = ProjectWords()


class ProjectsSheet(SheetSettings, ProjectsPart):
    """The sheet with a row per project."""


class Statuses(Strict):
    """The office's words for the statuses of items, by what they mean; each word in one place.

    A list alone gives their `names`, and not what they mean.
    """

    open: tuple[Text, ...] = ()
    done: tuple[Text, ...] = ()
    canceled: tuple[Text, ...] = ()
    names: tuple[Text, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _a_list(cls, said: object) -> object:
        if isinstance(said, list | tuple):
            return {"names": said}
        if not isinstance(said, Mapping | Statuses):
            raise ValueError("give a list of names, or the words for `open`, `done` and `canceled`")  # noqa: TRY004 - pydantic's own form
        return said

    @model_validator(mode="after")
    def _one_meaning(self) -> Statuses:
        words = [in_words(word) for word in (*self.open, *self.done, *self.canceled)]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(f"{twice[0]!r} stands in several places or twice; a status means one thing")
        return self


def in_words(status: str) -> str:
    """A status as it is compared: small letters, single blanks."""
    return " ".join(status.casefold().split())


class ItemsPart(Strict):
    """The part of a tool that holds items.

    `statuses` are the ones that the office uses: a list of their names, or the words for `open`, `done` and
    `canceled`.
    """

    columns: ItemColumns
    words: ItemWords = ItemWords()
    statuses: Statuses = Statuses()

    @property
    def status_names(self) -> tuple[str, ...]:
        """The names of the statuses."""
        said = self.statuses
        return (*said.names, *said.open, *said.done, *said.canceled)

    @property
    def states(self) -> Mapping[str, ItemState]:
        """What each status means, by its word as it is compared; empty where the settings do not say it."""
        return {in_words(word): state for state in ItemState for word in getattr(self.statuses, state)}


class ItemsSheet(SheetSettings, ItemsPart):
    """The sheet with a row per item."""


class QuestionsSheet(SheetSettings):
    """The sheet on which we ask and the office answers."""

    columns: QuestionColumns


class ToolSettings(Settings):
    """The workbook itself: `file` is a path inside the organization's folder.

    `zone` is the time zone in which moments that bear another (2027-01-30T23:00:00Z) are days.
    """

    file: Text
    zone: Zone | None = None

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
    items: ItemsSheet | None = None
    questions: QuestionsSheet | None = None

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

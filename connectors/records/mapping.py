"""The settings of an office's workbook: which sheet and which header hold which of our fields.

Unknown keys are errors. Refuses to read the workbook: whether a header is there is found out by reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Protocol

from pydantic import (
    BaseModel,
    Field,
    field_validator,
    model_validator,
)

from connectors.records.columns import (
    AttestedColumns,
    Column,
    DeviationColumns,
    ItemColumns,
    Plain,
    ProjectColumns,
    QuestionColumns,
    SheetItemColumns,
    Strict,
    Text,
    Zone,
)
from domain.organization.office import Access, Lacking
from domain.plans.project import ItemKind, ItemState, Stage

SHEET_NAME_LIMIT = 31
LAST_ROW = 1_048_576
FORBIDDEN_IN_SHEET_NAMES = frozenset("[]:*?/\\")


class Settings(Strict):
    """The settings of a tool, or of an office's part of it."""

    def lacking(self) -> tuple[Lacking, ...]:
        """What is missing for each access; nothing unless a kind of tool says otherwise."""
        return ()


class ProjectWords(Strict):
    """The office's own words for ours."""

    stage: Mapping[Text, Stage] = Field(default_factory=dict)
    """The office's words for stages, each with ours: proposed, planning, execution, closing, closed or
    on_hold."""


class ItemWords(Strict):
    """The office's own words for ours."""

    kind: Mapping[Text, ItemKind] = Field(default_factory=dict)
    """The office's words for kinds of items, each with ours: task, milestone or ticket."""


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


class Statuses(Strict):
    """The office's words for the statuses of items, by what they mean; each word in one place.

    A list alone gives their `names`, and not what they mean.
    """

    open: tuple[Text, ...] = ()
    """Words for what is still to be done."""
    done: tuple[Text, ...] = ()
    """Words for what is done."""
    canceled: tuple[Text, ...] = ()
    """Words for what will not be done."""
    names: tuple[Text, ...] = ()
    """Statuses whose meaning is not said; a bare list gives these."""

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
    """Which columns hold the items' facts, by our names."""
    words: ItemWords = ItemWords()
    """The office's own words for ours."""
    statuses: Statuses = Statuses()
    """The statuses of the office's items, by what they mean. Without them a server's own word decides, else
    percent."""

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
    """The sheet with a row per item; with `headings: project` a row of one text names that of those below."""

    columns: SheetItemColumns
    headings: Literal["project"] | None = None
    """`project`: items stand below a row that names their project alone. Without it a column names it."""
    outline: Literal["rows", "indent"] | None = None
    """What shows how deep an item lies, where no column does: the grouping of `rows`, or the `indent` of its
    title. Without it, and without `level` and `parent`, no item is known to be part of another."""

    @model_validator(mode="after")
    def _one_outline(self) -> ItemsSheet:
        columns = self.columns
        told = [bool(columns.level), bool(columns.parent), self.outline is not None]
        if sum(told) > 1:
            raise ValueError(
                "the outline is told by one of `level`, `parent` and `outline`: name one of the three"
            )
        return self

    @model_validator(mode="after")
    def _one_place_of_the_project(self) -> ItemsSheet:
        if (self.columns.project is None) == (self.headings is None):
            raise ValueError(
                "an item's project stands in a column (`columns: {project: ...}`) or in the rows that head "
                "the items (`headings: project`); name one of the two"
            )
        return self


class QuestionsSheet(SheetSettings):
    """The sheet on which we ask and the office answers."""

    columns: QuestionColumns
    """Which columns hold the questions and answers, by our names."""


class DeviationsSheet(SheetSettings):
    """The sheet on which the office asks for deviations or raises feedback; we write `standing` there."""

    columns: DeviationColumns
    """Which columns hold what is asked for, by our names."""


ONE_PLACE = (
    "a workbook is one `file`, the newest of a `folder` by its `pattern`, or what the office uploads "
    "(`upload: true`); give exactly one of the three"
)


class ToolSettings(Settings):
    """The workbook itself: a `file`, the newest file of a `folder` by a `pattern`, or what is uploaded.

    `zone` is the time zone in which moments that bear another (2027-01-30T23:00:00Z) are days, `dates` says
    whether 03/04/2027, as text, has its day first or its month.
    """

    file: Text | None = None
    """The path of the .xlsx, from the organization's folder on or whole."""
    folder: Text | None = None
    """The path of a folder, from the organization's on or whole; its newest file by `pattern` is read."""
    pattern: Text | None = None
    """Which files of `folder` are meant: `*` stands for any letters, `?` for one, `{date}` for a day such as
    2027-01-31 or 20270131. With `{date}` the newest is the one with the latest day in its name, else the one
    that was changed last."""
    upload: bool = False
    """`true`: the office uploads its workbook at a link of its own, which `interoffice link PERSON --upload
    OFFICE` prints."""
    zone: Zone | None = None
    """The time zone in which moments that bear another (2027-01-30T23:00:00Z) are days. Without it such a
    moment is no day."""
    dates: Literal["day_first", "month_first"] | None = None
    """How 03/04/2027 as text is meant. Without it such a text is no day."""

    @field_validator("file")
    @classmethod
    def _a_workbook(cls, file: str | None) -> str | None:
        if file is not None and not file.lower().endswith(".xlsx"):
            raise ValueError(f"{file!r} is not an .xlsx workbook; save it as .xlsx (without macros)")
        return file

    @field_validator("pattern")
    @classmethod
    def _of_workbooks(cls, pattern: str | None) -> str | None:
        if pattern is None:
            return None
        if not pattern.lower().endswith(".xlsx") or "/" in pattern or "\\" in pattern:
            raise ValueError(
                f"{pattern!r} names no .xlsx workbooks; write one such as 'Status {{date}}.xlsx'"
            )
        if pattern.count("{date}") > 1 or re.search(r"[{}]", pattern.replace("{date}", "")):
            raise ValueError(f"{pattern!r} may hold `*`, `?` and one {{date}}; nothing else stands in braces")
        return pattern

    @model_validator(mode="after")
    def _one_place(self) -> ToolSettings:
        given = (self.file is not None, self.folder is not None or self.pattern is not None, self.upload)
        if sum(given) != 1:
            raise ValueError(ONE_PLACE)
        if (self.folder is None) != (self.pattern is None):
            missing = "pattern" if self.pattern is None else "folder"
            raise ValueError(f"`folder` and `pattern` belong together; add `{missing}`")
        return self

    def lacking(self) -> tuple[Lacking, ...]:
        """Nothing can be put into what an office uploads: it would not see it."""
        if not self.upload:
            return ()
        text = "nothing is put into an uploaded workbook: the office would not see it"
        return (
            Lacking(Access.ASK, (), text, "write `access: observe`; its questions stand on its own page"),
        )


MAKE = "make such a sheet, and add "
NAME = "make such a sheet, or name the one that there is: "
QUESTIONS = MAKE + (
    "`questions: {sheet: Questions, columns: {key: interoffice key, "
    "kind: Kind, project: Project, text: Question, asked: Asked, answer_by: Answer by, answer: Answer, "
    "answered_by: Answered by, standing: Standing}}`"
)
ITEMS = NAME + (
    "`items: {sheet: Tasks, columns: {id: Id, "
    "project: Project, title: Title, due: Due, status: Status, key: interoffice key, role: Role, "
    "standing: Standing}}`"
)
PROJECT = "make such a column instead of `headings: project`, and add `project: Project`"
KEY = "make such a column, which may be hidden, and add `key: interoffice key`"


class WorkbookSettings(Settings):
    """One office's part of a workbook."""

    projects: ProjectsSheet
    """The sheet with a row per project."""
    items: ItemsSheet | None = None
    """The sheet with a row per item. Without it no item is read, and access `write` is of no use."""
    questions: QuestionsSheet | None = None
    """The sheet on which we ask and the office answers. Without it nothing can be asked there."""
    deviations: DeviationsSheet | None = None
    """The sheet on which the office asks for deviations or raises feedback. Without it none does."""

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
        elif self.items.columns.project is None:
            at = ("items", "columns", "project")
            found.append(Lacking(Access.WRITE, at, "items have no column for their project", PROJECT))
        return tuple(found)

    @model_validator(mode="after")
    def _sheets_of_their_own(self) -> WorkbookSettings:
        parts = (self.projects, self.items, self.questions, self.deviations)
        names = [part.sheet.casefold() for part in parts if part]
        if len(set(names)) < len(names):
            raise ValueError("projects, items, questions and deviations each need a sheet of their own")
        return self

    @model_validator(mode="after")
    def _our_columns_are_ours(self) -> WorkbookSettings:
        owned = ((self.items, OURS), (self.questions, tuple(OWNED_ASKED)), (self.deviations, ("standing",)))
        for part, ours in ((part, ours) for part, ours in owned if part is not None):
            given = [
                (name, " ".join(f"{column.under or ''} {column.header}".casefold().split()))
                for name, column in columns_of(part)
            ]
            for name, header in given:
                others = [other for other, text in given if text == header and other != name]
                if others and name in (*ours, "key"):
                    raise ValueError(
                        f"sheet {part.sheet!r}: {name} and {others[0]} both have the header {header!r}"
                    )
        return self


OURS = ("key", "role", "standing")
OWNED_ITEM = ("title", "project", "due", "role", "standing")
OWNED_ASKED = ("kind", "project", "text", "asked", "answer_by", "standing")
DATES = frozenset(
    {"start", "finish", "baseline_finish", "last_report", "due", "asked", "answer_by", "on", "valid_until"}
    | {"actual_start", "actual_finish", "not_before", "deadline"}
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
        names |= {"item.project"} if getattr(settings.items, "headings", None) else set()
    return frozenset(names)

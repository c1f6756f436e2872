"""The settings of a project file: which project it is, and which of its fields hold which of our fields.

A field is named by what people see: a field of the file itself (Finish, % Complete), or the name that the
office gave to a custom field. Unknown keys are errors; refuses to read the file.
"""

from __future__ import annotations

from pydantic import ValidationInfo, field_validator, model_validator

from connectors.project_file.encoding import codec
from connectors.records.columns import (
    Column,
    ItemColumns,
    Money,
    MoneyColumn,
    Percent,
    PercentColumn,
    Plain,
    ProjectColumns,
    Strict,
    Text,
    Work,
    WorkColumn,
)
from connectors.records.mapping import ItemsPart, ProjectsPart, Settings, columns_of
from domain.organization.office import Access, Lacking

OURS = ("key", "role", "standing")
ENDINGS = (".xml", ".mpp", ".mpt", ".xer", ".pmxml")


WRITABLE = ".xml"
SAVE = "have the office save it as XML in Microsoft Project, and name that file"


class ProjectFileTool(Settings):
    """The file itself: `file` is a path, from the organization's folder on or whole.

    `encoding` is how its letters are written, where the file does not say so itself.
    """

    file: Text
    """The path of the file, from the organization's folder on or whole: .xml, .mpp, .mpt, .xer or .pmxml.
    Work and questions can be put into an .xml only."""
    encoding: str = ""
    """How the file's letters are written (such as cp1252), where the file does not say so itself."""

    def lacking(self) -> tuple[Lacking, ...]:
        """Nothing can be put into any file but Microsoft Project's XML."""
        if self.file.lower().endswith(WRITABLE):
            return ()
        ending = self.file.rpartition(".")[2].lower()
        return (Lacking(Access.ASK, (), f"nothing can be put into an .{ending} file", SAVE),)

    @field_validator("file")
    @classmethod
    def _a_project_file(cls, file: str) -> str:
        if not file.lower().endswith(ENDINGS):
            raise ValueError(f"{file!r} is no project file; its name ends in one of {', '.join(ENDINGS)}")
        return file

    @field_validator("encoding")
    @classmethod
    def _known(cls, encoding: str, info: ValidationInfo) -> str:
        if encoding:
            codec(encoding)
        if encoding and str(info.data.get("file", "")).lower().endswith((".mpp", ".mpt")):
            raise ValueError("an .mpp says itself how its letters are written; take `encoding` out")
        return encoding


class FileProjectColumns(ProjectColumns):
    """The fields of a project's facts: the file's own, or custom fields of its project summary task."""

    id: Column = Plain(header="id")
    """Not read: `id` beside `columns` says the project's id."""
    title: Column = Plain(header="Title")
    """The field with the project's title."""
    lead: Column | None = Plain(header="Manager")
    """The field with the project manager."""
    start: Column | None = Plain(header="Start")
    """The field with the planned start."""
    finish: Column | None = Plain(header="Finish")
    """The field with the planned finish."""
    baseline_finish: Column | None = Plain(header="Baseline Finish")
    """The field with the finish of the baseline."""
    percent_complete: PercentColumn | None = Percent(header="% Complete", unit="percent")
    """The field with percent complete."""
    budget: MoneyColumn | None = Money(header="Baseline Cost")
    """The field with the approved budget."""
    actual_cost: MoneyColumn | None = Money(header="Actual Cost")
    """The field with what is spent so far."""
    forecast_cost: MoneyColumn | None = Money(header="Cost")
    """The field with the expected cost at completion."""
    currency: Column | None = Plain(header="Currency")
    """The field with the currency of its money."""
    last_report: Column | None = Plain(header="Status Date")
    """The field with the day of the last report."""


class FileProject(ProjectsPart):
    """The project of the file: our id for it, its title where the file has none.

    `code` is its id in the file, where the file (.xer, .pmxml) holds several projects.
    """

    id: Text
    """Our id for the project, which never changes."""
    title: str = ""
    """The project's title, where the file has none."""
    code: str = ""
    """The project's id in the file, where the file (.xer, .pmxml) holds several projects."""
    columns: FileProjectColumns = FileProjectColumns()
    """The fields of the project's facts: the file's own, or custom fields of its project summary task."""


class FileItemColumns(ItemColumns):
    """The fields of a task's facts; `key`, `role` and `standing` are custom text fields of ours."""

    id: Column = Plain(header="Unique ID")
    """The field with the task's id."""
    project: Column = Plain(header="project")
    """Not read: every task is of the file's one project."""
    title: Column = Plain(header="Name")
    """The field with the task's name."""
    kind: Column | None = Plain(header="Milestone")
    """The field that says whether the task is a milestone."""
    owner: Column | None = Plain(header="Resource Names")
    """The field with who does it."""
    start: Column | None = Plain(header="Start")
    """The field with the start."""
    due: Column | None = Plain(header="Finish")
    """The field with the finish."""
    work: WorkColumn | None = Work(header="Work")
    """The field with the work."""
    percent: PercentColumn | None = Percent(header="% Complete", unit="percent")
    """The field with how much is done."""
    key: Column | None = Plain(header="interoffice key")
    """The custom text field that holds our key."""
    role: Column | None = Plain(header="interoffice role")
    """The custom text field that holds the role."""
    standing: Column | None = Plain(header="interoffice standing")
    """The custom text field that holds the standing of the project's adoption."""

    @model_validator(mode="after")
    def _ours_are_there(self) -> FileItemColumns:
        if self.key is None or self.role is None or self.standing is None:
            raise ValueError(
                "key, role and standing each need a custom field; leave them out to have our own"
            )
        return self


class FileItems(ItemsPart):
    """The settings of tasks."""

    columns: FileItemColumns = FileItemColumns()
    """The fields of the tasks' facts: the file's own, or custom fields."""


class FileQuestions(Strict):
    """Where we ask: each question is a task below the summary task `below`, with these custom text fields."""

    below: Text = "Interoffice"
    """The summary task below which each question is a task."""
    about: Text = "interoffice about"
    """Kind and project of the question, when it was asked and by when it is to be answered."""
    answer: Text = "interoffice answer"
    """The custom text field for the answer; the office writes it."""
    answered_by: Text = "interoffice answered by"
    """The custom text field for who answered; the office writes it."""


class ProjectFileSettings(Settings):
    """One office's project file."""

    project: FileProject
    """Which project of the file is the office's, and which fields hold its facts."""
    items: FileItems = FileItems()
    """Which fields hold the tasks' facts."""
    questions: FileQuestions = FileQuestions()
    """Where we ask in the file."""

    @property
    def projects(self) -> FileProject:
        """The file's one project, as a reading asks for it."""
        return self.project

    @property
    def ours(self) -> dict[str, str]:
        """The custom fields that are ours, by our names for them."""
        own = {name: column.header for name, column in columns_of(self.items) if name in OURS}
        asked = self.questions
        return {**own, "about": asked.about, "answer": asked.answer, "answered_by": asked.answered_by}

    @property
    def custom(self) -> frozenset[str]:
        """The custom fields that the settings name: ours, and those put in place of the file's own."""
        named = (header for part in (self.project, self.items) for header in in_place(part).values())
        return frozenset((*named, *self.ours.values()))

    @model_validator(mode="after")
    def _fields_of_their_own(self) -> ProjectFileSettings:
        names = [name.casefold() for name in self.ours.values()]
        if len(set(names)) < len(names):
            raise ValueError("two of our custom fields have the same name; each needs one of its own")
        return self


def in_place(part: ProjectsPart | ItemsPart) -> dict[str, str]:
    """The custom fields that are read instead of the file's own or besides them, by our names."""
    defaults = type(part.columns).model_fields
    return {
        name: column.header
        for name, column in columns_of(part)
        if name not in defaults or defaults[name].default != column
    }

"""The settings that all tools of tickets share: the address, what is a project there, which field is which.

A field that is not named here is the tool's own; role and standing that are not named are lines of the
description. Refuses to call the tool.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from connectors.records.mapping import (
    Column,
    ItemColumns,
    ItemsPart,
    Percent,
    PercentColumn,
    Plain,
    ProjectColumns,
    ProjectsPart,
    Settings,
    Strict,
    Text,
    Work,
    WorkColumn,
    Zone,
    columns_of,
)
from connectors.tickets.ticket import Ticket


class TicketTool(Settings):
    """A server: its address; `user` where it needs a name besides the secret; `allow` private addresses.

    `zone` is the time zone in which the tool's moments are days: 2027-03-28T22:00:00Z is 29 March in Berlin.
    """

    url: Text
    user: str = ""
    allow: tuple[Text, ...] = ()
    """Hosts, addresses and networks (10.1.0.0/16) that may be called though they are not public."""
    zone: Zone | None = None

    @field_validator("url")
    @classmethod
    def _web(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no web address; write https://redmine.example.com")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("the address holds a user, a password or a query; write them apart")
        return url.rstrip("/")


class ProjectFields(ProjectColumns):
    """The tool's fields that hold a project's facts; id and title are the tool's own unless named."""

    id: Column = Plain(header="id")
    title: Column = Plain(header="title")


class ProjectsFields(ProjectsPart):
    """Which projects are this office's, and which fields hold their facts.

    `within` names the tool's containers (projects, repositories, spaces). Each of them is a project of
    ours, unless `type` names the type of ticket that is one.
    """

    within: tuple[Text, ...] = Field(min_length=1)
    type: str = ""
    columns: ProjectFields = ProjectFields()


class ItemFields(ItemColumns):
    """The tool's fields that hold an item's facts; those not named are the tool's own."""

    id: Column = Plain(header="id")
    project: Column = Plain(header="project")
    title: Column = Plain(header="title")
    kind: Column | None = Plain(header="kind")
    owner: Column | None = Plain(header="owner")
    start: Column | None = Plain(header="start")
    due: Column | None = Plain(header="due")
    work: WorkColumn | None = Work(header="work")
    percent: PercentColumn | None = Percent(header="percent", unit="percent")
    status: Column | None = Plain(header="status")


class ItemsFields(ItemsPart):
    """The settings of items, and the type of ticket as which ours are put there."""

    columns: ItemFields = ItemFields()
    put_as: Text = "Task"


class QuestionsFields(Strict):
    """Where we ask: the type of ticket, and the container; where that is empty, the project's own."""

    put_as: Text = "Task"
    project: str = ""


class TicketSettings(Settings):
    """One office's part of a tool of tickets."""

    projects: ProjectsFields
    items: ItemsFields = ItemsFields()
    questions: QuestionsFields = QuestionsFields()

    def id_of(self, project: Ticket) -> str:
        """A project's id where no field is named for it: its container's id, or its own ref."""
        return project.ref if self.projects.type else project.project

    def from_fields(self, part: ProjectsFields | ItemsFields) -> frozenset[str]:
        """The names of what is read from fields of the tool: those for which the settings name a field.

        A field of the tool that happens to be called `status` or `project` is not read.
        """
        chosen = part.columns.model_fields_set
        return frozenset(name for name, _ in columns_of(part) if name in chosen or "." in name)

    @model_validator(mode="after")
    def _asked_within(self) -> TicketSettings:
        if self.questions.project and self.questions.project not in self.projects.within:
            raise ValueError(
                f"questions.project {self.questions.project!r} is not one of projects.within: "
                f"{', '.join(self.projects.within)}"
            )
        return self

"""The settings that all tools of tickets share: the address, what is a project there, which field is which.

A field that is not named here is the tool's own; role and standing that are not named are lines of the
description. Refuses to call the tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from connectors.records.columns import (
    Column,
    ItemColumns,
    Percent,
    PercentColumn,
    Plain,
    ProjectColumns,
    Strict,
    Text,
    Work,
    WorkColumn,
    Zone,
)
from connectors.records.mapping import ItemsPart, ProjectsPart, Settings, columns_of
from connectors.tickets.ticket import Ticket
from domain.plans.asking import AskOwnerKey


class TicketTool(Settings):
    """A server: its address; `user` where it needs a name besides the secret; `allow` private addresses.

    `zone` is the time zone in which the tool's moments are days: 2027-03-28T22:00:00Z is 29 March in Berlin.
    """

    url: Text
    """The address of the server, without a user, a password or a query."""
    user: str = ""
    """The user's name or e-mail address, where the server needs one besides the secret."""
    allow: tuple[Text, ...] = ()
    """Hosts, addresses and networks (10.1.0.0/16) that may be called though they are not public."""
    zone: Zone | None = None
    """The time zone in which the tool's moments are days; without it only those of one sure day are."""

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
    """The field with the project's id. Without it the tool's own id."""
    title: Column = Plain(header="title")
    """The field with the project's title. Without it the tool's own title."""


class ProjectsFields(ProjectsPart):
    """Which projects are this office's, and which fields hold their facts.

    `within` names the tool's containers (projects, repositories, spaces). Each of them is a project of
    ours, unless `type` names the type of ticket that is one.
    """

    within: tuple[Text, ...] = Field(min_length=1)
    """The tool's containers (projects, repositories, spaces) that are the office's, one or more."""
    type: str = ""
    """The type of ticket that is a project of ours. Without it each container is one."""
    columns: ProjectFields = ProjectFields()
    """The tool's fields that hold the projects' facts, by our names."""


class ItemFields(ItemColumns):
    """The tool's fields that hold an item's facts; those not named are the tool's own."""

    id: Column = Plain(header="id")
    """The field with the item's id. Without it the ticket's own."""
    project: Column = Plain(header="project")
    """The field with the item's project. Without it the ticket's own."""
    title: Column = Plain(header="title")
    """The field with the title. Without it the ticket's own."""
    kind: Column | None = Plain(header="kind")
    """The field with the kind of item. Without it the ticket's type."""
    owner: Column | None = Plain(header="owner")
    """The field with the owner. Without it the ticket's own."""
    start: Column | None = Plain(header="start")
    """The field with the start. Without it the ticket's own."""
    due: Column | None = Plain(header="due")
    """The field with the due date. Without it the ticket's own."""
    work: WorkColumn | None = Work(header="work")
    """The field with the work. Without it the ticket's own estimate, in hours."""
    percent: PercentColumn | None = Percent(header="percent", unit="percent")
    """The field with how much is done. Without it the ticket's own, in percent."""
    status: Column | None = Plain(header="status")
    """The field with the status. Without it the ticket's own."""


class ItemsFields(ItemsPart):
    """The settings of items, and the type of ticket as which ours are put there."""

    columns: ItemFields = ItemFields()
    """The tool's fields that hold the items' facts, by our names."""
    put_as: Text = "Task"
    """The type of ticket as which work is put there."""


class QuestionsFields(Strict):
    """Where we ask: the type of ticket, and the container; where that is empty, the project's own."""

    put_as: Text = "Task"
    """The type of ticket as which questions are put there."""
    project: str = ""
    """The container in which we ask, one of `projects.within`. Without it the project's own."""


class DeviationsFields(Strict):
    """Which tickets ask for a deviation or raise feedback: those of a type, and those with such a title."""

    type: str = ""
    """The type of ticket by which the office asks; on GitHub a label."""
    title: str = ""
    """The text with which the title of such a ticket begins, as `[deviation]`; upper case and lower case are
    the same."""

    @model_validator(mode="after")
    def _told_apart(self) -> DeviationsFields:
        if not self.type.strip() and not self.title.strip():
            raise ValueError("it says of no ticket that it asks for a deviation; give a `type` or a `title`")
        return self

    def asks(self, ticket: Ticket) -> bool:
        """Whether an office's own ticket asks for a deviation."""
        begins = self.title.strip().casefold()
        return (bool(self.type.strip()) and ticket.type == self.type.strip()) or (
            bool(begins) and ticket.title.strip().casefold().startswith(begins)
        )


class TicketSettings(Settings):
    """One office's part of a tool of tickets."""

    projects: ProjectsFields
    """Which projects are this office's, and which fields hold their facts."""
    items: ItemsFields = ItemsFields()
    """Which fields hold the items' facts, and as what work is put there."""
    questions: QuestionsFields = QuestionsFields()
    """As what we ask, and where."""
    deviations: DeviationsFields | None = None
    """Which tickets ask for a deviation or raise feedback. Without it none does."""
    ask_owner: Mapping[Text, Text] = Field(default_factory=dict)
    """The types of tickets by which the office asks the owner of a template, each with the template; on
    GitHub labels. The title is the question."""
    constants: Mapping[Text, str | bool | int | float | date] = Field(default_factory=dict)
    """Values of fields that the tool requires and that are not ours, by the names that people see there.

    They are written when something of ours is created, typed as the field is, and never again.
    """

    @property
    def asks_by_type(self) -> tuple[str, ...]:
        """The types of tickets by which the office asks: for a deviation, and the owners of templates."""
        said = self.deviations.type.strip() if self.deviations else ""
        return (*((said,) if said else ()), *self.ask_owner)

    @property
    def named_types(self) -> tuple[str, ...]:
        """The types of tickets that are read and that the settings name: kinds of items, and requests."""
        return (*self.items.words.kind, *self.asks_by_type)

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

    @model_validator(mode="after")
    def _asked_by_types_of_its_own(self) -> TicketSettings:
        deviations = self.deviations.type.strip() if self.deviations else ""
        taken = {
            "projects.type": (self.projects.type,),
            "items.put_as": (self.items.put_as,),
            "items.words.kind": tuple(self.items.words.kind),
            "deviations.type": (deviations,),
        }
        for kind, template in self.ask_owner.items():
            for place, types in taken.items():
                if kind in types:
                    raise ValueError(
                        f"ask_owner: {kind!r} is {place} too, and a ticket would be both; name another type"
                    )
            if AskOwnerKey.find(f"ask-owner/{template}") is None:
                raise ValueError(
                    f"ask_owner: {template!r} is no id of a template; write it as in ask-owner/finance-system"
                )
        return self

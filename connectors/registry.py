"""Which kinds of tools there are: each kind's connector and the settings that it declares.

Settings are checked here for all callers, with the place of each problem; refuses to know where they come
from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol, get_args

from pydantic import BaseModel, ValidationError

from connectors.azure_devops.connector import AzureDevOps
from connectors.azure_devops.fields import AzureSettings
from connectors.errors import Refused
from connectors.github.connector import GitHub
from connectors.github.fields import GitHubSettings
from connectors.jira.cloud import JiraCloud, JiraCloudTool
from connectors.jira.data_center import JiraDataCenter
from connectors.jira.fields import JiraSettings
from connectors.openproject.connector import OpenProject
from connectors.project_file.connector import ProjectFile
from connectors.project_file.settings import ProjectFileSettings, ProjectFileTool
from connectors.protocol import Connector, Surroundings
from connectors.records import mapping
from connectors.redmine.connector import Redmine
from connectors.redmine.fields import RedmineSettings
from connectors.tickets.settings import TicketSettings, TicketTool
from connectors.tickets.tracker import Tracker
from connectors.trac.connector import Trac
from connectors.trac.fields import TracSettings, TracTool
from connectors.workbook.connector import Workbook
from domain.organization.office import Access, Lacking, Partition, Tool


class Factory(Protocol):
    """Makes a connector from settings that were checked."""

    def __call__(  # noqa: D102 - the class says it
        self,
        surroundings: Surroundings,
        office: str,
        access: Access,
        version: str,
        tool: BaseModel,
        settings: BaseModel,
    ) -> Connector: ...


@dataclass(frozen=True, slots=True)
class ConnectorKind:
    """One kind of tool: its connector, the tool's own settings and those of an office's part of it."""

    connector: type[Connector]
    tool: type[mapping.Settings]
    settings: type[mapping.Settings]

    @property
    def webhook(self) -> str | None:
        """The name of the scheme of the tool's webhooks; None where it sends none."""
        return self.connector.spec.webhook

    def lacking(self, tool: Mapping[str, object], settings: Mapping[str, object]) -> tuple[Lacking, ...]:
        """What these settings, which are right in themselves, lack for each access."""
        given = (self.tool.model_validate(tool), self.settings.model_validate(settings))
        return tuple(each for model in given for each in model.lacking())


KINDS: Mapping[str, ConnectorKind] = {
    "azure-devops": ConnectorKind(AzureDevOps, TicketTool, AzureSettings),
    "github": ConnectorKind(GitHub, TicketTool, GitHubSettings),
    "jira-cloud": ConnectorKind(JiraCloud, JiraCloudTool, JiraSettings),
    "jira-dc": ConnectorKind(JiraDataCenter, TicketTool, JiraSettings),
    "openproject": ConnectorKind(OpenProject, TicketTool, TicketSettings),
    "project-file": ConnectorKind(ProjectFile, ProjectFileTool, ProjectFileSettings),
    "redmine": ConnectorKind(Redmine, TicketTool, RedmineSettings),
    "trac": ConnectorKind(Trac, TracTool, TracSettings),
    "workbook": ConnectorKind(Workbook, mapping.ToolSettings, mapping.WorkbookSettings),
}
"""Every kind by its name, which is the `kind` of its connector's spec."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in settings: where (keys and positions from the top), and what to write instead."""

    place: tuple[str | int, ...]
    text: str


def kind_of(name: str) -> ConnectorKind:
    """The kind of that name; raises `Refused` naming those that there are."""
    if name not in KINDS:
        raise Refused(f"there is no kind of tool {name!r}; there are {', '.join(sorted(KINDS))}")
    return KINDS[name]


def tool_problems(kind: str, settings: Mapping[str, object]) -> tuple[Problem, ...]:
    """What is wrong in a tool's own settings; empty when nothing is."""
    return _problems(kind_of(kind).tool, settings)


def partition_problems(kind: str, settings: Mapping[str, object]) -> tuple[Problem, ...]:
    """What is wrong in the settings of an office's part of a tool; empty when nothing is."""
    return _problems(kind_of(kind).settings, settings)


def connect(tool: Tool, partition: Partition, surroundings: Surroundings) -> Connector:
    """The connector to an office's part of a tool; raises `Refused` naming the first wrong setting."""
    kind = kind_of(tool.kind)
    for problem in (*_problems(kind.tool, tool.settings), *_problems(kind.settings, partition.settings)):
        place = ".".join(str(each) for each in problem.place)
        raise Refused(f"tool {tool.id!r}, office {partition.office!r}, settings {place}: {problem.text}")
    factory: Factory = kind.connector.connect  # type: ignore[attr-defined]
    return factory(
        surroundings,
        partition.office,
        partition.access,
        tool.version,
        kind.tool.model_validate(tool.settings),
        kind.settings.model_validate(partition.settings),
    )


def given(connector: Connector, partition: Partition, kind: str) -> Mapping[str, str]:
    """What an office's part of a tool gives: the tool's names of our fields; no call is made.

    `finish`, `gate.G1`, `field.risks`, `item.due`.
    """
    if isinstance(connector, Tracker):
        return connector.gives()
    settings = kind_of(kind).settings.model_validate(partition.settings)
    found = {name: column.header for name, column in mapping.columns_of(getattr(settings, "projects"))}  # noqa: B009
    items = getattr(settings, "items")  # noqa: B009 - every kind of file has both
    columns = mapping.columns_of(items) if items is not None else ()
    return found | {f"item.{name}": column.header for name, column in columns}


def _problems(model: type[BaseModel], settings: Mapping[str, object]) -> tuple[Problem, ...]:
    try:
        model.model_validate(settings)
    except ValidationError as error:
        return tuple(_problem(model, dict(each)) for each in error.errors(include_url=False))
    return ()


def _problem(model: type[BaseModel], error: Mapping[str, object]) -> Problem:
    """A problem in words; an unknown key names the known ones."""
    place = error["loc"] if isinstance(error["loc"], tuple) else ()
    context = error.get("ctx")
    ours = context.get("error") if isinstance(context, Mapping) else None
    text = str(ours) if isinstance(ours, ValueError) else str(error["msg"])
    if error["type"] == "missing":
        text = f"{place[-1]!r} is missing; add it"
    if error["type"] == "extra_forbidden":
        known = _known_keys(model, place[:-1])
        near = get_close_matches(str(place[-1]), known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
        text = f"{place[-1]!r} is not known; {hint}"
    return Problem(place, text)


def _known_keys(model: type[BaseModel], place: tuple[str | int, ...]) -> list[str]:
    """The keys that a model knows at a place of its settings."""
    at: type[BaseModel] | None = model
    for step in place:
        if at is not None and step in at.model_fields:
            at = _inner(at.model_fields[str(step)].annotation)
    return sorted(at.model_fields) if at is not None else []


def _inner(annotation: object) -> type[BaseModel] | None:
    """The model inside an annotation such as `Annotated[Column, ...] | None` or a mapping of models."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _inner(each))), None)

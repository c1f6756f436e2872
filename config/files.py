"""Each YAML file of an organization as a whole: which keys stand in it, and what the file is for.

Its schema and its part of docs/organization.md are made from these. Refuses to read a file: the readers of
each room do, so that one run finds all errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from config.folder import MANY
from config.links import AgreementShape, ProgramShape, RelationShape
from config.offices import OfficeShape, OrganizationShape, PersonShape
from config.organization import ClockShape
from config.rollouts import RolloutShape, WaveShape
from config.rules import RuleShape
from config.shapes import Day, Shape, Whole
from config.tailorings import AdjustmentShape, TailoringShape
from config.template_shapes import TemplateShape
from config.tools import PartitionShape, ToolShape
from config.versions import VersionShape
from config.webhooks import ReceiverShape, SourceShape


class OrganizationFile(OrganizationShape):
    """Who this is about, whose decisions count, and how many days there are for what. It must be there."""


class OfficesFile(Shape):
    """The project management offices, with their calendars and people. It must be there."""

    offices: tuple[OfficeShape, ...] = Field(min_length=1)
    """The offices. Without a strategic one there are deployments and templates alone."""


class PeopleFile(Shape):
    """The people who have a role, and where they are reached."""

    people: tuple[PersonShape, ...] | None = None
    """The people. A role can only name somebody who stands here."""


class ProgramsFile(Shape):
    """Programs: projects of one or several offices under one program office."""

    programs: tuple[ProgramShape, ...] | None = None
    """The programs. Without one a project's office elects and decides for it."""


class RelationsFile(Shape):
    """How the offices below a root work together."""

    relations: tuple[RelationShape, ...] | None = None
    """The relations. An office below no root is in a network."""


class AgreementsFile(Shape):
    """What an office shares with another. In a diverse subtree an office takes part only by an agreement."""

    agreements: tuple[AgreementShape, ...] | None = None
    """The agreements."""


class ToolsFile(Shape):
    """The tools, and which part of a tool is which office's. A tool's settings are those of its kind."""

    tools: tuple[ToolShape, ...] | None = None
    """The tools, each once, however many offices plan in it."""
    partitions: tuple[PartitionShape, ...] | None = None
    """The offices' parts of the tools. An office without one is never read."""


class WebhooksFile(Shape):
    """Who may send webhooks to the gateway, and who receives the network's events."""

    sources: tuple[SourceShape, ...] | None = None
    """Who may send. Whoever is not named is refused."""
    receivers: tuple[ReceiverShape, ...] | None = None
    """Who is sent events. Without one nothing is sent."""


class ClockFile(ClockShape):
    """The time at which everything is judged, for examples and trials; real organizations leave it out."""


class VersionFile(VersionShape):
    """One version of a standard. Once published it never changes; a correction is a new version."""

    rules: tuple[RuleShape, ...] = Field(min_length=1)


class TailoringFile(TailoringShape):
    """An adaptation of a version by an office or a program, as far as the rules' levels permit it."""

    adjustments: tuple[AdjustmentShape, ...] = Field(min_length=1)


class TemplateFile(TemplateShape):
    """A released version of a template, taken over from the record or written by people."""

    version: Whole = Field(ge=1, le=9999, examples=["1"])
    released: Day = Field(examples=["2027-03-01"])


class RolloutFile(RolloutShape):
    """A version's way into the offices' projects, wave by wave."""

    waves: tuple[WaveShape, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: the name of its schema, where it stands (a pattern in the folder), what it holds."""

    name: str
    pattern: str
    shape: type[Shape]

    @property
    def modeline(self) -> str:
        """The line by which an editor finds the schema."""
        up = "../" * self.pattern.count("/")
        return f"# yaml-language-server: $schema={up}{FOLDER}/{self.name}.json"


FOLDER = ".schemas"
"""The folder of the schemas, in the organization's folder; nothing in it is read as a file of it."""
SINGLE: dict[str, type[Shape]] = {
    "organization": OrganizationFile,
    "offices": OfficesFile,
    "people": PeopleFile,
    "programs": ProgramsFile,
    "relations": RelationsFile,
    "agreements": AgreementsFile,
    "tools": ToolsFile,
    "webhooks": WebhooksFile,
    "clock": ClockFile,
}
ROOMS: dict[str, type[Shape]] = {
    "standards": VersionFile,
    "tailorings": TailoringFile,
    "rollouts": RolloutFile,
    "templates": TemplateFile,
}


def _kinds() -> Iterator[FileKind]:
    for name, shape in SINGLE.items():
        yield FileKind(name, f"{name}.yaml", shape)
    for room, shape in ROOMS.items():
        yield FileKind(room, f"{room}/{MANY[room]}", shape)


FILES = tuple(_kinds())
"""Every kind of file that an organization may have."""

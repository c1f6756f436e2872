"""The sheets of an organization.xlsx: which columns each has, and which key of the YAML files each becomes.

Refuses to read or write a workbook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from config.links import ProgramShape
from config.offices import OfficeShape, PersonShape, ReportingShape, RolesShape
from config.places import DAYS
from connectors.registry import KINDS
from domain.organization.office import Mandate, OfficeKind

MARK, MARKED = "row", "example"
"""The first column; a row that says `example` there is left out."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its header, what it is, an example, whether it must be filled, and a fixed choice."""

    header: str
    about: str
    example: str = ""
    needed: bool = False
    choices: tuple[str, ...] = ()
    several: bool = False
    """Whether a cell may name several, with commas."""
    below: str = ""
    """The key under which it stands: roles, reporting."""


@dataclass(frozen=True, slots=True)
class OfficeSheet:
    """A sheet and its columns in their order."""

    name: str
    about: str
    columns: tuple[SheetColumn, ...]

    @property
    def by_header(self) -> Mapping[str, SheetColumn]:
        """The columns by header."""
        return {each.header: each for each in self.columns}


def _of(
    shape: type[BaseModel], name: str, example: str, below: str = "", *, several: bool = False
) -> SheetColumn:
    field = shape.model_fields[name]
    choices: tuple[str, ...] = ()
    if name == "kind" and shape is OfficeShape:
        choices = tuple(OfficeKind)
    elif name == "mandate":
        choices = tuple(Mandate)
    elif name == "weekday":
        choices = DAYS
    about = " ".join((field.description or "").split()).replace("`", "")
    return SheetColumn(name, about, example, field.is_required(), choices, several, below)


ROLES = {
    "head": "ana-reis",
    "approver": "ana-reis, bo-li",
    "standards_owner": "",
    "reporter": "bo-li",
    "sponsor": "",
}
OFFICES = OfficeSheet(
    "Offices",
    "A row for each project management office; the one that leads is of kind strategic and has no parent.",
    (
        _of(OfficeShape, "id", "porto"),
        _of(OfficeShape, "name", "Porto project office"),
        _of(OfficeShape, "kind", "project"),
        _of(OfficeShape, "mandate", "supportive"),
        _of(OfficeShape, "parent", "portfolio-office"),
        _of(OfficeShape, "country", "PT"),
        _of(OfficeShape, "time_zone", "Europe/Lisbon"),
        _of(OfficeShape, "currency", "EUR"),
        _of(OfficeShape, "language", "pt"),
        *(_of(RolesShape, name, example, "roles", several=True) for name, example in ROLES.items()),
        _of(ReportingShape, "weekday", "fri", "reporting"),
        _of(ReportingShape, "by", "17:00", "reporting"),
        _of(ReportingShape, "every_weeks", "1", "reporting"),
        _of(OfficeShape, "answer_days", "5"),
        _of(OfficeShape, "restricted", "", several=True),
    ),
)
PEOPLE = OfficeSheet(
    "People",
    "A row for each person who has a role in an office.",
    (
        _of(PersonShape, "id", "ana-reis"),
        _of(PersonShape, "name", "Ana Reis"),
        _of(PersonShape, "address", "ana.reis@example.com"),
    ),
)
PROGRAMS = OfficeSheet(
    "Programs",
    "A row for each program: projects of one or several offices under one program office.",
    (
        _of(ProgramShape, "id", "terminal-renewal"),
        _of(ProgramShape, "name", "Terminal renewal"),
        _of(ProgramShape, "office", "porto"),
        _of(ProgramShape, "manager", "ana-reis"),
        _of(ProgramShape, "deputy", "bo-li"),
    ),
)
TOOLS = OfficeSheet(
    "Tools",
    "A row for each file or server in which an office plans; nothing is ever written there.",
    (
        SheetColumn("office", "The id of the office that plans there.", "porto", needed=True),
        SheetColumn("id", "The tool's id; without it, it is made of the office's id.", "porto-workbook"),
        SheetColumn("kind", "What it is.", "workbook", needed=True, choices=tuple(sorted(KINDS))),
        SheetColumn(
            "file", "For a workbook or project file: its path, from this file or whole.", "porto.xlsx"
        ),
        SheetColumn("url", "For a server: its address.", ""),
        SheetColumn("user", "For a server: the user, where it needs one besides the secret.", ""),
        SheetColumn(
            "credentials",
            "For a server: the NAME of the environment variable with the secret. Never the secret.",
            "",
        ),
        SheetColumn("within", "For a server: the projects there that are the office's.", "", several=True),
        SheetColumn("key", "For Redmine: the custom field of issues that holds our key.", ""),
    ),
)
SHEETS = (OFFICES, PEOPLE, PROGRAMS, TOOLS)

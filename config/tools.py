"""Tools and the offices' partitions of them: it refuses secrets and unknown kinds and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Protocol, TypeAlias

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from config.credentials import INSTEAD, credential_name, secrets_in
from config.documents import YamlDocument
from config.offices import known, unique
from config.problems import Problems, meant
from config.shapes import FileEntry, Shape, Slug, entries, raw_ids, report
from domain.organization.office import (
    Access,
    Conflict,
    Lacking,
    OfficeKind,
    Organization,
    Partition,
    Tool,
    Withheld,
)


class ToolKind(Protocol):
    """A kind of tool: a shape for its own settings, and one for those of an office's partition of it."""

    @property
    def tool(self) -> type[BaseModel]:
        """The shape of the tool's settings."""
        ...

    @property
    def settings(self) -> type[BaseModel]:
        """The shape of the settings of an office's partition."""
        ...

    @property
    def webhook(self) -> str | None:
        """The name of the scheme of its webhooks; None where it sends none."""
        ...

    def lacking(self, tool: Mapping[str, object], settings: Mapping[str, object]) -> Sequence[Lacking]:
        """What settings, which are right in themselves, lack for each access."""
        ...


Kinds: TypeAlias = Mapping[str, ToolKind]
"""The kinds of tools that can be connected, by name."""


class ToolShape(Shape):
    """One tool of tools.yaml."""

    id: Slug = Field(examples=["porto-workbook"])
    """The tool's id; partitions, people's accounts and webhook sources name the tool by it."""
    kind: str = Field(examples=["workbook"])
    """Which connector the tool has. It decides which settings there are."""
    tenant: str = ""
    """Which tenant or instance it is, for people. It is recorded; nothing depends on it."""
    version: str = ""
    """The tool's version, where the tool does not tell it itself. Without either, a standard that asks for a
    least version gets no answer."""
    credentials: Annotated[str, AfterValidator(credential_name)] = ""
    """The NAME of the environment variable with the tool's credential, or `block:` and the name of a Prefect
    Secret block; never the secret itself. Without it the tool is called without one."""
    settings: dict[str, object] = {}
    """The tool's own settings, by its kind."""


class PartitionShape(Shape):
    """One partition of tools.yaml."""

    office: Slug = Field(examples=["porto"])
    """The id of the office that plans there."""
    tool: Slug = Field(examples=["porto-workbook"])
    """The id of the tool."""
    access: Access = Access.OBSERVE
    """What we may do there: `observe` (nothing is ever written), `ask` (questions and notices), `write` (work
    items too). Only the first partition of an office may be more than `observe`."""
    conflict: Conflict = Conflict.OURS
    """Whose value stays in a field of ours that the office changed: `ours`, `theirs`, or `hold` (theirs,
    until a person decides)."""
    settings: dict[str, object] = {}
    """Where in the tool the office's projects, items and questions stand, by the tool's kind."""


def read_tools(document: YamlDocument | None, kinds: Kinds, problems: Problems) -> dict[str, Tool]:
    """Tools by id."""
    found = list(entries(ToolShape, document, "tools", problems))
    unique(found, "tools", problems)
    for entry in found:
        kind = entry.value.kind
        if kind not in kinds:
            problems.add(entry.where("kind"), f"there is no connector for `{kind[:40]}`", meant(kind, kinds))
        _no_secrets(entry, entry.value.settings, problems)
        _fits(entry, kinds[kind].tool if kind in kinds else None, problems)
    return {
        t.id: Tool(t.id, t.kind, t.tenant, t.version, t.credentials, t.settings)
        for t in (e.value for e in found)
    }


def read_partitions(
    document: YamlDocument | None,
    names: list[str] | None,
    tools: Mapping[str, Tool],
    kinds: Kinds,
    problems: Problems,
) -> tuple[Partition, ...]:
    """Partitions, their settings checked by the connector's own shape."""
    if document is None:
        return ()
    found = list(entries(PartitionShape, document, "partitions", problems))
    first: dict[str, int] = {}
    twice: dict[tuple[str, str], int] = {}
    for entry in found:
        said, line = entry.value, entry.where("office").line
        known(said.office, names, "office", entry.where("office"), problems)
        known(said.tool, raw_ids(document, "tools"), "tool", entry.where("tool"), problems)
        if (said.office, said.tool) in twice:
            before = twice[said.office, said.tool]
            message = f"`{said.office}` has two partitions of `{said.tool}`, the first on line {before}"
            problems.add(entry.where("tool"), message, "keep one")
        elif said.office in first and said.access is not Access.OBSERVE:
            message = (
                f"we write and ask in one tool of `{said.office}` only, that of line {first[said.office]}"
            )
            problems.add(entry.where("access"), message, "write `access: observe` for the others")
        first.setdefault(said.office, line)
        twice.setdefault((said.office, said.tool), line)
        _no_secrets(entry, said.settings, problems)
        kind = kinds.get(tools[said.tool].kind) if said.tool in tools else None
        _fits(entry, kind.settings if kind else None, problems)
    _unused(document, found, tools, problems)
    return tuple(_partition(entry, tools, kinds, problems) for entry in found)


def _partition(
    entry: FileEntry[PartitionShape], tools: Mapping[str, Tool], kinds: Kinds, problems: Problems
) -> Partition:
    """The partition, with the access for which its settings have everything."""
    said = entry.value
    lacking = _lacking(said, tools.get(said.tool), kinds)
    access, withheld = said.access, None
    for each in lacking:
        message = f"`{said.office}` grants `{said.access}`, but {each.text}"
        where = entry.where("settings", *each.place) if each.place else entry.where("access")
        while access.includes(each.access):
            access = access.below
        withheld = withheld or Withheld(said.access, f"{each.text}; {each.instead}")
        problems.withhold(where, message, f"{each.instead}; until then it is run as `{access}`")
    return Partition(said.office, said.tool, access, said.settings, said.conflict, withheld)


def _lacking(said: PartitionShape, tool: Tool | None, kinds: Kinds) -> Sequence[Lacking]:
    """What its settings lack for what the office grants; nothing where they are wrong in themselves."""
    if tool is None or tool.kind not in kinds:
        return ()
    try:
        found = kinds[tool.kind].lacking(tool.settings, said.settings)
    except ValidationError:
        return ()
    return [each for each in found if said.access.includes(each.access)]


def never_read(
    organization: Organization, document: YamlDocument | None, on: date, problems: Problems
) -> None:
    """Warn of offices that take part and have no partition of a tool; the strategic office needs none."""
    if document is None:
        return
    for office in organization.offices.values():
        leads = office.kind is OfficeKind.STRATEGIC
        if not leads and organization.takes_part(office.id, on) and organization.partition(office.id) is None:
            what = f"`{office.id}` takes part and has no partition: it is never read"
            problems.warn(document.where("partitions"), what, "add one")


def _no_secrets(entry: FileEntry[Shape], settings: Mapping[str, object], problems: Problems) -> None:
    for at in secrets_in(settings):
        problems.add(entry.where("settings", *at), f"`{at[-1]}` holds what looks like a secret", INSTEAD)


def _fits(entry: FileEntry[Shape], shape: type[BaseModel] | None, problems: Problems) -> None:
    """Check the settings of an entry against the connector's own shape."""
    if shape is None:
        return
    try:
        shape.model_validate(getattr(entry.value, "settings"))  # noqa: B009 - tools and partitions have them
    except ValidationError as refused:
        for error in refused.errors(include_url=False):
            report(error, shape, entry.document, problems, (*entry.at, "settings"))


def _unused(
    document: YamlDocument,
    found: list[FileEntry[PartitionShape]],
    tools: Mapping[str, Tool],
    problems: Problems,
) -> None:
    used = {entry.value.tool for entry in found}
    for entry in entries(ToolShape, document, "tools", Problems()):
        if entry.value.id in tools and entry.value.id not in used:
            problems.warn(
                entry.where("id"),
                f"no office uses the tool `{entry.value.id}`",
                "add a partition, or remove it",
            )

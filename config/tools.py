"""Tools and the offices' partitions of them: it refuses secrets and unknown kinds and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from config.credentials import INSTEAD, credential_name, secrets_in
from config.documents import Document
from config.offices import known, unique
from config.problems import Problems, meant
from config.shapes import Entry, Shape, Slug, entries, raw_ids, report
from domain.office import Access, Office, Partition, Tool

Kinds: TypeAlias = Mapping[str, type[BaseModel]]
"""The kinds of tools that can be connected, each with the shape of its settings."""


class ToolShape(Shape):
    """One tool of tools.yaml."""

    id: Slug = Field(examples=["porto-workbook"])
    kind: str = Field(examples=["workbook"])
    tenant: str = ""
    version: str = ""
    credentials: Annotated[str, AfterValidator(credential_name)] = ""
    settings: dict[str, object] = {}


class PartitionShape(Shape):
    """One partition of tools.yaml."""

    office: Slug = Field(examples=["porto"])
    tool: Slug = Field(examples=["porto-workbook"])
    access: Access = Access.OBSERVE
    settings: dict[str, object] = {}


def read_tools(document: Document | None, kinds: Kinds, problems: Problems) -> dict[str, Tool]:
    """Tools by id."""
    found = list(entries(ToolShape, document, "tools", problems))
    unique(found, "tools", problems)
    for entry in found:
        kind = entry.value.kind
        if kind not in kinds:
            problems.add(entry.where("kind"), f"there is no connector for `{kind[:40]}`", meant(kind, kinds))
        _no_secrets(entry, entry.value.settings, problems)
    return {
        t.id: Tool(t.id, t.kind, t.tenant, t.version, t.credentials, t.settings)
        for t in (e.value for e in found)
    }


def read_partitions(
    document: Document | None,
    names: list[str] | None,
    offices: Mapping[str, Office],
    tools: Mapping[str, Tool],
    kinds: Kinds,
    problems: Problems,
) -> tuple[Partition, ...]:
    """Partitions, their settings together with their tool's judged by the connector's own shape."""
    if document is None:
        return ()
    found = list(entries(PartitionShape, document, "partitions", problems))
    first: dict[str, int] = {}
    for entry in found:
        said = entry.value
        known(said.office, names, "office", entry.where("office"), problems)
        known(said.tool, raw_ids(document, "tools"), "tool", entry.where("tool"), problems)
        if said.office in first:
            message = f"`{said.office}` has two partitions, the first on line {first[said.office]}"
            problems.add(entry.where("office"), message, "keep one: an office plans in one tool")
        first.setdefault(said.office, entry.where("office").line)
        _no_secrets(entry, said.settings, problems)
        if said.tool in tools:
            _fits(entry, document, tools[said.tool], kinds, problems)
    _unused(document, found, tools, problems)
    for office in offices:
        if found and office not in raw_offices(document):
            problems.warn(
                document.where("partitions"), f"`{office}` has no partition and is never read", "add one"
            )
    return tuple(Partition(p.office, p.tool, p.access, p.settings) for p in (e.value for e in found))


def raw_offices(document: Document) -> frozenset[str]:
    """The offices that have a partition, also one that is wrong otherwise."""
    listed = document.value.get("partitions")
    return frozenset(
        str(each["office"])
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, Mapping) and "office" in each
    )


def merged(tool: Mapping[str, object], partition: Mapping[str, object]) -> dict[str, object]:
    """The settings that a connector receives: the tool's, and the partition's over them, key by key."""
    return {**tool, **partition}


def _no_secrets(entry: Entry[Shape], settings: Mapping[str, object], problems: Problems) -> None:
    for at in secrets_in(settings):
        problems.add(entry.where("settings", *at), f"`{at[-1]}` holds what looks like a secret", INSTEAD)


def _fits(
    entry: Entry[PartitionShape], document: Document, tool: Tool, kinds: Kinds, problems: Problems
) -> None:
    shape = kinds.get(tool.kind)
    if shape is None:
        return
    try:
        shape.model_validate(merged(tool.settings, entry.value.settings))
    except ValidationError as refused:
        place = [t for t in entries(ToolShape, document, "tools", Problems()) if t.value.id == tool.id]
        for error in refused.errors(include_url=False):
            first = error["loc"][0] if error["loc"] else ""
            of_tool = bool(place) and first in tool.settings and first not in entry.value.settings
            at = (place[0].at if of_tool else entry.at) + ("settings",)
            report(error, shape, document, problems, at)


def _unused(
    document: Document, found: list[Entry[PartitionShape]], tools: Mapping[str, Tool], problems: Problems
) -> None:
    used = {entry.value.tool for entry in found}
    for entry in entries(ToolShape, document, "tools", Problems()):
        if entry.value.id in tools and entry.value.id not in used:
            problems.warn(
                entry.where("id"),
                f"no office uses the tool `{entry.value.id}`",
                "add a partition, or remove it",
            )

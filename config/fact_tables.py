"""What gives each office's facts, by the settings of its tools; no tool is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from config.tried import NoMirror
from connectors.protocol import Surroundings
from connectors.registry import connect, given
from domain.organization.office import Organization
from domain.questions.needed_facts import FactRow, fact_table
from domain.standards.standard import Version


def table_of(version: Version, organization: Organization, offices: Iterable[str]) -> tuple[FactRow, ...]:
    """The facts that a version needs at these offices; of several tools the first that gives one counts."""
    return fact_table(version, {office: gives(organization, office) for office in offices})


def gives(organization: Organization, office: str) -> Mapping[str, str]:
    """Our names of what an office's tools give, with the tools' own; of several tools the first counts."""
    around = Surroundings(Path(), secret=str, now=lambda: datetime.max.replace(tzinfo=UTC), mirror=NoMirror())
    found: dict[str, str] = {}
    for partition in organization.parts(office):
        tool = organization.tools[partition.tool]
        for name, header in given(connect(tool, partition, around), partition, tool.kind).items():
            found.setdefault(name, header)
    return found

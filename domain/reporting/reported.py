"""What a report is filled from: offices with their periods and projects, each with its facts and version.

Values only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.organization.office import Office
from domain.plans.facts import Facts
from domain.plans.project import Project
from domain.reporting.cut_offs import Period
from domain.reporting.figures import Gap
from domain.standards.formats import FilledFormat


@dataclass(frozen=True, slots=True)
class Reported:
    """One project as it reported: by which version (`standard/version`), and its facts at the cut-off."""

    project: Project
    version: str
    plan: str
    """The digest of its plan as it was read."""
    facts: Facts
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that waits at an office for a missing fact of a project."""

    question: str
    answer_by: date


@dataclass(frozen=True, slots=True)
class OfficeReport:
    """One office: what it reported in its period; `missing` where it did not, then it has no projects."""

    office: Office
    period: Period
    read_at: datetime | None
    projects: tuple[Reported, ...] = ()
    missing: Gap | None = None
    asked: Mapping[tuple[str, str], Asked] = field(default_factory=dict)
    """The questions that wait, by project and fact."""
    gone: Mapping[str, date] = field(default_factory=dict)
    """The projects that are no longer in its tool, and the office's day on which that was found."""


@dataclass(frozen=True, slots=True)
class VersionFormat:
    """The format as one version of the standard has it; None where that version has no such format."""

    version: str
    format: FilledFormat | None

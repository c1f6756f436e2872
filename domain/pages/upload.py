"""A workbook that an office uploaded: what it was, whether it was accepted, and what was read in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

MOST_SHOWN = 100
"""Projects, and lines of remarks, that are kept of one upload."""


@dataclass(frozen=True, slots=True)
class ProjectSeen:
    """What was understood of one project, for the office that planned it."""

    ref: str
    id: str
    title: str
    stage: str = ""
    start: date | None = None
    finish: date | None = None
    percent: float | None = None
    items: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """What a workbook was found to hold."""

    projects: int = 0
    items: int = 0
    answers: int = 0
    shown: tuple[ProjectSeen, ...] = ()
    """The first projects."""
    remarks: tuple[str, ...] = ()
    """What was not understood, each with its cell and what to do."""
    notes: tuple[str, ...] = ()
    """What was left out on purpose, and what is good to know."""
    unshown: int = 0
    """Remarks that are not among these."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that came by a link; `refused` says why it was not accepted, and is empty where it was."""

    id: str
    office: str
    tool: str
    link: str
    person: str
    at: datetime
    name: str
    """The file's name, as the browser gave it."""
    size: int
    digest: str = ""
    """The SHA-256 of its bytes; empty where they were not kept."""
    refused: str = ""
    findings: Findings = Findings()

    @property
    def accepted(self) -> bool:
        """Whether it is the office's workbook from then on."""
        return not self.refused

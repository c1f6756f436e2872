"""Rollouts: a version on its way into projects, in waves; the values and their states.

How a member moves is in adoption.py, how waves end and stop in wave.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.canonical import digest
from domain.ids import VersionId
from domain.organization.office import Office, Organization
from domain.standards.standard import Election


class RolloutState(StrEnum):
    """The state of a rollout."""

    RUNNING = "running"
    PAUSED = "paused"
    HALTED = "halted"
    COMPLETED = "completed"


class WaveState(StrEnum):
    """The state of a wave."""

    PLANNED = "planned"
    RUNNING = "running"
    COMPLETED = "completed"


class Standing(StrEnum):
    """Where a project stands in a rollout."""

    PLANNED = "planned"
    NOTIFIED = "notified"
    TRIAL = "trial"
    BINDING = "binding"
    ADOPTED = "adopted"
    GRANDFATHERED = "grandfathered"
    DEVIATING = "deviating"
    QUESTIONED = "questioned"
    UNANSWERED = "unanswered"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"
    SKIPPED = "skipped"


SETTLED = frozenset({Standing.ADOPTED, Standing.GRANDFATHERED, Standing.DEVIATING})
"""The standings that count toward the end of a wave."""
OUT = frozenset({Standing.SKIPPED, Standing.ROLLED_BACK})
"""The standings that are left out of the counts."""


@dataclass(frozen=True, slots=True)
class WavePlan:
    """One wave as planned: its offices, when it starts, and how it ends and stops.

    Shares are 0 to 1, of the members that nobody took out. `trial_days` are business days of the
    office between notice and binding, in which the version is judged but does not bind.
    """

    number: int
    name: str
    offices: tuple[str, ...]
    start: date
    trial_days: int = 5
    exit_settled: float = 0.8
    halt_late: float = 0.4
    halt_failed: int = 3


def leader_of_waves(organization: Organization, waves: Iterable[WavePlan]) -> Office:
    """The strategic office that leads a rollout: that of all its offices, each on the day its wave starts.

    Those days are fixed, so it stays the same while the organization's files do. Raises LookupError where the
    offices have none in common.
    """
    return organization.leader_over({office: wave.start for wave in waves for office in wave.offices})


@dataclass(frozen=True, slots=True)
class Member:
    """A project in the frozen list of a rollout."""

    project: str
    office: str
    wave: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is approved: the version's content digest, the waves and the members, as simulated at `as_of`."""

    standard: str
    version: str
    version_digest: str
    as_of: date
    waves: tuple[WavePlan, ...]
    members: tuple[Member, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical manifest; approval is for exactly this."""
        return digest(self)

    @property
    def summary(self) -> ManifestSummary:
        """What it says besides its members."""
        return ManifestSummary(
            self.standard, self.version, self.version_digest, self.as_of, self.waves,
            len(self.members), self.digest,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ManifestSummary:
    """What a manifest says besides its members, their number, and the digest of the whole manifest."""

    standard: str
    version: str
    version_digest: str
    as_of: date
    waves: tuple[WavePlan, ...]
    size: int
    digest: str

    @property
    def target(self) -> VersionId:
        """The version that is rolled out."""
        return VersionId(self.standard, self.version)


@dataclass(frozen=True, slots=True)
class Rollout:
    """A rollout in progress. `approved_by` is as entered; `entered` says that an operator entered it."""

    id: str
    manifest: ManifestSummary
    """What was approved; the list of its members is kept beside the rollout, and never changes."""
    state: RolloutState
    approved_by: str
    entered: bool
    reason: str
    approved_on: date
    waves: Mapping[int, WaveState] = field(default_factory=dict)
    note: str = ""
    """Why it is paused or halted."""
    accepted_late: int = 0
    accepted_failed: int = 0
    """The members late and failed that a named person accepted when the rollout was resumed."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """Where one project stands in a rollout, since when, and why in words.

    `bound_on` is the day the version began to bind it, `due` the last day of its work, `until` the end of its
    leeway, `escalated` how many levels of the ladder were told of its lateness (0 none, 1 the
    head, 2 the next one up).
    """

    project: str
    office: str
    wave: int
    standing: Standing
    since: date
    why: str = ""
    notified_on: date | None = None
    bound_on: date | None = None
    due: date | None = None
    until: date | None = None
    elected: Election | None = None
    elect_by: date | None = None
    answer_by: date | None = None
    escalated: int = 0
    missing: tuple[str, ...] = ()
    """The facts that the office was asked for."""

    @property
    def settled(self) -> bool:
        """Whether it counts toward the end of its wave."""
        return self.standing in SETTLED

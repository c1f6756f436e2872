"""Rollouts: a version on its way into projects, in waves; the values and their states.

How a member moves is in adoption.py, how waves end and stop in wave.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum

from domain.canonical import digest
from domain.ids import VersionId
from domain.organization.calendar import Calendar, Rhythm
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

    Shares are 0 to 1, of the members that nobody took out. The pilot period lies between notice and binding:
    the version is judged but does not bind. None stands in plans that were approved before there was such a
    criterion; they keep the meaning that they had.
    """

    number: int
    name: str
    offices: tuple[str, ...]
    start: date
    trial_days: int | None = 10
    """The pilot period in business days of the office; None: it is given in reporting cycles."""
    exit_settled: float = 0.9
    halt_late: float = 0.25
    """The share that is late at which the rollout halts, if `halt_late_least` are."""
    halt_failed: int = 3
    """How many no longer follow when the rollout halts, if their share is `halt_failed_share`."""
    trial_cycles: int | None = None
    """The pilot period in reporting cycles of the office."""
    halt_late_least: int | None = None
    """How many are late at least when the rollout halts; None: one is enough."""
    halt_failed_share: float | None = None
    """The share that no longer follows when the rollout halts; None: the number decides alone."""
    carry_days: int | None = None
    """Business days for what the wave leaves open, from its end; None: it is not carried forward."""

    def binds_on(self, notified: date, calendar: Calendar, rhythm: Rhythm) -> date:
        """The first business day after the pilot period of an office that was notified on a day."""
        if self.trial_days is not None:
            return calendar.add_business_days(notified, self.trial_days)
        weeks = (self.trial_cycles or 0) * rhythm.every_weeks
        return calendar.add_business_days(notified + timedelta(weeks=weeks), 0)


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
        """SHA-256 of the canonical manifest; approval is for exactly this.

        A criterion that a wave does not have is left out, so that an older plan keeps the digest that it had.
        """
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return digest({**said, "waves": [_said(wave) for wave in self.waves]})

    @property
    def summary(self) -> ManifestSummary:
        """What it says besides its members."""
        return ManifestSummary(
            self.standard, self.version, self.version_digest, self.as_of, self.waves,
            len(self.members), self.digest,
        )  # fmt: skip


def _said(wave: WavePlan) -> dict[str, object]:
    """What a wave's plan says, without the criteria that it does not have."""
    said = {each.name: getattr(wave, each.name) for each in fields(wave)}
    return {name: value for name, value in said.items() if value is not None}


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
class CarriedForward:
    """That a wave ended without a member: the day, its new date, and the wave in which it counts now.

    `into` is None after the last wave: it stays in the reports, and counts in no wave any more.
    """

    on: date
    by: date
    into: int | None


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
    carried: CarriedForward | None = None
    """Whether its wave ended without it."""
    stopped: date | None = None
    """Since when its clock stands, as a request of it in time waits for an office that decides."""
    beyond: bool = False
    """Whether it completes under the old version beyond the rule, by its program manager's discretion."""

    @property
    def counts_in(self) -> int | None:
        """The wave in which it counts: its own, or the one into which it was carried forward."""
        return self.wave if self.carried is None else self.carried.into

    @property
    def carried_until(self) -> date | None:
        """The date by which a member that was carried forward is to settle; None for any other."""
        return (self.due or self.carried.by) if self.carried is not None else None

    @property
    def settled(self) -> bool:
        """Whether it counts toward the end of its wave."""
        return self.standing in SETTLED

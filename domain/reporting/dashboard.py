"""What the first page of all reports shows: the newest of each, how the offices were read, what waits.

Pure values and the choice of the newest: it refuses to say anything of a report that it was not given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.decisions.pending import PendingDecisions
from domain.delivery.held import Cause, Held
from domain.language import ENGLISH, Language
from domain.organization.office import Organization
from domain.plans.not_read import NotRead
from domain.questions.question import Question
from domain.reporting.entry import ReportEntry
from domain.rollouts.rollout import Rollout


@dataclass(frozen=True, slots=True)
class RolloutCard:
    """The newest report of a rollout, where the rollout stands now, and how many followed day by day."""

    entry: ReportEntry
    rollout: Rollout | None
    adopted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SweepCard:
    """The newest report of a version's sweeps, and how many projects passed sweep by sweep."""

    entry: ReportEntry
    passed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """How an office was read last: `read_at` None for never, `problem` and its kind why the last try failed.

    `stale` is how the newest compliance review found it.
    """

    name: str
    read_at: datetime | None
    problem: str
    unreadable: int
    failure: NotRead | None = None
    stale: bool = False

    @property
    def is_well(self) -> bool:
        """Whether the last reading succeeded and was understood, and the office reports."""
        return self.is_read and not self.stale and not self.unreadable

    @property
    def is_read(self) -> bool:
        """Whether the last reading succeeded."""
        return self.read_at is not None and not self.problem


@dataclass(frozen=True, slots=True)
class Waiting:
    """The questions of an office that wait for an answer: how many, and how many of them past their day."""

    office: str
    count: int
    late: int
    first: date


@dataclass(frozen=True, slots=True)
class HeldCard:
    """How many things do not stand in an office's tool as they should, why, and since when."""

    office: str
    count: int
    cause: Cause
    since: datetime


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What whoever asks may see. `offices`, `waiting` and `held` are empty for who reads one subject only."""

    organization: str
    today: date
    rollouts: tuple[RolloutCard, ...]
    sweeps: tuple[SweepCard, ...]
    others: tuple[ReportEntry, ...]
    """The newest reports of other kinds, such as what was read before a version is published."""
    earlier: int
    """How many older reports there are."""
    offices: tuple[OfficeCard, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    held: tuple[HeldCard, ...] = ()
    pending: tuple[PendingDecisions, ...] = ()
    """What waits past its date for an office that decides; `office` is its name here."""
    cases: int = 0
    """Cases of feedback in which somebody is asked, objections among them."""
    objections: int = 0
    """Open objections."""
    directives: int = 0
    """Directives in force."""
    directives_late: int = 0
    """Their addressees that are late."""
    language: Language = ENGLISH
    """The language of whoever asks."""


def newest_first(entries: Iterable[ReportEntry]) -> list[ReportEntry]:
    """The entries by day, newest first; of one day the later written first."""
    return sorted(entries, key=lambda e: (-e.as_of.toordinal(), -e.ledger_entry, e.kind, e.slug))


def newest_of_each(entries: Iterable[ReportEntry]) -> Mapping[str, ReportEntry]:
    """Of what is reported about each subject the newest, newest subject first."""
    found: dict[str, ReportEntry] = {}
    for each in newest_first(entries):
        found.setdefault(each.about, each)
    return found


def waiting_of(
    organization: Organization, questions: Iterable[Question], held: Iterable[Held], now: datetime
) -> tuple[Waiting, ...]:
    """The questions that stand in the offices' tools and wait, by office; the first day first."""
    not_there = {each.key for each in held}
    asked: dict[str, list[Question]] = {}
    for each in questions:
        if each.id not in not_there and each.office in organization.offices:
            asked.setdefault(each.office, []).append(each)
    made = [_waiting(organization, office, own, now) for office, own in asked.items()]
    return tuple(sorted(made, key=lambda each: (each.first, each.office)))


def _waiting(organization: Organization, office: str, own: Sequence[Question], now: datetime) -> Waiting:
    place = organization.offices[office]
    today = place.calendar.local_date(now)
    late = sum(each.answer_by < today for each in own)
    return Waiting(place.name, len(own), late, min(each.answer_by for each in own))

"""The outcome of putting a plan into an office's tool; ids and counts only, as all that runs show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.delivery.distribution import Pace
from domain.organization.actions import Permission
from domain.words import counted, foreseen

MINUTE = 60


@dataclass(frozen=True, slots=True)
class PlanDistributed:
    """Which plan, into which project, by whose role; how far it is, and what the tool cannot hold."""

    derivation: str
    office: str
    project: str
    tasks: int
    """How many tasks the plan has."""
    placed: int
    """How many of them are in the tool with their links, or were, and are the office's."""
    by: Permission
    """By which role of which office it is permitted."""
    dry_run: bool
    created: int = 0
    linked: int = 0
    """How many tasks got their links in this run."""
    left: int = 0
    """How many tasks the tool did not take."""
    removed: int = 0
    """How many tasks the office removed before they were linked, with those in them: they are left out."""
    waiting: int = 0
    """How many were sent and are not seen there yet."""
    calls: int = 0
    """How many calls it takes or took."""
    seconds: float = 0.0
    """How long these calls take at least, by the tool's limits."""
    about: float = 0.0
    """How many seconds they take at the pace at which the tool was read before; of a dry run."""
    starts: bool = False
    """Whether the project is new and is made first, or was made in this run."""
    lost: Mapping[str, int] = field(default_factory=dict)
    """How many facts of each field the tool cannot hold, by the names of a certificate."""
    approximated: Mapping[str, int] = field(default_factory=dict)
    away: int = 0
    """How many people with roles are away while their tasks run, as is known before anything is put there."""
    kind: Literal["plan_distributed"] = "plan_distributed"

    @property
    def sentence(self) -> str:
        """What is or would be there, what is not kept, and who permitted it."""
        into = f"{self.derivation} into {self.office}/{self.project}"
        stays = kept(self.lost, self.approximated)
        if self.dry_run:
            made = "the project is made first, " if self.starts else ""
            left = counted(self.tasks - self.placed, "task")
            would = (
                f"{into}: {made}{left} of {self.tasks} would be put there with "
                f"{counted(self.calls, 'call')}, {self._minutes}; {stays}; {self._away}permitted {self.by}."
            )
            return foreseen(would, "into any tool")
        made = "the project is made, " if self.starts else ""
        told = (
            f"{into}: {made}{self.placed} of {counted(self.tasks, 'task')} there, {self.created} of them new"
        )
        told += f", {self.removed} removed by the office and left out" if self.removed else ""
        told += f", {self.left} not taken by the tool: {self._reasons}" if self.left else ""
        told += f", {self.waiting} not seen yet: run it again in some minutes" if self.waiting else ""
        return f"{told}; {stays}; permitted {self.by}."

    @property
    def _reasons(self) -> str:
        return f"`interoffice held {self.office}` says why"

    @property
    def _away(self) -> str:
        return f"{counted(self.away, 'role holder')} away while their tasks run; " if self.away else ""

    @property
    def _minutes(self) -> str:
        if self.seconds >= max(self.about, 1):
            return f"{counted(max(1, round(self.seconds / MINUTE)), 'minute')} at least"
        return _about(self.about)


def kept(lost: Mapping[str, int], approximated: Mapping[str, int], tools: int = 1) -> str:
    """What one or several tools do not keep, in counts by field."""
    if not lost and not approximated:
        return "the tool keeps all of it" if tools == 1 else "the tools keep all of it"
    who, holds = ("the tool", "holds") if tools == 1 else ("the tools", "hold")
    other = f"{sum(approximated.values())} in another form{_by_field(approximated)}"
    return f"{who} cannot hold {counted(sum(lost.values()), 'fact')}{_by_field(lost)} and {holds} {other}"


def added(each: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    """The counts of several plans together."""
    total: Counter[str] = Counter()
    for counts in each:
        total.update(counts)
    return dict(total)


def how_far(at: PlanDistributed, pace: Pace) -> str:
    """How much of a plan is there, and the time that the rest takes."""
    there = f"{at.placed} of {counted(at.tasks, 'task')} there with their links"
    if not pace.left:
        return f"{there}, nothing left to do"
    if pace.seconds_left is None:
        return there
    return f"{there}, {_about(pace.seconds_left)} left"


def _about(seconds: float) -> str:
    """A time that is not known exactly, in whole minutes."""
    minutes = round(seconds / MINUTE)
    return f"about {counted(minutes, 'minute')}" if minutes else "less than a minute"


def _by_field(counts: Mapping[str, int]) -> str:
    """Which fields they are, by the names of a certificate: ` (9 task.order, 5 task.cost)`."""
    most = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return f" ({', '.join(f'{count} {name}' for name, count in most)})" if most else ""

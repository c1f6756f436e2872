"""Sweeps: every project of the network judged at one time, and what changed since the sweep before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.canonical import UNLESS_GIVEN
from domain.plans.not_read import NotRead
from domain.standards.position import Position
from domain.standards.verdict import Result, Verdict


class FlipCause(StrEnum):
    """Why a project's band flipped between two sweeps."""

    PROJECT = "project"
    VERSION = "version"
    LEEWAY = "leeway"
    DEVIATION = "deviation"
    CONNECTOR = "connector"
    MISSING_DATA = "missing_data"


@dataclass(frozen=True, slots=True)
class OfficeState:
    """How an office stood at a sweep: when it was last read, whether it is stale, and what went wrong.

    `stale` means that it could not be read, or that not one of its open projects was reported by its own
    last cut-off. `problem` is the connector's message, for people; empty when it was read. `failure` is its
    kind; None where it was read, and in sweeps of older versions.
    """

    office: str
    read_at: datetime | None
    stale: bool
    problem: str = ""
    unreadable: int = 0
    failure: NotRead | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One project as judged: by which version, its band, and every verdict.

    `grandfathered` says that it was judged by the version that it finishes under. `plan` and `facts`
    are the digests of what was judged, so that the sweep can be repeated.
    """

    project: str
    office: str
    version: str
    band: Result
    verdicts: tuple[Verdict, ...]
    plan: str
    facts: str
    grandfathered: bool = False
    rules: str = ""
    """The digest of the effective rules, tailorings included."""
    position: Position | None = field(default=None, metadata=UNLESS_GIVEN)
    """Where it stands in its life cycle; None where the version has none."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One sweep of the network under one version; `id` is the digest of all that it judged."""

    id: str
    at: datetime
    standard: str
    version: str
    judged: tuple[Judged, ...]
    offices: tuple[OfficeState, ...]

    @property
    def bands(self) -> Mapping[Result, int]:
        """How many projects are in each band; adds up to the projects judged."""
        return {r: sum(j.band is r for j in self.judged) for r in Result}


@dataclass(frozen=True, slots=True)
class SweepCount:
    """A sweep in numbers: when it was, and how many projects were in each band.

    `named` is its standard and version, where that is told.
    """

    at: datetime
    bands: Mapping[Result, int]
    named: str = ""


@dataclass(frozen=True, slots=True)
class Flip:
    """A project whose band changed between two sweeps, with the cause."""

    project: str
    office: str
    was: Result | None
    now: Result
    cause: FlipCause
    why: str
    rules: tuple[str, ...] = ()
    """The rules whose result is another one, in their order."""

"""The outcomes of reading, judging and reporting the network; counts and ids only, as all that runs show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from domain.reporting.shown import shown
from domain.words import counted, foreseen, listed


@dataclass(frozen=True, slots=True)
class OfficesRead:
    """The offices whose tools were read, those whose tools were not, and counts of what was found."""

    read: tuple[str, ...]
    not_read: tuple[str, ...]
    projects: int
    items: int
    changed: int
    answers: int
    not_understood: int
    kind: Literal["offices_read"] = "offices_read"

    @property
    def sentence(self) -> str:
        """How many offices were read, what was found there, and which were not read."""
        unread = f"; not read: {', '.join(self.not_read)}" if self.not_read else ""
        asked = counted(len(self.read) + len(self.not_read), "office")
        return (
            f"{len(self.read)} of {asked} read: {counted(self.projects, 'project')}, "
            f"{self.changed} changed, {counted(self.answers, 'answer')}{unread}."
        )


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep in counts; `id` finds it again."""

    id: str
    version: str
    judged: int
    bands: Mapping[str, int]
    stale: int
    """How many offices are stale."""
    new: bool
    others: tuple[Swept, ...] = ()
    """The sweeps by the other standards that bind the network."""
    kind: Literal["swept"] = "swept"

    @property
    def sentence(self) -> str:
        """How many projects stand in each band."""
        stale = f"; {counted(self.stale, 'office')} stale" if self.stale else ""
        bands = listed({shown(band): count for band, count in self.bands.items()})
        said = f"{counted(self.judged, 'project')} judged under {self.version}: {bands}{stale}."
        return " ".join([said, *(other.sentence for other in self.others)])


@dataclass(frozen=True, slots=True)
class Page:
    """A report: what it is about, its address, and the sentence at its head."""

    about: str
    url: str
    headline: str


@dataclass(frozen=True, slots=True)
class FilledPack:
    """A report format that was filled for an office's cut-off, in counts; `id` finds it again."""

    id: str
    figures: int
    gaps: int
    """Figures that are gaps."""
    restated: int
    """Figures of the pack before that are others by what came late."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The reports of the network, the first one first; and the formats that were filled.

    A dry run writes nothing, has no pages, and says which formats it would fill.
    """

    pages: tuple[Page, ...]
    packs: tuple[FilledPack, ...] = ()
    dry_run: bool = False
    kind: Literal["reported"] = "reported"

    @property
    def sentence(self) -> str:
        """The sentence of the first report, and how many formats were filled."""
        gaps = sum(pack.gaps for pack in self.packs)
        lacking = f", {counted(gaps, 'figure')} not known" if gaps else ""
        formats = counted(len(self.packs), "report format")
        if self.dry_run:
            return foreseen(f"{formats} would be filled{lacking}.")
        told = f" {formats} filled{lacking}." if self.packs else ""
        if not self.pages:
            nothing = "there is nothing to report: no office was read and no sweep took place"
            return told.strip() or nothing
        return f"{self.pages[0].headline}{told}"

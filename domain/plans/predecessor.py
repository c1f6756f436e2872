"""A predecessor of a task: its key, the type of the link, the lag; and its text form.

Terms are those of PMI's practice standard for scheduling and of the scheduling tools: FS, SS, FF, SF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class LinkType(StrEnum):
    """Which end of a task waits for which end of its predecessor; nearly all are finish to start."""

    FINISH_TO_START = "FS"
    START_TO_START = "SS"
    FINISH_TO_FINISH = "FF"
    START_TO_FINISH = "SF"


class LagUnit(StrEnum):
    """The unit of a lag, or of a duration; working time unless it is elapsed."""

    WORKING_MINUTES = "min"
    WORKING_HOURS = "h"
    WORKING_DAYS = "d"
    WORKING_WEEKS = "w"
    WORKING_MONTHS = "mo"
    ELAPSED_MINUTES = "emin"
    ELAPSED_HOURS = "eh"
    ELAPSED_DAYS = "ed"
    ELAPSED_WEEKS = "ew"
    ELAPSED_MONTHS = "emo"
    PERCENT = "%"
    """Percent of the predecessor's duration."""

    @property
    def is_elapsed(self) -> bool:
        """Whether it runs through nights and weekends."""
        return self.value.startswith("e")


@dataclass(frozen=True, slots=True, order=True)
class Predecessor:
    """One item that another one follows; `key` is our key, or that item's own; a negative lag is a lead."""

    key: str
    lag: float = 0
    type: LinkType = LinkType.FINISH_TO_START
    unit: LagUnit = LagUnit.WORKING_DAYS

    @property
    def is_plain(self) -> bool:
        """Whether it is finish to start, with no lag or whole working days of it: what every tool knows."""
        counted = self.unit is LagUnit.WORKING_DAYS or not self.lag
        return (
            self.type is LinkType.FINISH_TO_START and counted and self.lag >= 0 and self.lag == int(self.lag)
        )

    def __str__(self) -> str:
        """`key`, `key +2d`; where it is not plain `key (SS -1d)`."""
        if self.is_plain:
            return f"{self.key} +{int(self.lag)}d" if self.lag else self.key
        parts = [] if self.type is LinkType.FINISH_TO_START else [str(self.type)]
        parts += [f"{self.lag:+g}{self.unit}"] if self.lag else []
        return f"{self.key} ({' '.join(parts)})"


_PLAIN = re.compile(r"(?P<key>.*) \+(?P<lag>\d+)d", re.DOTALL)
_OTHER = re.compile(
    r"(?P<key>.*) \((?P<type>SS|FF|SF)?\ ?"
    r"(?:(?P<lag>[+-][0-9.]+(?:e[+-][0-9]+)?)(?P<unit>e?min|e?mo|e?h|e?d|e?w|%))?\)",
    re.DOTALL,
)


def text_of(predecessors: Iterable[Predecessor]) -> str:
    """All predecessors in one text, in order: `key; key +2d`."""
    return "; ".join(str(each) for each in sorted(set(predecessors)))


def predecessors_of(text: str) -> tuple[Predecessor, ...]:
    """The predecessors in a text of `text_of`, in order."""
    return tuple(sorted({_predecessor(part.strip()) for part in text.split(";") if part.strip()}))


def _predecessor(text: str) -> Predecessor:
    if found := _PLAIN.fullmatch(text):
        return Predecessor(found["key"], int(found["lag"]))
    if (found := _OTHER.fullmatch(text)) and (found["type"] or found["lag"]):
        kind = LinkType(found["type"] or LinkType.FINISH_TO_START)
        return Predecessor(found["key"], float(found["lag"] or 0), kind, LagUnit(found["unit"] or "d"))
    return Predecessor(text)

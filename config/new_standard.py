"""The first version of a standard, commented, for a PMO to change: it refuses one that is there already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from string import Template

from config.skeleton_entries import quoted

TEMPLATE = Path(__file__).with_name("new_standard.yaml")
LEEWAY = timedelta(weeks=26)
"""From the day on which the version is effective to the end of its leeway."""


@dataclass(frozen=True, slots=True)
class FirstVersion:
    """What is asked of a new standard: its id and title, whose it is, and from when it is effective."""

    standard: str
    title: str
    owner: str
    day: date

    def __str__(self) -> str:
        """The file's text."""
        said: Mapping[str, str] = {
            "standard": self.standard,
            "title": quoted(self.title),
            "owner": self.owner,
            "day": self.day.isoformat(),
            "until": (self.day + LEEWAY).isoformat(),
        }
        return Template(TEMPLATE.read_text("utf-8")).substitute(said)


class IsThere(Exception):
    """The standard has versions already; `newest` is the file of the newest by name."""

    def __init__(self, newest: Path) -> None:
        super().__init__(str(newest))
        self.newest = newest


def write_standard(folder: Path, version: FirstVersion) -> Path:
    """Write its file into the folder of an organization; raises IsThere, and OSError."""
    place = folder / "standards" / version.standard
    there = sorted(place.glob("*.yaml")) if place.is_dir() else []
    if there:
        raise IsThere(there[-1])
    place.mkdir(parents=True, exist_ok=True)
    path = place / "1.0.yaml"
    path.write_text(str(version), "utf-8")
    return path


def next_monday(day: date) -> date:
    """The first Monday after a day."""
    return day + timedelta(days=7 - day.weekday())

"""The people of an organization as people.yaml names them now, without those who left.

It is for requests that come long after a process read the organization's files. A wrong entry is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from config.documents import read
from config.offices import read_people
from config.problems import Problems
from domain.organization.office import Person

FILE = "people.yaml"


def people_now(folder: Path, today: date | None = None) -> Mapping[str, Person]:
    """People by id, also those who have left where no day is given; none where the file cannot be read."""
    problems = Problems()
    document = read(folder, FILE, problems) if (folder / FILE).is_file() else None
    found = read_people(document, None, problems)
    return {key: each for key, each in found.items() if today is None or not each.has_left(today)}

"""The people of an organization as people.yaml names them at this moment; who left is not there any more.

For what is asked for long after a process read the organization's files. An entry that is wrong is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from config.documents import read
from config.offices import read_people
from config.problems import Problems
from domain.organization.office import Person

FILE = "people.yaml"


def people_now(folder: Path) -> Mapping[str, Person]:
    """People by id; nobody where the file is missing or cannot be read."""
    problems = Problems()
    document = read(folder, FILE, problems) if (folder / FILE).is_file() else None
    return read_people(document, None, problems)

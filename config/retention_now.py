"""The retention as organization.yaml says it now, for what begins before the organization is read."""

from __future__ import annotations

from pathlib import Path

from config.documents import read
from config.offices import OrganizationShape
from config.problems import Problems
from config.retention import read_retention
from config.shapes import parse
from domain.organization.retention import Retention

FILE = "organization.yaml"


def retention_now(folder: Path) -> Retention:
    """As the file says it; the defaults where there is none yet, or it is wrong, which its readers say."""
    problems = Problems()
    document = read(folder, FILE, problems) if (folder / FILE).is_file() else None
    said = parse(OrganizationShape, document, problems) if document else None
    return read_retention(said.value.retention, said, problems) if said else Retention()

"""What tests that were interrupted left in the running servers: taken away, since each server slows down with it.

Only what bears a name that a test or a measurement made up, and only what is older than any of them lasts.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from scripts.servers import fill
from tests.contract import trac_bench

MADE_UP = re.compile(r"(test|crash|bench|p-1|p-2)-[0-9a-f]{10,12}")
LONGEST = timedelta(hours=2)
PAGE = 100


def cleared_redmine(entry: Mapping, now: datetime) -> list[str]:
    """Remove the projects that were left; their identifiers."""
    left = [each["identifier"] for each in _projects(entry) if _left(each, now)]
    for identifier in left:
        fill.remove_redmine_project(entry, identifier)
    return left


def cleared_trac(entry: Mapping, now: datetime) -> list[str]:
    """Remove the components that were left, with their tickets; their names."""
    left = [
        name
        for name in trac_bench.asked(entry, "ticket.component.getAll")
        if MADE_UP.fullmatch(name) and not _young(entry, name, now)
    ]
    for name in left:
        trac_bench.remove(entry, name)
    return left


def _projects(entry: Mapping) -> Iterator[Mapping]:
    total, read = 1, 0
    while read < total:
        told = fill.ask_redmine(entry, "GET", f"/projects.json?limit={PAGE}&offset={read}")
        yield from told["projects"]
        total, read = told["total_count"], read + PAGE


def _left(project: Mapping, now: datetime) -> bool:
    made = datetime.fromisoformat(project["created_on"])
    return bool(MADE_UP.fullmatch(project["identifier"])) and now - made > LONGEST


def _young(entry: Mapping, component: str, now: datetime) -> bool:
    """Whether something changed in a component as long as a test may last."""
    since = f"{(now - LONGEST).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return bool(trac_bench.asked(entry, "ticket.query", f"component={component}&changetime={since}..&max=1"))

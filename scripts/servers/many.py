"""Thousands of issues in a project of our own Redmine within seconds, written into its database.

Each is what Redmine itself would have written for an issue of an office's own: dates, hours, a description,
blank custom fields; every tenth follows the one before it. For tests and measurements only: it refuses a
project that has issues already.
"""

import contextlib
import datetime as dt
import sqlite3
from typing import Any

from scripts.servers.place import Entry

FIRST = dt.datetime(2026, 1, 5, 8, 0, 0)  # noqa: DTZ001 - Redmine's database holds UTC without saying so
APART = dt.timedelta(minutes=7)
TEXT = (
    "What has to be done, by whom, and what it needs before it can begin.\r\n\r\n* point {0}\r\n* point {1}"
)
ISSUE = (
    "id, tracker_id, project_id, subject, description, due_date, status_id, assigned_to_id, priority_id, "
    "author_id, created_on, updated_on, start_date, done_ratio, estimated_hours, root_id, lft, rgt"
)


def redmine_issues(entry: Entry, project: int, count: int, tracker: str = "Task") -> None:
    """Make `count` issues in an empty project, changed one after the other in the past."""
    with contextlib.closing(sqlite3.connect(entry["database"], timeout=60)) as database, database:
        database.execute("begin immediate")
        there = database.execute("select count(*) from issues where project_id = ?", (project,)).fetchone()[0]
        if there:
            raise ValueError(f"the project {project} has {there} issues already")
        first = database.execute("select coalesce(max(id), 0) + 1 from issues").fetchone()[0]
        numbers = range(first, first + count)
        rows = [_issue(entry, project, tracker, number, number - first) for number in numbers]
        places = ", ".join("?" * len(rows[0])) if rows else ""
        database.executemany(f"insert into issues ({ISSUE}) values ({places})", rows)  # noqa: S608 - our own names
        database.executemany(
            "insert into custom_values (customized_type, customized_id, custom_field_id, value) "
            "values ('Issue', ?, ?, '')",
            [(number, field) for number in numbers for field in entry["issue_fields"].values()],
        )
        database.executemany(
            "insert into issue_relations (issue_from_id, issue_to_id, relation_type, delay) "
            "values (?, ?, 'precedes', 0)",
            [(number - 1, number) for number in numbers[10::10]],
        )


def _issue(entry: Entry, project: int, tracker: str, number: int, place: int) -> "tuple[Any, ...]":
    """One row, in the order of ISSUE."""
    statuses = list(entry["statuses"].values())
    planner = entry["users"]["planner"]["id"]
    at = (FIRST + APART * place).isoformat(" ") + ".000000"
    start = dt.date(2026, 3, 2) + dt.timedelta(days=place % 400)
    return (
        number, entry["kinds"][tracker], project, f"Step {place + 1} of the office's own plan",
        TEXT.format(place, place + 1), (start + dt.timedelta(days=9)).isoformat(),
        statuses[place % len(statuses)], planner if place % 2 else None, entry["priorities"]["Normal"],
        planner, at, at, start.isoformat(), place % 11 * 10, 8.0 + place % 40, number, 1, 2,
    )  # fmt: skip

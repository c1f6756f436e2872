"""What can go wrong with the store, by what to do next; texts never hold stored values.

A database's own message may quote a row, and a row may name a person: only its first line is passed on.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError

SQLITE_WAITED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
POSTGRES_WAITED = frozenset({"55P03", "40P01", "40001"})
"""Lock not available, deadlock detected, serialization failure."""


class StoreError(Exception):
    """The root of all that the store raises by itself."""


class Busy(StoreError):
    """Another writer held the database for longer than we wait: nothing was written, try again."""


class Unavailable(StoreError):
    """The database cannot be reached or used: an operator has to look."""


class TooNew(StoreError):
    """The database was written by a newer Interoffice: update this one, or use another database."""


class NoRevision(StoreError):
    """The database's own note of its revision is gone or damaged: put it back, or restore a backup."""


class Conflict(StoreError):
    """The tables' own constraints refused it: a row that is missing, is there already, or never changes."""


class Changed(StoreError):
    """Something that never changes is already there with other content."""


class Unknown(StoreError):
    """Something was named that was never stored."""


class Fenced(StoreError):
    """An office's lock was claimed by another holder since, or given back: stop writing."""


class Unstorable(StoreError, ValueError):
    """A value cannot be kept so that it comes out again as it went in."""


class Damaged(StoreError):
    """Something stored cannot be read any more; `number` is the ledger's first such entry."""

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"entry {number}: {problem}")
        self.number = number
        self.problem = problem


def named(context: ExceptionContext) -> StoreError | None:
    """The store's own error for what went wrong in a statement; None where SQLAlchemy goes on by itself."""
    problem, driver = context.sqlalchemy_exception, context.original_exception
    if problem is None or context.is_pre_ping:
        return None
    if not isinstance(problem, DBAPIError):
        return Unstorable(f"a value cannot be kept: {driver}")
    first_line = next(iter(str(driver).splitlines()), type(driver).__name__)
    sqlite_code = getattr(driver, "sqlite_errorcode", None)
    waited = isinstance(sqlite_code, int) and sqlite_code & 0xFF in SQLITE_WAITED
    if waited or getattr(driver, "sqlstate", None) in POSTGRES_WAITED:
        return Busy(f"the database is in use: {first_line}")
    if isinstance(problem, IntegrityError):
        return Conflict(f"the database refused it: {first_line}")
    return Unavailable(f"the database cannot do it: {first_line}")

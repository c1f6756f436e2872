"""Reads the sample's database as another program would: with SQL, by the names of tables and columns."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

SOME_TIME = "2027-01-04T07:00:00+00:00"
"""Stands for the machine's own time, which no two runs share."""


OTHERS = ("GATEWAY_HOST", "GATEWAY_PORT", "GATEWAY_URL", "DATABASE_URL", "PREFECT_URL")
"""The variables that somebody may have set, and that a play must not meet."""


def without_others(environment: pytest.MonkeyPatch) -> None:
    """Take them away for as long as the play goes on."""
    for name in OTHERS:
        environment.delenv(f"INTEROFFICE_{name}", raising=False)


def asked(database: Path, statement: str) -> list[tuple[Any, ...]]:
    """The rows that a statement finds."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(statement).fetchall()


def documents(database: Path, statement: str) -> list[Any]:
    """The JSON documents in the one column of a statement, compressed or not."""
    return [document(value) for (value,) in asked(database, statement)]


def document(value: str | bytes) -> Any:
    """One JSON document; when something was sent is the machine's time."""
    text = zlib.decompress(value).decode() if isinstance(value, bytes) else value
    found = json.loads(text)
    if isinstance(found, dict) and found.get("sent_at"):
        found["sent_at"] = {"$at": SOME_TIME}
    return found


def ledger(database: Path) -> Iterator[dict[str, Any]]:
    """The content of every entry of the ledger, in their order."""
    for (content,) in asked(database, "SELECT content FROM ledger ORDER BY number"):
        yield json.loads(content)

"""The database by its names: tables, columns, indexes, triggers, revisions, and each document as it is stored.

Examples of documents are picked from the play, as few as show every field with every kind of value; lists are
cut short, so that they can be read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory

from connectors.tickets.paging import Cursor
from connectors.tickets.ticket import kept, ticket_of
from domain.plans.mirror import Kept
from store.inbox import PENDING
from store.intents import INTENT, VALUE
from store.migrate import SCRIPTS
from store.plans import PLAN, TOOL, UNREADABLE
from store.questions import NOTICE, QUESTION
from store.rollouts import ADOPTION, COUNTS, ROLLOUT
from store.standards import OPEN, VERSION
from store.sweeps import JUDGED, SWEEP
from tests.golden.files import compact
from tests.golden.play import Played
from tests.golden.produced import in_order
from tests.golden.rows import asked, documents

MOST = 8
"""Examples of one kind."""


def _ticket(text: str) -> str:
    return kept(ticket_of(Kept("", "", text))).body


def _cursor(text: str) -> str:
    return compact(json.loads(str(Cursor.of(text))))


STORED: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "adoption": ("SELECT document FROM adoptions", lambda text: ADOPTION.write(ADOPTION.read(text))),
    "counts of a day": ("SELECT document FROM adoption_counts", lambda text: COUNTS.write(COUNTS.read(text))),
    "cursor of a tool": ("SELECT cursor FROM cursors", _cursor),
    "hints of an office": ("SELECT document FROM hints", lambda text: PENDING.write(PENDING.read(text))),
    "intent": ("SELECT document FROM intents", lambda text: INTENT.write(INTENT.read(text))),
    "mark": ("SELECT document FROM marks", lambda text: VALUE.write(VALUE.read(text))),
    "notice": ("SELECT document FROM notices", lambda text: NOTICE.write(NOTICE.read(text))),
    "plan": ("SELECT document FROM plan_contents", lambda text: PLAN.write(PLAN.read(text))),
    "project of a sweep": (
        "SELECT document FROM judgments",
        lambda text: JUDGED.write(JUDGED.read(text)),
    ),
    "question": ("SELECT document FROM questions", lambda text: QUESTION.write(QUESTION.read(text))),
    "rollout": ("SELECT document FROM rollouts", lambda text: ROLLOUT.write(ROLLOUT.read(text))),
    "simulation": ("SELECT document FROM simulations", lambda text: OPEN.write(OPEN.read(text))),
    "sweep": ("SELECT document FROM sweeps", lambda text: SWEEP.write(SWEEP.read(text))),
    "ticket of a tool": ("SELECT body FROM mirror", _ticket),
    "tool": ("SELECT tool FROM readings", lambda text: TOOL.write(TOOL.read(text))),
    "unreadable": ("SELECT unreadable FROM readings", lambda text: UNREADABLE.write(UNREADABLE.read(text))),
    "version": ("SELECT document FROM versions", lambda text: VERSION.write(VERSION.read(text))),
}
"""Each kind of document: where examples are, and how its text is read and written again."""


def examples(played: Played) -> object:
    """Each kind of document as text that is stored, read as JSON."""
    return {name: _some(documents(played.database, asked_)) for name, (asked_, _) in STORED.items()}


def values() -> object:
    """How values that JSON does not know are written, and what stands before keys that look like those."""
    at = datetime(2027, 1, 4, 8, 30, tzinfo=timezone(timedelta(hours=1)))
    some: Mapping[str, object] = {
        "date": at.date(),
        "time": at,
        "time of the day": at.time(),
        "decimal": Decimal("1.50"),
        "list": (1, 2.0, True, None, "ü"),
        "set": frozenset({"b", "a"}),
        "key like a tag": {"$date": "2027-01-04"},
        "nothing": {},
    }
    return {name: VALUE.write(value) for name, value in some.items()}


def tables(played: Played) -> object:
    """Every table with its columns, keys, indexes and triggers, as the migrations made them, and their revisions."""
    base = played.database
    made = asked(base, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name")
    return {
        "tables": {
            name: _table(base, name) for kind, name, _, _ in made if kind == "table" and "sqlite_" not in name
        },
        "indexes and triggers": {
            name: [kind, table, " ".join(text.split())]
            for kind, name, table, text in made
            if kind in ("index", "trigger") and text
        },
        "revisions": in_order(
            {each.revision: each.down_revision for each in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
        ),
        "stands at": asked(base, "SELECT version_num FROM alembic_version")[0][0],
    }


def _table(base: Path, table: str) -> dict[str, object]:
    columns = {
        name: f"{kind}{' NOT NULL' if needed else ''}{f' KEY {key}' if key else ''}"
        f"{f' DEFAULT {default}' if default is not None else ''}"
        for _, name, kind, needed, default, key in asked(base, f"PRAGMA table_info('{table}')")
    }
    unique = [
        [column for _, _, column in asked(base, f"PRAGMA index_info('{index}')")]
        for _, index, _, origin, _ in asked(base, f"PRAGMA index_list('{table}')")
        if origin == "u"
    ]
    refers = [f"{row[3]} to {row[2]}.{row[4]}" for row in asked(base, f"PRAGMA foreign_key_list('{table}')")]
    return {"columns": columns, "unique": sorted(unique), "refers": sorted(refers)}


def _some(found: list[Any]) -> list[object]:
    """The shortest few that show every field with every kind of value."""
    left = sorted({compact(_cut(each)) for each in found}, key=lambda text: (len(text), text))
    seen = {text: frozenset(_kinds(json.loads(text))) for text in left}
    shown: set[str] = set()
    picked: list[object] = []
    while left and len(picked) < MOST:
        best = max(left, key=lambda text: len(seen[text] - shown))
        if picked and not seen[best] - shown:
            break
        shown |= seen[best]
        picked.append(json.loads(best))
    return picked


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(each) for key, each in value.items()}
    return [_cut(each) for each in value[:2]] if isinstance(value, list) else value


def _kinds(value: Any, place: str = "") -> Iterator[str]:
    """Every place with the kind of value there; positions in lists are one place."""
    yield f"{place}={type(value).__name__}"
    parts = (
        value.items()
        if isinstance(value, dict)
        else [("", each) for each in value]
        if isinstance(value, list)
        else ()
    )
    for key, each in parts:
        yield from _kinds(each, f"{place}.{key}")

"""Two states as older Interoffices wrote them, and how they are laid out to be taken over.

`states.tar.xz` holds `revision-0002.sql` and `revision-0003.sql`, the dumps of two stores, and the organization
of both after the same four weeks: two offices of the sample, eleven projects, a rollout that is under way. Each
store was written by the code that ended at its revision, by its own tasks; what they left empty there (a mark, a
run that did not end, a mirror and its cursor) was put in by that code's repositories. Nothing was edited since.
"""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

from tests.archives import unpacked

STATES = Path(__file__).with_name("states.tar.xz")
REVISIONS = ("0002", "0003")


def lay_out(revision: str, place: Path) -> Path:
    """The state and the organization below `place`, as a folder of an older one; the store's file."""
    with tarfile.open(STATES) as archive:
        unpacked(archive, place)
    store = place / "state" / "interoffice.db"
    store.parent.mkdir()
    with closing(sqlite3.connect(store)) as written:
        written.executescript((place / f"revision-{revision}.sql").read_text("utf-8"))
    return store


def rows(store: Path) -> dict[str, list[tuple]]:
    """Every row of every table as it stands in the file, whatever code there is to read it."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as read:
        names = [name for (name,) in read.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(read.execute(f'SELECT * FROM "{name}"'), key=repr)  # noqa: S608 - our own names
            for name in names
        }

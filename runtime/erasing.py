"""A person taken out of the files of a state folder: reports, logs, uploads, and Prefect's database.

The organization's own files are not ours to change: the sample's copy of them stays as it is, too. Refuses to
leave a file half written, and to say that a file is free of a person that it could not look into.
"""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from domain.organization.erasing import Eraser
from runtime.folder import StateFolder
from runtime.problem import Problem

Value: TypeAlias = str | bytes | int | float | None
SQLITE = b"SQLite format 3\0"
ZIP = b"PK\x03\x04"
PDF = b"%PDF-"
NOT_OURS = ("organization", "organizations", "live", "servers", "prefect/ui")
"""Below a state folder: an organization's files, other state folders, and what Prefect's page is made of."""
MARK = "data-erased"
"""The attribute of a page that was written anew: the pseudonym that stands in it for the erased person."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that has the person, by its path below the state folder, and the SHA-256 before and after."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Left:
    """A file that may still have the person, and why it was left."""

    path: str
    why: str


def files(folder: StateFolder) -> Iterator[Path]:
    """Every file that we wrote in the state folder, but our own database and the sample's own files."""
    others = {folder.root / name for name in NOT_OURS}
    ours = {Path(f"{folder.database}{end}") for end in ("", "-wal", "-shm")}
    for at, folders, names in os.walk(folder.root):
        here = Path(at)
        folders[:] = sorted(each for each in folders if here / each not in others)
        for name in sorted(names):
            path = here / name
            if path not in ours and path.is_file() and not path.is_symlink():
                yield path


def erase(folder: StateFolder, eraser: Eraser, *, write: bool) -> Iterator[Changed]:
    """Each file that has the person; with `write` it is written anew first. Raises Problem with the file."""
    for path in files(folder):
        try:
            content = path.read_bytes()
            if content.startswith(SQLITE):
                yield from _database(path, folder, eraser, write=write)
                continue
            new = _without(content, eraser)
            if new is None or new == content:
                continue
            if write:
                part = path.with_name(f"{path.name}.{os.getpid()}.new")
                part.write_bytes(new)
                part.replace(path)
        except (OSError, zipfile.BadZipFile, sqlite3.Error) as reason:
            raise Problem(
                f"{path} cannot be written anew: {reason} -> mend or remove it, then again"
            ) from None
        yield Changed(_below(path, folder), _sha(content), _sha(new))


def left(folder: StateFolder, eraser: Eraser) -> Iterator[Left]:
    """Each file, our own database included, in which the person stands still, or which hides its text."""
    for path in (*files(folder), folder.database):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if content.startswith(PDF):
            yield Left(
                _below(path, folder), "a PDF, whose text cannot be changed -> remove it, and make it anew"
            )
        elif any(eraser.left(each) for each in _contents(content)):
            yield Left(_below(path, folder), "the person stands in it -> look, and remove the file")


def _without(content: bytes, eraser: Eraser) -> bytes | None:
    """The content without the person; None for what holds no text."""
    if content.startswith(ZIP):
        return _zip(content, eraser)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    new = eraser.text(text)
    if new != text and "<html" in new[:1000]:
        new = new.replace("<html", f'<html {MARK}="{eraser.pseudonym}"', 1)
    return new.encode()


def _zip(content: bytes, eraser: Eraser) -> bytes:
    """The archive with each of its texts changed; the very same bytes where none was."""
    out, changed = io.BytesIO(), False
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            body = old.read(member)
            fresh = _without(body, eraser)
            changed = changed or (fresh is not None and fresh != body)
            new.writestr(member, body if fresh is None else fresh)
    return out.getvalue() if changed else content


def _contents(content: bytes) -> Iterator[bytes]:
    yield content
    if content.startswith(ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield archive.read(member)


def _database(path: Path, folder: StateFolder, eraser: Eraser, *, write: bool) -> Iterator[Changed]:
    """Every text of every table of Prefect's database; no page with an old text is left in it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("erased", 1, _column(eraser), deterministic=True)
        connection.execute("PRAGMA secure_delete=ON").close()
        connection.execute("BEGIN IMMEDIATE")
        before, count = _sha(path.read_bytes()), 0
        asked = "SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        for (table,) in connection.execute(asked).fetchall():
            for column in [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]:
                count += _in_column(connection, table, column, write=write)
        connection.execute("COMMIT")
        if not count:
            return
        if write:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    yield Changed(_below(path, folder), before, _sha(path.read_bytes()) if write else before)


def _in_column(connection: sqlite3.Connection, table: str, column: str, *, write: bool) -> int:
    """How many values of the column have the person; with `write` they have not any more."""
    where = f'WHERE "{column}" IS NOT erased("{column}")'
    if write:
        statement = f'UPDATE "{table}" SET "{column}"=erased("{column}") {where}'  # noqa: S608 - its own names
        return connection.execute(statement).rowcount
    asked = f'SELECT count(*) FROM "{table}" {where}'  # noqa: S608 - its own names
    return int(connection.execute(asked).fetchone()[0])


def _column(eraser: Eraser) -> Callable[[Value], Value]:
    def erased(value: Value) -> Value:
        if isinstance(value, str):
            return eraser.text(value)
        if isinstance(value, bytes):
            new = _without(value, eraser)
            return value if new is None else new
        return value

    return erased


def _below(path: Path, folder: StateFolder) -> str:
    return path.relative_to(folder.root).as_posix()


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

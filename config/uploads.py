"""The workbooks that offices uploaded, as files of the state folder that only its owner may read.

A file is put there whole before the store says that it counts; which one counts is the store's word alone.
The versions before it are kept for a while. Refuses to look into a file.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from store import Store

FOLDER = "uploads"
VERSIONS = 5
"""How many accepted workbooks of an office's tool are kept."""


def file_of(state: Path, office: str, tool: str, digest: str) -> Path:
    """Where the workbook with that SHA-256 lies."""
    return state / FOLDER / office / tool / f"uploaded-{digest[:16]}.xlsx"


def uploaded_file(store: Store, state: Path, office: str, tool: str) -> Path | None:
    """The workbook that the office uploaded last; None where it never did. Raises StoreError."""
    with store.read() as unit:
        newest = unit.uploads.newest(office, tool)
    return None if newest is None else file_of(state, office, tool, newest.digest)


def keep(state: Path, office: str, tool: str, data: bytes) -> str:
    """Put a workbook there, whole or not at all, for its owner alone; its SHA-256. Raises OSError."""
    digest = hashlib.sha256(data).hexdigest()
    path = file_of(state, office, tool, digest)
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    for each in (path.parent, path.parent.parent, path.parent.parent.parent):
        each.chmod(0o700)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest


def let_go(state: Path, office: str, tool: str, kept: Collection[str]) -> None:
    """Remove the workbooks of an office's tool but those with these digests."""
    there = {file_of(state, office, tool, digest).name for digest in kept}
    for path in (state / FOLDER / office / tool).glob("uploaded-*.xlsx"):
        if path.name not in there:
            path.unlink(missing_ok=True)

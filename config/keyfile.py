"""The key that personal links are signed with: a file of the state folder that only its owner may read.

Made on first use; who deletes it ends every link that was given. Refuses a key that others may read.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from config.settings import BadSettings

NAME = "links.key"
LENGTH = 32


def link_key(state: Path) -> bytes:
    """The key of this state folder. Raises BadSettings for one that cannot be used, or cannot be made."""
    path = state / NAME
    try:
        if not path.exists():
            _make(path)
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            key = file.read(LENGTH + 1)
    except OSError as problem:
        why = f"{path} cannot be used: {problem.strerror or problem}"
        raise BadSettings((f"{why} -> let the user who runs Interoffice read and write it",)) from None
    if mode & 0o077:
        raise BadSettings(
            (f"{path} may be read by others -> delete it, which ends the links that were given",)
        )
    if len(key) != LENGTH:
        raise BadSettings((f"{path} holds no key of {LENGTH} bytes -> restore it, or delete it",))
    return key


def _make(path: Path) -> None:
    """Write a key; where another process was faster its key stays. A reader never finds half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(new)
    finally:
        new.unlink()

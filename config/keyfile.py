"""The key that personal links are signed with: a file of the state folder that only its owner may read.

Made on first use, for the owner of that folder also where root makes it; who deletes it ends every link that
was given. Refuses a key that others may read.
"""

from __future__ import annotations

import os
import pwd
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
        raise BadSettings((_unusable(path, problem),)) from None
    if mode & 0o077:
        raise BadSettings(
            (f"{path} may be read by others -> delete it, which ends the links that were given",)
        )
    if len(key) != LENGTH:
        raise BadSettings((f"{path} holds no key of {LENGTH} bytes -> restore it, or delete it",))
    return key


def kept_by_root(state: Path) -> str:
    """Why the service cannot read the key, for people: root keeps it in another's folder; else empty."""
    path = state / NAME
    owner = path.parent.stat().st_uid
    if path.stat().st_uid != 0 or owner == 0:
        return ""
    return (
        f"{path} belongs to root and its folder to {_user(owner)}, who runs the door -> {_give(owner, path)}"
    )


def _unusable(path: Path, problem: OSError) -> str:
    """What is wrong with the file, and what to do about it."""
    why = f"{path} cannot be used: {problem.strerror or problem}"
    me = os.geteuid()
    if isinstance(problem, PermissionError):
        with suppress(OSError):  # we may not even look into its folder
            if (owner := path.stat().st_uid) != me:
                return f"{why}, as it belongs to {_user(owner)} and this is {_user(me)} -> {_give(me, path)}"
    return f"{why} -> let the user who runs Interoffice read and write it"


def _give(user: int, path: Path) -> str:
    return f"give it away, `chown {_user(user)} {path}`, and make links as {_user(user)}"


def _user(number: int) -> str:
    """The name of a user, or the number where there is no name for it."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _make(path: Path) -> None:
    """Write a key; where another process was faster its key stays. A reader never finds half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            if os.geteuid() == 0:
                folder = path.parent.stat()
                os.fchown(file.fileno(), folder.st_uid, folder.st_gid)
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(new)
    finally:
        new.unlink()

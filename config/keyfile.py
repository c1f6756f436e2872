"""Secrets of a state folder, each in a file that only its owner may read: the links' key, Prefect's password.

They are made on first use. Deleting the key ends every link that was given; deleting the password signs every
browser out, once everything was started again. Refuses a file that others may read.
"""

from __future__ import annotations

import os
import pwd
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from config.settings import BadSettings

NAME = "links.key"
LENGTH = 32
LONGEST = 200
AUTH = "prefect.auth"
USER = "interoffice"
AUTH_STRING = re.compile(rf"{USER}:[A-Za-z0-9_-]{{43}}")


def link_key(state: Path) -> bytes:
    """The key that links are signed with. Raises BadSettings where it cannot be used, or made."""
    path = state / NAME
    key = _kept(path, lambda: secrets.token_bytes(LENGTH), "ends the links that were given")
    if len(key) != LENGTH:
        raise BadSettings((f"{path} holds no key of {LENGTH} bytes -> restore it, or delete it",))
    return key


def auth_string(state: Path) -> str:
    """`user:password`, which our Prefect server asks for. Raises BadSettings as `link_key` does."""
    path = state / AUTH
    made = _kept(path, f"{USER}:{secrets.token_urlsafe(32)}".encode, "signs everybody out")
    text = made.decode("ascii", "replace")
    if not AUTH_STRING.fullmatch(text):
        raise BadSettings((f"{path} holds no authentication string -> delete it, and start `up` again",))
    return text


def _kept(path: Path, make: Callable[[], bytes], deleted: str) -> bytes:
    """The file's content, made where there is none; `deleted`: what deleting it does. Raises BadSettings."""
    try:
        if not path.exists():
            _make(path, make())
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            found = file.read(LONGEST)
    except OSError as problem:
        raise BadSettings((_unusable(path, problem),)) from None
    if mode & 0o077:
        raise BadSettings((f"{path} may be read by others -> delete it, which {deleted}",))
    return found


def _unusable(path: Path, problem: OSError) -> str:
    """What is wrong with the file, and what to do about it."""
    why = f"{path} cannot be used: {problem.strerror or problem}"
    me = os.geteuid()
    if isinstance(problem, PermissionError):
        with suppress(OSError):  # we may have no access to its folder either
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


def _make(path: Path, content: bytes) -> None:
    """Write the file, all of it at once; where another process was faster, that one's file stays."""
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(new)
    finally:
        new.unlink()

"""What we write is for the owner of the state folder alone: the mode of new files, and the process's user.

The mode is set for the process and not for each file, so that no file is ever open to others, not even while
it is made. It refuses to let root leave files in somebody else's state folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from runtime.problem import Problem

UMASK = 0o077
"""New folders are 0700 and new files 0600, whatever the shell or the service manager says."""
CODE = Path(__file__).resolve().parent


@contextmanager
def private() -> Iterator[None]:
    """Within it this process, and all that it starts, makes files for their owner alone."""
    before = os.umask(UMASK)
    try:
        yield
    finally:
        os.umask(before)


def create(path: Path) -> TextIO:
    """A new file for its owner alone, to write text into. Raises Problem for one that is there."""
    try:
        return open(path, "x", encoding="utf-8", opener=lambda name, how: os.open(name, how, 0o600))
    except OSError as problem:
        raise Problem(f"cannot write {path}: {problem.strerror} -> name a new file") from None


def copy_files(directory: str, path: str) -> None:
    """Copy every file below a folder, with the mode that this process gives and not with its own."""
    for at, _, names in os.walk(directory):
        place = Path(path, os.path.relpath(at, directory))
        place.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copyfile(Path(at, name), place / name)


def become_owner(folder: Path) -> str:
    """Root becomes the owner of another user's state folder; that user's name, empty where nothing changes.

    So nothing is left there that the service cannot read, and no link that is planted there makes root write
    elsewhere. Raises Problem where that user may not read Interoffice.
    """
    if os.geteuid() != 0 or not folder.is_dir():
        return ""
    owner = folder.stat()
    if owner.st_uid == 0:
        return ""
    name = name_of(owner.st_uid)
    try:
        _become(owner)
    except OSError as problem:
        raise Problem(
            f"{folder} belongs to {name}, and root cannot work as {name} here ({problem.strerror})"
            f" -> run the command as {name}"
        ) from None
    if not (os.access(CODE, os.R_OK | os.X_OK) and os.access(sys.executable, os.X_OK)):
        raise Problem(
            f"{folder} belongs to {name}, who may not read {CODE.parent} -> let {name} read it,"
            f" or give root a state folder of its own with --state DIR"
        )
    if not os.access(".", os.X_OK):
        os.chdir(folder)
    return name


def _become(owner: os.stat_result) -> None:
    try:
        known = pwd.getpwuid(owner.st_uid)
    except KeyError:
        os.setgroups([owner.st_gid])
        os.setgid(owner.st_gid)
    else:
        os.initgroups(known.pw_name, known.pw_gid)
        os.setgid(known.pw_gid)
    os.setuid(owner.st_uid)


def name_of(user: int) -> str:
    """The name of a user, or the number where there is no name for it."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)

"""An office's file read whole and replaced atomically, or left exactly as it is.

Refuses to write what somebody has open, what is read-only, and what changed since it was read; a message
names the file without its folder, and what to do.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from connectors.errors import Refused, TryLater
from connectors.files.package import MOST_PACKED

SOON = timedelta(minutes=10)
MARK = ".interoffice-"


def load(path: Path) -> bytes:
    """The file's bytes; raises `Refused` when it cannot be read, `TryLater` while it is being written."""
    name = path.name
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            if before.st_size > MOST_PACKED:
                raise Refused(f"{name}: it has {before.st_size:,} bytes; at most {MOST_PACKED:,} are read")
            data = file.read(MOST_PACKED + 1)
            after = os.fstat(file.fileno())
    except FileNotFoundError:
        raise Refused(
            f"{name}: there is no such file; restore it, or mend `file` in the tool's settings"
        ) from None
    except IsADirectoryError:
        raise Refused(f"{name}: it is a folder, not a workbook") from None
    except PermissionError:
        if reason := open_elsewhere(path):
            raise TryLater(reason, after=SOON) from None
        raise Refused(f"{name}: we have no right to read it; grant it") from None
    except OSError as error:
        raise TryLater(f"{name}: it cannot be read now ({error.strerror})", after=SOON) from None
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size) or len(
        data
    ) != after.st_size:
        raise TryLater(f"{name}: it is being written by another program", after=SOON)
    return data


def open_elsewhere(path: Path) -> str:
    """Who has the file open, as the lock files beside it say; empty when nobody has."""
    name = path.name
    if (path.parent / f"~${name}").exists():
        return f"{name}: it is open in Excel (~${name} is beside it); close it there"
    if (path.parent / f".~lock.{name}#").exists():
        return f"{name}: it is open in LibreOffice (.~lock.{name}# is beside it); close it there"
    return ""


def obstacle(path: Path) -> str:
    """Why the file cannot be written as things are: it is read-only, or we may not write in its folder."""
    name = path.name
    status = path.stat()
    if status.st_mode & 0o222 == 0 or not os.access(path, os.W_OK):
        return f"{name}: it is read-only; permit writing, or set the office's access to observe"
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return f"{name}: its folder is read-only; permit writing, or set the office's access to observe"
    if os.geteuid() not in (0, status.st_uid):
        return f"{name}: it belongs to another user, and would not any more; let that user run the worker"
    return ""


def save(path: Path, before: str, data: bytes, guard: Callable[[], AbstractContextManager[None]]) -> None:
    """Replace the file, whose SHA-256 must still be `before`; its mode, owner and attributes stay.

    The guard is entered around the replacement. Raises `Refused` or `TryLater`, and then the file is
    exactly as it was.
    """
    real = Path(os.path.realpath(path))
    if reason := obstacle(real):
        raise Refused(reason)
    _nobody_has(real)
    temporary = _written_beside(real, data)
    try:
        with guard(), _alone(real):
            _nobody_has(real)
            if hashlib.sha256(load(real)).hexdigest() != before:
                raise TryLater(
                    f"{path.name}: it was changed since it was read; read it again", after=timedelta()
                )
            _left_over(real, temporary)
            temporary.replace(real)
            _sync_folder(real.parent)
    except FileNotFoundError:
        raise TryLater(f"{path.name}: another writer came first; read it again", after=SOON) from None
    finally:
        temporary.unlink(missing_ok=True)


def create(path: Path, data: bytes, guard: Callable[[], AbstractContextManager[None]]) -> None:
    """Put a file there that is not there yet, whole or not at all; raises `Refused` where one is there."""
    if not path.parent.is_dir():
        raise Refused(f"{path.name}: its folder is not there; make {path.parent.name}")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise Refused(f"{path.name}: its folder is read-only; permit writing there")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}{MARK}", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                os.fchmod(file.fileno(), 0o666 & ~_umask())
                file.flush()
                os.fsync(file.fileno())
            with guard():
                os.link(temporary, path)
                _sync_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError:
        raise Refused(f"{path.name}: there is such a file by now; look at it first") from None
    except OSError as error:
        raise TryLater(f"{path.name}: it cannot be saved now ({error.strerror})", after=SOON) from None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _nobody_has(path: Path) -> None:
    if reason := open_elsewhere(path):
        raise TryLater(reason, after=SOON)


def _written_beside(path: Path, data: bytes) -> Path:
    """A finished file in the same folder with the mode, owner and attributes of the other."""
    status = path.stat()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}{MARK}", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise TryLater(
            f"{path.name}: nothing can be written beside it ({error.strerror})", after=SOON
        ) from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), status.st_mode & 0o7777)
            os.fchown(file.fileno(), status.st_uid, status.st_gid)
            for attribute in os.listxattr(path):
                with suppress(OSError):
                    os.setxattr(temporary, attribute, os.getxattr(path, attribute))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise TryLater(f"{path.name}: it cannot be saved now ({error.strerror})", after=SOON) from None
    return temporary


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Holds the file's advisory lock; `TryLater` when another program holds it."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise TryLater(f"{path.name}: another program has locked it", after=SOON) from None
        yield


def _left_over(path: Path, ours: Path) -> None:
    """Removes the files of writers that died or lost their right to write: they can replace nothing."""
    for each in path.parent.iterdir():
        if each.name.startswith(f".{path.name}{MARK}") and each != ours:
            each.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(data: bytes) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(data).hexdigest()

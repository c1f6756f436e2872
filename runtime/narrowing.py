"""Takes others' rights from an older or copied state folder when it is opened, and reports that.

Only what Interoffice makes there is changed; an organization of one's own, and other state folders in it,
keep their rights. Refuses to follow links, to touch what belongs to others, and to close a folder that is no
state folder. Keys are left as they are: a key that others could read is refused when it is read.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from domain.words import counted
from runtime.privacy import name_of
from runtime.problem import Problem

WIDER = 0o077
"""The rights of all but the owner."""
FOLDERS = ("prefect", "logs", "reports", "scratch")
"""Folders of a state folder that hold what we wrote and nothing else."""
TICKETS, SAMPLE = "tickets", "organization"
KEYS = frozenset({"links.key", "prefect.auth"})
MARKS = KEYS | {"interoffice.db", "ledger.head", "up.lock", "live.json"}
"""Each of these names shows that a folder is a state folder; so do all of `FOLDERS` together."""
DEFAULT = Path(__file__).resolve().parent.parent / "var"
"""The state folder of a checkout, in which benchmarks and test servers keep folders of their own."""
WITHIN = frozenset({*FOLDERS, SAMPLE, "organizations", "live", "servers", ".gitignore"})
"""What may be in a state folder that was not used yet."""
INHERITED = "system.posix_acl_default"
"""Rights that a folder passes on to what is made in it, whatever the umask is."""
MOST = 3
"""How many paths a message names."""


@dataclass(slots=True)
class Narrowed:
    """What others could open in a state folder: counted, and closed where it was ours."""

    root: Path
    who: str = ""
    """Who could open the folder; empty where it was closed already."""
    files: int = 0
    folders: int = 0
    left: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is something to report: what others could open, or still can."""
        return bool(self.left or (self.who and (self.files or self.folders)))

    def __str__(self) -> str:
        """One line for people."""
        told = []
        if self.who and (self.files or self.folders):
            what = f"{counted(self.files, 'file')} and {counted(self.folders, 'folder')}"
            told.append(
                f"{self.root} was open to {self.who}, who could read {what} (messages, pseudonyms, reports,"
                f" logs); it is closed now, to all but {name_of(os.geteuid())}"
            )
        if self.left:
            more = f" and {len(self.left) - MOST} more" if len(self.left) > MOST else ""
            told.append(f"left open: {', '.join(self.left[:MOST])}{more} -> {self._advice()}")
        return "; ".join(told)

    def _advice(self) -> str:
        owner = self.root.stat().st_uid
        if owner != os.geteuid():
            return f"run a command as {name_of(owner)}, whose folder it is"
        return f"give them to {name_of(owner)} with chown, or remove them"


def close(root: Path, *, whole: bool = False) -> None:
    """Close a state folder where it is open, and print that. Raises Problem for one that is none."""
    if found := narrow(root, whole=whole):
        print(f"interoffice: {found}", file=sys.stderr, flush=True)


def narrow(root: Path, *, whole: bool) -> Narrowed:
    """Close a state folder where it is open. Raises Problem for an open folder that is no state folder.

    The folder and what is directly in it are always checked; everything below too where the folder itself was
    open, and with `whole`.
    """
    found = Narrowed(root)
    with _folder(root) as handle:
        if handle is None:
            return found
        mode, names = os.fstat(handle).st_mode, _names(handle)
        ours = root == DEFAULT or _is_state(names)
        if mode & WIDER and not ours:
            raise Problem(_foreign(root, names))
        _close_folder(handle, root, found)
        found.who = "" if found.left else _who(mode)
        if not ours:
            return found
        _close(names, handle, root, found)
        for name in (*FOLDERS, TICKETS, SAMPLE):
            if name in names and (name != SAMPLE or _is_sample(root)):
                _within(root / name, found, whole=whole or bool(found.who))
    return found


def _within(top: Path, found: Narrowed, *, whole: bool) -> None:
    """Close a folder of ours and, with `whole`, all below it, each folder before its content."""
    for at, folders, names, handle in os.fwalk(top, follow_symlinks=False):
        _close_folder(handle, Path(at), found)
        if not whole:
            folders.clear()
            return
        _close(names, handle, Path(at), found)


def _close(names: Iterable[str], folder: int, where: Path, found: Narrowed) -> None:
    """Close the files among these names. Links are not followed; what is gone meanwhile is skipped."""
    for name in sorted(names):
        try:
            seen = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except OSError:
            continue
        is_other = stat.S_ISDIR(seen.st_mode) or stat.S_ISLNK(seen.st_mode)
        if is_other or not seen.st_mode & WIDER or name in KEYS:
            continue
        try:
            _chmod(name, folder, seen)
            found.files += 1
        except FileNotFoundError:
            continue
        except OSError as problem:
            found.left.append(_named(where / name, found.root, seen, problem))


def _chmod(name: str, folder: int, seen: os.stat_result) -> None:
    """Take others' rights from exactly the file that was seen, whatever has its name by now."""
    if not hasattr(os, "O_PATH"):
        os.chmod(name, stat.S_IMODE(seen.st_mode) & ~WIDER, dir_fd=folder, follow_symlinks=False)
        return
    handle = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=folder)
    try:
        now = os.fstat(handle)
        if (now.st_dev, now.st_ino) == (seen.st_dev, seen.st_ino):
            Path(f"/proc/self/fd/{handle}").chmod(stat.S_IMODE(now.st_mode) & ~WIDER)
    finally:
        os.close(handle)


def _close_folder(handle: int, path: Path, found: Narrowed) -> None:
    """Close an open folder, and remove the rights that it passes on."""
    seen = os.fstat(handle)
    try:
        if seen.st_mode & WIDER:
            os.fchmod(handle, stat.S_IMODE(seen.st_mode) & ~WIDER)
            found.folders += 1
        if hasattr(os, "listxattr") and INHERITED in os.listxattr(handle):
            os.removexattr(handle, INHERITED)
    except OSError as problem:
        found.left.append(_named(path, found.root, seen, problem))


@contextmanager
def _folder(path: Path) -> Iterator[int | None]:
    """The folder, opened; None where there is none, or we may not read it."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def _is_sample(root: Path) -> bool:
    """Whether the organization in the folder is the copy of the sample, which is ours, and nobody's own."""
    from config.sample import may_become_copy  # noqa: PLC0415 - keeps --help quick

    return may_become_copy(root / SAMPLE, root)


def _names(folder: int) -> frozenset[str]:
    with os.scandir(folder) as found:
        return frozenset(each.name for each in found)


def _is_state(names: frozenset[str]) -> bool:
    return bool(names.intersection(MARKS)) or names.issuperset(FOLDERS) or names <= WITHIN


def _foreign(root: Path, there: frozenset[str]) -> str:
    names = sorted(there - WITHIN)
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return (
        f"{root} holds what is not Interoffice's ({', '.join(names[:MOST])}{more}), and others may read it; a"
        " state folder is for its owner alone -> give a new folder with --state DIR"
    )


def _who(mode: int) -> str:
    """Who could open the folder besides its owner."""
    if mode & 0o007:
        return "everybody on this machine"
    return "its group" if mode & 0o070 else ""


def _named(path: Path, root: Path, seen: os.stat_result, problem: OSError) -> str:
    """A path that could not be closed, and why, for people."""
    name = str(path if path == root else path.relative_to(root))
    is_ours = seen.st_uid == os.geteuid()
    return f"{name} ({problem.strerror if is_ours else f'of {name_of(seen.st_uid)}'})"

"""Looks, again and again while programs work, whether somebody else could read what they write.

Two things are looked at: every file in a folder, and the file mode that every process of it gives to new files,
by which also that is seen which was wide for a moment only.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

WIDER = 0o077
PAUSE = 0.002


def wide(folder: Path) -> dict[str, str]:
    """The mode of everything in a folder, and of itself, that others have rights on; links have none."""
    found: dict[str, str] = {}
    for path in (folder, *_below(folder)):
        try:
            seen = path.lstat()
        except OSError:
            continue
        if seen.st_mode & WIDER and not stat.S_ISLNK(seen.st_mode):
            found[str(path)] = oct(seen.st_mode)
    return found


def _below(folder: Path) -> Iterator[Path]:
    for at, folders, files in os.walk(folder):
        yield from (Path(at) / name for name in (*folders, *files))


def umask_of(process: int) -> str:
    """The mask of a process, as the kernel shows it; empty where it has gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split()[1] for line in lines if line.startswith("Umask:")), "")


class Watch:
    """What was seen so far."""

    def __init__(self, folder: Path, processes: Callable[[], Iterable[int]], pause: float) -> None:
        self.folder, self.processes, self.pause = folder, processes, pause
        self.wide: dict[str, str] = {}
        self.masks: dict[str, set[int]] = {}
        self.looks = 0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._files), threading.Thread(target=self._masks)]

    def _files(self) -> None:
        while not self._ended.wait(self.pause):
            if self.folder.exists():
                self.wide |= wide(self.folder)
                self.looks += 1

    def _masks(self) -> None:
        while not self._ended.wait(0.25):
            for each in self.processes():
                if mask := umask_of(each):
                    self.masks.setdefault(mask, set()).add(each)

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def watched(
    folder: Path, processes: Callable[[], Iterable[int]] = tuple, pause: float = PAUSE
) -> Iterator[Watch]:
    """Look as long as the block lasts; a longer pause where that is minutes, as each look costs a walk."""
    watch = Watch(folder, processes, pause)
    watch.begin()
    try:
        yield watch
    finally:
        watch.end()


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """What is started meanwhile begins with that mask."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)

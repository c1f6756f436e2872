"""Where an office's file is: a path, the newest file of a folder by a pattern, or the one uploaded last.

Which file is the newest is said by one rule: where the pattern has `{date}`, by the day in the name
(2027-01-31, 2027_01_31, 2027.01.31 or 20270131); else by the time of its last change. What a program left
there while it saves, downloads or synchronizes is passed over and named. Refuses to guess between two that
are equally new, and to look into folders within the folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, TypeAlias

from connectors.errors import Refused, TryLater
from connectors.files.saving import SOON
from domain.plans.left_out import LeftOutKind
from domain.words import counted

DATE = "{date}"
DAY = r"(?P<day>\d{4}(?P<sign>[-_.]?)\d{2}(?P=sign)\d{2})"
LOCK = re.compile(r"~\$.*|\.~lock\..*#|~.*\.tmp", re.IGNORECASE)
UNFINISHED = re.compile(
    r"\..*|.*\.(?:tmp|temp|part|partial|crdownload|download|opdownload|bak)", re.IGNORECASE
)
COPIED = re.compile(
    r"\.sync-conflict-|-conflict(?:ed)?\b|[(\[][^)\]]*(?:confli[ct]|konflikt|çakış)[^)\]]*[)\]]",
    re.IGNORECASE,
)
"""What Dropbox, Nextcloud, Syncthing, Google Drive and OneDrive write into the name of a copy in conflict."""
Passed: TypeAlias = tuple[LeftOutKind, str]
"""What was passed over: its kind and the file's name."""


@dataclass(frozen=True, slots=True)
class Located:
    """The file to read, what beside it was passed over, and why it is this one, for people."""

    path: Path
    passed: tuple[Passed, ...] = ()
    why: str = ""


class Place(Protocol):
    """Where an office's file is."""

    def locate(self) -> Located:
        """The file that counts now. Raises `Refused` where there is none, or two that might be it."""
        ...


@dataclass(frozen=True, slots=True)
class OneFile:
    """A file under one path."""

    path: Path

    def locate(self) -> Located:
        """That file, whether it is there or not."""
        return Located(self.path)


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """The file that an office uploaded last."""

    office: str
    newest: Callable[[], Path | None] | None
    """None: this program does not know what is uploaded."""

    def locate(self) -> Located:
        """The file that was accepted last."""
        if self.newest is None:
            raise Refused("uploaded workbooks lie in the state folder, which is not looked into here")
        path = self.newest()
        if path is None:
            what = f"{self.office} has uploaded no workbook yet"
            raise Refused(
                f"{what}; give it a link of its own: interoffice link PERSON --upload {self.office}"
            )
        return Located(path, why="it was uploaded last")


@dataclass(frozen=True, slots=True)
class NewestFile:
    """The newest file of a folder whose name fits a pattern with `*`, `?` and at most one `{date}`."""

    folder: Path
    pattern: str

    def locate(self) -> Located:
        """The newest; raises `Refused` where none fits or two are equally new."""
        fits = fitting_names(self.pattern)
        passed: list[Passed] = []
        found: list[tuple[date | int, Path]] = []
        for path in self._files():
            kind = passed_over(path.name)
            matched = fits.fullmatch(path.name)
            if kind is not None:
                passed += [(kind, path.name)] if _concerns(path.name, fits) else []
            elif matched is not None:
                age = self._age(path, matched)
                if age is None:
                    passed.append((LeftOutKind.UNDATED_FILE, path.name))
                else:
                    found.append((age, path))
        if not found:
            raise Refused(self._none(passed))
        newest = max(age for age, _ in found)
        first = self._one_of([path for age, path in found if age == newest])
        rule = "by the date in its name" if DATE in self.pattern else "by the time of its last change"
        return Located(first, tuple(passed), f"it is the newest of {counted(len(found), 'file')} {rule}")

    def _files(self) -> list[Path]:
        """The files of the folder, in the order of their names."""
        name = self.folder.name
        try:
            return sorted((each for each in self.folder.iterdir() if each.is_file()), key=lambda p: p.name)
        except FileNotFoundError:
            raise Refused(
                f"{name}: there is no such folder; restore it, or mend `folder` in the tool's settings"
            ) from None
        except NotADirectoryError:
            raise Refused(f"{name}: it is a file, not a folder; name it by `file` instead") from None
        except PermissionError:
            raise Refused(f"{name}: we have no right to look into that folder; grant it") from None
        except OSError as error:
            raise TryLater(f"{name}: the folder cannot be read now ({error.strerror})", after=SOON) from None

    def _age(self, path: Path, matched: re.Match[str]) -> date | int | None:
        """What the newest is told by; None where the name's date is no day."""
        if DATE not in self.pattern:
            return path.stat().st_mtime_ns
        try:
            return date.fromisoformat(re.sub(r"[-_.]", "", matched["day"]))
        except ValueError:
            return None

    def _none(self, passed: list[Passed]) -> str:
        """That no file fits, and what was passed over."""
        beside = (
            f" ({counted(len(passed), 'file')} passed over: {_names(name for _, name in passed)})"
            if passed
            else ""
        )
        return (
            f"{self.folder.name}: no file there fits {self.pattern!r}{beside}, so the last reading stands and"
            " grows stale; put the office's newest workbook there, or mend `pattern` in the tool's settings"
        )

    def _one_of(self, newest: list[Path]) -> Path:
        """The only one, or the first of several with the same bytes."""
        first, *others = newest
        if others and len({path.read_bytes() for path in newest}) > 1:
            names = _names(path.name for path in newest)
            raise Refused(
                f"{self.folder.name}: {names} are equally new and differ, so none is read; leave one of them,"
                " or put a later date into the name of the one that counts"
            )
        return first


def _names(names: Iterable[str]) -> str:
    """The first names, in words."""
    found = list(names)
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(found[:3]) + more


def fitting_names(pattern: str) -> re.Pattern[str]:
    """The names that fit a pattern, in whatever case."""
    signs = {"*": ".*", "?": "."}
    parts = ("".join(signs.get(c, re.escape(c)) for c in part) for part in pattern.split(DATE))
    return re.compile(DAY.join(parts), re.IGNORECASE)


def passed_over(name: str) -> LeftOutKind | None:
    """What a file is that no office means by its newest workbook; None for any other."""
    if LOCK.fullmatch(name):
        return LeftOutKind.LOCK_FILE
    if UNFINISHED.fullmatch(name):
        return LeftOutKind.UNFINISHED_FILE
    return LeftOutKind.CONFLICTED_COPY if COPIED.search(name) else None


def _concerns(name: str, fits: re.Pattern[str]) -> bool:
    """Whether a temporary or copied file belongs to a file that fits, as far as its name shows."""
    return any(fits.fullmatch(each) for each in _originals(name)) or COPIED.search(name) is not None


def _originals(name: str) -> Iterator[str]:
    """The names that a file may have had before a program changed its name."""
    yield name
    yield name.removeprefix("~$")
    yield name.removeprefix(".~lock.").removesuffix("#")
    yield name.removeprefix(".").rpartition(".")[0]
    yield name.rpartition(".")[0]

"""What a reading passes over on purpose, by kind: nothing of a plan is left out in silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.words import counted

SHOWN_REFS = 20


class LeftOutKind(StrEnum):
    """Why something in a plan is no project and no item."""

    SUMMARY_TASK = "summary task"
    """The sum of its parts."""
    INACTIVE_TASK = "inactive task"
    EXTERNAL_TASK = "external task"
    """A task of another file."""
    INSERTED_PROJECT = "inserted project"
    BLANK_ROW = "blank row"
    TOTALS_ROW = "totals row"
    HEADING_ROW = "heading row"
    UNRELATED_ROW = "unrelated row"
    """Of another table that stands below."""
    IGNORED_ROW = "ignored row"
    """Named by `ignore_rows` in the settings."""
    UNCALCULATED_ROW = "uncalculated row"
    """Its id is a formula without a stored result."""
    UNUSED_FORMULA_ROW = "unused formula row"
    """Formulas only, and no id."""
    LOCK_FILE = "lock file"
    """Beside a file that somebody has open."""
    UNFINISHED_FILE = "unfinished file"
    """What a program leaves there while it saves or downloads."""
    CONFLICTED_COPY = "conflicted copy"
    """A second version, kept aside by a program that synchronizes the folder."""
    UNDATED_FILE = "undated file"
    """Its name has no day where the pattern says so."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many of a kind a reading passed over, and where the first of them stand."""

    kind: LeftOutKind
    count: int
    refs: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In one line, with the places: `2 totals rows: Projects!A9, Projects!A17`."""
        more = self.count - len(self.refs)
        places = ", ".join(self.refs) + (f" and {more} more" if more > 0 else "")
        return counted(self.count, self.kind) + (f": {places}" if self.refs else "")


def counted_up(passed: Iterable[tuple[LeftOutKind, str]]) -> tuple[LeftOut, ...]:
    """What was passed over by kind, in the kinds' order; what has an empty place is counted and not named."""
    refs: dict[LeftOutKind, list[str]] = {}
    for kind, ref in passed:
        refs.setdefault(kind, []).append(ref)
    return tuple(
        LeftOut(kind, len(refs[kind]), tuple(each for each in refs[kind] if each)[:SHOWN_REFS])
        for kind in LeftOutKind
        if kind in refs
    )


def together(parts: Sequence[Iterable[LeftOut]]) -> tuple[LeftOut, ...]:
    """What several readings passed over, as one."""
    found: dict[LeftOutKind, LeftOut] = {}
    for each in (each for part in parts for each in part):
        before = found.get(each.kind, LeftOut(each.kind, 0))
        refs = (*before.refs, *each.refs)[:SHOWN_REFS]
        found[each.kind] = LeftOut(each.kind, before.count + each.count, refs)
    return tuple(found[kind] for kind in LeftOutKind if kind in found)

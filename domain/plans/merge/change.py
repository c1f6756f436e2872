"""What a merge did with one change of either side, and what it asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from domain.plans.merge.place import Place, Side


class Fate(StrEnum):
    """What became of a change."""

    TAKEN = "taken"
    """The template's change is in the result."""
    KEPT = "kept"
    """The office's change is in the result."""
    SAME = "same"
    """Both changed it alike."""
    CONFLICT = "conflict"
    """It is asked; until it is answered the office's value stands."""
    DROPPED = "dropped"
    """It is not in the result, for the reason that is given."""


class Why(StrEnum):
    """Why a change is asked or dropped."""

    CLEAR = ""
    """It is neither."""
    BOTH_CHANGED = "both_changed"
    REMOVED_AND_CHANGED = "removed_and_changed"
    """The template removes a task that the office changed or linked."""
    MANDATORY = "mandatory"
    """The office removed a task that the template requires."""
    IN_REMOVED = "in_removed"
    """The template puts a task into a summary that the office removed."""
    LOOP = "loop"
    """Both moves together would put a summary into itself."""
    CYCLE = "cycle"
    """Links of both together would make tasks wait for each other."""
    FLAW = "flaw"
    """Both changes together contradict each other, though neither does by itself."""
    SAME_TASK = "same_task"
    """The plan goes over to another template, and one of its tasks may be the office's. No merge asks it."""
    STARTED = "started"
    """The task is running or finished."""
    TOMBSTONE = "tombstone"
    """The office removed the task."""
    DECLINED = "declined"
    """The office declined the same value before."""
    DECIDED = "decided"
    """The answer to a conflict was the other side."""
    END_GONE = "end_gone"
    """A link's task is not in the result."""
    NOT_EMPTY = "not_empty"
    """A summary that is to be removed has tasks that stay."""
    IN_USE = "in_use"
    """A calendar that is to be removed is worked by."""


class Change(NamedTuple):
    """A change by one side (or both, then `by` is theirs), and what became of it. None: not there."""

    place: Place
    by: Side
    fate: Fate
    base: object
    theirs: object
    ours: object
    why: Why = Why.CLEAR


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is asked: the template's values or the office's, at all places together.

    The values are in the order of `places`; `against` are the office's own changes that exclude them, where
    those stand at other places. `default` counts when nobody answers in time; until then the office's stand.
    """

    places: tuple[Place, ...]
    base: tuple[object, ...]
    theirs: tuple[object, ...]
    ours: tuple[object, ...]
    why: Why
    default: Side = Side.OURS
    against: tuple[Place, ...] = ()

    def __str__(self) -> str:
        """What is asked, and why."""
        where = ", ".join(map(str, self.places))
        beside = f" (against {', '.join(map(str, self.against))})" if self.against else ""
        return f"{where}{beside}: {_ASKED[self.why]}"


_ASKED = {
    Why.BOTH_CHANGED: "the template and the office changed it differently",
    Why.REMOVED_AND_CHANGED: "the template removes it, and the office changed it",
    Why.MANDATORY: "the office removed it, and the template requires it",
    Why.IN_REMOVED: "the template puts it into a summary that the office removed",
    Why.LOOP: "both moves together would put a summary into itself",
    Why.CYCLE: "links of both together would make tasks wait for each other",
    Why.FLAW: "the changes of both contradict each other",
    Why.SAME_TASK: "the other template has a task that may be the same",
}

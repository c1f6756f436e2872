"""What a whole plan could not carry of the items that a tool holds, or had to make of something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class GapKind(StrEnum):
    """What was not carried into a whole plan as the tool holds it."""

    LINK_MISSING = "link_missing"
    LINK_INTO_ITSELF = "link_into_itself"
    LINK_TO_OWN_SUMMARY = "link_to_own_summary"
    PARENT_MISSING = "parent_missing"
    PARENT_IN_ITSELF = "parent_in_itself"
    TOO_DEEP = "too_deep"
    UNIT_UNKNOWN = "unit_unknown"
    PERCENT_OF_SUMMARY = "percent_of_summary"
    DURATION_MISSING = "duration_missing"
    DURATION_FROM_DATES = "duration_from_dates"
    START_HELD = "start_held"
    DUE_AS_DEADLINE = "due_as_deadline"
    SUMMARY_DURATION = "summary_duration"
    SUMMARY_CONSTRAINT = "summary_constraint"
    ACTUAL_START_MISSING = "actual_start_missing"
    ACTUALS_REVERSED = "actuals_reversed"
    CURRENCY_MISSING = "currency_missing"
    CALENDAR_UNREAD = "calendar_unread"
    CANCELED = "canceled"
    NOT_CARRIED = "not_carried"
    """Of a file: something that stands in it and that no plan has; `about` is how often, and where first."""

    @property
    def is_lost(self) -> bool:
        """Whether something of the tool's is not in the plan; else it is there in another form."""
        return self not in (GapKind.DURATION_FROM_DATES, GapKind.START_HELD, GapKind.DUE_AS_DEADLINE)


_WORDS: Mapping[GapKind, str] = {
    GapKind.LINK_MISSING: "{0} follows {1}, which is not among the items read; the link is left out",
    GapKind.LINK_INTO_ITSELF: "{0} follows itself; the link is left out",
    GapKind.LINK_TO_OWN_SUMMARY: "a link from {1} to {0} binds a summary to an item in it; it is left out",
    GapKind.PARENT_MISSING: "{0} is part of {1}, which is not among the items read; it stands at the top",
    GapKind.PARENT_IN_ITSELF: "{0} is part of itself, over others or at once; it stands at the top",
    GapKind.TOO_DEEP: "{0} lies more than 200 items deep; it stands at the top",
    GapKind.UNIT_UNKNOWN: "{0} has {1}, and a month has no one length; give it in days or hours",
    GapKind.PERCENT_OF_SUMMARY: "the lag of {0} is a percentage of {1}, a summary; the link is left out",
    GapKind.DURATION_MISSING: "{0} has neither a duration nor both of its dates; give it one",
    GapKind.DURATION_FROM_DATES: "{0} has no duration; it is counted from its dates by the office's calendar",
    GapKind.START_HELD: "nothing leads to the start of {0}; it is held by a start no earlier than {1}",
    GapKind.DUE_AS_DEADLINE: "{0} is due on {1} and has no start; that day is its deadline",
    GapKind.SUMMARY_DURATION: "{0} has parts, so its own {1} is that of its parts",
    GapKind.SUMMARY_CONSTRAINT: "{0} has parts and a constraint, {1}, that only its parts can have",
    GapKind.ACTUAL_START_MISSING: "{0} was finished on {1}, and nobody says when it was started",
    GapKind.ACTUALS_REVERSED: "{0} was finished on {1}, before it was started; both are left out",
    GapKind.CURRENCY_MISSING: "{0} costs {1}, and the project has no currency; give it one",
    GapKind.CALENDAR_UNREAD: "{0} is worked by the calendar {1}, whose hours are not read; the plan's count",
    GapKind.CANCELED: "{0} is canceled; it is left out",
    GapKind.NOT_CARRIED: "not carried from the file, {1}: {0}",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that was not carried: its kind, the item's key (of a file: what it is), what about it."""

    kind: GapKind
    item: str
    about: str = ""

    def __str__(self) -> str:
        """What is so and, where something can be done, what."""
        return _WORDS[self.kind].format(self.item, self.about)

"""What read, reported, stale, follows, fails and late mean, each once, with the function that decides it.

Sweeps, rollouts, reports, the command and the flows say these words of what is decided here. Refuses a second
meaning of any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from domain.compliance.sweep import OfficeState
from domain.language import Message
from domain.organization.office import Office
from domain.plans.not_read import NotRead
from domain.plans.project import Project, Stage
from domain.standards.verdict import Result


class Word(StrEnum):
    """A word that people read in figures and sentences."""

    READ = "read"
    REPORTED = "reported"
    STALE = "stale"
    FOLLOWS = "follows"
    FAILS = "fails"
    LATE = "late"


MEANINGS: Mapping[Word, Message] = {
    Word.READ: Message("An office is read when the last attempt to read its tools succeeded."),
    Word.REPORTED: Message(
        "A project has not reported when a fact is missing that a rule needs, and no rule is "
        "known to be broken. Otherwise it has."
    ),
    Word.STALE: Message(
        "An office is stale when it was not read, or when it has open projects and gave a report on "
        "none of them for the period of its own last cut-off."
    ),
    Word.FOLLOWS: Message("A project follows a version when it keeps every rule of it that applies."),
    Word.FAILS: Message("A project fails when a rule that it is judged by is broken."),
    Word.LATE: Message(
        "Work is late from the day after it was due, at its office. Who owes an answer is not counted "
        "as late."
    ),
}
"""The meaning of each word, as docs/words.md gives it."""
NAMES: Mapping[Word, Message] = {
    Word.READ: Message("read", about="glossary"),
    Word.REPORTED: Message("reported", about="glossary"),
    Word.STALE: Message("stale", about="glossary"),
    Word.FOLLOWS: Message("follows", about="glossary"),
    Word.FAILS: Message("fails", about="glossary"),
    Word.LATE: Message("late", about="glossary"),
}
"""The words as they are read."""


def is_read(state: OfficeState) -> bool:
    """Whether an office is read."""
    return state.read_at is not None and not state.problem


def is_reported(band: Result) -> bool:
    """Whether a project in that band has reported."""
    return band is not Result.UNKNOWN


def is_past(due: date | None, today: date) -> bool:
    """Whether a day is over on which something was due; that day itself is still in time."""
    return due is not None and today > due


def office_state(
    office: Office,
    projects: Iterable[Project],
    now: datetime,
    *,
    read_at: datetime | None,
    problem: str = "",
    unreadable: int = 0,
    failure: NotRead | None = None,
) -> OfficeState:
    """How an office stands at `now` (aware), by its projects as they were last read.

    `read_at` is when it was last read, None for never; `problem` why the last attempt did not succeed, and
    `failure` its kind.
    """
    found = OfficeState(
        office.id, read_at, stale=False, problem=problem, unreadable=unreadable, failure=failure
    )
    open_ones = [project for project in projects if project.stage is not Stage.CLOSED]
    on_time = any(_on_time(project.last_report, office, now) for project in open_ones)
    stale = not is_read(found) or (bool(open_ones) and not on_time)
    return replace(found, stale=stale)


def _on_time(reported: date | None, office: Office, now: datetime) -> bool:
    """Whether a report was given for the period of the office's last cut-off."""
    return reported is not None and not office.rhythm.is_stale(reported, now, office.calendar)

"""The words of the pages per role alone, each in every language of the catalogs.

Groups, bands and causes are called as in reports (`reports/words.py`).

Refuses to translate what offices, people and standards wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.language import Language, Message
from domain.reporting import shown
from domain.reporting.roles.lines import LineKind
from domain.reporting.roles.readers import PageKind
from domain.rollouts.rollout import RolloutState

PAGES: Mapping[PageKind, Message] = {
    PageKind.BOARD: Message("The board's page"),
    PageKind.DIRECTOR: Message("The director's page"),
    PageKind.PROGRAM: Message("The program manager's page"),
    PageKind.OFFICE: Message("The office head's page"),
    PageKind.PROJECTS: Message("The project manager's page"),
}
TABS: Mapping[PageKind, Message] = {
    PageKind.BOARD: Message("Board: {name}"),
    PageKind.DIRECTOR: Message("Director: {name}"),
    PageKind.PROGRAM: Message("Program: {name}"),
    PageKind.OFFICE: Message("Office: {name}"),
    PageKind.PROJECTS: Message("My projects"),
}
STATES: Mapping[RolloutState, Message] = {
    RolloutState.RUNNING: Message("The rollout is running."),
    RolloutState.PAUSED: Message("The rollout is paused."),
    RolloutState.HALTED: Message("The rollout is halted."),
    RolloutState.COMPLETED: Message("The rollout is completed."),
}
NEEDS: Mapping[LineKind, Message] = {
    LineKind.RESUME: Message("Resume the rollout"),
    LineKind.ELECT: Message(
        "Elect for {n} project: complete under {old}, or adopt {version}",
        "Elect for {n} projects: complete under {old}, or adopt {version}",
    ),
    LineKind.DECIDE: Message("Decide on {n} project", "Decide on {n} projects"),
    LineKind.ANSWER: Message(
        "Report what is missing on {n} project", "Report what is missing on {n} projects"
    ),
    LineKind.SILENT: Message(
        "Get the missing answers on {n} project", "Get the missing answers on {n} projects"
    ),
    LineKind.LATE: Message("Bring {n} late project to {version}", "Bring {n} late projects to {version}"),
    LineKind.DUE: Message(
        "Finish the adoption of {version} in {n} project", "Finish the adoption of {version} in {n} projects"
    ),
    LineKind.LEEWAY: Message(
        "Close {n} project, or begin with {version}: the leeway ends",
        "Close {n} projects, or begin with {version}: the leeway ends",
    ),
    LineKind.READ: Message("Have the office read again, or report"),
}
OTHERWISE: Mapping[LineKind, Message] = {
    LineKind.RESUME: Message("no further wave starts"),
    LineKind.ELECT: Message("the default: {default}"),
    LineKind.DECIDE: Message("each stays a question"),
    LineKind.ANSWER: Message("they count as not reported"),
    LineKind.SILENT: Message("the wave cannot complete"),
    LineKind.LATE: Message("the wave may halt"),
    LineKind.DUE: Message("late, and the head is told"),
    LineKind.LEEWAY: Message("{version} binds from the day after"),
    LineKind.READ: Message("its figures stay marked as stale"),
}

KINDS: Mapping[str, Message] = {
    "rollout": Message("Rollout", about="report"),
    "sweep": Message("Compliance review", about="report"),
    "pack": Message("Pack", about="report"),
}
"""By the kinds that stand in the index of reports."""
OTHER_KIND = Message("Report", about="report")


def old_words(says: Language, old: str) -> str:
    """The version before, by its number where there is one."""
    return shown.before(old, says)


def day_words(says: Language, on: date, today: date) -> str:
    """A day as it is read: `31 March`, with the year where it is another than today's."""
    if not says.is_english:
        return says.day(on)
    return f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B %Y}"

"""The words of the pages per role, each in every language of the catalogs.

Refuses to translate what offices, people and standards wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.compliance.sweep import FlipCause
from domain.language import Language, Message
from domain.reporting.roles.lines import LineKind
from domain.reporting.roles.readers import PageKind
from domain.reporting.sentence import Bucket
from domain.rollouts.rollout import RolloutState
from domain.standards.verdict import Result

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
GROUPS: Mapping[Bucket, Message] = {
    Bucket.FOLLOWS: Message("Follow {version}"),
    Bucket.OLD: Message("Completing under {old}"),
    Bucket.DEVIATES: Message("Approved deviation", about="group"),
    Bucket.OUT: Message("Excluded", about="group"),
    Bucket.NOT_YET: Message("Not bound yet", about="group"),
    Bucket.ASKED: Message("Information requested", about="group"),
    Bucket.MUST_ACT: Message("Action required", about="group"),
    Bucket.NOT_REPORTED: Message("Not reported", about="group"),
    Bucket.LATE: Message("Late", about="group"),
}
BANDS: Mapping[Result, Message] = {
    Result.PASS: Message("pass", about="band"),
    Result.FAIL: Message("fail", about="band"),
    Result.PERMITTED: Message("approved deviation", about="band"),
    Result.GRANDFATHERED: Message("completing under the version before", about="band"),
    Result.NOT_APPLICABLE: Message("not applicable", about="band"),
    Result.UNKNOWN: Message("not reported", about="band"),
    Result.ERROR: Message("could not be judged", about="band"),
}
CAUSES: Mapping[FlipCause, Message] = {
    FlipCause.PROJECT: Message("the project", about="cause"),
    FlipCause.VERSION: Message("the version", about="cause"),
    FlipCause.LEEWAY: Message("leeway", about="cause"),
    FlipCause.DEVIATION: Message("a deviation", about="cause"),
    FlipCause.CONNECTOR: Message("the connection to the tool", about="cause"),
    FlipCause.MISSING_DATA: Message("missing data", about="cause"),
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


def group_words(says: Language, group: Bucket, version: str, old: str) -> str:
    """A group as a label."""
    return says.message(GROUPS[group], version=version, old=old_words(says, old))


def old_words(says: Language, old: str) -> str:
    """The version before, by its number where there is one."""
    return old or says.say("the version before")


def day_words(says: Language, on: date, today: date) -> str:
    """A day as it is read: `31 March`, with the year where it is another than today's."""
    if not says.is_english:
        return says.day(on)
    return f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B %Y}"

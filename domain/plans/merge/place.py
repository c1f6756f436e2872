"""Where two sides of a merge may differ: a field of a task, a link, the order in a summary, a calendar."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from typing import NamedTuple

from domain.plans.task import PlanTask


class Subject(StrEnum):
    """What a place is a part of."""

    PLAN = "plan"
    CALENDAR = "calendar"
    TASK = "task"
    LINK = "link"
    """Between two tasks, of whatever types and lags."""
    ORDER = "order"
    """Of the tasks in one summary."""


class Side(StrEnum):
    """Whose value is meant."""

    THEIRS = "theirs"
    """The template's new version."""
    OURS = "ours"
    """The office's plan."""


FIELDS: tuple[str, ...] = tuple(each.name for each in fields(PlanTask) if each.name != "uid")
"""The fields of a task, each merged by itself, in the order of `PlanTask`."""
AT = {name: place for place, name in enumerate(FIELDS)}
PLAN_FIELDS = ("title", "calendar", "start", "finish")
WHOLE = ""
"""The field that stands for a whole task: whether it is there."""
SAME_TASK = "same_task"
"""What is asked of a task where the plan goes over to another template: whether it is one of that one's."""


class Place(NamedTuple):
    """One place. `about` has uids (of an order the summary's, or "" at the top) or a calendar's name."""

    subject: Subject
    about: tuple[str, ...] = ()
    field: str = WHOLE

    def __str__(self) -> str:
        """The place as people name it."""
        match self.subject:
            case Subject.PLAN:
                return f"the plan's {self.field}"
            case Subject.CALENDAR:
                return f"the calendar {self.about[0]}"
            case Subject.LINK:
                return f"the link from {self.about[0]} to {self.about[1]}"
            case Subject.ORDER:
                return f"the order in {self.about[0] or 'the plan'}"
        if self.field == SAME_TASK:
            return f"whether the task {self.about[0]} is {self.about[2]} of {self.about[1]}"
        name = self.field.replace("_", " ")
        return f"the {name} of {self.about[0]}" if name else f"the task {self.about[0]}"


def of_task(uid: str, field: str = WHOLE) -> Place:
    """A field of a task, or the whole task."""
    return Place(Subject.TASK, (uid,), field)


def of_sameness(uid: str, template: str, theirs: str) -> Place:
    """Whether a task of the plan is the one that another template has by a uid of its own."""
    return Place(Subject.TASK, (uid, template, theirs), SAME_TASK)


def of_link(predecessor: str, successor: str) -> Place:
    """The links between two tasks."""
    return Place(Subject.LINK, (predecessor, successor))


def of_order(summary: str | None) -> Place:
    """The order of the tasks in a summary, or at the top."""
    return Place(Subject.ORDER, (summary or "",))

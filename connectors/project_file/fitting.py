"""What is wanted as it would be read back from a project file, and how each field of it is held there.

Refuses to read the file; what cannot stand in one raises `Skip` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from connectors.errors import Skip
from connectors.project_file.reading import NOTE_BEGINS, about_text
from connectors.project_file.settings import ProjectFileSettings
from connectors.protocol import Hold, Keeping
from connectors.records.fitting import fitting
from connectors.records.mapping import DATES
from connectors.tickets.drafting import linkable, long_text, one_line
from domain.delivery.wanted import ITEMS, Wanted, WantedKind, owned
from domain.ids import own_id
from domain.plans.project import FieldValue

LONGEST = 255
"""Characters that a task's name or custom text holds in Microsoft Project."""
MOST_HOURS = 1_000_000
MOST_COST = 1e12
AS_IT_IS = frozenset({"milestone", "duration", "constraint", "behind"})
CLEARED = frozenset({"deadline", "cost", "calendar"})
"""Fields that may be empty: nothing is to stand there any more."""


def holds(settings: ProjectFileSettings, kind: WantedKind) -> tuple[Hold, ...]:
    """How each field is held there: nearly all are kept."""
    ours = settings.ours
    if kind is WantedKind.REMARK:
        why = "no request is asked for in a file of plans"
        return tuple(Hold(name, Keeping.LOST, why) for name in owned(kind))
    if kind not in ITEMS:
        about = f"the custom field {ours['about']}"
        where = {"text": "the task's notes", "standing": f"the custom field {ours['standing']}"}
        return tuple(Hold(name, Keeping.KEPT, where.get(name, about)) for name in owned(kind))
    cut = f"the task's name, of at most {LONGEST} characters in one line"
    where = {
        "project": "the file is the project",
        "due": "Finish, scheduled manually",
        "start": "Start, scheduled manually; without one the task takes one estimated day",
        "parent": "the outline",
        "after": "predecessors, finish to start",
        "role": f"the custom field {ours['role']}",
        "standing": f"the custom field {ours['standing']}",
        "work": "Work; of a task with parts it is the sum of theirs",
        "milestone": "Milestone",
        "duration": "Duration, in minutes",
        "constraint": "Constraint Type and Constraint Date",
        "deadline": "Deadline",
        "cost": "Fixed Cost, beside what people's rates cost",
        "calendar": "the task's calendar; it gets the plan's hours unless the file has one of that name",
        "behind": "the order of the tasks",
    }
    approximated = {"title": cut, "work": where["work"]}
    return tuple(
        Hold(name, Keeping.APPROXIMATED, approximated[name])
        if name in approximated
        else Hold(name, Keeping.KEPT, where[name])
        for name in owned(kind)
    )


def fitted(wanted: Wanted, settings: ProjectFileSettings) -> Wanted:
    """The wanted thing as it would be read back; raises `Skip` when it cannot stand in the file."""
    values: dict[str, FieldValue] = {}
    for name, value in wanted.values.items():
        if isinstance(value, tuple) and wanted.kind is WantedKind.TASK:
            values[name] = tuple(sorted(set(value)))
        elif isinstance(value, tuple):
            values[name] = linkable(value, wanted.key)
        elif name in AS_IT_IS or (name in CLEARED and value == ""):
            values[name] = value
        elif name in AMOUNTS:
            values |= AMOUNTS[name](value)
        elif name in DATES:
            values[name] = _day(name, value)
        elif name == "text":
            values[name] = long_text(str(value)).replace(NOTE_BEGINS, NOTE_BEGINS[1:]).strip()
        elif name == "project":
            values[name] = own_id(wanted.office, one_line(str(value)))
        else:
            values[name] = one_line(str(value))
    if wanted.kind in ITEMS:
        _check_item(values, settings)
    else:
        values |= {
            name: str(values[name]).replace("|", "/") for name in ("kind", "project") if name in values
        }
        _check_length("what it is about", about_text(values))
    return wanted.holding(values)


def _check_item(values: dict[str, FieldValue], settings: ProjectFileSettings) -> None:
    if "title" in values:
        title = str(values["title"]) or "-"
        values["title"] = title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"
    own = settings.project.id
    if values.get("project", own) != own:
        raise Skip(
            f"it belongs to the project {values['project']}, and this file is {own}: "
            "if it stands here, move it to that project's file by hand"
        )
    for name in ("role", "standing"):
        _check_length(name, str(values.get(name, "")))
    start, due = values.get("start"), values.get("due")
    if isinstance(start, date) and isinstance(due, date) and start > due:
        raise Skip(f"it starts on {start}, after it is due on {due}")


def _check_length(name: str, text: str) -> None:
    if len(text) > LONGEST:
        raise Skip(f"{name} has {len(text):,} characters; a custom text holds at most {LONGEST}")


def check_key(key: str) -> None:
    """Raises `Skip` for a key that could not be read back, or not be distinguished from others in a list."""
    if not key or key != one_line(key) or len(key) > LONGEST or ";" in key or re.search(r" \+\d+d$", key):
        raise Skip("its key cannot stand in a custom text: one line, no semicolon, at most 255 characters")


def _day(name: str, value: FieldValue) -> date:
    found = fitting(name, value, "")
    if not isinstance(found, date):
        raise Skip(f"{name}: {value!r} is no date")
    return found


def _cost(value: FieldValue) -> Mapping[str, FieldValue]:
    """A cost in hundredths; a file does not distinguish 0 from no cost given."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MOST_COST:
        raise Skip(f"cost: {value!r} is no amount of money")
    return {"cost": round(float(value), 2) or ""}


def _work(value: FieldValue) -> Mapping[str, FieldValue]:
    """The work in hours; left out where it is 0, which a file does not distinguish from no work given."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MOST_HOURS:
        raise Skip(f"work: {value!r} is no number of hours")
    return {"work": round(float(value), 2)} if round(float(value), 2) else {}


AMOUNTS = {"work": _work, "cost": _cost}
"""What of an amount stands there."""

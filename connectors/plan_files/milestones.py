"""A plan's milestones as an iCalendar file (RFC 5545): a day for each; the same plan gives the same bytes.

Each event bears a UID made of the plan's title and the task's uid, and a DTSTAMP from the plan, so that a
newer file changes the events in a calendar instead of doubling them. Refuses to hold anything else of a plan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime

from icalendar import Calendar, Event

from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan

OURS = "X-INTEROFFICE-UID"
PRODUCT = "-//Interoffice//plan//EN"
UNKNOWN = datetime(2000, 1, 1, tzinfo=UTC)
"""The stamp of a plan that states neither its status date nor its start."""


def written(plan: WholePlan, days: Mapping[str, date]) -> bytes:
    """The milestones of a plan on their days, by uid; one without a day is left out."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", plan.title)
    stamp = plan.status_date or plan.start
    for task in plan.tasks:
        if task.milestone and task.uid in days:
            event = Event()
            event.add("uid", f"{_digest(plan.title, task.uid)}@interoffice")
            event.add("dtstamp", stamp.replace(tzinfo=UTC, microsecond=0) if stamp else UNKNOWN)
            event.add("dtstart", days[task.uid])
            event.add("summary", task.name)
            event.add("transp", "TRANSPARENT")
            if task.notes:
                event.add("description", task.notes)
            event.add(OURS, task.uid)
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _digest(title: str, uid: str) -> str:
    return hashlib.sha256(f"{title}\0{uid}".encode()).hexdigest()[:32]


def read_back(data: bytes) -> WholePlan:
    """What an iCalendar file of ours holds of a plan: its title, and its milestones with their days."""
    calendar = Calendar.from_ical(data)
    tasks = []
    for event in calendar.walk("VEVENT"):
        day = event.decoded("dtstart")
        notes = event.get("description")
        tasks.append(
            PlanTask(
                str(event.get(OURS)),
                str(event.get("summary")),
                milestone=True,
                finish=datetime(day.year, day.month, day.day),  # noqa: DTZ001 - a day of a local clock
                notes=None if notes is None else str(notes),
            )
        )
    return WholePlan(str(calendar.get("x-wr-calname", "")), "", (), tuple(tasks))

"""What reading a file of a plan gives: the plan, and what stands in the file and was not carried into it.

Here too are the limits that every format keeps, so that no file takes more memory than there is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from connectors.errors import Refused
from domain.plans.link import PlanLink
from domain.plans.schedule.network import Unschedulable, network
from domain.plans.task import Duration, PlanTask
from domain.plans.whole_plan import Flaw, FlawKind, WholePlan, flaws

MOST_TASKS = 20_000
MOST_LINKS = 100_000
MOST_CALENDARS = 500
MOST_SPECIAL = 20_000
"""Days of one calendar that differ from its week."""
USELESS = (
    FlawKind.CALENDAR_TWICE,
    FlawKind.TASK_TWICE,
    FlawKind.PARENT_MISSING,
    FlawKind.PARENT_IN_ITSELF,
    FlawKind.TOO_DEEP,
    FlawKind.DURATION_NEGATIVE,
    FlawKind.LINK_MISSING,
    FlawKind.CALENDAR_MISSING,
    FlawKind.CYCLE,
)
"""Flaws with which a plan is refused; the others are told."""
MOST_TOLD = 5
NO_CALENDAR = "a calendar (the file has none: Monday to Friday, 8 to 12 and 13 to 17 is taken)"


@dataclass(frozen=True, slots=True)
class NotCarried:
    """Something that stands in the file and not in the plan: what, how often, and where first.

    A count of 0 is for what a format never gives, or what is taken where the file lacks it.
    """

    what: str
    count: int
    where: str = ""


@dataclass(frozen=True, slots=True)
class PlanRead:
    """A plan as a file holds it; `remarks` name what was not carried, `flaws` what contradicts itself."""

    plan: WholePlan
    kind: str
    remarks: tuple[NotCarried, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    letters: str = ""
    """How the file's letters are written, for people; empty where the format leaves no choice."""
    notes: tuple[str, ...] = ()
    """What else people should know of how the plan was read."""
    seen_on: date | None = None
    """The office's day today, for a plan of its tool, unchanged since it was read; None for a file."""


def checked(read: PlanRead, name: str) -> PlanRead:
    """The plan with its flaws. Raises `Refused` naming those with which nobody can use it."""
    within(len(read.plan.tasks), MOST_TASKS, "tasks", name)
    within(len(read.plan.links), MOST_LINKS, "links", name)
    found = (*flaws(read.plan), *_cycles(read.plan))
    useless = [each for each in found if each.kind in USELESS]
    if useless:
        more = [f"and {len(useless) - MOST_TOLD} more"] * (len(useless) > MOST_TOLD)
        raise Refused(f"{name}: " + "; ".join([*map(str, useless[:MOST_TOLD]), *more]))
    return replace(read, flaws=found)


def within(count: int, most: int, what: str, name: str) -> None:
    """Raises `Refused` where there are more of them than are read."""
    if count > most:
        raise Refused(f"{name}: it has more than {most:,} {what}; split the plan into several files")


def _cycles(plan: WholePlan) -> tuple[Flaw, ...]:
    """The first tasks that wait for each other, whatever else contradicts itself in the plan."""
    holding = {task.parent for task in plan.tasks}
    tasks = tuple(
        PlanTask(
            task.uid,
            task.name,
            task.parent,
            summary=task.summary or task.uid in holding,
            duration=Duration(0),
        )
        for task in plan.tasks
    )
    links = tuple(PlanLink(each.predecessor, each.successor, each.type) for each in plan.links)
    bare = replace(plan, tasks=tasks, links=links)
    apart = {each.about for each in flaws(bare)}
    kept = tuple(
        each for each in links if not {(each.predecessor, each.successor), (each.predecessor,)} & apart
    )
    try:
        network(replace(bare, links=kept), earliest={})
    except Unschedulable as found:
        return tuple(each for each in found.flaws if each.kind is FlawKind.CYCLE)
    return ()

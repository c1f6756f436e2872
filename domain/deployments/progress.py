"""How far an office's local plan is, by what was read of its tool; where nothing was, that is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.ids import ItemKey
from domain.plans.localization.derivation import Derivation
from domain.plans.project import Item, ItemState, Plan
from domain.plans.task import PlanTask
from domain.plans.templates.template import Mark, Standing, Template


class OfficeStanding(StrEnum):
    """How far an office is with the system."""

    LIVE = "live"
    RUNNING = "running"
    NOT_STARTED = "not_started"
    NOT_REPORTED = "not_reported"
    """Its plan should have begun, and nothing of it was read."""


class Step(StrEnum):
    """What an office has to do next, where it is no task of its plan."""

    LOCALIZE = "localize"
    DISTRIBUTE = "distribute"


@dataclass(frozen=True, slots=True)
class LocalStanding:
    """How an office's local plan stands; of an office without one the next step alone is known."""

    standing: OfficeStanding
    step: Step | None = None
    next_task: str = ""
    """The name of the first open task of the plan."""
    next_on: date | None = None
    go_live: date | None = None
    """When the plan says that the system goes live; None where nothing tells."""
    finished: int = 0
    tasks: int = 0
    """Tasks of the plan without its summaries; 0 without a plan."""
    vacancies: tuple[str, ...] = ()
    """Roles that nobody has, of open tasks."""
    finish: date | None = None
    next_end: date | None = None
    """When the first open task is to end, where it has begun; None where it has not."""


NO_PLAN = LocalStanding(OfficeStanding.NOT_STARTED, Step.LOCALIZE)


def pilot_standing(standing: Standing | None) -> LocalStanding:
    """How the pilot stands, as its template's newest version says; None where none is released."""
    found = {
        Standing.LIVE: OfficeStanding.LIVE,
        Standing.SUPPORT_ENDED: OfficeStanding.LIVE,
        Standing.NOT_LIVE: OfficeStanding.RUNNING,
    }
    said = Standing.UNSTATED if standing is None else standing
    return LocalStanding(found.get(said, OfficeStanding.NOT_REPORTED))


def local_standing(
    derivation: Derivation, template: Template, read: Plan | None, today: date
) -> LocalStanding:
    """How an office's plan stands on its own day; `read` is the project that holds it, as read last."""
    items = _by_uid(derivation.keys, read)
    leaves = [task for task in derivation.base.tasks if not task.summary]
    done = {task.uid for task in leaves if _is_done(task, items.get(task.uid))}
    left = [task for task in leaves if task.uid not in done]
    ahead = sorted(left, key=lambda task: (_begin(task, items) or date.max, task.uid))
    first = ahead[0] if ahead else None
    begun = bool(done) or any(_is_begun(items.get(task.uid)) for task in left)
    marked = next((task for task in template.tasks if task.mark is Mark.GO_LIVE), None)
    live = marked.uid in done if marked is not None else not left
    milestone = next((task for task in leaves if marked is not None and task.uid == marked.uid), None)
    return LocalStanding(
        _standing(derivation, seen=bool(items), live=live, begun=begun, today=today),
        None if derivation.keys else Step.DISTRIBUTE,
        first.name if first is not None else "",
        _begin(first, items) if first is not None else None,
        _end(milestone, items) if milestone is not None else None,
        len(done),
        len(leaves),
        tuple(_vacant(left)),
        max((end for task in leaves if (end := _end(task, items)) is not None), default=None),
        _end(first, items) if first is not None and _is_begun(items.get(first.uid)) else None,
    )


def _standing(derivation: Derivation, *, seen: bool, live: bool, begun: bool, today: date) -> OfficeStanding:
    if live:
        return OfficeStanding.LIVE
    if begun:
        return OfficeStanding.RUNNING
    start = derivation.base.start
    late = start is not None and start.date() <= today
    return OfficeStanding.NOT_REPORTED if late and not seen else OfficeStanding.NOT_STARTED


def _by_uid(keys: Mapping[str, str], read: Plan | None) -> Mapping[str, Item]:
    """The items of the tool by the template's uid; a key is ours, or the office's own."""
    if read is None:
        return {}
    items = (*read.items, *read.summaries)
    there = {ItemKey.read(item.key).own: item for item in items} | {item.key: item for item in items}
    return {uid: there[key] for uid, key in keys.items() if key in there}


def _is_done(task: PlanTask, item: Item | None) -> bool:
    if item is None:
        return task.actual_finish is not None
    return item.state is ItemState.DONE or (item.percent or 0) >= 100


def _is_begun(item: Item | None) -> bool:
    return item is not None and (item.percent or 0) > 0


def _begin(task: PlanTask, items: Mapping[str, Item]) -> date | None:
    item = items.get(task.uid)
    if item is not None and (item.start or item.due):
        return item.start or item.due
    at = task.start or task.finish
    return at.date() if at is not None else None


def _end(task: PlanTask, items: Mapping[str, Item]) -> date | None:
    item = items.get(task.uid)
    if item is not None and item.due:
        return item.due
    at = task.finish or task.start
    return at.date() if at is not None else None


def _vacant(tasks: Iterable[PlanTask]) -> Iterator[str]:
    """The roles of these tasks that nobody has, each once, in the plan's order."""
    told = set[str]()
    for task in tasks:
        if task.role and task.assignee is None and task.role not in told:
            told.add(task.role)
            yield task.role

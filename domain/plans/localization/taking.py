"""Which tasks of a template an office takes, and the links over what it leaves out.

What waited for a task that is left out waits for what that one waited for, so no order is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.localization.answers import Answers
from domain.plans.localization.local_plan import NotTaken, NotTakenWhy, Remark, RemarkKind
from domain.plans.predecessor import LinkType
from domain.plans.templates.template import Need, TaskKind, Template, TemplateTask


@dataclass(frozen=True, slots=True)
class Taken:
    """The tasks that are taken, in the template's order, their links, and what was left out."""

    tasks: tuple[TemplateTask, ...]
    links: tuple[PlanLink, ...]
    not_taken: tuple[NotTaken, ...]
    remarks: tuple[Remark, ...] = ()


def taken(template: Template, answers: Answers) -> Taken:
    """What of a template an office takes, by its parameters and its choice."""
    out = _left_out(template, answers)
    if not out:
        return Taken(template.tasks, template.links, ())
    links, remarks = _bridged(template, out)
    tasks = tuple(task for task in template.tasks if task.uid not in out)
    return Taken(
        tasks, links, tuple(out[task.uid] for task in template.tasks if task.uid in out), tuple(remarks)
    )


def is_wanted(task: TemplateTask, answers: Answers) -> bool:
    """Whether a task is taken by itself, wherever it lies."""
    return _reason(task, answers) is None


def _reason(task: TemplateTask, answers: Answers) -> NotTaken | None:
    condition = task.condition
    if task.once:
        return NotTaken(task.uid, NotTakenWhy.ONCE)
    if task.need is Need.CONDITIONAL and condition is not None:
        if answers.parameters.get(condition.parameter) not in condition.values:
            return NotTaken(task.uid, NotTakenWhy.CONDITION, condition.parameter)
    elif task.need is Need.OPTIONAL and task.uid in answers.leave_out:
        return NotTaken(task.uid, NotTakenWhy.CHOSEN)
    return None


def _left_out(template: Template, answers: Answers) -> dict[str, NotTaken]:
    """What is left out, by uid: by itself, with its phase, and phases in which nothing is left."""
    tasks = {task.uid: task for task in template.tasks}
    out = {task.uid: why for task in template.tasks if (why := _reason(task, answers)) is not None}
    for task in template.tasks:
        for above in _above(task, tasks):
            if task.uid not in out and above in out:
                out[task.uid] = NotTaken(task.uid, NotTakenWhy.IN_LEFT_OUT, above)
    filled = {
        above
        for task in template.tasks
        if task.kind is not TaskKind.PHASE and task.uid not in out
        for above in _above(task, tasks)
    }
    for task in template.tasks:
        if task.kind is TaskKind.PHASE and task.uid not in filled | out.keys():
            out[task.uid] = NotTaken(task.uid, NotTakenWhy.EMPTY)
    return out


def _above(task: TemplateTask, tasks: Mapping[str, TemplateTask]) -> Iterator[str]:
    """The phases that a task lies in, the nearest first."""
    parent = task.parent
    while parent is not None and parent in tasks:
        yield parent
        parent = tasks[parent].parent


def _bridged(template: Template, out: Mapping[str, NotTaken]) -> tuple[tuple[PlanLink, ...], list[Remark]]:
    """The links of what is taken, those included that lead over what is left out."""
    kept = [link for link in template.links if not {link.predecessor, link.successor} & out.keys()]
    loose = _of_tasks(template, out)
    added: dict[PlanLink, bool] = {}
    for uid in [task.uid for task in template.tasks if task.uid in out]:
        before = {link: exact for link, exact in loose.items() if link.successor == uid}
        after = {link: exact for link, exact in loose.items() if link.predecessor == uid}
        loose = {
            link: exact for link, exact in loose.items() if uid not in (link.predecessor, link.successor)
        }
        for first, second in product(before, after):
            link, exact = _over(first, second)
            exact = exact and before[first] and after[second]
            if link.predecessor != link.successor:
                target = loose if {link.predecessor, link.successor} & out.keys() else added
                target[link] = target.get(link, True) and exact
    new = _needed(kept, added)
    remarks = [
        Remark(
            RemarkKind.LINK_BRIDGED if added[link] else RemarkKind.LAG_APPROXIMATED,
            (link.predecessor, link.successor),
        )
        for link in new
    ]
    return (*kept, *new), remarks


def _of_tasks(template: Template, out: Mapping[str, NotTaken]) -> dict[PlanLink, bool]:
    """The links that touch what is left out; those of a phase as links of each task in it."""
    tasks = {task.uid: task for task in template.tasks}
    within: dict[str, list[str]] = {}
    for task in template.tasks:
        if task.kind is not TaskKind.PHASE:
            for above in _above(task, tasks):
                within.setdefault(above, []).append(task.uid)

    def ends(uid: str) -> Iterable[str]:
        return within.get(uid, (uid,)) if uid in out and tasks[uid].kind is TaskKind.PHASE else (uid,)

    return {
        PlanLink(first, second, link.type, link.lag): True
        for link in template.links
        if {link.predecessor, link.successor} & out.keys()
        for first in ends(link.predecessor)
        for second in ends(link.successor)
    }


def _over(first: PlanLink, second: PlanLink) -> tuple[PlanLink, bool]:
    """The link that two make over a task that takes no time any more, and whether their waits add up."""
    kind = LinkType(f"{str(first.type)[0]}{str(second.type)[1]}")
    lag, exact = _sum(first.lag, second.lag)
    return PlanLink(first.predecessor, second.successor, kind, lag), exact


def _sum(first: Lag, second: Lag) -> tuple[Lag, bool]:
    if second.measure is LagMeasure.PERCENT or not second.amount:
        return first, True  # a share of what takes no time is nothing
    if not first.amount:
        return second, True
    if first.measure is second.measure:
        return Lag(first.amount + second.amount, first.measure), True
    if first.measure is LagMeasure.PERCENT:
        return first, False
    return max(first, second, key=lambda lag: lag.amount), False


def _needed(kept: Iterable[PlanLink], added: Mapping[PlanLink, bool]) -> list[PlanLink]:
    """The added links without those that another one of the same tasks and kind makes needless."""
    there = {
        (link.predecessor, link.successor, link.type, link.lag.measure): link.lag.amount for link in kept
    }
    longest: dict[tuple[str, str, LinkType, LagMeasure], PlanLink] = {}
    for link in added:
        key = (link.predecessor, link.successor, link.type, link.lag.measure)
        if there.get(key, float("-inf")) >= link.lag.amount:
            continue
        if key not in longest or longest[key].lag.amount < link.lag.amount:
            longest[key] = link
    return sorted(longest.values())

"""What is weak in a template, by the checks that schedules are assessed by. Refuses to mend anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from domain.plans.link import PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.network import Unschedulable
from domain.plans.schedule.schedule import Schedule, schedule
from domain.plans.task import ConstraintKind, Duration
from domain.plans.templates.as_plan import START, as_plan
from domain.plans.templates.checks import CHECKS, LONG_DAYS, TEST_DAYS, Check, Finding
from domain.plans.templates.template import TaskKind, Template, TemplateTask
from domain.plans.whole_plan import FlawKind, WholePlan, flaws, outline

HARD = frozenset({
    ConstraintKind.MUST_START_ON, ConstraintKind.MUST_FINISH_ON, ConstraintKind.START_NO_LATER_THAN,
    ConstraintKind.FINISH_NO_LATER_THAN,
})  # fmt: skip
"""The constraints that DCMA calls hard: no link moves them."""


def lint(template: Template) -> tuple[Finding, ...]:
    """All that is weak in a template, in the order of the checks."""
    plan = as_plan(template)
    leaves = [task for task in template.tasks if task.kind is not TaskKind.PHASE]
    found = [*_of_contradictions(plan), *_of_links(template, plan), *_of_tasks(template, leaves)]
    if not any(CHECKS[check].stops for check, tasks, _ in found if tasks):
        found += _of_schedule(template, plan)
    by_check = {check: (tasks, detail) for check, tasks, detail in found if tasks}
    return tuple(
        Finding(check, by_check[check][0], len(leaves), by_check[check][1])
        for check in Check
        if check in by_check
    )


def day_minutes(template: Template) -> int:
    """The minutes of a full working day in the template's calendar; eight hours where it has none."""
    week = next((each.week for each in template.calendars if each.name == template.calendar), ())
    return max((sum(stop - start for start, stop in hours) for hours in week), default=0) or 480


_Found: TypeAlias = tuple[Check, tuple[str, ...], str]


def _of_contradictions(plan: WholePlan) -> Iterator[_Found]:
    known = {task.uid for task in plan.tasks}
    wrong = flaws(plan)
    missing = tuple(each.about[0] for each in wrong if each.kind is FlawKind.DURATION_MISSING)
    yield Check.NO_DURATION, missing, ""
    others = [each for each in wrong if each.kind is not FlawKind.DURATION_MISSING]
    about = dict.fromkeys(uid for each in others for uid in each.about[:2] if uid in known or each.about)
    yield Check.CONTRADICTION, tuple(about), "; ".join(str(each) for each in others[:3])


def _of_links(template: Template, plan: WholePlan) -> Iterator[_Found]:
    above = outline(plan)
    before = {link.successor for link in template.links}
    after = {link.predecessor for link in template.links}
    loose = []
    for place, uid in enumerate(leaves := [task.uid for task in plan.tasks if not task.summary]):
        line = {uid, *above[uid]}
        first, last = place == 0, place == len(leaves) - 1
        if (not line & before and not first) or (not line & after and not last):
            loose.append(uid)
    yield Check.DANGLING, tuple(loose), ""
    links = template.links
    yield Check.NEGATIVE_LAG, _successors(link for link in links if link.lag.amount < 0), ""
    yield Check.LAG, _successors(link for link in links if link.lag.amount > 0), ""
    others = (link for link in links if link.type is not LinkType.FINISH_TO_START)
    yield Check.LINK_TYPE, _successors(others), ""


def _successors(links: Iterable[PlanLink]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.successor for link in links))


def _of_tasks(template: Template, leaves: list[TemplateTask]) -> Iterator[_Found]:
    def those(matches: Iterable[TemplateTask]) -> tuple[str, ...]:
        return tuple(task.uid for task in matches)

    held = [task for task in template.tasks if task.held is not None]
    yield Check.HARD_DATE, those(task for task in held if task.held and task.held.kind in HARD), ""
    yield Check.DATE, those(task for task in held if task.held and task.held.kind not in HARD), ""
    longest = LONG_DAYS * day_minutes(template)
    yield Check.LONG_TASK, those(task for task in leaves if _minutes(task.duration) > longest), ""
    worked = [task for task in leaves if _minutes(task.duration) > 0]
    yield Check.NO_ROLE, those(task for task in worked if not task.effort), ""
    evident = [task for task in leaves if task.evidence is not None]
    yield Check.MISSED, those(task for task in evident if _took_longer(task)), ""
    yield (
        Check.NO_BASELINE,
        those(task for task in evident if task.evidence and not task.evidence.baselined),
        "",
    )
    yield Check.OPEN, those(task for task in leaves if task.open), ""


def _minutes(duration: Duration | None) -> int:
    return 0 if duration is None or duration.elapsed else duration.minutes


def _took_longer(task: TemplateTask) -> bool:
    evidence = task.evidence
    if evidence is None or evidence.planned is None or evidence.actual is None:
        return False
    return evidence.actual.elapsed == evidence.planned.elapsed and evidence.actual > evidence.planned


def _of_schedule(template: Template, plan: WholePlan) -> Iterator[_Found]:
    try:
        found = schedule(plan, FromStart(START))
    except Unschedulable as problem:  # a cycle shows only here
        yield Check.CYCLE, tuple(dict.fromkeys(problem.flaws[0].about)), ""
        return
    except ValueError:  # no task at all
        return
    most = LONG_DAYS * day_minutes(template)
    leaves = [task.uid for task in plan.tasks if not task.summary]
    slack = {uid: found.dates[uid].slack.minutes for uid in leaves}
    yield Check.HIGH_FLOAT, tuple(uid for uid in leaves if slack[uid] > most), ""
    # without a date nothing can be too late: between calendars the two passes differ by some hours
    dated = any(task.held or task.deadline is not None for task in template.tasks)
    yield Check.NEGATIVE_FLOAT, tuple(uid for uid in leaves if dated and slack[uid] < 0), ""
    yield Check.CRITICAL_PATH, _unmoved(plan, found, day_minutes(template)), ""


def _unmoved(plan: WholePlan, found: Schedule, day: int) -> tuple[str, ...]:
    """DCMA's test: the first critical task takes 600 days longer, and what ends the plan moves as far."""
    worked = {task.uid for task in plan.tasks if _minutes(task.duration) > 0}
    critical = [uid for uid in found.critical_path if uid in worked]
    if not critical:
        return ()
    longer = tuple(
        replace(task, duration=Duration(task.duration.minutes + TEST_DAYS * day))
        if task.uid == critical[0] and task.duration
        else task
        for task in plan.tasks
    )
    later = schedule(replace(plan, tasks=longer), FromStart(START))
    leaves = [task.uid for task in plan.tasks if not task.summary]
    _, _, last = max((found.dates[uid].finish, place, uid) for place, uid in enumerate(leaves))
    moved = later.dates[last].finish - found.dates[last].finish
    return () if moved.days >= TEST_DAYS else (critical[0],)

"""Where the changes of both sides together are unsound, and which of them are asked about.

Neither side alone has the loop, the cycle or the flaw; what a side brought along by itself is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise, product
from typing import TypeAlias

from domain.plans.merge.change import Conflict, Why
from domain.plans.merge.draft import Case, Draft, Forced
from domain.plans.merge.place import AT, Place, Side, Subject, of_link, of_task
from domain.plans.merge.sides import Pair, is_started, looped
from domain.plans.predecessor import LinkType
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.network import Unschedulable, needs_earliest
from domain.plans.schedule.schedule import schedule
from domain.plans.whole_plan import Flaw, FlawKind, WholePlan, flaws, outline

Node: TypeAlias = tuple[str, str]
"""A task, or the begin or end of a summary: its uid, and which."""
Arrow: TypeAlias = tuple[Node, Node]

SHAPE = ("parent", "summary", "milestone", "duration", "constraint", "remaining", "calendar")
"""The fields of a task that can contradict each other or those of another task."""
SUMMARY = AT["summary"]
ANY_DAY = datetime(2027, 1, 4, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
FROM_START = (LinkType.START_TO_START, LinkType.START_TO_FINISH)


def unsound(draft: Draft, plan: WholePlan, found: Sequence[Flaw]) -> Iterator[tuple[Why, Sequence[Place]]]:
    """What both sides together made unsound, and the places that it comes from; one thing at a time.

    `found` are the plan's flaws.
    """
    if draft.is_looped:
        yield Why.LOOP, [of_task(uid, "parent") for uid in looped(draft.rows)]
        return
    known = {*flaws(draft.case.ours.plan), *flaws(draft.case.theirs.plan)} if found else set()
    new = [flaw for flaw in found if flaw not in known]
    yield from ((Why.FLAW, _of_flaw(flaw, plan)) for flaw in new)
    if not new and not _is_clear(draft) and (places := _cycle(plan)):
        yield Why.CYCLE, places


def cycles(draft: Draft, plan: WholePlan) -> tuple[Flaw, ...]:
    """The cycle that is left in a plan without other flaws, as one side had it already."""
    if _is_clear(draft) or not _cycle(plan):
        return ()
    try:
        schedule(plan, _start(plan))
    except Unschedulable as refused:
        return refused.flaws
    return ()


def _start(plan: WholePlan) -> FromStart:
    """From where a plan is scheduled: beside actual dates and constraints it matters which day that is."""
    return FromStart(ANY_DAY if plan.start is None else plan.start)


def _is_clear(draft: Draft) -> bool:
    """Whether no link concerns a summary and none leads round: then there is no cycle."""
    rows, after = draft.rows, _followers(draft.links)
    if any(rows[uid][SUMMARY] for pair in draft.links for uid in pair):
        return False
    waiting: dict[str, int] = dict.fromkeys(after, 0)
    for targets in after.values():
        for uid in targets:
            waiting[uid] = waiting.get(uid, 0) + 1
    ready = [uid for uid, count in waiting.items() if not count]
    for uid in ready:  # grows while it is gone through
        for target in after.get(uid, ()):
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return len(ready) == len(waiting)


def _followers(links: Iterable[Pair]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for before, after in links:
        found.setdefault(before, []).append(after)
    return found


def _of_flaw(flaw: Flaw, plan: WholePlan) -> list[Place]:
    """The places that a flaw may come from."""
    if flaw.kind is FlawKind.LINK_TO_OWN_SUMMARY:
        above = outline(plan)
        chain = [uid for end in flaw.about for uid in (end, *above[end])]
        return [of_link(*flaw.about), *(of_task(uid, "parent") for uid in chain)]
    if flaw.kind in (FlawKind.LAG_IN_PARTS, FlawKind.PERCENT_OF_SUMMARY):
        return [of_link(*flaw.about), of_task(flaw.about[0], "summary")]
    uids = {task.uid for task in plan.tasks} & set(flaw.about)
    fields = [of_task(uid, name) for uid in sorted(uids) for name in SHAPE]
    if flaw.kind is FlawKind.CALENDAR_MISSING:
        fields.append(Place(Subject.PLAN, (), "calendar"))
    return fields


def _cycle(plan: WholePlan) -> list[Place]:
    """The places of a cycle; empty where there is none."""
    return around(arrows(plan)) or (_scheduled(plan) if needs_earliest(plan) else [])


def arrows(plan: WholePlan) -> dict[Arrow, Place]:
    """What must come before what, and the place that says so. Links from a summary's start are left out."""
    summaries = {task.uid for task in plan.tasks if task.summary}
    found: dict[Arrow, Place] = {}
    for task in plan.tasks:
        if task.parent is not None:
            first, last = ("begin", "end") if task.summary else ("", "")
            place = of_task(task.uid, "parent")
            found[(task.parent, "begin"), (task.uid, first)] = place
            found[(task.uid, last), (task.parent, "end")] = place
    for link in plan.links:
        before, after = link.predecessor, link.successor
        if before in summaries and link.type in FROM_START:
            continue
        source = (before, "end" if before in summaries else "")
        target = (after, "begin" if after in summaries else "")
        found[source, target] = of_link(before, after)
    return found


def around(known: Mapping[Arrow, Place]) -> list[Place]:
    """The places of one cycle, in its order; empty where there is none."""
    waiting: dict[Node, int] = {}
    after: dict[Node, list[Node]] = {}
    for source, target in known:
        waiting[target] = waiting.get(target, 0) + 1
        waiting.setdefault(source, 0)
        after.setdefault(source, []).append(target)
    ready = [node for node, count in waiting.items() if not count]
    for node in ready:  # grows while it is gone through
        for target in after.get(node, ()):
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    if len(ready) == len(waiting):
        return []
    left = {node for node, count in waiting.items() if count}
    sorter: TopologicalSorter[Node] = TopologicalSorter()
    for source, target in sorted(known):
        if source in left and target in left:
            sorter.add(target, source)
    try:
        sorter.prepare()
    except CycleError as error:
        nodes = error.args[1]
        return list(dict.fromkeys(known[pair] for pair in pairwise(nodes)))
    raise AssertionError("an order exists, and was not found")


def _scheduled(plan: WholePlan) -> list[Place]:
    """As the scheduler finds it: where a summary's start leads, its first task decides."""
    if all(task.summary for task in plan.tasks):
        return []
    try:
        schedule(plan, _start(plan))
    except Unschedulable as refused:
        above = outline(plan)
        cycles = [flaw.about for flaw in refused.flaws if flaw.kind is FlawKind.CYCLE]
        steps = [pair for about in cycles for pair in pairwise(about)]
        links = {(link.predecessor, link.successor) for link in plan.links}
        found: dict[Place, None] = {}
        for one, other in steps:
            ends = [(uid, *above[uid]) for uid in (one, other)]
            for pair in sorted(links.intersection({*product(*ends), *product(*reversed(ends))})):
                found[of_link(*pair)] = None
        for uid in dict.fromkeys(uid for about in cycles for end in about for uid in (end, *above[end])):
            found[of_task(uid, "parent")] = None
        return list(found)
    return []


def forced_by(
    draft: Draft, why: Why, places: Iterable[Place], before: Mapping[Place, Forced]
) -> dict[Place, Forced]:
    """What is to count at these places, so that they are sound: one side's values at all of them.

    The office's, unless the answer was the template's. Where that was tried, the office's for good, and the
    answer alone is asked again: what came without one stands. Empty where nothing can be taken back: then the
    flaw stays and is reported.
    """
    case = draft.case
    theirs: list[Place] = []
    ours: list[Place] = []
    for place in dict.fromkeys(places):
        for each in _changed(draft, place, before):
            (theirs if each[1] is Side.THEIRS else ours).append(each[0])
    mixed = [place for place in (*theirs, *ours) if place in before]
    if not theirs:
        return {}
    answered = [place for place in theirs if case.choices.get(place) is Side.THEIRS]
    begun = any(_has_begun(case, place) for place in ours)
    if answered and ours and not mixed and not begun:
        conflict = _asked(case, why, theirs, ours)
        return {place: Forced(Side.THEIRS, conflict, is_open=False) for place in ours}
    taken_back = answered or theirs
    conflict = _asked(case, why, taken_back, ours)
    is_open = not all(case.choices.get(place) is Side.OURS for place in taken_back)
    return {place: Forced(Side.OURS, conflict, is_open) for place in taken_back}


def _asked(case: Case, why: Why, theirs: Sequence[Place], ours: Sequence[Place]) -> Conflict:
    """The template's values at these places, which the office's changes at the others exclude."""
    base, new, mine = zip(*(three(case, place) for place in theirs), strict=True)
    return Conflict(tuple(theirs), base, new, mine, why, against=tuple(ours))


def _has_begun(case: Case, place: Place) -> bool:
    """Whether a place is of a task that the office runs or has finished, which no answer touches."""
    task = case.ours.tasks.get(place.about[-1]) if place.about else None
    return task is not None and is_started(task)


def _changed(draft: Draft, place: Place, before: Mapping[Place, Forced]) -> Iterator[tuple[Place, Side]]:
    """Whose value stands at a place of the result, if the sides differ there and it can be taken back."""
    case = draft.case
    forced = before.get(place)
    if forced is not None and forced.side is Side.OURS:
        yield place, Side.OURS
        return
    _, new, mine = three(case, place)
    if new == mine:
        return
    uid = place.about[0] if place.about else ""
    if place.subject is Subject.TASK and uid not in case.ours.rows:
        yield of_task(uid), Side.THEIRS
    elif place.subject is Subject.TASK and uid not in case.theirs.rows:
        return
    elif place.subject is Subject.TASK:
        stands = draft.rows[uid][AT[place.field]]
        yield place, Side.THEIRS if stands == new else Side.OURS
    else:
        yield place, Side.THEIRS if draft.stands(place) == new else Side.OURS


def three(case: Case, place: Place) -> tuple[object, object, object]:
    """The values of a place in base, theirs and ours; None, or no links, where it is not there."""
    sides = (case.base, case.theirs, case.ours)
    match place.subject:
        case Subject.LINK:
            pair = (place.about[0], place.about[1])
            found: list[object] = [side.links.get(pair, ()) for side in sides]
        case Subject.PLAN:
            found = [getattr(side.plan, place.field) for side in sides]
        case Subject.CALENDAR:
            found = [side.calendars.get(place.about[0]) for side in sides]
        case Subject.ORDER:
            found = [tuple(side.children.get(place.about[0] or None, ())) for side in sides]
        case Subject.TASK:
            uid = place.about[0]
            if place.field:
                at = AT[place.field]
                found = [side.rows[uid][at] if uid in side.rows else None for side in sides]
            else:
                found = [side.tasks.get(uid) for side in sides]
    return (found[0], found[1], found[2])

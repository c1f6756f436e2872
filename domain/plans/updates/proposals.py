"""What offices changed in their plans for good, as proposals for the template's next version.

A change is lasting where it stood at the last update already, or where its task is finished. How many offices
made the same one is counted; no office and no person is named. Refuses to judge whether a proposal is good.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from domain.plans.merge.sides import indexed
from domain.plans.task import Duration, PlanTask
from domain.plans.updates.shown import shown_value
from domain.plans.whole_plan import WholePlan


class ProposalKind(StrEnum):
    """What is proposed."""

    CHANGED = "changed"
    TOOK = "took"
    """How long finished tasks took."""
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class LocalPlanNow:
    """One office's plan: the version that it follows, as it was merged last, and as it stands now.

    `own` are the uids of the office's own tasks.
    """

    theirs: WholePlan
    last: WholePlan
    live: WholePlan
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change that so many offices made; `name` and `said` may still hold private texts of offices.

    `uid` and `field` are empty for an added task; `before` is the template's value.
    """

    kind: ProposalKind
    uid: str
    field: str
    name: str
    before: str
    said: str
    offices: int


@dataclass(frozen=True, slots=True)
class _One:
    """One change of one office; changes with the same kind, uid, field and `same` are the same one."""

    kind: ProposalKind
    uid: str
    field: str
    name: str
    same: str
    before: object
    value: object


PROPOSED = ("name", "duration", "work", "milestone", "deadline")
"""The fields in which an office's lasting value may be of use to others; dates follow from them."""


def proposals(plans: Iterable[LocalPlanNow]) -> tuple[Proposal, ...]:
    """What the offices changed for good, what most of them did first."""
    found: dict[tuple[str, str, str, str], list[_One]] = {}
    for plan in plans:
        for each in {(one.kind, one.uid, one.field, one.same): one for one in _of(plan)}.values():
            found.setdefault((each.kind, each.uid, each.field, each.same), []).append(each)
    made = [_proposal(each) for each in found.values()]
    return tuple(sorted(made, key=lambda each: (-each.offices, each.kind, each.uid, each.field, each.name)))


def _proposal(ones: list[_One]) -> Proposal:
    first = ones[0]
    minutes = [one.value.minutes for one in ones if isinstance(one.value, Duration)]
    value = Duration(round(median(minutes))) if minutes else first.value
    before = shown_value(first.before)
    return Proposal(first.kind, first.uid, first.field, first.name, before, shown_value(value), len(ones))


def _of(plan: LocalPlanNow) -> Iterator[_One]:
    theirs, last, live = (indexed(each) for each in (plan.theirs, plan.last, plan.live))
    for uid, task in theirs.tasks.items():
        now, then = live.tasks.get(uid), last.tasks.get(uid)
        if now is None and then is None:
            yield _One(ProposalKind.REMOVED, uid, "", task.name, "", task, None)
        elif now is not None and then is not None and not task.summary:
            yield from _changed(task, then, now)
    for uid, task in live.tasks.items():
        if uid in plan.own and uid in last.tasks:
            same = " ".join(task.name.casefold().split())
            yield _One(ProposalKind.ADDED, "", "", task.name, same, None, task.duration)


def _changed(task: PlanTask, then: PlanTask, now: PlanTask) -> Iterator[_One]:
    """The lasting changes of one task, and how long it took; a length is one proposal, however long."""
    if now.actual_start is not None and now.actual_finish is not None:
        days = (now.actual_finish.date() - now.actual_start.date()).days + 1
        yield _One(ProposalKind.TOOK, task.uid, "duration", task.name, "", task.duration, f"{days} d")
    finished = now.actual_finish is not None
    for field in PROPOSED:
        before, value = getattr(task, field), getattr(now, field)
        if value != before and value is not None and (finished or value == getattr(then, field)):
            same = _direction(before, value)
            yield _One(ProposalKind.CHANGED, task.uid, field, task.name, same, before, value)


def _direction(before: object, value: object) -> str:
    """Lengths are the same change where both are longer, or both shorter."""
    if isinstance(before, Duration) and isinstance(value, Duration):
        return "longer" if value > before else "shorter"
    return shown_value(value).casefold()


def named(found: Iterable[Proposal]) -> Mapping[ProposalKind, int]:
    """How many there are of each kind."""
    counts = dict.fromkeys(ProposalKind, 0)
    for each in found:
        counts[each.kind] += 1
    return counts

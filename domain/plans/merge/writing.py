"""What is written into an office's tool: what the merge changed, with what stands there as its base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.plans.merge.merging import Merged, again
from domain.plans.merge.place import FIELDS, PLAN_FIELDS, Place, Subject, of_link, of_order, of_task
from domain.plans.merge.sides import Indexed, indexed
from domain.plans.whole_plan import WholePlan


@dataclass(frozen=True, slots=True)
class Write:
    """One value to write, over `base`, which the tool held when it was read.

    A whole task is created (base None) or removed (value None), with all of its fields.
    """

    place: Place
    base: object
    value: object


@dataclass(frozen=True, slots=True)
class Writing:
    """The merge as it is on what stands in the tool now, and what is written."""

    merged: Merged
    writes: tuple[Write, ...]


def writes(merged: Merged, live: WholePlan) -> Writing:
    """What to write, `live` being read right before: what the office did since the merge is merged first.

    In a tool that the merge was written to nothing differs, so that a second time nothing is written.
    """
    now = merged if live == merged.given.live else again(merged, live)
    there, wanted = indexed(live), indexed(now.given.held(now.plan))
    return Writing(now, tuple(_differing(there, wanted)))


def _differing(there: Indexed, wanted: Indexed) -> Iterator[Write]:
    """All places at which the tool is to hold something else, tasks in the plan's order."""
    for name in PLAN_FIELDS:
        base, value = getattr(there.plan, name), getattr(wanted.plan, name)
        if base != value:
            yield Write(Place(Subject.PLAN, (), name), base, value)
    for name in {**wanted.calendars, **there.calendars}:
        old, new = there.calendars.get(name), wanted.calendars.get(name)
        if old != new:
            yield Write(Place(Subject.CALENDAR, (name,)), old, new)
    yield from _of_tasks(there, wanted)
    for pair in {**wanted.links, **there.links}:
        bond, bond_wanted = there.links.get(pair, ()), wanted.links.get(pair, ())
        if bond != bond_wanted:
            yield Write(of_link(*pair), bond, bond_wanted)
    yield from _of_orders(there, wanted)


def _of_tasks(there: Indexed, wanted: Indexed) -> Iterator[Write]:
    for uid, row in wanted.rows.items():
        held = there.rows.get(uid)
        if held is None:
            yield Write(of_task(uid), None, wanted.tasks[uid])
        elif row != held:
            for name, base, value in zip(FIELDS, held, row, strict=True):
                if base != value:
                    yield Write(of_task(uid, name), base, value)
    yield from (
        Write(of_task(uid), task, None) for uid, task in there.tasks.items() if uid not in wanted.tasks
    )


def _of_orders(there: Indexed, wanted: Indexed) -> Iterator[Write]:
    """Summaries in which tasks that stay are to stand otherwise."""
    for summary, order in wanted.children.items():
        base = there.children.get(summary, ())
        known, inside = set(base), set(order)
        if [uid for uid in base if uid in inside] != [uid for uid in order if uid in known]:
            yield Write(of_order(summary), tuple(base), tuple(order))

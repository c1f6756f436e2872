"""A plan with another plan's values at some places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.plans.merge.place import AT, Place, Subject, of_task
from domain.plans.merge.sides import PARENT, Bonds, Indexed, Pair, Row, assembled, in_outline, indexed, looped
from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan


def with_values_of(source: WholePlan, onto: WholePlan, places: Iterable[Place]) -> WholePlan:
    """The plan `onto` with the values of `source` at these places.

    A task that comes with its place brings the summaries that it lies in, and its links to tasks that are
    there; one that goes takes what lies in it along. Where a task would lie in itself by the parents of both,
    all of that loop have those of `source`. Both have to be without loops.
    """
    old, new = indexed(source), indexed(onto)
    rows: dict[str, Row] = dict(new.rows)
    links: dict[Pair, Bonds] = dict(new.links)
    calendars = dict(new.calendars)
    orders: dict[str | None, None] = {}
    like = onto
    for place in sorted(places):
        match place.subject:
            case Subject.TASK:
                _task(rows, old, place)
            case Subject.LINK:
                pair = (place.about[0], place.about[1])
                links[pair] = old.links.get(pair, ())
            case Subject.ORDER:
                orders[place.about[0] or None] = None
            case Subject.CALENDAR:
                calendars.pop(place.about[0], None)
                if (calendar := old.calendars.get(place.about[0])) is not None:
                    calendars[place.about[0]] = calendar
            case Subject.PLAN:
                like = replace(like, **{place.field: getattr(source, place.field)})
    while loop := looped(rows):
        for uid in loop:
            _task(rows, old, of_task(uid, "parent"))
    brought = rows.keys() - new.rows.keys()
    links |= {pair: bond for pair, bond in old.links.items() if brought.intersection(pair)}
    rows = _reached(rows)
    kept = {p: bond for p, bond in links.items() if bond and p[0] in rows and p[1] in rows}
    tasks = [PlanTask(uid, *rows[uid]) for uid in _outline(rows, old, new, orders)]  # type: ignore[arg-type]
    return assembled(like, tasks, kept, calendars)


def _task(rows: dict[str, Row], old: Indexed, place: Place) -> None:
    uid = place.about[0]
    mine = old.rows.get(uid)
    if not place.field and mine is None:
        rows.pop(uid, None)
    elif mine is not None and (not place.field or uid not in rows):
        rows[uid] = mine
    elif mine is not None:
        at = AT[place.field]
        rows[uid] = (*rows[uid][:at], mine[at], *rows[uid][at + 1 :])
    above = rows[uid][PARENT] if uid in rows else None
    while isinstance(above, str) and above not in rows and above in old.rows:
        rows[above] = old.rows[above]
        above = rows[above][PARENT]


def _reached(rows: Mapping[str, Row]) -> dict[str, Row]:
    """Without what lies in a task that is not there."""
    found = dict(rows)
    while out := [uid for uid, row in found.items() if row[PARENT] is not None and row[PARENT] not in found]:
        for uid in out:
            del found[uid]
    return found


def _outline(
    rows: Mapping[str, Row], old: Indexed, new: Indexed, orders: Mapping[str | None, None]
) -> list[str]:
    """The uids in the new plan's order; in summaries whose order is taken over, in the old plan's."""
    children: dict[str | None, list[str]] = {}
    for uid in dict.fromkeys((*new.rows, *old.rows)):
        if uid in rows:
            parent = rows[uid][PARENT]
            children.setdefault(parent if isinstance(parent, str) else None, []).append(uid)
    for summary in orders:
        known = set(old.children.get(summary, ())) & set(children.get(summary, ()))
        order = iter([uid for uid in old.children.get(summary, ()) if uid in known])
        if summary in children:
            children[summary] = [next(order) if uid in known else uid for uid in children[summary]]
    return in_outline(children)

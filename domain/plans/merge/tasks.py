"""Which tasks a merged plan has, and each one's fields.

A task that the office removed stays removed; running and finished work is not touched; a summary with tasks
that stay is not removed.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.plans.merge.change import Conflict, Fate, Why
from domain.plans.merge.draft import Draft
from domain.plans.merge.place import FIELDS, Place, Side, of_task
from domain.plans.merge.sides import PARENT, Row, is_started, row_of
from domain.plans.task import PlanTask

NEW: Row = row_of(PlanTask("", ""))
"""The fields of a task of which nothing is said: the base of one that both sides added."""


def merge_tasks(draft: Draft) -> None:
    """Enter the tasks of the result, and what became of each change of one."""
    case = draft.case
    base, theirs, ours = case.base.rows, case.theirs.rows, case.ours.rows
    rows = draft.rows
    for uid, mine in ours.items():
        old, new = base.get(uid), theirs.get(uid)
        if new is None:
            if old is None:
                draft.note(of_task(uid), Side.OURS, Fate.KEPT, (None, None, case.ours.tasks[uid]))
                rows[uid] = mine
            elif not _is_removed(draft, uid, old, mine):
                rows[uid] = mine
        elif old == new == mine:
            rows[uid] = mine
        else:
            rows[uid] = _merged_row(draft, uid, NEW if old is None else old, new, mine)
    for uid, new in theirs.items():
        if uid not in ours and _comes(draft, uid):
            rows[uid] = new
    for uid, row in base.items():
        if uid not in ours and uid not in theirs:
            draft.note(of_task(uid), Side.THEIRS, Fate.SAME, (row, None, None))
    _leave_out(draft)
    _leave_standing(draft)


def _merged_row(draft: Draft, uid: str, old: Row, new: Row, mine: Row) -> Row:
    """The fields of a task that both have."""
    case = draft.case
    if new == old and not draft.forced:
        _note_fields(draft, uid, (old, new, mine), Side.OURS, Fate.KEPT)
        return mine
    untouchable = not case.restoring and is_started(case.ours.tasks[uid])
    if mine == old and not (untouchable or draft.forced or case.past.declined):
        _note_fields(draft, uid, (old, new, mine), Side.THEIRS, Fate.TAKEN)
        return new
    seen = case.seen.rows.get(uid) if case.seen is not None else None
    found = list(mine)
    for at, (b, t, o) in enumerate(zip(old, new, mine, strict=True)):
        if b == t and b == o:
            continue
        place = of_task(uid, FIELDS[at])
        if untouchable and t not in (b, o):
            draft.note(place, Side.THEIRS, Fate.DROPPED, (b, t, o), Why.STARTED)
            if o != b:
                draft.note(place, Side.OURS, Fate.KEPT, (b, t, o))
        else:
            found[at] = draft.decided(place, b, t, o, None if seen is None else seen[at])
    return new if (whole := tuple(found)) == new else whole


def _is_removed(draft: Draft, uid: str, old: Row, mine: Row) -> bool:
    """Whether a task that the template removes, and the office has, goes."""
    case, place = draft.case, of_task(uid)
    values = (case.base.tasks[uid], None, case.ours.tasks[uid])
    is_changed = mine != old or uid in draft.linked
    if is_started(case.ours.tasks[uid]) and not case.restoring:
        draft.note(place, Side.THEIRS, Fate.DROPPED, values, Why.STARTED)
    elif draft.was_declined(place, None):
        draft.note(place, Side.THEIRS, Fate.DROPPED, values, Why.DECLINED)
    elif (choice := case.choices.get(place)) is Side.OURS:
        draft.decline(place, values)
    elif not is_changed:
        draft.note(place, Side.THEIRS, Fate.TAKEN, values)
        return True
    elif choice is Side.THEIRS:
        draft.note(place, Side.THEIRS, Fate.TAKEN, values)
        _note_fields(draft, uid, (old, old, mine), Side.OURS, Fate.DROPPED, Why.DECIDED)
        return True
    else:
        draft.ask(place, values, Why.REMOVED_AND_CHANGED)
    _note_fields(draft, uid, (old, old, mine), Side.OURS, Fate.KEPT)
    return False


def _comes(draft: Draft, uid: str) -> bool:
    """Whether a task that the template has, and the office has not, is added or comes back."""
    case, place = draft.case, of_task(uid)
    new, old = case.theirs.tasks[uid], case.base.tasks.get(uid)
    values = (old, new, None)
    if case.restoring:
        return old is None
    if old is None and uid not in case.past.tombstones:
        return _is_added(draft, uid, values)
    if uid in case.revived:
        draft.note(place, Side.OURS, Fate.DROPPED, values, Why.DECIDED)
        if old is None:
            draft.note(place, Side.THEIRS, Fate.TAKEN, values)
        else:
            rows = (case.base.rows[uid], case.theirs.rows[uid], case.theirs.rows[uid])
            _note_fields(draft, uid, rows, Side.THEIRS, Fate.TAKEN)
        return True
    draft.note(place, Side.OURS, Fate.KEPT, values)
    if uid in case.mandatory and not draft.was_declined(place, new):
        if case.choices.get(place) is Side.OURS:
            draft.decline(place, values)
        else:
            draft.ask(place, values, Why.MANDATORY, Side.THEIRS)
    elif old is None:
        draft.note(place, Side.THEIRS, Fate.DROPPED, values, Why.TOMBSTONE)
    else:
        old_row, new_row = case.base.rows[uid], case.theirs.rows[uid]
        _note_fields(draft, uid, (old_row, new_row, None), Side.THEIRS, Fate.DROPPED, Why.TOMBSTONE)
    return False


def _is_added(draft: Draft, uid: str, values: tuple[object, object, object]) -> bool:
    place = of_task(uid)
    forced = draft.forced.get(place)
    if forced is not None and forced.side is Side.OURS:
        if forced.is_open:
            draft.note(place, Side.THEIRS, Fate.CONFLICT, values, forced.conflict.why)
        else:
            draft.decline(place, values)
        return False
    if draft.was_declined(place, values[1]) and uid not in draft.case.revived:
        draft.note(place, Side.THEIRS, Fate.DROPPED, values, Why.DECLINED)
        return False
    draft.note(place, Side.THEIRS, Fate.TAKEN, values)
    return True


def _note_fields(
    draft: Draft,
    uid: str,
    rows: tuple[Row, Row, Row | None],
    by: Side,
    fate: Fate,
    why: Why = Why.CLEAR,
) -> None:
    """The same fate for each field that a side changed; `rows` are base, theirs and ours."""
    base, theirs, ours = rows
    changed = theirs if by is Side.THEIRS or ours is None else ours
    for at, (b, value) in enumerate(zip(base, changed, strict=True)):
        if value != b:
            mine = None if ours is None else ours[at]
            draft.note(of_task(uid, FIELDS[at]), by, fate, (b, theirs[at], mine), why)


def _leave_out(draft: Draft) -> None:
    """What the template puts into a summary that the office removed is asked, once for each such summary."""
    case, rows = draft.case, draft.rows
    dead = [uid for uid, row in rows.items() if row[PARENT] is not None and row[PARENT] not in rows]
    groups: dict[str, list[str]] = {}
    while dead:
        for uid in dead:
            into = rows[uid][PARENT]
            if into in case.theirs.rows and case.theirs.rows.get(uid, NEW)[PARENT] == into:
                groups.setdefault(str(into), []).append(uid)
                if uid in case.ours.rows:
                    rows[uid] = (*rows[uid][:PARENT], case.ours.rows[uid][PARENT], *rows[uid][PARENT + 1 :])
                else:
                    del rows[uid]
        out = {uid for each in groups.values() for uid in each if uid not in rows}
        dead = [uid for uid, row in rows.items() if row[PARENT] in out]
    if groups:
        _ask_of_removed(draft, groups)


def _ask_of_removed(draft: Draft, groups: Mapping[str, list[str]]) -> None:
    case = draft.case
    for summary, uids in _by_topmost(groups).items():
        asked: list[Place] = []
        values: list[tuple[object, object, object]] = []
        for uid in uids:
            is_new = uid not in case.ours.rows
            place = of_task(uid) if is_new else of_task(uid, "parent")
            three = _of_place(draft, uid, is_new=is_new)
            draft.changes[:] = [each for each in draft.changes if each.place != place or each.by is Side.OURS]
            if case.choices.get(place) is Side.OURS:
                draft.decline(place, three)
                continue
            draft.note(place, Side.THEIRS, Fate.CONFLICT, three, Why.IN_REMOVED)
            asked.append(place)
            values.append(three)
        if asked:
            default = Side.THEIRS if case.mandatory.intersection(uids) else Side.OURS
            base, theirs, ours = zip(*values, strict=True)
            against = (of_task(summary),)
            draft.conflicts.append(
                Conflict(tuple(asked), base, theirs, ours, Why.IN_REMOVED, default, against)
            )


def _of_place(draft: Draft, uid: str, *, is_new: bool) -> tuple[object, object, object]:
    case = draft.case
    if is_new:
        return (case.base.tasks.get(uid), case.theirs.tasks[uid], None)
    old, new, mine = (each.rows.get(uid, NEW) for each in (case.base, case.theirs, case.ours))
    return (old[PARENT], new[PARENT], mine[PARENT])


def _by_topmost(groups: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What lies in a summary that is itself left out is asked with that one."""
    into = {uid: summary for summary, uids in groups.items() for uid in uids}
    found: dict[str, list[str]] = {}
    for summary, uids in groups.items():
        top = summary
        while top in into:
            top = into[top]
        found.setdefault(top, []).extend(uids)
    return found


def _leave_standing(draft: Draft) -> None:
    """A summary that the template removes stays while tasks that stay lie in it."""
    case, rows = draft.case, draft.rows
    waiting = [row[PARENT] for row in rows.values() if row[PARENT] is not None and row[PARENT] not in rows]
    for summary in waiting:  # grows while it is gone through
        if isinstance(summary, str) and summary not in rows and summary in case.ours.rows:
            place = of_task(summary)
            draft.changes[:] = [each for each in draft.changes if each.place != place]
            values = (case.base.tasks.get(summary), None, case.ours.tasks[summary])
            draft.note(place, Side.THEIRS, Fate.DROPPED, values, Why.NOT_EMPTY)
            rows[summary] = case.ours.rows[summary]
            if rows[summary][PARENT] is not None:
                waiting.append(rows[summary][PARENT])

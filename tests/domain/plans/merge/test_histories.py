"""Random histories of templates and offices: every single change is accounted for, and broken merges are found."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from domain.plans.merge import attempt, draft, links, merging, order, soundness, tasks, writing
from domain.plans.merge.change import Fate, Why
from domain.plans.merge.place import FIELDS, Side, of_task
from domain.plans.merge.writing import Write
from domain.plans.updates.standing import PlanStanding
from tests.domain.plans.merge.weeks import history

MANY, PARTS = 500, 10


@cache
def looked_at(part):
    """What was in a part of the histories, and what was wrong in it."""
    seen, wrong = Counter(), {}
    for seed in range(part, MANY, PARTS):
        found = history(seed)
        seen += found.seen
        if found.wrong:
            wrong[seed] = found.wrong
    return seen, wrong


HALF = [
    *range(PARTS // 2),
    *(pytest.param(part, marks=pytest.mark.servers) for part in range(PARTS // 2, PARTS)),
]
"""Half of the parts with what takes seconds, the others with what takes minutes."""


@pytest.mark.parametrize("part", HALF)
def test_in_500_histories_no_change_of_either_side_is_lost(part):
    assert looked_at(part)[1] == {}


@pytest.mark.servers
def test_the_histories_have_conflicts_and_drops_of_all_kinds():
    seen = sum((looked_at(part)[0] for part in range(PARTS)), Counter())
    dropped = {
        Why(why) for fate, why in (key for key in seen if isinstance(key, tuple)) if fate == Fate.DROPPED
    }
    asked = {
        Why(why) for fate, why in (key for key in seen if isinstance(key, tuple)) if fate == Fate.CONFLICT
    }
    assert dropped >= {Why.STARTED, Why.TOMBSTONE, Why.DECLINED, Why.DECIDED, Why.END_GONE, Why.NOT_EMPTY}
    assert asked >= {
        Why.BOTH_CHANGED,
        Why.REMOVED_AND_CHANGED,
        Why.MANDATORY,
        Why.IN_REMOVED,
        Why.CYCLE,
        Why.LOOP,
        Why.FLAW,
    }
    assert seen["answered"] > MANY / 10


def both_taken(self, place, values):
    self.note(place, Side.THEIRS, Fate.TAKEN, values)
    return values[1]


def refused(self, place, values):
    """Every answer is taken as one for the office."""
    if place in self.case.choices:
        self.decline(place, values)
    else:
        self.ask(place, values, Why.BOTH_CHANGED)
    return values[2]


def removed_without_a_look(drawn, uid, _, __):
    drawn.note(of_task(uid), Side.THEIRS, Fate.TAKEN, (None, None, None))
    return True


def brought_back(drawn, uid):
    drawn.note(of_task(uid), Side.THEIRS, Fate.TAKEN, (None, None, None))
    return True


def links_of_the_office(drawn):
    return {pair: bond for pair, bond in drawn.case.ours.links.items() if drawn.rows.keys() >= set(pair)}


def all_written(there, wanted):
    for uid, row in wanted.rows.items():
        if uid in there.rows:
            for name, base, value in zip(FIELDS, there.rows[uid], row, strict=True):
                yield Write(of_task(uid, name), base, value)


def forgotten(self, merged):
    """What the office removed of a version is not known any more when it is taken back."""
    return replace(UNDONE(self, merged), footing=replace(self.before.footing, last=merged.plan))


def taken_for_removed(self, merged):
    """What is taken back counts as removed by the office."""
    found, came = UNDONE(self, merged), {task.uid for task in self.footing.theirs.tasks}
    tombstones = came - {task.uid for task in self.before.footing.theirs.tasks}
    return replace(found, footing=replace(found.footing, tombstones=found.footing.tombstones | tombstones))


UNDONE = PlanStanding.undone
PLANTED = {
    "the template wins where both changed": (draft.Draft, "_both", both_taken),
    "an answer for the template does not count": (draft.Draft, "_both", refused),
    "a task that the office removed comes back": (tasks, "_comes", brought_back),
    "the template removes what the office changed": (tasks, "_is_removed", removed_without_a_look),
    "running work is touched": (tasks, "is_started", lambda _: False),
    "what a tool cannot hold counts as removed": (merging, "_restored", lambda live, *_: live),
    "links of the template are not taken": (attempt, "merge_links", links_of_the_office),
    "the order of the template is not taken": (order, "combined", lambda _, __, ours: ours),
    "cycles are not looked for": (soundness, "_cycle", lambda _: []),
    "what was declined is offered again": (draft.Draft, "was_declined", lambda *_: False),
    "a summary goes while tasks are in it": (tasks, "_leave_standing", lambda _: None),
    "fields that nobody changed are written": (writing, "_differing", all_written),
    "links may lead to a task that has begun": (links, "is_started", lambda _: False),
    "what the office removed before an undo comes back": (PlanStanding, "undone", forgotten),
    "what an undo takes back never comes again": (PlanStanding, "undone", taken_for_removed),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_broken_merge_is_found(monkeypatch, planted):
    where, name, broken = PLANTED[planted]
    monkeypatch.setattr(where, name, broken)
    assert any(fails(seed) for seed in range(MANY))


def fails(seed):
    try:
        return bool(history(seed).wrong)
    except (KeyError, ValueError):  # a plan that cannot be read any more
        return True

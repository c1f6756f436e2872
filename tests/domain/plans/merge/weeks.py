"""A history by chance: a template's versions, an office that edits between them, and a tool that holds a part.

What each merge decides is written to the tool; some conflicts are decided, some stay open while the next
version comes, some versions are skipped, some merges are undone, after which newer versions come.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

from domain.plans.localization.derivation import DerivationId
from domain.plans.merge.change import Why
from domain.plans.merge.merging import merge, resolve, undo
from domain.plans.merge.place import Side, Subject
from domain.plans.merge.writing import writes
from domain.plans.updates.standing import Footing, PlanStanding, Source
from tests.domain.plans.merge.fits import FITS
from tests.domain.plans.merge.histories import OFFICE_EDITS, edited, first_version
from tests.domain.plans.merge.oracle import facts, uids, unaccounted, written_beyond

ROUNDS = 3


@dataclass
class History:
    """What became of one history: lines of what was wrong, and counts of what was in it.

    `deleted` are tasks that the office removed by itself, and that did not come back by an answer, `declined`
    those that it did not want when they were new.
    """

    wrong: list[str] = field(default_factory=list)
    seen: Counter = field(default_factory=Counter)
    deleted: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)


def history(seed, act=merge):
    """One history from its seed; `act` is the merge."""
    chance, found = Random(f"history {seed}"), History()
    held = FITS[chance.choice(tuple(FITS))]
    template = first_version(chance, chance.randrange(4, 9))
    live = held(template)
    standing = PlanStanding(DerivationId("office", "system"), Footing(0, template, template, template))
    mandatory = frozenset(task.uid for task in template.tasks if chance.random() < 0.1)
    for number in range(1, ROUNDS + 1):
        for skipped in range(chance.choice((1, 1, 2))):
            template = edited(chance, template, chance.randrange(1, 6), f"t{number}{skipped}")
        live = by_office(chance, found, live, held, chance.randrange(6), f"o{number}")
        footing = standing.footing
        merged = act(footing.base, template, live, held, footing.past, mandatory)
        look(found, merged, f"round {number}")
        merged = answered(chance, found, merged)
        if chance.random() < 0.3:
            live = by_office(chance, found, live, held, 1, f"w{number}")
        live, merged = write(found, merged, live, held)
        standing = standing.merged(number, merged, Source())
        if chance.random() < 0.3:
            live, standing = taken_back(chance, found, standing, live, held)
    if standing.before is not None:
        look(found, undo(merged, live), "undo")
    return found


def by_office(chance, found, live, held, count, who):
    """The office's plan after its own edits; what it removes is noted."""
    after = held(edited(chance, live, count, who, OFFICE_EDITS))
    found.deleted |= {task.uid for task in live.tasks} - {task.uid for task in after.tasks}
    return after


def taken_back(chance, found, standing, live, held):
    """The last update taken back, with what the office did since; the office deletes what that takes away."""
    before, footing = standing.before, standing.footing
    live = by_office(chance, found, live, held, chance.randrange(3), f"u{footing.version}")
    back = merge(footing.last, before.ours, live, held, replace(footing.past, declined={}))
    look(found, back, "taken back")
    live, back = write(found, back, live, held)
    found.seen["taken back"] += 1
    found.deleted |= before.footing.tombstones
    found.deleted |= {task.uid for task in before.footing.last.tasks} - {
        task.uid for task in before.ours.tasks
    }
    return live, standing.undone(back)


def look(found, merged, when):
    """Every change accounted for, and all counted; away and back is only what the office itself removed."""
    found.wrong += [f"{when}: {line}" for line in unaccounted(merged)]
    kept_away = {each.place.about[0] for each in merged.changes if each.why is Why.TOMBSTONE}
    found.wrong += [
        f"{when}: {uid} is kept away, and the office never removed it"
        for uid in kept_away - found.deleted - found.declined
    ]
    came = {task.uid for task in merged.plan.tasks} - {task.uid for task in merged.given.live.tasks}
    if Side.THEIRS not in merged.given.choices.values():
        found.wrong += [f"{when}: {uid} is back, which the office removed" for uid in came & found.deleted]
    found.seen.update((str(each.fate), str(each.why)) for each in merged.changes)
    found.seen["conflicts"] += len(merged.conflicts)


def answered(chance, found, merged):
    """Half of the conflicts decided, in two orders: the plan must be the same."""
    chosen = [each for each in merged.conflicts if chance.random() < 0.5]
    sides = {each.places: chance.choice(tuple(Side)) for each in chosen}
    plans = []
    for answers in (chosen, chosen[::-1]):
        after = merged
        for conflict in answers:
            after = resolve(after, conflict, sides[conflict.places])
        plans.append(after)
    if plans[0].plan != plans[1].plan:
        found.wrong.append("the order of answers makes a difference")
    if len(plans[0].conflicts) > len(merged.conflicts):
        found.seen["more conflicts by an answer"] += 1
    found.wrong += [f"the answer does not count: {each}" for each in not_counted(plans[0], sides)]
    look(found, plans[0], "answered")
    found.seen["answered"] += len(chosen)
    declined = (place for places, side in sides.items() if side is Side.OURS for place in places)
    found.declined |= {
        place.about[0] for place in declined if place.subject is Subject.TASK and not place.field
    }
    return plans[0]


def not_counted(merged, sides):
    """Fields and links at which the answer was the template's, and that have another value."""
    there, theirs = facts(merged.plan), facts(merged.given.theirs)
    still = {place for conflict in merged.conflicts for place in conflict.places}
    known = uids(there) & uids(theirs)
    chosen = {place for places, side in sides.items() for place in places if side is Side.THEIRS} - still
    parts = [place for place in chosen if place.field or place.subject is Subject.LINK]
    return [place for place in parts if known >= set(place.about) and there.get(place) != theirs.get(place)]


def write(found, merged, live, held):
    """What stands in the tool after the merge was written there; a second time nothing is to be written."""
    writing = writes(merged, live)
    found.wrong += [f"written without need: {line}" for line in written_beyond(writing.merged, writing)]
    look(found, writing.merged, "written")
    there = held(writing.merged.plan)
    found.deleted -= {task.uid for task in writing.merged.plan.tasks}
    second = merge_again(writing.merged, there)
    look(found, second, "a second time")
    more = writes(second, there).writes
    found.wrong += [f"written a second time: {each.place}" for each in more]
    if second.plan != writing.merged.plan:
        found.wrong.append("the same merge a second time gives another plan")
    return there, writing.merged


def merge_again(merged, live):
    """The same update once more, after it was written; answers are known from what was declined alone."""
    given = merged.given
    return merge(given.base, given.theirs, live, given.held, merged.past, given.mandatory)

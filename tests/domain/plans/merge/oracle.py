"""Accounts for every single change of a merge from its three plans alone; nothing of the merge's own code is used.

A plan is a set of facts: which tasks there are, each one's fields, its links, its calendars. What the office
means is what its tool shows, and where that shows the last merged plan, the last merged plan itself.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from itertools import combinations
from operator import attrgetter

from domain.plans.link import PlanLink
from domain.plans.merge.change import Fate, Why
from domain.plans.merge.place import Place, Side, Subject
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.network import Unschedulable
from domain.plans.schedule.schedule import schedule
from domain.plans.task import PlanTask

NAMES = [each.name for each in fields(PlanTask) if each.name != "uid"]
VALUES = attrgetter(*NAMES)
NOT_THERE = "not there"


@cache
def places_of(uid):
    """The task itself, then each of its fields."""
    return (Place(Subject.TASK, (uid,)), *(Place(Subject.TASK, (uid,), name) for name in NAMES))


def facts(plan):
    """All facts of a plan by place; of a task that it is there."""
    found = {
        Place(Subject.PLAN, (), name): getattr(plan, name)
        for name in ("title", "calendar", "start", "finish")
    }
    found |= {Place(Subject.CALENDAR, (each.name,)): each for each in plan.calendars}
    for task in plan.tasks:
        found.update(zip(places_of(task.uid), (True, *VALUES(task)), strict=True))
    links = {}
    for each in plan.links:
        links.setdefault((each.predecessor, each.successor), set()).add((each.type, each.lag))
    return found | {Place(Subject.LINK, pair): frozenset(bonds) for pair, bonds in links.items()}


def uids(known):
    return {place.about[0] for place in known if place.subject is Subject.TASK and not place.field}


def meant(live, last, held):
    """The facts of the office's plan, with what its tool does not show as it was merged last."""
    shown, there, before = facts(held(last)), facts(live), facts(last)
    found = {}
    for place in {**there, **before}:
        same = there.get(place, NOT_THERE) == shown.get(place, NOT_THERE)
        value = before.get(place, NOT_THERE) if same else there.get(place, NOT_THERE)
        if value is not NOT_THERE:
            found[place] = value
    gone = (uids(shown) - uids(there)) - uids(there)
    alive = (uids(there) | uids(before)) - gone
    return {
        p: v
        for p, v in found.items()
        if p.subject in (Subject.PLAN, Subject.CALENDAR) or alive.issuperset(p.about)
    }


class Accounts:
    """What a merge was given and what it gave, as facts; `wrong` has a line for each change without account."""

    def __init__(self, merged):
        given = merged.given
        self.merged, self.given = merged, given
        last = given.past.last or given.base
        self.base, self.theirs, self.after = facts(given.base), facts(given.theirs), facts(merged.plan)
        self.ours = meant(given.live, last, given.held)
        self.shown = facts(given.held(given.theirs))
        self.asked = {place: each for each in merged.conflicts for place in each.places}
        self.dropped = {(c.place, c.by): c for c in merged.changes if c.fate is Fate.DROPPED}
        self.wrong = []

    def check(self):
        counts = [task.uid for task in self.merged.plan.tasks]
        if len(counts) != len(set(counts)):
            self.wrong.append("a task is there twice")
        sides = (self.base, self.theirs, self.ours, self.after)
        for place in {**self.base, **self.theirs, **self.ours, **self.after}:
            base, *others = (side.get(place, NOT_THERE) for side in sides)
            if place.subject is Subject.LINK or any(value != base for value in others):
                self.one(place, base, *others)
        self.orders()
        self.conflicts()
        return self.wrong

    def say(self, place, text):
        self.wrong.append(f"{place}: {text}")

    # One place

    def one(self, place, base, theirs, ours, after):
        if place.subject is Subject.TASK and not place.field:
            self.whole(place, base, theirs, ours, after)
        elif place.subject is Subject.TASK:
            if place.about[0] in uids_of(self, "after"):
                self.value(place, *self.filled(place, base, theirs, ours), after)
        elif place.subject is Subject.LINK:
            self.link(place, base, theirs, ours, after)
        else:
            self.value(place, base, theirs, ours, after)

    def filled(self, place, base, theirs, ours):
        """A side that has not the task says nothing of its fields; a base without it has them empty."""
        uid = place.about[0]
        known = [uid in uids_of(self, side) for side in ("base", "theirs", "ours")]
        if not known[0]:
            base = getattr(PlanTask("", ""), place.field)
            theirs, ours = (theirs if known[1] else base), (ours if known[2] else base)
        else:
            theirs, ours = (theirs if known[1] else base), (ours if known[2] else base)
        return base, theirs, ours

    def value(self, place, base, theirs, ours, after):
        if after == theirs != ours and self.has_begun(place.about[-1:]):
            self.say(place, "running or finished work is touched")
        if after not in (theirs, ours):
            self.say(place, f"{after} is neither side's value")
        if (
            theirs not in (base, ours)
            and self.was_declined(place, theirs)
            and (after == theirs or place in self.asked)
        ):
            self.say(place, "what was declined before is offered again")
        if after != theirs != base and not self.accounted(place, Side.THEIRS, after, ours):
            self.say(place, f"the template's {theirs} is lost, {after} stands")
        if after != ours != base and not self.accounted(place, Side.OURS, after, ours):
            alike = self.shown.get(place, NOT_THERE)
            if not (after == theirs and alike == ours):
                self.say(place, f"the office's {ours} is lost, {after} stands")

    def was_declined(self, place, theirs):
        declined = self.given.past.declined.get(place, NOT_THERE)
        return theirs == (
            frozenset(declined) if place.subject is Subject.LINK and declined is not NOT_THERE else declined
        )

    def accounted(self, place, by, after, ours):
        """Whether a change that is not in the result is asked, or dropped for a reason that is true."""
        if place in self.asked:
            return after == ours
        found = self.dropped.get((place, by))
        return found is not None and self.is_true(found)

    def is_true(self, change):
        """Whether what a drop says is so."""
        place, uid = change.place, change.place.about[-1] if change.place.about else ""
        here = uids_of(self, "after")
        match change.why:
            case Why.STARTED:
                return self.has_begun((uid,))
            case Why.TOMBSTONE:
                return uid not in uids_of(self, "ours") and uid not in here
            case Why.DECLINED:
                return place in self.given.past.declined
            case Why.DECIDED:
                return bool(self.given.choices)
            case Why.END_GONE:
                return not here.issuperset(place.about)
            case Why.NOT_EMPTY:
                return any(self.after.get(Place(Subject.TASK, (each,), "parent")) == uid for each in here)
            case Why.IN_USE:
                named = {self.after.get(Place(Subject.TASK, (each,), "calendar")) for each in here}
                return uid in named | {self.merged.plan.calendar}
        return False

    def has_begun(self, about):
        """Whether the office runs or has finished that task, which is no summary."""
        names = ("actual_start", "actual_finish", "percent")
        begun = any(self.ours.get(Place(Subject.TASK, about, name)) for name in names)
        return begun and not self.ours[Place(Subject.TASK, about, "summary")]

    def whole(self, place, base, theirs, ours, after):
        uid = place.about[0]
        chosen = self.given.choices.values()
        there = after is True
        if ours is True and not there:
            removed = base is True and theirs is NOT_THERE
            if not removed or (self.office_changed(uid) and Side.THEIRS not in chosen):
                self.say(place, "the office's task is lost")
        if ours is NOT_THERE and there:
            added = theirs is True and base is NOT_THERE and uid not in self.given.past.tombstones
            if not added and Side.THEIRS not in chosen:
                self.say(place, "a removed task is back")
        if theirs is True and base is NOT_THERE and not there and not self.explained(place):
            self.say(place, "the template's new task is lost")
        if theirs is NOT_THERE and base is True and there and not self.explained(place):
            self.say(place, "a task that the template removed stays without a word")
        if theirs is True and base is True and ours is NOT_THERE and not there:
            self.of_removed(uid, place)

    def of_removed(self, uid, place):
        """What the template changed in a task that the office removed is named, and a mandatory one asked."""
        if uid in self.given.mandatory:
            declined = place in {**self.given.past.declined, **self.merged.past.declined}
            if not declined and place not in self.asked:
                self.say(place, "a required task is missing and not asked")
            return
        for name in NAMES:
            field = Place(Subject.TASK, (uid,), name)
            if self.base[field] != self.theirs[field] and not self.accounted(field, Side.THEIRS, None, None):
                self.say(field, "a change of a removed task is not named")

    def explained(self, place):
        found = self.dropped.get((place, Side.THEIRS))
        return place in self.asked or (found is not None and self.is_true(found))

    def office_changed(self, uid):
        mine = {
            p: v for p, v in self.ours.items() if uid in p.about and p.subject in (Subject.TASK, Subject.LINK)
        }
        return any(self.base.get(p, NOT_THERE) != v for p, v in mine.items())

    def link(self, place, base, theirs, ours, after):
        known = {side: uids_of(self, side).issuperset(place.about) for side in ("theirs", "ours", "after")}
        base = frozenset() if base is NOT_THERE else base
        theirs = base if not known["theirs"] else frozenset() if theirs is NOT_THERE else theirs
        ours = base if not known["ours"] else frozenset() if ours is NOT_THERE else ours
        after = frozenset() if after is NOT_THERE else after
        if known["after"]:
            self.value(place, base, theirs, ours, after)
            return
        if after:
            self.say(place, "a link to a task that is not there")
        for by, value in ((Side.THEIRS, theirs), (Side.OURS, ours)):
            if value and value != base and not self.accounted(place, by, None, None):
                self.say(place, f"a link by {by} is lost without a word")

    # Order

    def orders(self):
        sides = [order(plan) for plan in (self.given.base, self.given.theirs, self.merged.plan)]
        mine = self.office_order()
        for summary, inside in groups(self.merged.plan).items():
            place = Place(Subject.ORDER, (summary or "",))
            if (
                place in self.asked
                or (place, Side.THEIRS) in self.dropped
                or Side.THEIRS in self.given.choices.values()
            ):
                continue
            for one, other in combinations(inside, 2):
                said = [before(side, one, other, summary) for side in (sides[0], sides[1], mine)]
                if None in said:
                    continue
                wanted = said[0] if said[1] == said[2] == said[0] else not said[0]
                if before(sides[2], one, other, summary) is not wanted:
                    self.say(place, f"{one} and {other} do not stand as whoever changed them has them")
            if uids_of(self, "ours") <= mine.keys():  # a tool without summaries shows no place in them
                self.newcomers(summary, inside, sides, mine)

    def newcomers(self, summary, inside, sides, mine):
        """What one side alone has in a summary follows there what it follows on that side."""
        common = [
            uid for uid in inside if all(uid in each and each[uid][0] == summary for each in (*sides, mine))
        ]
        for own, other in ((sides[1], mine), (mine, sides[1])):
            for uid in inside:
                if uid in own and own[uid][0] == summary and not (uid in other and other[uid][0] == summary):
                    wanted = max(
                        (each for each in common if own[each][1] < own[uid][1]),
                        key=lambda e: own[e][1],
                        default=None,
                    )
                    found = max(
                        (each for each in common if sides[2][each][1] < sides[2][uid][1]),
                        key=lambda e: sides[2][e][1],
                        default=None,
                    )
                    if wanted != found:
                        self.say(Place(Subject.TASK, (uid,)), f"stands after {found}, not after {wanted}")

    def office_order(self):
        """Where each task stands in the office's plan: in its summary as it is meant, in the order it is shown."""
        there = order(self.given.live)
        return {uid: (self.ours[Place(Subject.TASK, (uid,), "parent")], at) for uid, (_, at) in there.items()}

    # Conflicts

    def conflicts(self):
        for each in self.merged.conflicts:
            self.is_real(each)
            for place, ours in zip(each.places, each.ours, strict=True):
                stands = self.after.get(place, NOT_THERE)
                if place.subject is Subject.TASK and place.field and stands != ours:
                    self.say(place, "asked, and the office's value does not stand")
        if waits(self.after) and not (waits(self.theirs) or waits(self.ours)):
            self.wrong.append("tasks of the result wait for each other")

    def is_real(self, asked):
        """What is asked is a conflict indeed."""
        first = asked.places[0]
        if asked.why is Why.BOTH_CHANGED and first.subject is not Subject.ORDER:
            for base, theirs, ours in zip(asked.base, asked.theirs, asked.ours, strict=True):
                if theirs in (base, ours) or (ours == base and first.field):
                    self.say(first, "asked, though only one changed it")
        elif asked.why is Why.REMOVED_AND_CHANGED:
            if first.about[0] in uids_of(self, "theirs") or not self.office_changed(first.about[0]):
                self.say(first, "asked, though the office changed nothing of it")
        elif asked.why in (Why.LOOP, Why.CYCLE) and self.holds_with(asked):
            self.say(first, "asked, though both together are sound")

    def holds_with(self, conflict):
        """Whether the result would do with the template's values too."""
        other = dict(self.after)
        for place, value in zip(conflict.places, conflict.theirs, strict=True):
            if place.subject is Subject.TASK and not place.field:
                return False
            other[place] = frozenset(value) if place.subject is Subject.LINK else value
        if waits(other):
            return False
        links = [
            PlanLink(*p.about, *bond)
            for p, bonds in other.items()
            if p.subject is Subject.LINK
            for bond in bonds
        ]
        values = {
            uid: {name: other[Place(Subject.TASK, (uid,), name)] for name in NAMES} for uid in uids(other)
        }
        tasks = [PlanTask(task.uid, **values[task.uid]) for task in self.merged.plan.tasks]
        try:  # where the start of a summary leads, only dates tell
            schedule(
                replace(self.merged.plan, tasks=tuple(tasks), links=tuple(links)),
                FromStart(self.given.base.start),
            )
        except Unschedulable:
            return False
        return True


def uids_of(accounts, side):
    known = accounts.__dict__.setdefault("_uids", {})
    if side not in known:
        known[side] = uids(getattr(accounts, side))
    return known[side]


def order(plan):
    """Each task's summary and place."""
    return {task.uid: (task.parent, at) for at, task in enumerate(plan.tasks)}


def groups(plan):
    found = {}
    for task in plan.tasks:
        found.setdefault(task.parent, []).append(task.uid)
    return found


def before(side, one, other, summary):
    """Whether one stands before the other in a summary; None where they are not both in it."""
    if one not in side or other not in side or side[one][0] != summary or side[other][0] != summary:
        return None
    return side[one][1] < side[other][1]


def waits(known):
    """Whether there is a way round: through links, into summaries and out of them, or of summaries themselves.

    From the start of a summary nothing leads here, as that depends on dates.
    """
    after = arrows(known)
    state = {}
    for first in list(after):
        path = [] if first in state else [(first, iter(after[first]))]
        state.setdefault(first, 1)
        while path:
            target = next(path[-1][1], None)
            if target is None:
                state[path.pop()[0]] = 2
            elif state.get(target) == 1:
                return True
            elif target not in state:
                state[target] = 1
                path.append((target, iter(after.get(target, ()))))
    return False


def arrows(known):
    """What begins or ends after what, by task; a summary has a begin and an end."""
    after = {}
    summary = {p.about[0]: v for p, v in known.items() if p.subject is Subject.TASK and p.field == "summary"}

    def node(uid, which):
        return (uid, which if summary.get(uid) else "")

    for place, value in known.items():
        if place.subject is Subject.TASK and place.field == "parent" and value is not None:
            (uid,) = place.about
            after.setdefault((value, "begin"), []).append(node(uid, "begin"))
            after.setdefault(node(uid, "end"), []).append((value, "end"))
        elif place.subject is Subject.LINK:
            one, other = place.about
            if value and not (summary.get(one) and all(kind[0] == "S" for kind, _ in value)):
                after.setdefault(node(one, "end"), []).append(node(other, "begin"))
    return after


def unaccounted(merged):
    """Every change of either side that is neither in the result, nor asked, nor dropped for a true reason."""
    return Accounts(merged).check()


def written_beyond(merged, writing):
    """Writes of what the merge did not change."""
    accounts = Accounts(merged)
    return [
        str(each.place)
        for each in writing.writes
        if each.place.subject is not Subject.ORDER
        and (each.place.field or each.place.subject is not Subject.TASK)
        and alike(accounts.ours.get(each.place), accounts.after.get(each.place))
    ]


def alike(one, other):
    return (one or None) == (other or None)

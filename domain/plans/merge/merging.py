"""Merging a template's new version into an office's plan: what stands, what is asked, what became of what.

Decides, and writes nothing. What is asked is decided by `resolve`; the order of answers does not matter, as
each time all is merged anew with all answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.plans.merge.attempt import attempt
from domain.plans.merge.change import Change, Conflict, Fate
from domain.plans.merge.draft import Case, Draft, Forced
from domain.plans.merge.fit import Fit, exact
from domain.plans.merge.overlay import with_values_of
from domain.plans.merge.past import Past
from domain.plans.merge.place import Place, Side, Subject
from domain.plans.merge.sides import Indexed, indexed
from domain.plans.merge.soundness import cycles, forced_by, three, unsound
from domain.plans.whole_plan import Flaw, WholePlan, flaws

NOTHING: frozenset[str] = frozenset()
NEVER = Past()
"""Of a plan that was not merged before."""
MOST_TRIED = 200
"""So often something unsound is taken back; each time it is something else."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was merged: `live` as the tool holds it, `ours` the same with what it cannot hold put back."""

    base: WholePlan
    theirs: WholePlan
    live: WholePlan
    ours: WholePlan
    held: Fit = exact
    past: Past = Past()
    mandatory: frozenset[str] = NOTHING
    choices: Mapping[Place, Side] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """The plan that stands while conflicts are open, each change's fate, and what later merges must know."""

    given: Given
    plan: WholePlan
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    flaws: tuple[Flaw, ...]
    """What contradicts itself in the plan, as on one side already; a cycle only where nothing else does."""
    past: Past

    def counts(self) -> dict[Fate, int]:
        """How many changes had which fate."""
        found = dict.fromkeys(Fate, 0)
        for change in self.changes:
            found[change.fate] += 1
        return found


def merge(
    base: WholePlan,
    theirs: WholePlan,
    ours: WholePlan,
    held: Fit = exact,
    past: Past = NEVER,
    mandatory: frozenset[str] = NOTHING,
    choices: Mapping[Place, Side] | None = None,
) -> Merged:
    """The office's plan with what the template changed between base and theirs.

    `ours` is the plan as the office's tool holds it, `held` what that can hold; what it cannot is as it was
    merged last; a task that was merged last and stands there no more, the office removed. `mandatory` are
    uids of tasks that the template requires, `choices` answers by place.
    Raises `Unmergeable` for a plan in which a task has no identity or no place.
    """
    last = past.last or base
    mine = indexed(_restored(ours, last, held))
    removed = {task.uid for task in last.tasks} - mine.rows.keys()
    past = replace(past, tombstones=past.tombstones | removed)
    given = Given(base, theirs, ours, mine.plan, held, past, mandatory, dict(choices or {}))
    new = indexed(theirs)
    seen = None if held is exact else indexed(held(theirs))
    case = Case(indexed(base), new, mine, past, mandatory, given.choices, seen)
    draft, plan, found = _sound(case)
    found = found or cycles(draft, plan)
    return Merged(given, plan, tuple(draft.changes), tuple(draft.conflicts), found, _past(draft, plan))


def _restored(live: WholePlan, last: WholePlan, held: Fit) -> WholePlan:
    """The office's plan with what its tool does not show put back as it was merged last.

    What the tool shows as it would show the last merged plan, the office did not change; all else it did.
    """
    if held is exact:
        return live
    shown = held(last)
    case = Case(indexed(shown), indexed(last), indexed(live), restoring=True)
    return attempt(case, {})[1]


def _sound(case: Case) -> tuple[Draft, WholePlan, tuple[Flaw, ...]]:
    """A pass after which the changes of both sides together are sound, as far as each side was by itself."""
    forced: dict[Place, Forced] = {}
    draft, plan = attempt(case, forced)
    found = flaws(plan)
    if _equal(case.base, case.theirs) or _equal(case.base, case.ours):
        return draft, plan, found
    for _ in range(MOST_TRIED):
        more: dict[Place, Forced] = {}
        for why, places in unsound(draft, plan, found):
            more = forced_by(draft, why, places, forced)
            if more:
                break
        if not more:
            break
        if any(each.side is Side.THEIRS for each in more.values()):  # an answer may settle what was unsound
            forced = {place: each for place, each in forced.items() if each.side is Side.THEIRS}
        forced |= more
        draft, plan = attempt(case, forced)
        found = flaws(plan)
    return draft, plan, found


def _equal(one: Indexed, other: Indexed) -> bool:
    return one.rows == other.rows and one.links == other.links and one.calendars == other.calendars


def _past(draft: Draft, plan: WholePlan) -> Past:
    """What the next merge has to know of this one."""
    case = draft.case
    removed = case.base.rows.keys() & case.theirs.rows.keys() - case.ours.rows.keys()
    tombstones = (case.past.tombstones | removed) - draft.rows.keys()
    offered = {
        place: value
        for place, value in case.past.declined.items()
        if place.subject is Subject.ORDER or three(case, place)[1] == value
    }  # what the template changed again may be offered again, also if it goes back to what was declined
    return Past(plan, frozenset(tombstones), {**offered, **draft.declined})


def resolve(merged: Merged, conflict: Conflict, choice: Side) -> Merged:
    """The merge with one conflict decided; others stay open, and one that follows from it may be new."""
    given = merged.given
    return _again(merged, given.live, {**given.choices, **dict.fromkeys(conflict.places, choice)})


def again(merged: Merged, live: WholePlan) -> Merged:
    """The same merge on what stands in the office's tool now, with the answers so far."""
    return _again(merged, live, merged.given.choices)


def _again(merged: Merged, live: WholePlan, choices: Mapping[Place, Side]) -> Merged:
    given = merged.given
    return merge(given.base, given.theirs, live, given.held, given.past, given.mandatory, choices)


def fold(merged: Merged, theirs: WholePlan, live: WholePlan) -> Merged:
    """A newer version merged while conflicts of the one before are open: one conflict each, on both updates.

    What was settled has the version before as its base, what is open still has the base of that one.
    """
    given = merged.given
    return merge(next_base(merged), theirs, live, given.held, merged.past, given.mandatory)


def undo(merged: Merged, live: WholePlan) -> Merged:
    """The inverse of a merge, through the same merge: what the office did since stays, or is asked."""
    given = merged.given
    past = replace(given.past, last=merged.plan, declined={})
    return merge(merged.plan, given.ours, live, given.held, past)


def next_base(merged: Merged) -> WholePlan:
    """The base of the next update: this version, with the base's values where a conflict is open."""
    places = [place for conflict in merged.conflicts for place in conflict.places]
    return with_values_of(merged.given.base, merged.given.theirs, places)

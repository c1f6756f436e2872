"""One pass over three plans in the making: what stands where, what became of each change, what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from domain.plans.merge.change import Change, Conflict, Fate, Why
from domain.plans.merge.past import Past
from domain.plans.merge.place import WHOLE, Place, Side, Subject
from domain.plans.merge.sides import PARENT, Bonds, Indexed, Pair, Row

MISSING = object()
"""What no template offers, to look up what was declined."""
BLANK: tuple[object, ...] = (None, ())


@dataclass(frozen=True)
class Case:
    """What is merged. `seen` is theirs as the tool would show it; None: exactly.

    When `restoring`, the office's value stands without a question and work that has begun is no exception.
    """

    base: Indexed
    theirs: Indexed
    ours: Indexed
    past: Past = Past()
    mandatory: frozenset[str] = frozenset()
    choices: Mapping[Place, Side] = field(default_factory=dict)
    seen: Indexed | None = None
    restoring: bool = False

    @cached_property
    def revived(self) -> frozenset[str]:
        """Tasks that an answer brings back, with the summaries that they lie in."""
        wanted = [
            place.about[0]
            for place, side in self.choices.items()
            if side is Side.THEIRS and place.subject is Subject.TASK and place.field in (WHOLE, "parent")
        ]
        found: set[str] = set()
        for uid in wanted:
            found |= {uid, *self._above(uid)}
        return frozenset(found)

    def _above(self, uid: str) -> Iterator[str]:
        row = self.theirs.rows.get(uid)
        while row is not None and isinstance(above := row[PARENT], str):
            yield above
            row = self.theirs.rows.get(above)


@dataclass(frozen=True)
class Forced:
    """That one side counts at a place, as both changes together are unsound; with what is asked of it."""

    side: Side
    conflict: Conflict
    is_open: bool


@dataclass
class Draft:
    """What a pass found so far. `rows` has the tasks of the result."""

    case: Case
    forced: Mapping[Place, Forced]
    rows: dict[str, Row] = field(default_factory=dict)
    links: dict[Pair, Bonds] = field(default_factory=dict)
    whole: dict[str, object] = field(default_factory=dict)
    """The plan's own fields."""
    is_looped: bool = False
    """Whether summaries lie in each other."""
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    declined: dict[Place, object] = field(default_factory=dict)

    @cached_property
    def linked(self) -> frozenset[str]:
        """Tasks that the office linked, or whose links it changed, unless an answer takes that back."""
        case = self.case
        gone = {
            place.about[0]
            for place, side in case.choices.items()
            if side is Side.THEIRS
            and place.subject is Subject.TASK
            and place.about[0] not in case.theirs.rows
        }
        back = {place.about for place, forced in self.forced.items() if forced.side is Side.THEIRS}
        known, mine = case.base.links, case.ours.links.items()
        pairs = [pair for pair, bond in mine if known.get(pair) != bond and pair not in back]
        return frozenset(uid for pair in pairs if gone.isdisjoint(pair) for uid in pair)

    def note(
        self, place: Place, by: Side, fate: Fate, values: tuple[object, object, object], why: Why = Why.CLEAR
    ) -> None:
        """What became of a change; `values` are base, theirs and ours."""
        self.changes.append(Change(place, by, fate, *values, why))

    def ask(
        self, place: Place, values: tuple[object, object, object], why: Why, default: Side = Side.OURS
    ) -> None:
        """A conflict at one place, which is open."""
        self.note(place, Side.THEIRS, Fate.CONFLICT, values, why)
        base, theirs, ours = values
        self.conflicts.append(Conflict((place,), (base,), (theirs,), (ours,), why, default))

    def decline(self, place: Place, values: tuple[object, object, object]) -> None:
        """The answer was the office's value: the template's is not offered again."""
        self.note(place, Side.THEIRS, Fate.DROPPED, values, Why.DECIDED)
        self.declined[place] = values[1]

    def was_declined(self, place: Place, theirs: object) -> bool:
        """Whether the office declined just this value at that place before."""
        declined = self.case.past.declined
        return bool(declined) and declined.get(place, MISSING) == theirs

    def decided(
        self, place: Place, base: object, theirs: object, ours: object, seen: object = None
    ) -> object:
        """The value of one place that at least one side changed; what became of it is noted.

        `seen` is theirs as the tool would show it, None where that is not known.
        """
        values = (base, theirs, ours)
        if self.forced and place in self.forced:
            return self._forced(place, values)
        if theirs == base:
            self.note(place, Side.OURS, Fate.KEPT, values)
            return ours
        if theirs == ours or (seen not in BLANK and seen == ours and place not in self.case.choices):
            self.note(place, Side.THEIRS, Fate.SAME, values)
            return theirs
        if self.was_declined(place, theirs):
            self.note(place, Side.THEIRS, Fate.DROPPED, values, Why.DECLINED)
            self._kept(place, values)
            return ours
        if ours == base:
            self.note(place, Side.THEIRS, Fate.TAKEN, values)
            return theirs
        return self._both(place, values)

    def _both(self, place: Place, values: tuple[object, object, object]) -> object:
        """A value that both changed, each otherwise."""
        choice = self.case.choices.get(place)
        if choice is Side.THEIRS:
            self.note(place, Side.THEIRS, Fate.TAKEN, values)
            self.note(place, Side.OURS, Fate.DROPPED, values, Why.DECIDED)
            return values[1]
        if choice is Side.OURS:
            self.decline(place, values)
            self._kept(place, values)
        else:
            self.ask(place, values, Why.BOTH_CHANGED)
        return values[2]

    def _forced(self, place: Place, values: tuple[object, object, object]) -> object:
        base, theirs, ours = values
        forced = self.forced[place]
        if forced.side is Side.THEIRS:
            if theirs != base:
                self.note(place, Side.THEIRS, Fate.TAKEN, values)
            if ours != base:
                self.note(place, Side.OURS, Fate.DROPPED, values, Why.DECIDED)
            return theirs
        if forced.is_open:
            self.note(place, Side.THEIRS, Fate.CONFLICT, values, forced.conflict.why)
        elif theirs != base:
            self.decline(place, values)
        if not forced.is_open or theirs == base:
            self._kept(place, values)
        return ours

    def stands(self, place: Place) -> object:
        """The value of a link or of a field of the plan in the result; of others None."""
        if place.subject is Subject.LINK:
            return self.links.get((place.about[0], place.about[1]), ())
        return self.whole.get(place.field)

    def _kept(self, place: Place, values: tuple[object, object, object]) -> None:
        if values[2] != values[0]:
            self.note(place, Side.OURS, Fate.KEPT, values)

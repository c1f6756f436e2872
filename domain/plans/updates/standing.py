"""Where an office's plan stands between two updates: what the next one is compared with. Values only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.plans.localization.derivation import Derivation, DerivationId
from domain.plans.merge.beside import Shown, SideRow, side_rows
from domain.plans.merge.merging import Merged, next_base
from domain.plans.merge.past import Past
from domain.plans.merge.place import Place, Side, of_sameness
from domain.plans.whole_plan import WholePlan

NOTHING: frozenset[str] = frozenset()
MOST_EARLIER = 5
"""So many updates before the last one stay to be looked at."""


@dataclass(frozen=True, slots=True)
class Source:
    """Which template a plan follows, where that is not the one that it was made from.

    `template` is empty where it is. `uids` are the plan's uids by the template's of tasks that the plan had
    before; `left` the uids of its tasks that came from templates before: they are the office's own by now.
    `asked` are the template's tasks of which the office has to say whether they are among those, with the
    plan's uids that they may be: until then they are not in the plan. `earlier` has the plan's uids by those
    of the templates that it followed before, by template: a plan that comes back finds the same tasks.
    """

    template: str = ""
    uids: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    earlier: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def pairs(self) -> Mapping[Place, tuple[str, str]]:
        """What is asked: the template's uid and the plan's by the place of the question."""
        return {
            of_sameness(mine, self.template, theirs): (theirs, mine)
            for theirs, may_be in self.asked.items()
            for mine in may_be
        }

    def decided(self, choices: Mapping[Place, Side]) -> Source:
        """The same after these answers: ours means that both are one task, theirs that they are two.

        A task of which all are another one comes as new. Answers that make one task the same as two others
        contradict each other: none of them counts, and they stay asked.
        """
        said = {pair: choices[place] is Side.OURS for place, pair in self.pairs().items() if place in choices}
        same = [pair for pair, is_same in said.items() if is_same]
        many = Counter(theirs for theirs, _ in same), Counter(mine for _, mine in same)
        found = self
        for (theirs, mine), is_same in sorted(said.items()):
            is_clear = not is_same or many[0][theirs] == many[1][mine] == 1
            if is_clear and mine in found.asked.get(theirs, ()):
                found = found._decided(theirs, mine, is_same=is_same)
        return found

    def _decided(self, theirs: str, mine: str, *, is_same: bool) -> Source:
        if not is_same:
            rest = tuple(uid for uid in self.asked[theirs] if uid != mine)
            asked = {uid: rest if uid == theirs else may_be for uid, may_be in self.asked.items()}
            return replace(self, asked={uid: may_be for uid, may_be in asked.items() if may_be})
        asked = {
            uid: tuple(each for each in may_be if each != mine)
            for uid, may_be in self.asked.items()
            if uid != theirs
        }
        return replace(
            self,
            uids={**self.uids, theirs: mine},
            left=tuple(uid for uid in self.left if uid != mine),
            asked={uid: may_be for uid, may_be in asked.items() if may_be},
        )

    def uid(self, theirs: str) -> str:
        """The plan's uid of a task of the template; of a new one another, where the plan has that uid."""
        if theirs in self.uids or not self.template:
            return self.uids.get(theirs, theirs)
        is_used = theirs in self.left or theirs in self.uids.values()
        return f"{self.template}.{theirs}" if is_used else theirs


@dataclass(frozen=True, slots=True)
class Footing:
    """What a merge starts from.

    `theirs` is the version that was merged last, `base` the same with the older values where a conflict is
    open, `last` the office's plan as it was merged last; the others are those of `Past`.
    """

    version: int
    base: WholePlan
    theirs: WholePlan
    last: WholePlan
    tombstones: frozenset[str] = NOTHING
    declined: Mapping[Place, object] = field(default_factory=dict)
    source: Source = Source()

    @property
    def past(self) -> Past:
        """The same, as a merge takes it."""
        return Past(self.last, self.tombstones, self.declined)


@dataclass(frozen=True, slots=True)
class Before:
    """What undoing the last update needs: what it started from, and the office's plan right before it."""

    footing: Footing
    ours: WholePlan


@dataclass(frozen=True, slots=True)
class Begun:
    """An update of which something is written, and the office's plan before that."""

    version: int
    ours: WholePlan
    source: Source = Source()
    """The same as that of the plan, but while it goes over to another template."""


@dataclass(frozen=True, slots=True)
class EarlierUpdate:
    """An update before the last one: from which version to which, and its three plans beside each other."""

    before: int
    version: int
    rows: tuple[SideRow, ...]


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """A derivation between two updates.

    `passed` is the version that was undone: it is not offered again, a newer one is. 0: none was. `begun` is
    the office's plan right before the first write of an update that is not complete yet. `earlier` are the
    updates before the last one, the newest last.
    """

    derivation: DerivationId
    footing: Footing
    before: Before | None = None
    passed: int = 0
    begun: Begun | None = None
    earlier: tuple[EarlierUpdate, ...] = ()

    def last_update(self) -> EarlierUpdate | None:
        """The last update as it stays to be looked at; None where there was none, or it was taken back."""
        if self.before is None:
            return None
        plans = {
            Shown.BASE: self.before.footing.base,
            Shown.OURS: self.before.ours,
            Shown.MERGED: self.footing.last,
        }
        return EarlierUpdate(self.before.footing.version, self.footing.version, side_rows(plans))

    def has(self, version: int, source: Source) -> bool:
        """Whether that version of that template was merged last."""
        return (version, source.template) == (self.footing.version, self.footing.source.template)

    def has_begun(self, version: int, source: Source) -> bool:
        """Whether something of that version of that template is written, and not all of it."""
        begun = self.begun
        return begun is not None and (version, source.template) == (begun.version, begun.source.template)

    def beginning(self, version: int, ours: WholePlan, source: Source) -> PlanStanding:
        """The same, with the plan before the first write; one of the same update stays."""
        if self.has_begun(version, source) or self.has(version, source):
            return self
        return replace(self, begun=Begun(version, ours, source))

    def merged(self, version: int, merged: Merged, source: Source) -> PlanStanding:
        """How it stands once a merge of that version is written into the office's tool.

        What an update of the version that is there already adds (an answer, say) is undone with that update.
        """
        past = merged.past
        base, theirs = next_base(merged), merged.given.theirs
        footing = Footing(version, base, theirs, merged.plan, past.tombstones, past.declined, source)
        is_newer = not self.has(version, source)
        begun = self.begun if self.has_begun(version, source) else None
        ours = begun.ours if begun is not None else merged.given.ours
        before = Before(self.footing, ours) if is_newer else self.before
        gone = self.last_update() if is_newer else None
        earlier = (*self.earlier, gone)[-MOST_EARLIER:] if gone is not None else self.earlier
        passed = 0 if is_newer else self.passed
        return PlanStanding(self.derivation, footing, before, passed, earlier=earlier)

    def undone(self, merged: Merged) -> PlanStanding:
        """How it stands once the last update is taken back. Raises ValueError where there is none.

        What the office removed before that, of either version, stays removed.
        """
        if self.before is None:
            raise ValueError(f"{self.derivation}: there is no update to undo")
        footing = self.before.footing
        tombstones = footing.tombstones | merged.past.tombstones
        footing = replace(footing, last=merged.plan, tombstones=tombstones)
        is_same = footing.source.template == self.footing.source.template
        passed = self.footing.version if is_same else 0
        return PlanStanding(self.derivation, footing, None, passed, earlier=self.earlier)


def first(derivation: Derivation) -> PlanStanding:
    """How a plan stands that was never updated: as it was localized."""
    plan = derivation.base
    return PlanStanding(derivation.id, Footing(derivation.version, plan, plan, plan))

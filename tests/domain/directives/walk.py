"""A random walk over directives: what may happen, happens in any order, and laws are looked at after each step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from domain.cases import moving
from domain.cases.case import Case, Said
from domain.cases.kinds import UNDECIDED, Color, NoSuchMove, OutcomeKind, Side
from domain.directives import addressing, clocks, following
from domain.directives.asking import DirectiveDraft
from domain.directives.directive import Addressee, Directive, state_of
from domain.directives.kinds import AddresseeState, ClockKind, NotPossible
from domain.organization.office import Organization, Role
from tests.domain.builders import office
from tests.domain.cases.sample import ORG
from tests.domain.directives.sample import AT, FACT, TERMS, made, objection, written

WHOM = (
    "subtree=hq",
    "office=porto; role=head; role=approver",
    "subtree=hq; except=oslo",
    "office=dubai, oslo",
)
GROWN = replace(ORG, offices={**ORG.offices, "bergen": office("bergen", roles={Role.HEAD: ("ida",)})})
SHRUNK = replace(ORG, offices={name: each for name, each in ORG.offices.items() if name != "oslo"})
ENDS = (OutcomeKind.NOTHING, OutcomeKind.TEMPLATE)
"""What is carried out by being said, and what may turn out not to be had: then the objection is open again."""
NETWORKS = (ORG, ORG, ORG, GROWN, SHRUNK)


@cache
def _read(whom: str, terms: str, on: date) -> DirectiveDraft:
    """The draft of these texts on that day, read once: it is the same for every walk."""
    return written(whom, terms, at=datetime.combine(on, AT.timetz()))


class Broken(AssertionError):
    """A law of directives that a walk found broken."""


@dataclass
class Walk:
    """One sequence: the directives and objections there are, and what was told and issued."""

    random: Random
    now: datetime = AT
    network: Organization = ORG
    directives: dict[str, Directive] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    issued: set[tuple[str, str, str]] = field(default_factory=set)
    levels: set[tuple[object, ...]] = field(default_factory=set)
    stopped: set[tuple[str, str, str]] = field(default_factory=set)
    green: dict[tuple[str, str], Color] = field(default_factory=dict)
    states: set[AddresseeState] = field(default_factory=set)

    def run(self, steps: int) -> Walk:
        """So many steps; raises Broken where a law does not hold."""
        for _ in range(steps):
            if not self.directives or self.random.random() < 0.06:
                self._issue()
                continue
            self.now += timedelta(hours=self.random.choice((0, 1, 20, 24, 72, 240)))
            before = self.directives[self.random.choice(sorted(self.directives))]
            try:
                after = self._moved(before)
            except (NotPossible, NoSuchMove):
                after = before
            self._look_at(before, after)
            self.directives[after.id] = after
        self._none_lost()
        return self

    def _issue(self) -> None:
        terms = self.random.choice((TERMS, FACT))
        due = (self.now + timedelta(days=self.random.choice((0, 2, 10, 30)))).date()
        terms = terms.replace("2027-01-29", due.isoformat())
        what = _read(self.random.choice(WHOM), terms, self.now.date())
        there = made(what, tuple(self.directives.values()), self.now)
        self.directives.setdefault(there.id, there)
        self.issued |= {(there.id, each.office, each.role) for each in there.addressees}

    def _moved(self, there: Directive) -> Directive:
        """What is done with it: mostly by an addressee, now and then by who issued it, and the look each hour."""
        one, said = self.random.choice(there.addressees), Said(self.now, "somebody")
        done = (
            lambda: following.delivered(there, one.office, one.role, self.now, said),
            lambda: following.delivered(there, one.office, one.role, self.now, said),
            lambda: following.acknowledged(there, one.office, one.role, said),
            lambda: following.finished(
                following.attested(there, one.office, one.role, "done", said), self.now
            ),
            lambda: self._followed(there),
            lambda: self._followed(there),
            lambda: self._followed(there),
            lambda: self._objected(there, one),
            lambda: self._decided(there),
            lambda: self._ended(there, one, said),
        )
        return self.random.choice(done)()

    def _followed(self, there: Directive) -> Directive:
        """What the look each hour does, in its order."""
        self.network = self.random.choice(NETWORKS)
        there = addressing.readdressed(there, self.network, Said(self.now))
        self.issued |= {(there.id, each.office, each.role) for each in there.addressees}
        there = following.with_objections(there, self.cases.values(), self.now)
        colors = {each.office: self.random.choice(list(Color)[:3]) for each in there.addressees}
        self.green.update({(there.id, name): color for name, color in colors.items()})
        there = following.finished(following.judged(there, colors, self.network, self.now), self.now)
        return clocks.escalated(there, self.network, self.now)

    def _objected(self, there: Directive, one: Addressee) -> Directive:
        if not there.is_open or not one.waits or one.office not in ORG.offices:
            return there
        case = objection(there, one.office, self.now, tuple(self.cases.values()))
        self.cases[case.id] = case
        return following.with_objections(there, self.cases.values(), self.now)

    def _decided(self, there: Directive) -> Directive:
        mine = [each for each in self.cases.values() if each.about.subject == there.id]
        if not mine:
            return there
        case, said = self.random.choice(mine), Said(self.now, "somebody")
        side = case.turn.side if case.turn is not None else Side.RAISER
        done = (
            lambda: moving.withdrawn(case, case.raiser, said, "we find the time"),
            lambda: moving.proposed(case, side, self.random.choice(ENDS), "it stands", said),
            lambda: moving.agreed(case, side, said),
            lambda: moving.agreed(case, side, said),
            lambda: moving.not_carried_out(case, said),
        )
        self.cases[case.id] = self.random.choice(done)()
        return following.with_objections(there, self.cases.values(), self.now)

    def _ended(self, there: Directive, one: Addressee, said: Said) -> Directive:
        if self.random.random() < 0.7:
            return there
        if self.random.random() < 0.5:
            return following.released(there, one.office, "it has no crane", said)
        return following.withdrawn(there, "no need", said)

    def _look_at(self, before: Directive, after: Directive) -> None:
        for each in after.addressees:
            was = next((e for e in before.of(each.office) if e.role == each.role), None)
            self.states.add(state_of(after, each))
            self._told(after, was, each)
            self._fulfilled(after, was, each)
            self._clocks(after, each)
            self._stops(after, was, each)
        if after.steps[: len(before.steps)] != before.steps:
            raise Broken("what was done before is another now")
        if before.ending is not None and after != before:
            raise Broken(f"{after.id} was over, and is another now")

    def _told(self, of: Directive, was: Addressee | None, now: Addressee) -> None:
        known = was.told if was is not None else ()
        if now.told[: len(known)] != known:
            raise Broken("what was told before is another now")
        for each in now.told[len(known) :]:
            level = (of.id, now.office, now.role, each.clock, each.office, each.role, each.number)
            if level in self.levels:
                raise Broken(f"{each.office} was told twice")
            self.levels.add(level)
            if now.left is not None or now.objection or now.fulfilled is not None:
                raise Broken("somebody was escalated who owes nothing")
            if each.clock is ClockKind.ACKNOWLEDGE and now.acknowledged is not None:
                raise Broken("it was acknowledged, and is escalated for that")
            if now.delivered is None:
                raise Broken("it was escalated before it was delivered")

    def _fulfilled(self, of: Directive, was: Addressee | None, now: Addressee) -> None:
        """By what was said or seen last, not by what the directive says of itself."""
        if now.fulfilled is None or (was is not None and was.fulfilled is not None):
            return
        if of.is_attested and now.attested is None:
            raise Broken("it is fulfilled and nobody attested it")
        if not of.is_attested and self.green[of.id, now.office] is not Color.GREEN:
            raise Broken("it is fulfilled while the fact is not within its limit")

    def _clocks(self, of: Directive, now: Addressee) -> None:
        owes = of.is_open and now.waits and not now.stopped and now.delivered is not None
        if owes is not now.running:
            raise Broken(f"the clock of {now.office} {'stands' if owes else 'runs'} where it must not")
        if now.office in ORG.offices and self.random.random() < 0.2:
            clock = clocks.clock_of(of, now, ClockKind.FULFIL, ORG)
            ran = clock.worked(self.now + timedelta(days=14)) - clock.worked(self.now)
            if bool(ran) is not owes:
                raise Broken(f"the clock of {now.office} {'stands' if owes else 'runs'} where it must not")
        case = self.cases.get(now.objection)
        if now.objection and (case is None or case.state not in UNDECIDED):
            raise Broken("it stands as an objection, and none is open")

    def _stops(self, of: Directive, was: Addressee | None, now: Addressee) -> None:
        if now.stopped and (was is None or not was.stopped):
            key = (of.id, now.office, now.role)
            if key in self.stopped:
                raise Broken(f"the clock of {now.office} was stopped twice")
            self.stopped.add(key)

    def _none_lost(self) -> None:
        for id_, name, role in self.issued:
            there = self.directives.get(id_)
            if there is None or not any(each.role == role for each in there.of(name)):
                raise Broken(f"what was put to the {role} of {name} is lost")


def walk(seed: int, steps: int = 50) -> Walk:
    """The walk of that seed."""
    return Walk(Random(seed)).run(steps)

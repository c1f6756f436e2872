"""A random walk over cases and objections: what may happen, happens in any order, and laws are looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random

from domain.cases import escalating, moving, settling
from domain.cases.case import AcceptanceCheck, Case, Said
from domain.cases.checking import check_of
from domain.cases.kinds import NEGOTIATED, TRIED, CaseState, Color, NoSuchMove, OutcomeKind, Side
from tests.domain.cases.sample import AT, ORG, draft, raise_one

ABOUTS = ("rule delivery-method/2.0 plan-size", "version delivery-method/2.0", "template finance-system/2")
TERMS = (
    "cause=regulatory",
    "cause=quality; days=1",
    "cause=legal; deadline=2027-01-20; citation=Act; days=2",
    "cause=conflict; counterpart=oslo; days=2",
    "cause=conflict; counterpart=oslo; sponsor=board",
)
CHECKS = ("rule plan-size", "fact cost.overrun_percent <= 10", "attested: it works")


@cache
def _check(text: str) -> AcceptanceCheck:
    return check_of(text, "method")


class Broken(AssertionError):
    """A law of cases that a walk found broken."""


@dataclass
class Walk:
    """One sequence: the cases there are, what was raised, and the colors that were last seen."""

    random: Random
    now: datetime = AT
    cases: dict[str, Case] = field(default_factory=dict)
    raised: set[tuple[str, str]] = field(default_factory=set)
    gone: set[tuple[str, str]] = field(default_factory=set)
    seen: dict[str, dict[Side, Color]] = field(default_factory=dict)
    levels: set[tuple[object, ...]] = field(default_factory=set)
    states: set[CaseState] = field(default_factory=set)
    stopped: set[tuple[object, ...]] = field(default_factory=set)
    looked: tuple[str, datetime] | None = None

    def run(self, steps: int) -> Walk:
        """So many steps; raises Broken where a law does not hold."""
        for _ in range(steps):
            if not self.cases or self.random.random() < 0.06:
                self._raise()
                continue
            before = self.cases[self.random.choice(sorted(self.cases))]
            self.now += timedelta(hours=self.random.choice((0, 1, 20, 24, 72, 240)))
            try:
                after = self._moved(before)
            except NoSuchMove:
                after = before
            self._look_at(before, after)
            self.cases[after.id] = after
        self._none_lost()
        return self

    def _raise(self) -> None:
        office = self.random.choice(("porto", "dubai", "oslo"))
        about, terms = self.random.choice(ABOUTS), self.random.choice(TERMS)
        objection = about.startswith("version")
        if (office == "oslo" and "oslo" in terms) or ("deadline" in terms and self.now.date().day > 20):
            terms = TERMS[0]
        what = draft(office, about, terms, objection=objection)
        made = raise_one(what, tuple(self.cases.values()), self.now)
        self._stops(self.cases.get(made.id), made)
        self.cases[made.id] = made
        self.raised.add((made.id, office))
        self.gone.discard((made.id, office))

    def _moved(self, case: Case) -> Case:
        """What is done with it: mostly something that fits how it stands, now and then anything."""
        side, said = self.random.choice(list(Side)), Said(self.now, "somebody")
        if case.turn is not None and self.random.random() < 0.7:
            side = case.turn.side
        if case.state in TRIED and self.random.random() < 0.8:
            return self._tried(case, side, said)
        done = (
            lambda: case.delivered(self.now),
            lambda: moving.acknowledged(case, said),
            lambda: moving.analyzed(case, side, "found", said),
            lambda: moving.proposed(case, side, self.random.choice(list(OutcomeKind)), "this", said),
            lambda: moving.agreed(case, side, said),
            lambda: moving.agreed(case, side, said),
            lambda: moving.check_stated(case, side, _check(self.random.choice(CHECKS)), said),
            lambda: self._carried(case, said),
            lambda: moving.consulted_on(case, self.now, goes_on=self.random.random() < 0.5),
            lambda: escalating.escalated(case, ORG, self.now),
            lambda: self._tried(case, side, said),
            lambda: self._ended(case, said),
        )
        return self.random.choice(done)()

    def _tried(self, case: Case, side: Side, said: Said) -> Case:
        if self.random.random() < 0.4:
            until = self.random.choice((None, None, self.now.date() + timedelta(days=5)))
            return settling.attested(case, side, self.random.random() < 0.9, until, said)
        return self._settled(case)

    def _carried(self, case: Case, said: Said) -> Case:
        if self.random.random() < 0.2:
            return moving.not_carried_out(case, said)
        if case.state is CaseState.ESCALATED:
            office = escalating.arbiter_of(case, ORG).office
            return moving.decided(case, office, self.random.choice(list(OutcomeKind)), "so", said)
        return moving.carried_out(case, said)

    def _settled(self, case: Case) -> Case:
        colors = dict.fromkeys(Side, Color.GREEN)
        if self.random.random() < 0.2:
            colors[self.random.choice(list(Side))] = self.random.choice((Color.UNKNOWN, Color.RED))
        self.seen[case.id], self.looked = colors, (case.id, self.now)
        done = settling.settled(case, colors, ORG.offices[case.raiser].calendar, self.now)
        words = [check.holds for check in done.checks.values() if check.kind == "attested"]
        if done.state is CaseState.TRIAL and done.turn is None and not all(words):
            raise Broken("nobody has the turn though a person has not said that it works")
        return done

    def _ended(self, case: Case, said: Said) -> Case:
        office = self.random.choice(case.offices)
        if self.random.random() < 0.6:
            return case
        done = moving.withdrawn(case, office, said, "it works")
        self.gone.add((case.id, office))
        return done

    def _look_at(self, before: Case, after: Case) -> None:
        self.states.add(after.state)
        self._no_closed_one_is_red(after)
        self._clocks(before, after)
        self._stops(before, after)
        for each in after.told[len(before.told) :]:
            level = (after.id, each.side, each.round, each.office, each.role)
            if level in self.levels:
                raise Broken(f"{each.office} was told twice")
            self.levels.add(level)
            if before.turn is None or before.turn.side is not each.side:
                raise Broken("a side was escalated that had no turn")
        if after.told[: len(before.told)] != before.told or after.steps[: len(before.steps)] != before.steps:
            raise Broken("what was told or done before is another now")

    def _no_closed_one_is_red(self, case: Case) -> None:
        """By what was seen last of what is computed, and by the persons' words, not by what the case says."""
        if case.state is not CaseState.CLOSED or self.looked != (case.id, self.now):
            return
        for side, check in case.checks.items():
            if check.kind == "attested":
                today = ORG.offices[case.raiser].calendar.local_date(self.now)
                red = check.holds is not True or (check.until is not None and today > check.until)
            else:
                red = self.seen[case.id][side] is Color.RED
            if red:
                raise Broken(f"{case.id} is closed while the check of {side} is red")

    def _clocks(self, before: Case, after: Case) -> None:
        open_turns = [each for each in after.turns if each.until is None]
        if len(open_turns) > 1:
            raise Broken("both sides have the turn")
        if after.state in NEGOTIATED and not open_turns:
            raise Broken("nobody has the turn in what is negotiated")
        if after.state not in NEGOTIATED | {CaseState.AGREED} | TRIED and open_turns:
            raise Broken(f"a clock runs while it is {after.state}")
        if after.state in (CaseState.CLOSED, CaseState.EFFECTIVE) and open_turns:
            raise Broken("a clock runs though nothing is asked of anybody")
        whose = after.turn.side if after.turn is not None else None
        for side in Side if self.random.random() < 0.4 else ():
            clock = escalating.clock_of(after, side, ORG)
            later = self.now + timedelta(days=14)
            ran = clock.worked(later) - clock.worked(self.now)
            if ran and side is not whose:
                raise Broken(f"the clock of {side} runs while {whose} has the turn")
        spoken = after.proposals[len(before.proposals) :]
        if spoken and spoken[0].side is not None and after.turn.side is not spoken[0].side.other:
            raise Broken("who proposed kept the turn")

    def _stops(self, before: Case | None, after: Case) -> None:
        """An office's clock stands once for what it objects to, however often that is opened again."""
        for office in after.offices:
            if not moving.stops_the_clock(after, office):
                continue
            if before is not None and moving.stops_the_clock(before, office):
                continue
            key = (office, after.about.kind, after.about.subject)
            if key in self.stopped:
                raise Broken(f"the clock of {office} was stopped twice")
            self.stopped.add(key)

    def _none_lost(self) -> None:
        for id_, office in self.raised - self.gone:
            case = self.cases.get(id_)
            if case is None or office not in case.offices:
                raise Broken(f"what {office} raised is lost")


def walk(seed: int, steps: int = 50) -> Walk:
    """The walk of that seed."""
    return Walk(Random(seed)).run(steps)

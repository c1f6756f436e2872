"""Simulation: what a rollout would do to the whole network, judged in the same way, without writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.compliance.glossary import is_reported
from domain.rollouts.rollout import Manifest
from domain.standards.leeway import Eligibility, LeewayDecision
from domain.standards.position import Position
from domain.standards.standard import Rule
from domain.standards.verdict import FOLLOWS, OPEN_RESULTS, Result, Verdict


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One member as foreseen: its band under both versions, its leeway, and its work by rule."""

    project: str
    office: str
    wave: int
    old: Result | None
    new: Result
    eligibility: Eligibility
    why: str
    open_rules: tuple[str, ...]
    missing: tuple[str, ...] = ()
    coming: tuple[str, ...] = ()
    """What would be missing at its next gate, by rule."""

    @property
    def flips(self) -> bool:
        """Whether it follows the version before and would not follow the new one."""
        return self.old in FOLLOWS and self.new not in FOLLOWS


@dataclass(frozen=True, slots=True)
class Simulation:
    """The frozen manifest with what is foreseen for each of its members."""

    manifest: Manifest
    foreseen: tuple[Foreseen, ...]

    def counts(self) -> Mapping[str, int]:
        """How many follow already and flip, and how many of the others are in which case.

        They have not reported, may finish under the old version, may do so beyond the rule if their program
        manager elects it, owe a fact of their leeway, or must act.
        """
        return {
            "members": len(self.foreseen),
            "follow": sum(f.new in FOLLOWS for f in self.foreseen),
            "flip": sum(f.flips for f in self.foreseen),
            "eligible": sum(self._open(f, Eligibility.ELIGIBLE) for f in self.foreseen),
            "not_reported": sum(not is_reported(f.new) for f in self.foreseen),
            "discretion": sum(self._open(f, Eligibility.DISCRETION) for f in self.foreseen),
            "asked": sum(self._open(f, Eligibility.UNKNOWN) for f in self.foreseen),
            "must_act": sum(self._open(f, Eligibility.NOT_ELIGIBLE) for f in self.foreseen),
        }

    @staticmethod
    def _open(foreseen: Foreseen, eligibility: Eligibility) -> bool:
        fails = foreseen.new not in FOLLOWS and is_reported(foreseen.new)
        return fails and foreseen.eligibility is eligibility

    def effort(self, rules: Mapping[str, Rule]) -> Mapping[tuple[str, str], int]:
        """How many work items each office's role would get, by (office, role)."""
        load: dict[tuple[str, str], int] = {}
        for each in self.foreseen:
            if each.eligibility is Eligibility.ELIGIBLE:
                continue
            for uid in (*(() if each.new in FOLLOWS else each.open_rules), *each.coming):
                role = rules[uid].role if uid in rules else "reporter"
                load[each.office, role] = load.get((each.office, role), 0) + 1
        return load


def foresee(
    member: tuple[str, str, int],
    old: Result | None,
    new: Result,
    verdicts: Iterable[Verdict],
    leeway: LeewayDecision,
    position: Position | None = None,
) -> Foreseen:
    """What is foreseen for one member (project, office, wave), from its verdicts under the new version.

    `position` is where it would stand in its life cycle, if that version has any.
    """
    open_verdicts = tuple(v for v in verdicts if v.result in OPEN_RESULTS)
    missing = tuple(sorted({name for v in open_verdicts for name in v.missing} | set(leeway.missing)))
    rules = tuple(v.rule for v in open_verdicts)
    coming = position.missing if position is not None else ()
    return Foreseen(*member, old, new, leeway.eligibility, leeway.why, rules, missing, coming)

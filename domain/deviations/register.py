"""Which deviations are for which project, found without a look at all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.canonical import digest
from domain.deviations.deviation import Deviation, Scope
from domain.deviations.force import Force, force
from domain.plans.facts import Facts, as_fact
from domain.standards.standard import Rule


def rule_digest(rule: Rule) -> str:
    """A hash of what a rule asks for: by it a deviation knows whether the rule changed."""
    return digest([rule.uid, rule.kind, rule.check, rule.applies, rule.subject, rule.limit, rule.level])


@dataclass(frozen=True, slots=True)
class Place:
    """A project as scopes see it: its key, its office and those above it, its program, its facts."""

    project: str
    offices: frozenset[str]
    program: str
    facts: Facts


def covers(scope: Scope, place: Place) -> bool:
    """Whether a project is in the scope."""
    if scope.project:
        return scope.project == place.project
    if scope.office and scope.office not in place.offices:
        return False
    if scope.program and scope.program != place.program:
        return False
    return all(_is(place.facts, name, as_fact(value)) for name, value in scope.facts.items())


def _is(facts: Facts, path: str, value: object) -> bool:
    root, _, name = path.partition(".")
    there = facts.get(root, {}).get(name)
    alike = type(there) is type(value) or (_is_number(there) and _is_number(value))
    return there is not None and alike and there == value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Register:
    """The deviations in force at one time, by the project that they are for, and those for classes."""

    def __init__(self, deviations: Iterable[Deviation] = (), at: datetime | None = None) -> None:
        """Of these, the ones in force at `at` (aware); all of them without it."""
        self.forces: dict[str, Force] = {}
        self._of: dict[str, list[Deviation]] = {}
        self._classes: list[Deviation] = []
        for each in deviations:
            found = force(each, at) if at is not None else Force.FULL
            if found is Force.NONE or each.tailors:
                continue
            self.forces[each.id] = found
            if each.scope.project:
                self._of.setdefault(each.scope.project, []).append(each)
            else:
                self._classes.append(each)

    @property
    def digest(self) -> str:
        """A hash of which deviations are in force, and how."""
        return digest(self.forces) if self.forces else ""

    def of(self, place: Place) -> Iterator[Deviation]:
        """Those whose scope the project is in."""
        yield from self._of.get(place.project, ())
        yield from (each for each in self._classes if covers(each.scope, place))

    def may_have(self, project: str) -> bool:
        """Whether any may be for the project; where not, nothing more is to be looked at."""
        return bool(self._classes) or project in self._of

    def by_rule(self, place: Place, standard: str) -> Mapping[str, tuple[Deviation, ...]]:
        """Those for the project, by the rule of a standard that they depart from."""
        found: dict[str, list[Deviation]] = {}
        for each in self.of(place):
            if each.standard == standard:
                found.setdefault(each.rule, []).append(each)
        return {rule: tuple(sorted(some, key=lambda d: d.id)) for rule, some in found.items()}

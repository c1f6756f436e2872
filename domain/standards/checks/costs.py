"""What rules' expressions cost at most, in the steps of domain/standards/checks/steps.py; it runs none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from domain.plans.project import Scalar
from domain.standards.checks.check import compile_check
from domain.standards.checks.steps import MOST_STEPS
from domain.standards.standard import Rule, Version


class Cost(NamedTuple):
    """One expression of a rule, and the steps it may take at most."""

    rule: str
    key: str
    steps: int

    def __str__(self) -> str:
        """The cost as it is printed."""
        return f"`{self.key}` of rule {self.rule}, at most {self.steps:,} of {MOST_STEPS:,} steps"


def costs_of(rule: Rule, limit: Scalar | None) -> Iterator[Cost]:
    """The cost of each expression of a rule with a limit. Raises BadCheck where one may not be used."""
    for key, expression in (("check", rule.check), ("applies", rule.applies)):
        if expression:
            yield Cost(rule.uid, key, compile_check(expression).with_limit(limit).steps)


def costs(version: Version) -> tuple[Cost, ...]:
    """The cost of every expression of a version that was loaded, with the rules' own limits."""
    return tuple(cost for rule in version.rules for cost in costs_of(rule, rule.limit))

"""The results of running a rule's expressions on a project's facts, and the port of what runs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

NONE = -1
"""In place of a text's number: the rule has no such expression."""
Roots: TypeAlias = Mapping[str, Mapping[str, object]]
"""Facts by root and name."""


@dataclass(frozen=True, slots=True)
class Absent:
    """The evaluator needed a fact that is not there."""

    name: str

    def __reduce__(self) -> tuple[type[Absent], tuple[str]]:
        """Pickling that takes a third of the time: many of these go from one process to another."""
        return Absent, (self.name,)


@dataclass(frozen=True, slots=True)
class Given:
    """A number or a time that an expression gave: what a figure's formula is for, and no truth value."""

    value: int | float | datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """Why the evaluator gave no truth value."""

    why: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Why the evaluator was ended before it answered; `tried` is False where it was ended before this one."""

    why: str
    tried: bool = True


Answer: TypeAlias = bool | Given | Absent | Broken | Ended


@dataclass(frozen=True, slots=True)
class Expressions:
    """The expressions of a rule set: each text once, and for every rule the numbers of `applies` and `check`.

    A rule without one of them has `NONE` there. `steps` is what all of them may cost at most.
    """

    texts: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    steps: int


Answers: TypeAlias = Sequence[Answer | None]
"""The answer to each text of a rule set, in the texts' order; None where no rule applied that needs it."""


class Evaluator(Protocol):
    """Runs a rule set's expressions on the facts of projects."""

    def answers(
        self, expressions: Expressions, projects: Sequence[Roots], now: datetime
    ) -> Sequence[Answers]:
        """The answers for each project."""

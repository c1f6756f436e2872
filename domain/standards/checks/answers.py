"""What running a rule's expressions on the facts of a project gives, and who runs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

NONE = -1
"""In the place of a text's number: there is none."""
Roots: TypeAlias = Mapping[str, Mapping[str, object]]
"""Facts by root and name."""


@dataclass(frozen=True, slots=True)
class Absent:
    """The evaluator looked for what is not there."""

    name: str

    def __reduce__(self) -> tuple[type[Absent], tuple[str]]:
        """There are many: so they go from one process to another in a third of the time."""
        return Absent, (self.name,)


@dataclass(frozen=True, slots=True)
class Broken:
    """The evaluator gave no truth value, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The evaluator was ended before it gave an answer, or not tried because it was ended before; and why."""

    why: str
    tried: bool = True


Answer: TypeAlias = bool | Absent | Broken | Ended


@dataclass(frozen=True, slots=True)
class Expressions:
    """The expressions of a rule set: each text once, and of every rule the numbers of `applies` and `check`.

    A rule without one of them has `NONE` there. `steps` is what all of them may cost at most.
    """

    texts: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    steps: int


Answers: TypeAlias = Sequence[Answer | None]
"""To each text of a rule set, in its place; None where no rule needed it: its scope was not given."""


class Evaluator(Protocol):
    """Runs a rule set's expressions on the facts of projects."""

    def answers(
        self, expressions: Expressions, projects: Sequence[Roots], now: datetime
    ) -> Sequence[Answers]:
        """The answers for each project."""

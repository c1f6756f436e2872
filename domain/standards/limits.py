"""Limits that rules set on a fact: which of two is stricter, and whether any value keeps both.

It reads comparisons of one fact with a number that must hold (`plan.overdue <= limit && ...`), and refuses to
guess what any other expression demands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

from domain.standards.checks.expression import Binary, Literal, Name, Node, Select
from domain.standards.checks.grammar import parse
from domain.standards.checks.sizes import TypeKind, of_fact
from domain.standards.tailoring import Effective

MIRRORED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}
WORDS = {"<=": "at most", "<": "less than", ">=": "at least", ">": "more than", "==": "exactly"}


@dataclass(frozen=True, slots=True)
class Bound:
    """What a rule, as it holds somewhere, demands of one fact; `source` says where that is from."""

    fact: str
    operator: str
    value: float
    version: str
    rule: str
    source: str

    def __str__(self) -> str:
        """`quay-rules/1.0 plan.overdue: at most 2`."""
        return f"{self.version} {self.rule}: {WORDS[self.operator]} {self.value:g}"

    @property
    def most(self) -> float | None:
        """The highest value that keeps it, of a whole number; of a fraction the value not to be exceeded."""
        if self.operator not in ("<=", "<", "=="):
            return None
        return ceil(self.value) - 1 if self.operator == "<" and _is_whole(self.fact) else self.value

    @property
    def least(self) -> float | None:
        """The lowest value that keeps it, likewise."""
        if self.operator not in (">=", ">", "=="):
            return None
        return floor(self.value) + 1 if self.operator == ">" and _is_whole(self.fact) else self.value


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two rules of two standards that bind one project, and no value of the fact keeps both."""

    project: str
    own: Bound
    other: Bound


def bounds_of(effective: Effective, version: str) -> tuple[Bound, ...]:
    """What a rule demands of facts, each by itself; of a rule that is off, or attested, nothing."""
    rule = effective.rule
    if effective.off or not rule.check:
        return ()
    return tuple(
        Bound(fact, operator, value, version, rule.uid, effective.steps[-1])
        for fact, operator, side in _comparisons(rule.check.strip())
        if (value := effective.limit if side is None else side) is not None
        if isinstance(value, int | float) and not isinstance(value, bool)
    )


def strictest(own: Bound, others: Iterable[Bound]) -> Bound:
    """Of `own` and the others that limit the fact to the same side, the one that leaves least."""
    found = own
    for other in others:
        if other.fact == own.fact and own.operator != "==" and _leaves_less(other, found):
            found = other
    return found


def contradicting(own: Bound, others: Iterable[Bound]) -> Bound | None:
    """The first of the others with which no value of the fact keeps both."""
    same = (other for other in others if other.fact == own.fact)
    return next((other for other in same if not _meet(own, other)), None)


@lru_cache(maxsize=4096)
def _comparisons(expression: str) -> tuple[tuple[str, str, float | None], ...]:
    """Fact, operator and number (None: the limit) of every comparison that must hold."""
    return tuple(_compared(parse(expression)))


def _compared(node: Node) -> Iterator[tuple[str, str, float | None]]:
    if not isinstance(node, Binary):
        return
    if node.operator == "&&":
        yield from _compared(node.left)
        yield from _compared(node.right)
    elif node.operator in MIRRORED:
        for fact, number, operator in (
            (node.left, node.right, node.operator),
            (node.right, node.left, MIRRORED[node.operator]),
        ):
            if isinstance(fact, Select) and isinstance(fact.of, Name):
                if isinstance(number, Name) and number.name == "limit":
                    yield f"{fact.of.name}.{fact.name}", operator, None
                elif isinstance(number, Literal) and _is_number(number.value):
                    yield f"{fact.of.name}.{fact.name}", operator, float(str(number.value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(fact: str) -> bool:
    root, _, name = fact.partition(".")
    return of_fact(root, name).kind is TypeKind.INT


def _leaves_less(other: Bound, own: Bound) -> bool:
    """Whether another bound is stricter on the side on which this one limits the fact."""
    if own.most is not None and other.most is not None:
        return (other.most, other.operator != "<") < (own.most, own.operator != "<")
    if own.least is not None and other.least is not None:
        return (-other.least, other.operator != ">") < (-own.least, own.operator != ">")
    return False


def _meet(first: Bound, second: Bound) -> bool:
    """Whether some value keeps both."""
    return all(_above(low, high) for low, high in ((first, second), (second, first)))


def _above(low: Bound, high: Bound) -> bool:
    """Whether what one bound asks for at least is within what the other permits at most."""
    if low.least is None or high.most is None:
        return True
    if low.least == high.most:
        whole = _is_whole(low.fact)
        return whole or (low.operator != ">" and high.operator != "<")
    return low.least < high.most

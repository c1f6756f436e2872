"""Expressions of rules as trees: the part of CEL that rules may use.

Follows the Common Expression Language (github.com/google/cel-spec, langdef.md). Maps, bytes, unsigned numbers
and optional values, which no rule needs, have no node here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

MACROS = {"all": 2, "exists": 2, "exists_one": 2, "existsOne": 2, "map": 3, "filter": 2}
"""The loops over a list, and how many arguments each may have at most."""
LEAST_WHOLE, MOST_WHOLE = -(2**63), 2**63 - 1
ORDERS = ("<", "<=", ">", ">=")
REMEDY = "write a CEL expression over documented facts (docs/standards.md)"


class BadCheck(ValueError):
    """An expression that cannot be used: what is wrong with it, and as `remedy` what to write instead."""

    def __init__(self, why: str, remedy: str = REMEDY) -> None:
        """What is wrong, as a text that continues after the expression's name."""
        super().__init__(why)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the expression: null, truth value, whole number, double or text."""

    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Name:
    """A root of facts, `limit`, `now`, or the name that a loop gives to an entry."""

    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """`of.name`."""

    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Has:
    """`has(of.name)`: whether the fact was reported."""

    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`of[key]`."""

    of: Node
    key: Node


@dataclass(frozen=True, slots=True)
class Unary:
    """`!of` or `-of`."""

    operator: str
    of: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands with an operator between them."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? then : otherwise`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`; of a method, what it is called on is the first argument."""

    function: str
    arguments: tuple[Node, ...]
    method: bool


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[entries]`."""

    entries: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """`over.macro(name, bodies)`."""

    macro: str
    over: Node
    name: str
    bodies: tuple[Node, ...]


Node: TypeAlias = Literal | Name | Select | Has | Index | Unary | Binary | Choice | Call | ListOf | Loop

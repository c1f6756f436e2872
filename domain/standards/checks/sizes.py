"""The type of an expression's result, how large it may be, and both for each documented fact.

Types are CEL's; `dyn` is what cannot be known before a rule runs, such as an office's own field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import get_args, get_type_hints

from domain.plans.facts import LONGEST_ENTRY, LONGEST_TEXT, MOST_FACTS, OPEN_ROOTS, ROOTS, is_documented
from domain.plans.project import Scalar

EXACT = 2**53
"""Up to it every whole number is exactly a double."""


class TypeKind(StrEnum):
    """The types of CEL that rules see."""

    BOOL = "bool"
    INT = "int"
    DOUBLE = "double"
    TEXT = "string"
    TIME = "timestamp"
    DURATION = "duration"
    LIST = "list"
    MAP = "map"
    NULL = "null"
    DYN = "dyn"


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of a value, and how large it may be: characters of a text, entries of a list or a map.

    `small` says of a number that it surely lies within 2**53 (of a double: below it); `each` is an entry.
    """

    kind: TypeKind
    size: int = 1
    each: Shape | None = None
    small: bool = True

    @property
    def weight(self) -> int:
        """How many characters or values it holds in all."""
        return self.size * (self.each.weight if self.each else 1)

    def may_be(self, *kinds: TypeKind) -> bool:
        """Whether the value can be of one of these types when the rule runs."""
        return self.kind is TypeKind.DYN or self.kind in kinds


BOOL, INT, DOUBLE = Shape(TypeKind.BOOL), Shape(TypeKind.INT), Shape(TypeKind.DOUBLE, small=False)
TEXT, TIME, DURATION = Shape(TypeKind.TEXT, LONGEST_TEXT), Shape(TypeKind.TIME), Shape(TypeKind.DURATION)
ANY = Shape(TypeKind.DYN, LONGEST_TEXT, small=False)
BY_TYPE: Mapping[type, Shape] = {bool: BOOL, int: INT, float: DOUBLE, str: TEXT, datetime: TIME}


def of_value(value: Scalar | None) -> Shape:
    """The shape of a literal or a limit."""
    if value is None:
        return Shape(TypeKind.NULL)
    if isinstance(value, str):
        return Shape(TypeKind.TEXT, len(value))
    if isinstance(value, date):
        return TIME
    if isinstance(value, int) and not isinstance(value, bool):
        return Shape(TypeKind.INT, small=abs(value) <= EXACT)
    if isinstance(value, float):
        return Shape(TypeKind.DOUBLE, small=abs(value) < EXACT)
    return BOOL


def of_root(root: str) -> Shape:
    """The shape of a root with the office's own names: a map of them."""
    return Shape(TypeKind.MAP, MOST_FACTS, TIME if root == "gates" else ANY)


@lru_cache(maxsize=4096)
def of_fact(root: str, name: str) -> Shape:
    """The largest shape of the fact `root.name`."""
    if root in OPEN_ROOTS or not is_documented(f"{root}.{name}"):
        return TIME if root == "gates" else ANY
    hints = get_args(get_type_hints(ROOTS[root])[name])
    if any(get_args(each) for each in hints):
        most = next(each.metadata["most"] for each in fields(ROOTS[root]) if each.name == name)
        return Shape(TypeKind.LIST, most, Shape(TypeKind.TEXT, LONGEST_ENTRY))
    return next(BY_TYPE[each] for each in hints if each in BY_TYPE)

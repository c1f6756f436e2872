"""What an expression can give at most: its type, how large it may be, and what each documented fact is.

Types are CEL's; `dyn` is what cannot be known before a rule runs, as a field of an office's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import get_args, get_type_hints

from domain.expression import LEAST_WHOLE, MOST_WHOLE
from domain.facts import LONGEST_ENTRY, LONGEST_TEXT, MOST_FACTS, OPEN_ROOTS, ROOTS, is_documented
from domain.project import Scalar

EXACT = 2**53
"""Up to it every whole number is a double of its own."""


class Kind(StrEnum):
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

    kind: Kind
    size: int = 1
    each: Shape | None = None
    small: bool = True

    @property
    def weight(self) -> int:
        """How many characters or values it holds in all."""
        return self.size * (self.each.weight if self.each else 1)

    def may_be(self, *kinds: Kind) -> bool:
        """Whether it can be of one of these types when the rule runs."""
        return self.kind is Kind.DYN or self.kind in kinds


BOOL, INT, DOUBLE = Shape(Kind.BOOL), Shape(Kind.INT), Shape(Kind.DOUBLE, small=False)
TEXT, TIME, DURATION = Shape(Kind.TEXT, LONGEST_TEXT), Shape(Kind.TIME), Shape(Kind.DURATION)
ANY = Shape(Kind.DYN, LONGEST_TEXT, small=False)
TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.BOOL: (bool,), Kind.INT: (int,), Kind.DOUBLE: (float, int), Kind.TEXT: (str,),
    Kind.TIME: (datetime,), Kind.LIST: (list,), Kind.DYN: (bool, int, float, str, datetime),
}  # fmt: skip
"""The types of Python that a fact of each kind may have; a whole number for a double becomes one."""
WORDS: Mapping[Kind, str] = {
    Kind.BOOL: "true or false", Kind.INT: "a whole number", Kind.DOUBLE: "a number", Kind.TEXT: "a text",
    Kind.TIME: "a date", Kind.LIST: "a list", Kind.DYN: "a text, a number, a date, or true or false",
}  # fmt: skip
BY_TYPE: Mapping[type, Shape] = {bool: BOOL, int: INT, float: DOUBLE, str: TEXT, datetime: TIME}


def of_value(value: Scalar | None) -> Shape:
    """What a literal, or a limit, is."""
    if value is None:
        return Shape(Kind.NULL)
    if isinstance(value, str):
        return Shape(Kind.TEXT, len(value))
    if isinstance(value, date):
        return TIME
    if isinstance(value, int) and not isinstance(value, bool):
        return Shape(Kind.INT, small=abs(value) <= EXACT)
    if isinstance(value, float):
        return Shape(Kind.DOUBLE, small=abs(value) < EXACT)
    return BOOL


def of_root(root: str) -> Shape:
    """What a root with the office's own names is: a map of them."""
    return Shape(Kind.MAP, MOST_FACTS, TIME if root == "gates" else ANY)


@lru_cache(maxsize=4096)
def of_fact(root: str, name: str) -> Shape:
    """What the fact `root.name` is at most."""
    if root in OPEN_ROOTS or not is_documented(f"{root}.{name}"):
        return TIME if root == "gates" else ANY
    hints = get_args(get_type_hints(ROOTS[root])[name])
    if any(get_args(each) for each in hints):
        most = next(each.metadata["most"] for each in fields(ROOTS[root]) if each.name == name)
        return Shape(Kind.LIST, most, Shape(Kind.TEXT, LONGEST_ENTRY))
    return next(BY_TYPE[each] for each in hints if each in BY_TYPE)


def problem_of(root: str, name: str, value: object) -> str:
    """Why no check may look at a value: it is larger than the fact may be, or of another type; else empty."""
    path, shape = f"{root}.{name}", of_fact(root, name)
    if type(value) not in TYPES[shape.kind]:
        return f"{path} is a {type(value).__name__}, and should be {WORDS[shape.kind]}"
    if isinstance(value, str):
        return _too_long(path, len(value), LONGEST_TEXT)
    if isinstance(value, float) and value - value != 0.0:
        return f"{path} is {value}, which is no number"
    if isinstance(value, int) and not LEAST_WHOLE <= value <= MOST_WHOLE:
        return f"{path} is a whole number beyond 64 bits"
    if isinstance(value, int) and shape.kind is not Kind.DYN and abs(value) > EXACT:
        return f"{path} is {value}, {EXACT:,} is the most"
    if not isinstance(value, list):
        return ""
    if len(value) > shape.size:
        return f"{path} has {len(value):,} entries, {shape.size:,} is the most"
    if not all(type(each) is str for each in value):
        return f"{path} has entries that are no texts"
    return _too_long(path, max(map(len, value), default=0), LONGEST_ENTRY)


def _too_long(path: str, length: int, most: int) -> str:
    return f"{path} has a text of {length:,} characters, {most:,} is the most" if length > most else ""


def mixed(left: Shape, right: Shape) -> bool:
    """Whether a whole number beyond 2**53 may meet a double, so that the evaluator would round it."""
    if left.kind is Kind.LIST and right.kind is Kind.LIST:
        return mixed(left.each or ANY, right.each or ANY)
    if left.kind is Kind.LIST or right.kind is Kind.LIST:
        return Kind.DYN in (left.kind, right.kind)
    wide = [shape.may_be(Kind.INT) and not shape.small for shape in (left, right)]
    double = [shape.may_be(Kind.DOUBLE) and not shape.small for shape in (left, right)]
    return (wide[0] and double[1]) or (wide[1] and double[0])


def either(one: Shape, other: Shape) -> Shape:
    """What is one or the other."""
    size = max(one.size, other.size)
    if one.kind is not other.kind:
        return replace(ANY, size=max(one.weight, other.weight))
    each = either(one.each, other.each) if one.each and other.each else one.each or other.each
    return Shape(one.kind, size, each, small=one.small and other.small)


def computed(operator: str, left: Shape, right: Shape) -> tuple[Shape, bool]:
    """What `+ - * / %` gives, and whether it may be beyond what a double holds."""
    kinds = {left.kind, right.kind}
    if operator == "+" and kinds == {Kind.TEXT}:
        return Shape(Kind.TEXT, left.size + right.size), False
    if operator == "+" and kinds == {Kind.LIST}:
        each = either(left.each or ANY, right.each or ANY)
        return Shape(Kind.LIST, left.size + right.size, each), False
    if Kind.TIME in kinds or Kind.DURATION in kinds:
        both = operator == "-" and kinds == {Kind.TIME}
        return (DURATION if both or Kind.TIME not in kinds else TIME), False
    if kinds == {Kind.INT}:
        return replace(INT, small=False), False
    if Kind.DOUBLE in kinds and kinds <= {Kind.DOUBLE, Kind.DYN, Kind.INT}:
        return DOUBLE, True
    return replace(ANY, size=left.weight + right.weight), True

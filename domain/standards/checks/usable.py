"""Which facts a check may use: of their declared type, not too large, and numbers that are finite."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.plans.facts import LONGEST_ENTRY, LONGEST_TEXT
from domain.standards.checks.expression import LEAST_WHOLE, MOST_WHOLE
from domain.standards.checks.sizes import EXACT, Shape, TypeKind

TYPES: Mapping[TypeKind, tuple[type, ...]] = {
    TypeKind.BOOL: (bool,), TypeKind.INT: (int,), TypeKind.DOUBLE: (float, int), TypeKind.TEXT: (str,),
    TypeKind.TIME: (datetime,), TypeKind.LIST: (list,), TypeKind.DYN: (bool, int, float, str, datetime),
}  # fmt: skip
"""Python's types of a fact of each kind; a whole number given for a double becomes a double."""
WORDS: Mapping[TypeKind, str] = {
    TypeKind.BOOL: "true or false", TypeKind.INT: "a whole number", TypeKind.DOUBLE: "a number",
    TypeKind.TEXT: "a text", TypeKind.TIME: "a date", TypeKind.LIST: "a list",
    TypeKind.DYN: "a text, a number, a date, or true or false",
}  # fmt: skip


def problem_of(path: str, shape: Shape, value: object) -> str:
    """Why no check may use a value: it is larger than the fact may be, or of another type; else empty."""
    kind = type(value)
    if kind not in TYPES[shape.kind]:
        return f"{path} is a {kind.__name__}, and should be {WORDS[shape.kind]}"
    if isinstance(value, str):
        return "" if len(value) <= LONGEST_TEXT else _too_long(path, len(value), LONGEST_TEXT)
    if isinstance(value, float):
        return "" if value - value == 0.0 else f"{path} is {value}, which is no number"
    if isinstance(value, int):
        return _too_large(path, shape, value)
    if not isinstance(value, list):
        return ""
    if len(value) > shape.size:
        return f"{path} has {len(value):,} entries, {shape.size:,} is the most"
    if not set(map(type, value)) <= {str}:
        return f"{path} has entries that are no texts"
    longest = max(map(len, value), default=0)
    return "" if longest <= LONGEST_ENTRY else _too_long(path, longest, LONGEST_ENTRY)


def _too_large(path: str, shape: Shape, value: int) -> str:
    if not LEAST_WHOLE <= value <= MOST_WHOLE:
        return f"{path} is a whole number beyond 64 bits"
    if shape.kind is not TypeKind.DYN and abs(value) > EXACT:
        return f"{path} is {value}, {EXACT:,} is the most"
    return ""


def _too_long(path: str, length: int, most: int) -> str:
    return f"{path} has a text of {length:,} characters, {most:,} is the most"

"""Which facts a check may look at: of their declared type, no larger than they may be, and real numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.expression import LEAST_WHOLE, MOST_WHOLE
from domain.facts import LONGEST_ENTRY, LONGEST_TEXT
from domain.sizes import EXACT, Kind, of_fact

TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.BOOL: (bool,), Kind.INT: (int,), Kind.DOUBLE: (float, int), Kind.TEXT: (str,),
    Kind.TIME: (datetime,), Kind.LIST: (list,), Kind.DYN: (bool, int, float, str, datetime),
}  # fmt: skip
"""The types of Python that a fact of each kind may have; a whole number for a double becomes one."""
WORDS: Mapping[Kind, str] = {
    Kind.BOOL: "true or false", Kind.INT: "a whole number", Kind.DOUBLE: "a number", Kind.TEXT: "a text",
    Kind.TIME: "a date", Kind.LIST: "a list", Kind.DYN: "a text, a number, a date, or true or false",
}  # fmt: skip


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

"""RFC 8785 JSON, fast, of the values that Python itself writes byte for byte as the RFC asks.

That is nearly all of them. It refuses (Inexact) whatever might be written differently, and whatever has no
form at all: domain/canonical.py handles those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from json.encoder import encode_basestring as _quoted
from operator import attrgetter
from typing import Any, TypeAlias

EXACT = 2**53
"""Below it every whole number is exactly a double."""
SMALLEST = 1e-4
"""Below it Python writes an exponent, in another form than the RFC."""
FIRST_SURROGATE = "\ud800"
"""Keys below it have the same order by code points as by UTF-16 code units."""

UNLESS_GIVEN = {"canonical": "left out while it has its default"}
"""Metadata of a dataclass's field that came later: what has none of it keeps its form, and its digest."""

Writer: TypeAlias = Callable[[Any], str]


def left_out(each: Field[Any], value: object) -> bool:
    """Whether a field of a dataclass has no place in the canonical form of that value."""
    later = each.metadata.get("canonical") is UNLESS_GIVEN["canonical"]
    return later and each.default is not MISSING and value == each.default


class Inexact(ValueError):
    """Not certain to be written as RFC 8785 asks, or without any form."""


def exact_json(value: object) -> bytes:
    """The value's RFC 8785 JSON. Raises Inexact, or UnicodeEncodeError for half a surrogate pair."""
    return _WRITERS[type(value)](value).encode()


class _Writers(dict[type, Writer]):
    """The writers of each type's values; made once for each type."""

    def __missing__(self, kind: type) -> Writer:
        self[kind] = found = _writer(kind)
        return found


def _writer(kind: type) -> Writer:
    if issubclass(kind, Enum):
        return lambda member: _WRITERS[type(member.value)](member.value)
    if issubclass(kind, str | int | float):
        return _refused
    if issubclass(kind, datetime):
        return _instant
    if issubclass(kind, date | time):
        return lambda moment: _quoted(moment.isoformat())
    if issubclass(kind, Mapping):
        return _object
    if issubclass(kind, frozenset | set):
        return lambda items: f"[{','.join(sorted(_each(items)))}]"
    if issubclass(kind, list | tuple):
        return lambda items: f"[{','.join(_each(items))}]"
    return _record(kind) if is_dataclass(kind) else _refused


def _each(items: Iterable[object]) -> list[str]:
    return ["null" if item is None else _WRITERS[type(item)](item) for item in items]


def _refused(value: object) -> str:
    raise Inexact(f"{type(value).__name__} is not certain")


def _whole(number: int) -> str:
    if -EXACT < number < EXACT:
        return str(number)
    raise Inexact("a whole number that a double may not hold")


def _double(number: float) -> str:
    if -EXACT < number < EXACT:
        if number.is_integer():
            return str(int(number))
        if number >= SMALLEST or number <= -SMALLEST:
            return repr(number)
    raise Inexact("a double that is written in another way, or not at all")


def _instant(at: datetime) -> str:
    if at.utcoffset() is None:
        raise Inexact("a time without a zone")
    return _quoted((at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat())


def _object(values: Mapping[object, object]) -> str:
    members = {
        key if type(key) is str else _name(key): "null" if item is None else _WRITERS[type(item)](item)
        for key, item in values.items()
    }
    if len(members) != len(values):
        raise Inexact("two keys become one")
    return "{" + ",".join([f"{_quoted(name)}:{members[name]}" for name in _in_order(members)]) + "}"


def _in_order(names: Iterable[str]) -> list[str]:
    """The names as the RFC sorts them. Raises Inexact where UTF-16 may ask for another order."""
    ordered = sorted(names)
    if ordered and not (together := "".join(ordered)).isascii() and max(together) >= FIRST_SURROGATE:
        raise Inexact("keys whose order by UTF-16 code units may be another")
    return ordered


def _name(key: object) -> str:
    named = key.value if isinstance(key, Enum) and isinstance(key, str) else key
    if type(named) is str:
        return named
    if type(named) is int:
        return str(named)
    if type(named) is date:
        return named.isoformat()
    raise Inexact(f"a key of type {type(key).__name__}")


def _record(kind: Any) -> Writer:  # noqa: ANN401 - whatever class is a dataclass
    """A dataclass as an object of its fields."""
    try:
        names = _in_order(each.name for each in fields(kind))
    except Inexact:
        return _refused
    later = {each.name: each for each in fields(kind) if each.metadata}
    plain = _of_fields([name for name in names if name not in later])
    return _growing(names, later, plain) if later else plain


def _of_fields(names: list[str]) -> Writer:
    """A dataclass of which all these fields are written."""
    form = "{" + ",".join(f'"{name}":%s' for name in names) + "}"
    if len(names) < 2:
        return lambda value: form % tuple(_each(getattr(value, name) for name in names))
    values = attrgetter(*names)
    return lambda value: (
        form % tuple(["null" if item is None else _WRITERS[type(item)](item) for item in values(value)])
    )


def _growing(names: list[str], later: Mapping[str, Field[Any]], plain: Writer) -> Writer:
    """A dataclass with fields that came later: these stand there only where they are given."""

    def write(value: object) -> str:
        given = {name for name, each in later.items() if not left_out(each, getattr(value, name))}
        if not given:
            return plain(value)
        there = [(name, getattr(value, name)) for name in names if name in given or name not in later]
        members = [f'"{name}":{"null" if v is None else _WRITERS[type(v)](v)}' for name, v in there]
        return "{" + ",".join(members) + "}"

    return write


_JSONS_OWN: dict[type, Writer] = {
    str: _quoted,
    bool: lambda truth: "true" if truth else "false",
    type(None): lambda _: "null",
    int: _whole,
    float: _double,
}
_WRITERS = _Writers(_JSONS_OWN)

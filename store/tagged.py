"""Values of Python's own types as JSON text with tags for what JSON does not know, and back.

How the values of each type are written is found out once. Refuses NaN, infinities, times without a zone, and
what has no stored form.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

AS_IT_IS = frozenset({str, bool, int, float, type(None)})

_ENCODER = json.JSONEncoder(check_circular=False, allow_nan=False, separators=(",", ":"))

READERS: Mapping[str, Callable[[str], object]] = {
    "$at": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$decimal": Decimal,
}

_BARE = {tag[1:]: reader for tag, reader in READERS.items()}
_BEGIN, _COLON, _END = '{"', '":"', '"}'
_PLACE = "NaN"


def write(value: object) -> str:
    """The value as JSON text. Raises TypeError or ValueError for what would not come back as it is."""
    return _ENCODER.encode(_tagged(value))


def write_plain(value: object) -> str:
    """As `write`, and quicker, for a value whose mappings have texts as keys. Raises what `write` does."""
    tags = 0

    def tagged(other: object) -> object:
        nonlocal tags
        tags += 1
        return _tagged(other)

    text = json.JSONEncoder(
        check_circular=False, allow_nan=False, separators=(",", ":"), default=tagged
    ).encode(value)
    return text if text.count('"$') == tags else write(value)


def read(text: str) -> object:
    """The value that was written. Raises ValueError for a text that no value is written as.

    Each tagged value gives its place to `NaN`, which no value is written as, and is put there again while the
    rest is read: that is much quicker than to look at every object for a tag.
    """
    if "$" not in text:
        return json.loads(text)
    values: list[object] = []
    rest = _taken(text.split("$"), values)
    if not rest:
        return json.loads(text, object_hook=_untagged)
    values.reverse()

    def put(place: str) -> object:
        if place != _PLACE or not values:
            raise ValueError(f"{place} is stored, which no value is written as")
        return values.pop()

    return json.loads(rest, parse_constant=put)


def _taken(parts: list[str], values: list[object]) -> str:
    """The text whose parts begin with a tag each, but the first, without tagged values; these are added.

    Empty where something else begins with a `$`, as a key or within a text.
    """
    kept, *others = parts
    rest = [kept]
    for part in others:
        tag, _, more = part.partition(_COLON)
        value, _, after = more.partition(_END)
        reader = _BARE.get(tag)
        if reader is None or not kept.endswith(_BEGIN) or '"' in value or "\\" in value:
            return ""
        rest[-1] = kept[: -len(_BEGIN)]
        values.append(reader(value))
        rest.append(after)
        kept = after
    return _PLACE.join(rest)


def _tagged(value: object) -> object:
    return value if type(value) in AS_IT_IS else _TAGS[type(value)](value)


class _Tags(dict[type, Callable[[Any], object]]):
    """What makes JSON of the values of each type; found out once for each type."""

    def __missing__(self, kind: type) -> Callable[[Any], object]:
        self[kind] = found = _tag(kind)
        return found


def _tag(kind: type) -> Callable[[Any], object]:
    if issubclass(kind, Enum):
        return lambda member: _tagged(member.value)
    if issubclass(kind, str | int | float):
        return lambda value: value
    if issubclass(kind, dict | Mapping):
        return _members
    if issubclass(kind, list | tuple):
        return lambda items: [_tagged(item) for item in items]
    if issubclass(kind, frozenset | set):
        return lambda items: sorted((_tagged(item) for item in items), key=repr)
    if issubclass(kind, datetime):
        return _instant
    if issubclass(kind, date):
        return lambda day: {"$date": day.isoformat()}
    if issubclass(kind, time):
        return lambda hour: {"$time": hour.isoformat()}
    if issubclass(kind, Decimal):
        return lambda number: {"$decimal": str(number)}
    return _refused


def _members(value: Mapping[object, object]) -> dict[str, object]:
    members = {
        key if type(key) is str and key[:1] != "$" else _escaped(key): item
        if (kind := type(item)) in AS_IT_IS
        else _TAGS[kind](item)
        for key, item in value.items()
    }
    if len(members) != len(value):
        raise ValueError("two keys of a mapping become one")
    return members


def _instant(at: datetime) -> dict[str, str]:
    if at.utcoffset() is None:
        raise ValueError("a time has no zone")
    return {"$at": at.astimezone(UTC).isoformat()}


def _refused(value: object) -> object:
    raise TypeError(f"{type(value).__name__} has no stored form")


_TAGS = _Tags()


def _escaped(key: object) -> str:
    if type(key) is str:
        return f"${key}" if key.startswith("$") else key
    if isinstance(key, Enum):
        return _escaped(key.value)
    if isinstance(key, bool) or not isinstance(key, str | int):
        raise TypeError(f"a key of type {type(key).__name__} has no stored form")
    text = str(key)
    return f"${text}" if text.startswith("$") else text


def _untagged(members: dict[str, object]) -> object:
    if "$" not in "".join(members):
        return members
    if len(members) == 1:
        (tag, text), *_ = members.items()
        reader = READERS.get(tag)
        if reader is not None:
            return reader(str(text))
    return {key.removeprefix("$"): item for key, item in members.items()}

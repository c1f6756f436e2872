"""Canonical JSON (RFC 8785) of domain values, and the digests made from it.

Equal values give equal bytes, on every machine and in every run. It refuses what it would have to guess
at: a time without a zone, a number that JSON cannot hold exactly, two keys that become one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum

import rfc8785

from domain.exact_json import EXACT, UNLESS_GIVEN, Inexact, exact_json, left_out

__all__ = ["AS_IT_IS", "UNLESS_GIVEN", "by_the_rfc", "canonical", "digest", "plain", "read"]

AS_IT_IS = frozenset({str, bool, int, float, type(None)})
"""The types of most values: JSON's own."""


def plain(value: object) -> object:
    """The value in JSON's types: dataclasses and mappings as objects, dates as ISO text, sets sorted.

    Times are in UTC, so that equal instants are one; a time without a zone is a ValueError. What has no
    form here (Decimal, bytes) is a TypeError. Integers beyond 2**53, NaN and infinities raise a
    ValueError when they are written.
    """
    if type(value) in AS_IT_IS:
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict | Mapping):
        return _members(value)
    if isinstance(value, frozenset | set):
        return sorted((plain(item) for item in value), key=by_the_rfc)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        there = ((f, getattr(value, f.name)) for f in fields(value))
        return {f.name: plain(item) for f, item in there if not left_out(f, item)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: object) -> bytes:
    """RFC 8785 JSON of the value; equal values give equal bytes."""
    try:
        return exact_json(value)
    except (Inexact, UnicodeEncodeError, RecursionError):
        return by_the_rfc(value)


def by_the_rfc(value: object) -> bytes:
    """RFC 8785 JSON of the value, slower: for what `exact_json` refuses; raises for what has no form."""
    return rfc8785.dumps(plain(value))  # type: ignore[arg-type]


def read(written: bytes | str) -> object:
    """The value of canonical JSON, so that writing it again gives the same bytes.

    RFC 8785 knows doubles only: a whole number from 2**53 on was one. Raises ValueError for what is no JSON.
    """
    return json.loads(written, parse_int=_number)


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _number(digits: str) -> int | float:
    whole = int(digits)
    return whole if abs(whole) < EXACT else float(digits)


def _instant(at: datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC).isoformat()


def _members(value: Mapping[object, object]) -> dict[str, object]:
    members = {_name(key): plain(item) for key, item in value.items()}
    if len(members) != len(value):
        raise ValueError(f"two keys become one in {', '.join(sorted(members))}")
    return members


def _name(key: object) -> str:
    if type(key) is str:
        return key
    if isinstance(key, bool) or not isinstance(key, str | int | date):
        raise TypeError(f"a key of type {type(key).__name__} has no canonical form")
    named = plain(key)
    return named if isinstance(named, str) else str(named)

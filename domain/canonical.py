"""Canonical JSON (RFC 8785) of domain values, and the digests made from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum

import rfc8785


def plain(value: object) -> object:
    """The value as JSON knows it: dataclasses and mappings as objects, dates as ISO text, sets sorted.

    Integers beyond 2**53 are not representable in RFC 8785 and raise there.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return str(value) if isinstance(value, Enum) else value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(item) for item in value), key=repr)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: object) -> bytes:
    """RFC 8785 JSON of the value; equal values give equal bytes."""
    return rfc8785.dumps(plain(value))  # type: ignore[arg-type]


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()

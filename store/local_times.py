"""Documents of plans, whose times are all of a local clock: kept as they stand, without a zone.

They stand in JSON as times of UTC do, and lose that zone when they are read. Refuses a time with a zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from store import tagged
from store.document import DocumentForm

T = TypeVar("T")


class LocalForm(DocumentForm[T]):
    """How values are written and read in which every time is of a local clock; keys may be days."""

    def _native(self, value: T) -> Any:  # noqa: ANN401 - Python's own types
        return _zoned(super()._native(value))

    def _read(self, text: str) -> T:
        return self.adapter.validate_python(_local(tagged.read(text)))


def _zoned(value: object) -> object:
    match value:
        case datetime():
            if value.tzinfo is not None:
                raise ValueError(f"{value} has a time zone; a plan's times are of a local clock")
            return value.replace(tzinfo=UTC)
        case Mapping():
            return {_key(key): _zoned(item) for key, item in value.items()}
        case list() | tuple():
            return [_zoned(item) for item in value]
    return value


def _key(key: object) -> object:
    return key.isoformat() if isinstance(key, date) else key


def _local(value: object) -> object:
    match value:
        case datetime():
            return value.replace(tzinfo=None)
        case dict():
            return {key: _local(item) for key, item in value.items()}
        case list():
            return [_local(item) for item in value]
    return value

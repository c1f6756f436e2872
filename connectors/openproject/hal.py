"""OpenProject's answers as our values: custom fields by their labels, days, hours, people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from connectors.errors import Refused
from domain.plans.project import Scalar


def own(found: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Scalar | None]:
    """The custom fields by their labels: dates as dates, lists by the title of what was chosen."""
    values: dict[str, Scalar | None] = {}
    for name, label in names.items():
        value = found.get(name, found["_links"].get(name))
        if isinstance(value, Mapping):
            value = value.get("raw", value.get("title"))
        if isinstance(value, list):
            value = ", ".join(str(each.get("title")) for each in value)
        values[label] = day(value) or value
    return values


def day(value: object) -> date | None:
    """The day of a text such as 2027-01-31; None for anything else."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


DURATION: TypeAdapter[timedelta] = TypeAdapter(timedelta)


def hours(text: str | None) -> float | None:
    """The hours of an ISO duration such as PT8H30M; None for none."""
    if text is None:
        return None
    try:
        return round(DURATION.validate_python(text).total_seconds() / 3600, 2)
    except ValidationError:
        raise Refused(f"{text!r} is no duration that can be read as hours") from None


def duration(hours: float) -> str:
    """The hours as an ISO duration."""
    return str(DURATION.dump_python(timedelta(hours=hours), mode="json"))


def person(name: str, number: object) -> str:
    """A person as comments name them: with the user's number, as several people may have one name."""
    return f"{name} ({number})"

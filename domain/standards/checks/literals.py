"""Values as they are written in the text of an expression."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from domain.plans.project import Scalar


def written(value: Scalar | None) -> str:
    """A value as the expression's language writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"({value!r})" if value < 0 else repr(value)
    if isinstance(value, date):
        at = value if isinstance(value, datetime) else datetime.combine(value, time(0), tzinfo=UTC)
        return f'timestamp("{at.isoformat()}")'
    return (
        '"'
        + re.sub(r'[\\"\x00-\x1f\x7f-\x9f\u2028\u2029]', lambda c: f"\\U{ord(c.group()):08x}", value)
        + '"'
    )

"""The size of a deployment as a person writes it: `180 users`. Refuses a number that may be two."""

from __future__ import annotations

import re
from decimal import Decimal

from domain.plans.templates.template import Driver, Size

_FORM = re.compile(r"(?P<amount>\d{1,9}(\.\d{1,3})?)\s+(?P<driver>[a-z]+)", re.IGNORECASE)


class NoSize(ValueError):
    """A text that is no size; says what to write."""


def is_size(text: str) -> bool:
    """Whether a text is meant as a size: a number and a word."""
    return _FORM.fullmatch(text.strip()) is not None


def size_of(text: str) -> Size:
    """The size of a text such as `180 users`. Raises NoSize."""
    known = ", ".join(Driver)
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise NoSize(f"size: {text.strip()[:40]!r} is no size; write digits and what is counted: 180 users")
    if found["driver"].lower() not in set(Driver):
        raise NoSize(f"size: nothing is counted by {found['driver'][:40]!r}; write one of {known}")
    amount = Decimal(found["amount"])
    if amount <= 0:
        raise NoSize("size: it is not above 0; write how many there are, or leave it empty")
    return Size(Driver(found["driver"].lower()), amount)

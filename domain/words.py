"""Words for counts and days: the one place where numbers agree with their nouns."""

from __future__ import annotations

from datetime import date


def counted(count: int, noun: str) -> str:
    """`1 project`, `3 projects`, `2 deliveries`."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun.endswith("y") else f"{count} {noun}s"


def day(on: date, today: date) -> str:
    """`31 March`, with the year where it is another than today's."""
    return f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B %Y}"

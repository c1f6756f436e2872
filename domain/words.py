"""Words for counts and days: the one place where numbers agree with their nouns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date


def counted(count: int, noun: str) -> str:
    """`1 project`, `3 projects`, `2 deliveries`, `2 addresses`, `5 days`."""
    if count == 1:
        return f"1 {noun}"
    if noun.endswith("s"):
        return f"{count} {noun}es"
    ies = noun.endswith("y") and noun[-2] not in "aeiou"
    return f"{count} {noun[:-1]}ies" if ies else f"{count} {noun}s"


def listed(counts: Mapping[str, int]) -> str:
    """`38 adopted, 7 grandfathered`, the words with spaces; `none` for nothing."""
    told = [f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count]
    return ", ".join(told) or "none"


def foreseen(text: str, where: str = "") -> str:
    """What a dry run says, marked first and last; `where` is where nothing was written, if not anywhere."""
    first = "DRY RUN, nothing was written" + f" {where}" * bool(where)
    return f"{first}: {text} DRY RUN: `dry_run` off carries it out."


def day(on: date, today: date) -> str:
    """`31 March`, with the year where it is another than today's."""
    return f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B %Y}"

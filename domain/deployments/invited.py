"""The receiving offices as a person writes them: `oslo 2027-05-12 liv, lima 2027-06-01`; no more than that.

Refuses a date that is none, an office twice, and to guess who is called: without a person it is left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

OUT = "out"
"""Written instead of a date: the office is taken out."""
EXAMPLE = "write office, date and person, one office after the other: oslo 2027-05-12 liv, lima 2027-06-01"
MOST = 200
"""Entries in one text."""


class NotSuch(ValueError):
    """A text that names no receiving offices; says which entry, and what to write."""


@dataclass(frozen=True, slots=True)
class Invited:
    """One office as it is written: its day, and the person to call; None: it is taken out."""

    office: str
    go_live: date | None
    contact: str = ""


def invited(text: str) -> tuple[Invited, ...]:
    """The entries of a text, divided by commas, semicolons or lines. Raises NotSuch for a wrong one."""
    entries = [each.split() for each in re.split(r"[,;\n]", text) if each.strip()]
    if not entries:
        raise NotSuch(f"receivers: it names no office; {EXAMPLE}")
    if len(entries) > MOST:
        raise NotSuch(
            f"receivers: it names {len(entries)} offices; {MOST} go into one text, so write it in parts"
        )
    found = tuple(_one(n, words) for n, words in enumerate(entries, 1))
    for n, each in enumerate(found):
        if each.office in {before.office for before in found[:n]}:
            raise NotSuch(
                f"receivers, entry {n + 1}: {each.office[:60]} stands there twice; keep one of them"
            )
    return found


def _one(n: int, words: list[str]) -> Invited:
    if not 2 <= len(words) <= 3:
        raise NotSuch(f"receivers, entry {n}: it has {len(words)} words, not two or three; {EXAMPLE}")
    office, day, *rest = words
    if day == OUT:
        return Invited(office, None)
    try:
        return Invited(office, date.fromisoformat(day), *rest)
    except ValueError:
        raise NotSuch(
            f"receivers, entry {n}: {day[:20]!r} is no date; write it as 2027-05-12, or {OUT} to take"
            f" {office[:60]} out"
        ) from None


def contacts_replaced(text: str, contacts: dict[str, str]) -> str:
    """The text with other words for its persons, where there are any; one that is not understood stays."""
    try:
        found = invited(text)
    except NotSuch:
        return text
    return ", ".join(_written(each, contacts) for each in found)


def _written(each: Invited, contacts: dict[str, str]) -> str:
    return " ".join(_words(each, contacts))


def _words(each: Invited, contacts: dict[str, str]) -> Iterator[str]:
    yield each.office
    yield OUT if each.go_live is None else each.go_live.isoformat()
    if each.contact:
        yield contacts.get(each.contact, each.contact)

"""The law of the ledger: an append-only chain of entries, each holding the hash of the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.canonical import canonical

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """One decision or change, before it is chained.

    `actor` is a pseudonym or `system`; `facts` is the hash of the facts it rests on; `version` the
    standard's version it was taken under. `detail` holds ids, counts and reasons' hashes only.
    """

    kind: str
    subject: str
    actor: str
    at: datetime
    detail: Mapping[str, object]
    facts: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in the chain: its number from 1, the hash of the entry before, and its own hash."""

    number: int
    event: Event
    before: str
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where a chain breaks, and how."""

    number: int
    problem: str


def content(event: Event, number: int, before: str) -> bytes:
    """What an entry's hash covers: RFC 8785 JSON of the event, its number and the hash before it."""
    return canonical(
        {
            "number": number,
            "before": before,
            "kind": event.kind,
            "subject": event.subject,
            "actor": event.actor,
            "at": event.at,
            "detail": event.detail,
            "facts": event.facts,
            "version": event.version,
        }
    )


def chain(event: Event, number: int, before: str) -> Entry:
    """The entry that appends `event` after the entry whose hash is `before` (SHA-256 of its content)."""
    return Entry(number, event, before, hashlib.sha256(content(event, number, before)).hexdigest())


def verify(entries: Iterable[Entry], head: str | None = None) -> Broken | None:
    """None when the chain holds from its first entry to `head`; else the first place where it breaks.

    Without a `head` kept elsewhere (on a report) a cut-off tail cannot be seen.
    """
    before = GENESIS
    number = 0
    for entry in entries:
        number += 1
        if entry.number != number:
            return Broken(number, f"entry {number} is missing; found number {entry.number}")
        if entry.before != before:
            return Broken(number, "does not continue the entry before it")
        if not _holds(entry):
            return Broken(number, "its content was changed after it was written")
        before = entry.hash
    if head is not None and head != before:
        return Broken(number + 1, f"the chain ends at {before[:12]}, the head kept elsewhere is {head[:12]}")
    return None


def _holds(entry: Entry) -> bool:
    """Whether an entry's hash is that of its content; False for content that cannot be hashed."""
    try:
        return chain(entry.event, entry.number, entry.before).hash == entry.hash
    except (TypeError, ValueError):
        return False

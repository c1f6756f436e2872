"""Every change that can be made to an exported ledger, and which entry has to be named for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.ledger.anchors import Anchor
from domain.ledger.chain import GENESIS, Entry, Event, chain
from domain.ledger.exported import Head, examine_file, exported

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
EVENT = Event("adopted", "r1", "p-1", AT, {"project": "porto/1"}, "f" * 64, "delivery-method/2.0")
CHANGES = 6
"""How many changes are tried of each entry; of the newest one less."""


def chained(count: int) -> list[Entry]:
    entries, before = [], GENESIS
    for number in range(1, count + 1):
        entries.append(chain(replace(EVENT, subject=f"r{number}"), number, before))
        before = entries[-1].hash
    return entries


def file_of(entries: Sequence[Entry], anchors: Sequence[Anchor] = ()) -> list[bytes]:
    head = Head(len(entries), entries[-1].hash if entries else GENESIS, tuple(anchors))
    return [f"{line}\n".encode() for line in exported(head, entries)]


@dataclass(frozen=True)
class Tried:
    """One change: what was done, the entries that may be named for it, and the one that was, if any."""

    change: str
    right: frozenset[int]
    named: int | None

    @property
    def missed(self) -> bool:
        return self.named not in self.right


def tried(count: int) -> Iterator[Tried]:
    """Each change of each entry of a ledger of so many."""
    entries = chained(count)
    for change, right, lines in every_change(file_of(entries), entries):
        # Of the newest entry, written anew with a hash that fits, only the first line says that it is another.
        yield Tried(change, frozenset({right, count + 1} if right > count else {right}), named(lines))


def every_change(lines: list[bytes], entries: list[Entry]) -> Iterator[tuple[str, int, list[bytes]]]:
    """What was done, the entry that is the first bad one then, and the changed lines."""
    for place in range(1, len(lines)):
        before, line, after = lines[:place], lines[place], lines[place + 1 :]
        event = entries[place - 1].event
        name = ("kind", "subject", "actor", "facts", "version")[place % 5]
        forged = chain(replace(event, **{name: "another"}), place, entries[place - 1].before)
        yield "gone", place, [*before, *after]
        yield "put in twice", place + 1, [*before, line, line, *after]
        yield "cut off from here on", place, before
        yield "changed", place, [*before, line.replace(event.subject.encode(), b"another"), *after]
        yield f"another {name}", place + 1, [*before, file_of([forged])[1], *after]
        if after:
            yield "exchanged with the next", place, [*before, after[0], line, *after[1:]]


def named(lines: list[bytes]) -> int | None:
    """The first bad entry; where the end is missing, the one that the file should have next."""
    examined = examine_file(lines)
    if examined.broken:
        return examined.broken.number
    return examined.entries + 1 if examined.amiss else None

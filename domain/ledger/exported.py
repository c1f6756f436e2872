"""The ledger as a file that proves itself: a first line with the head, then one entry a line, as JSON.

Whoever has the file alone finds every change of it, byte by byte: each line has to be what we would write of
the entry that it holds, the chain has to hold, and it has to end with the head that the first line names.
Refuses to call a file whole that does not say how it ends. That the first line names the true head is shown
by a head that was kept elsewhere, on a report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.ledger.anchors import Anchor, Examined, examine
from domain.ledger.chain import Broken, Entry, Event
from domain.words import counted

FORM = 1
"""The number of this form, in the first line."""
FIRST_LINE = "the file's first line"
FIELDS = ("kind", "subject", "actor", "detail", "facts", "version")


@dataclass(frozen=True, slots=True)
class Head:
    """What the first line says: how many entries follow, the newest one's hash, and heads on reports."""

    entries: int
    hash: str
    anchors: tuple[Anchor, ...] = ()


class NotAsWritten(ValueError):
    """A line that we did not write so; its text says in what."""


def exported(head: Head, entries: Iterable[Entry]) -> Iterator[str]:
    """The lines of the file, each to be ended by a line feed; the entries are taken as they come."""
    yield _first(head)
    for entry in entries:
        yield _line(entry)


def examine_file(lines: Iterable[bytes], given: Sequence[Anchor] = ()) -> Examined:
    """What is found in the lines of such a file, compared with heads that were kept elsewhere.

    Without a first line that names the head, a head has to be given, else the end of the file proves nothing.
    """
    reading = iter(lines)
    first = next(reading, b"")
    try:
        head = _head(first)
    except NotAsWritten as found:
        return Examined(broken=Broken(0, f"{FIRST_LINE} {found}"))
    anchors = [Anchor(FIRST_LINE, head.hash, head.entries), *head.anchors, *given]
    passed = _Lines(reading)
    try:
        examined = examine(passed.entries(), anchors)
    except NotAsWritten as found:
        return Examined(passed.count, broken=Broken(passed.count + 1, str(found)))
    if examined.good and examined.entries > head.entries:
        said = f"{FIRST_LINE} says that there are {counted(head.entries, 'entry')}"
        return Examined(examined.entries, examined.head, Broken(head.entries + 1, said))
    return examined


@dataclass(slots=True)
class _Lines:
    """The entries in lines, and how many have passed."""

    lines: Iterable[bytes]
    count: int = 0

    def entries(self) -> Iterator[Entry]:
        for line in self.lines:
            yield _entry(line)
            self.count += 1


def _first(head: Head) -> str:
    anchors = [{"where": each.where, "hash": each.hash, "number": each.number} for each in head.anchors]
    return json.dumps(
        {"ledger": FORM, "entries": head.entries, "head": head.hash, "anchors": anchors}, sort_keys=True
    )


def _line(entry: Entry) -> str:
    content = {"number": entry.number, "before": entry.before, "hash": entry.hash}
    event = entry.event
    content |= {"kind": event.kind, "subject": event.subject, "actor": event.actor}
    content |= {"at": event.at.isoformat(), "detail": event.detail}
    content |= {"facts": event.facts, "version": event.version}
    return json.dumps(content, sort_keys=True)


def _head(line: bytes) -> Head:
    found = _members(line)
    if "number" in found:
        raise NotAsWritten("is an entry: it does not say how many there are -> export the ledger anew")
    if found.get("ledger") != FORM:
        raise NotAsWritten(f"is not that of an exported ledger of form {FORM}")
    try:
        anchors = tuple(Anchor(each["where"], each["hash"], each["number"]) for each in found["anchors"])
        head = Head(found["entries"], found["head"], anchors)
        same = f"{_first(head)}\n".encode() == line
    except (TypeError, ValueError, KeyError):
        same = False
    if not same:
        raise NotAsWritten("was changed after it was written")
    return head


def _entry(line: bytes) -> Entry:
    found = _members(line)
    try:
        event = Event(at=datetime.fromisoformat(found["at"]), **{name: found[name] for name in FIELDS})
        entry = Entry(found["number"], event, found["before"], found["hash"])
        same = f"{_line(entry)}\n".encode() == line
    except (TypeError, ValueError, KeyError):
        same = False
    if not same:
        raise NotAsWritten("its line was changed after it was written")
    return entry


def _members(line: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise NotAsWritten("is no JSON" if line.strip() else "is empty") from None
    if not isinstance(found, dict):
        raise NotAsWritten("is no JSON object")
    if line.endswith(b"\r\n"):
        raise NotAsWritten("ends as another system ends lines: the file was sent as text -> send it packed")
    return found

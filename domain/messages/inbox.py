"""What comes in by webhook: who may send what, what became of it, and when an office is read for a hint.

A hint says that something changed in a tool; however many come, one reading of the office is pending. A
business message asks for one thing and gets exactly one run. Refuses to know how either is sent.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from domain.organization.webhooks import Source

NAMESPACE = uuid.UUID("6f1d3c52-0d5b-5a0e-9a55-3b1f6a3b7c11")
HINT = "hint"
"""The kind of a message that a tool sends by itself."""
OFFICE_PAGE = "office page"
"""The source of the hints that an office's own page gives; no id of a source has a blank in it."""
EVERYTHING = b"more hints than are kept one by one"
"""The body of a hint that replaces many: every office of its tool is read. It is no JSON, so no sender's."""
OVERFLOW = "overflow after "
"""The prefix of such hints' keys; no delivery of a tool has a blank in its key."""
SETTLE = timedelta(seconds=1)
"""How long no further hint must come before an office is read."""
LONGEST = timedelta(seconds=10)
"""The longest that a hint waits for others to stop coming."""
APART = timedelta(seconds=30)
"""The least time between two readings of one office by hints."""
REPEATED = timedelta(days=1)
"""How long the same content counts as the same message where the sender's proof does not cover the id."""
TRIES = 4
"""How often a lost reading is started; after that the schedule reads the office anyway."""


class MessageState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    """Stored; nothing was started for it yet."""
    STARTED = "started"
    """A business message that has its run."""
    NOTED = "noted"
    """A hint; the offices that it is about are to be read."""
    IGNORED = "ignored"
    """A hint that names nothing of ours."""
    PARKED = "parked"
    """It cannot be handled; a person decides, and may have it tried again."""


@dataclass(frozen=True)
class Posted:
    """A message as received. `key` distinguishes deliveries of one source; `body` is what was verified."""

    source: str
    key: str
    kind: str
    at: datetime
    body: bytes
    state: MessageState = MessageState.WAITING
    tries: int = 0
    """How often a person had it tried again; part of the key of its run."""
    run: str = ""
    note: str = ""
    """Why it is in its state, for people."""
    number: int = 0
    """Its number in the order of storing; 0 before it is stored."""
    signed: bool = True
    """Whether the sender's proof covers `key`: else the same content within a day is the same message."""

    @cached_property
    def id(self) -> str:
        """The message's id: always the same for the same delivery."""
        return str(uuid.uuid5(NAMESPACE, f"{self.source}\n{self.key}"))

    @cached_property
    def digest(self) -> str:
        """The hash of kind and body."""
        return hashlib.sha256(self.kind.encode() + b"\n" + self.body).hexdigest()

    @property
    def run_key(self) -> str:
        """The idempotency key of its run in Prefect: a second start with the same key starts nothing."""
        return f"{self.id}/{self.tries}" if self.tries else self.id


def full(source: Source) -> str:
    """Why a source may store nothing more, and what to do."""
    return (
        f"the inbox of `{source.id}` is full: it may hold {source.megabytes:,} MB -> raise its `megabytes` in"
        " webhooks.yaml and start the gateway again, or wait until old bodies are let go"
    )


def overflow(source: str, after: int, at: datetime) -> Posted:
    """The hint that replaces all that a source sent too much since its last such hint, message `after`."""
    return Posted(source, f"{OVERFLOW}{after:012d}", HINT, at, EVERYTHING)


class RunState(StrEnum):
    """The state of a run, as far as it matters here."""

    NONE = "none"
    QUEUED = "queued"
    """It has not begun: it will see everything that there is now."""
    RUNNING = "running"
    ENDED = "ended"
    LOST = "lost"
    """It failed, crashed, was canceled, or is not known any more."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What hints ask of one office: a reading that sees everything up to message `wanted`."""

    office: str
    wanted: int
    since: datetime
    """When the first hint came that no reading has seen yet."""
    newest: datetime
    seen: int = 0
    """The message up to which a reading has seen everything."""
    covers: int = 0
    """The message up to which the run under way will see everything."""
    run: str = ""
    started: datetime | None = None
    tries: int = 0

    @property
    def key(self) -> str:
        """The idempotency key of the run in Prefect."""
        return f"hints/{self.office}/{self.wanted}/{self.tries}"

    def hinted(self, number: int, at: datetime) -> Pending:
        """The same with one more hint."""
        fresh = self.wanted <= max(self.seen, self.covers)
        return replace(self, wanted=max(number, self.wanted), since=at if fresh else self.since, newest=at)

    def begun(self, run: str, now: datetime) -> Pending:
        """The same with a run started now, which will see everything so far."""
        return replace(self, run=run, covers=self.wanted, started=now)


def observed(pending: Pending, run: RunState) -> Pending:
    """What is pending, given the state of its run: a queued run also covers what came since its start.

    A reading that was lost is started again, a few times.
    """
    if run is RunState.QUEUED:
        return replace(pending, covers=pending.wanted)
    if run is RunState.ENDED or (run is RunState.LOST and pending.tries + 1 >= TRIES):
        return replace(pending, seen=pending.covers, covers=0, run="", tries=0)
    if run is RunState.LOST:
        return replace(pending, covers=0, run="", tries=pending.tries + 1)
    return pending


def reads_now(pending: Pending, now: datetime) -> bool:
    """Whether to read the office now: no run is under way, hints have settled, the last reading is past."""
    if pending.run or pending.wanted <= pending.seen:
        return False
    settled = now - pending.newest >= SETTLE or now - pending.since >= LONGEST
    apart = APART * 2**pending.tries
    return settled and (pending.started is None or now - pending.started >= apart)

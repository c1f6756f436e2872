"""Stored messages into flow runs: each business message exactly one, each office one reading at a time.

Everything is looked up in the store and noted there, so it may be killed at any point and run twice at once:
Prefect recognizes a repeated start by the key that each message has. A server that is away delays and loses
nothing, and what fails for one message, hint or office stops no other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from config.retaining import let_go_of_messages
from connectors.errors import ToolError
from domain.messages.inbox import REPEATED, MessageState, Pending, Posted, RunState, observed, reads_now
from domain.organization.retention import Retention
from domain.organization.webhooks import Source
from gateway.inbound.events import Events
from gateway.later import Later
from gateway.logs import unexpected
from gateway.prefect import Away, Deferred, Poison, Runs
from store import Store
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")
ANSWER = "answer-message/answer-message"
SYNC = "sync-offices/sync-offices"
MOST = 100
"""Messages that ask for something, and hints, in one round."""
TICK = 1.0
"""Seconds between looks while something is pending."""
IDLE = 5.0
"""Seconds between looks while nothing is pending; a new message ends the wait at once."""
LONGEST = 30.0
"""Seconds between tries while Prefect's server or the store is away."""


class Hooks(Protocol):
    """Which things a tool's webhook names, by office."""

    def mentioned(self, tool: str, body: bytes) -> Mapping[str, Collection[str]]:
        """The refs by office, of the offices that have a part of that tool. Raises ToolError."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What a hint came to: its state and note, the offices whose part of a tool it names, and the refs."""

    hint: Posted
    state: MessageState
    note: str = ""
    tool: str = ""
    offices: tuple[str, ...] = ()
    refs: frozenset[str] = frozenset()


@dataclass(slots=True)
class Dispatcher:
    """Deals with what is stored, round by round."""

    store: Store
    sources: Mapping[str, Source]
    hooks: Hooks
    runs: Runs
    now: Callable[[], datetime]
    retention: Retention = Retention()
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    away: str = ""
    """Why something cannot be dealt with now; empty while everything can."""
    later: Later = field(init=False)
    events: Events = field(init=False)
    _wait: float = 0.0
    """Seconds until the next round after one that ended early."""
    _after: int = 0
    """The number after which the next page of messages begins."""
    _tidied: datetime | None = None

    def __post_init__(self) -> None:
        self.later = Later(self.now)
        self.events = Events(self.store, self.runs, self.later)

    async def work(self) -> None:
        """Round after round, for ever."""
        while True:
            self.woken.clear()
            busy = await self._attempted()
            seconds = self._wait or (TICK if busy else IDLE)
            try:
                async with asyncio.timeout(seconds):
                    await (asyncio.Event() if self._wait else self.woken).wait()
            except TimeoutError:
                pass

    async def _attempted(self) -> bool:
        """One round; whether more is to come. An error is logged, noted in `away`, and waited out."""
        try:
            busy = await self.round()
        except (Away, StoreError) as problem:
            return self._ended_early(str(problem))
        except Exception as problem:  # noqa: BLE001 - the border of our task, which nothing would start again
            return self._ended_early(f"a round failed unexpectedly ({unexpected(problem)})")
        self._wait = 0.0
        why = self.later.why()
        if self.away and not why:
            LOG.info("runs can be started again")
        self.away = why
        return busy

    def _ended_early(self, why: str) -> bool:
        if why != self.away:
            LOG.warning("nothing can be started", extra={"why": why})
        self._wait = min(LONGEST, self._wait * 2) if self._wait else TICK
        self.away, self._after = why, 0
        return True

    async def round(self) -> bool:
        """Deal with what can be dealt with now; whether more is to come. Raises Away, StoreError.

        Hints are noted first: that needs our store only, and depends on nothing else.
        """
        seen = await asyncio.to_thread(self._looked_through)
        if seen:
            await asyncio.to_thread(self._note, seen)
        messages = await asyncio.to_thread(self._page)
        for message in messages:
            await self._start(message)
        pending = False
        for office in await asyncio.to_thread(self._hints):
            pending |= await self._read_or_put_off(office)
        await self.events.tell()
        await asyncio.to_thread(self._tidy)
        return pending or bool(self._after) or len(seen) == MOST or bool(self.later.why())

    async def _start(self, message: Posted) -> None:
        """Start one run for a message; park it when Prefect refuses it for good, or on an unexpected error.

        Raises Away where the other messages would fail as well.
        """
        try:
            run = await self.runs.start(ANSWER, {"message": message.id}, message.run_key)
        except Deferred as why:
            self.later.put_off(message.id, str(why))
            return
        except Away:
            raise
        except Poison as why:
            parked = str(why)
        except Exception as problem:  # noqa: BLE001 - one message must not stop the others
            parked = f"it failed unexpectedly ({unexpected(problem)}): resend it when that is mended"
        else:
            LOG.info("started", extra={"message_id": message.id, "run": run})
            await asyncio.to_thread(self._moved, message, MessageState.STARTED, run=run)
            return
        LOG.warning("parked", extra={"message_id": message.id, "why": parked})
        await asyncio.to_thread(self._moved, message, MessageState.PARKED, note=parked)

    async def _read_or_put_off(self, pending: Pending) -> bool:
        """Read an office for its hints, or put it off; whether any are left. A failure stops no other."""
        name = f"office {pending.office}"
        if not self.later.due(name):
            return True
        try:
            left = await self._read(pending)
        except Deferred as why:
            self.later.put_off(name, str(why))
        except (Away, StoreError):
            raise
        except Exception as problem:  # noqa: BLE001 - one office must not stop the others
            self.later.put_off(name, f"an office's reading failed unexpectedly ({unexpected(problem)})")
        else:
            self.later.done(name)
            return left
        return True

    async def _read(self, pending: Pending) -> bool:
        """Check an office's reading, and start the next where one is due; whether hints are left."""
        after = observed(pending, await self._state(pending))
        if reads_now(after, self.now()):
            parameters = {"office": after.office, "why": "a hint of its tool"}
            try:
                after = after.begun(await self.runs.start(SYNC, parameters, after.key), self.now())
            except Poison as why:
                LOG.warning("not read", extra={"office": after.office, "why": str(why)})
                after = replace(after, seen=after.wanted)
        if after != pending:
            after = await asyncio.to_thread(self._saved, pending, after)
        return bool(after.run) or after.wanted > after.seen

    async def _state(self, pending: Pending) -> RunState:
        """The state of an office's reading; lost where the server refuses the question."""
        if not pending.run:
            return RunState.NONE
        try:
            return await self.runs.state(pending.run)
        except Poison as why:
            LOG.warning("lost", extra={"office": pending.office, "run": pending.run, "why": str(why)})
            return RunState.LOST

    def _page(self) -> tuple[Posted, ...]:
        """The next messages that are due: where many are put off, those behind them have their turn too."""
        while True:
            with self.store.read() as unit:
                found = unit.inbox.waiting(MOST, self._after)
            self._after = found[-1].number if len(found) == MOST else 0
            due = tuple(each for each in found if self.later.due(each.id))
            if due or not self._after:
                return due

    def _hints(self) -> tuple[Pending, ...]:
        with self.store.read() as unit:
            return unit.inbox.hints()

    def _moved(self, message: Posted, state: MessageState, *, run: str = "", note: str = "") -> None:
        """Note what became of a message; where another process was faster, its note stays."""
        with self.store.begin() as unit:
            done = unit.inbox.moved(message, state, run=run, note=note)
            unit.commit()
        self.later.done(message.id)
        if not done:
            LOG.info("dealt with elsewhere", extra={"message_id": message.id})

    def _saved(self, before: Pending, after: Pending) -> Pending:
        """Note what became of an office's hints; where another process was faster, its note stays."""
        with self.store.begin() as unit:
            there = next((each for each in unit.inbox.hints() if each.office == before.office), before)
            if (there.run, there.seen, there.tries) != (before.run, before.seen, before.tries):
                return there
            merged = replace(after, wanted=there.wanted, since=there.since, newest=there.newest)
            unit.inbox.save_hint(merged)
            unit.commit()
            return merged

    def _looked_through(self) -> tuple[Seen, ...]:
        """The hints that were not looked through yet, and what is in each. Holds one body at a time."""
        with self.store.read() as unit:
            unread = unit.inbox.unread(MOST)
        return tuple(map(self._look, unread))

    def _look(self, hint: Posted) -> Seen:
        """What is in a hint; one that cannot be understood is to be parked. Raises StoreError."""
        source = self.sources.get(hint.source)
        if source is None or not source.tool:
            return Seen(hint, MessageState.PARKED, "its source is not known any more")
        with self.store.read() as unit:
            body = unit.inbox.get(hint.id).body
        try:
            named = {office: refs for office, refs in self.hooks.mentioned(source.tool, body).items() if refs}
            refs = frozenset(ref for each in named.values() for ref in each if ref.isprintable())
        except ToolError as why:
            return Seen(hint, MessageState.PARKED, why.text)
        except Exception as problem:  # noqa: BLE001 - one hint must not stop the others
            parked = f"it failed unexpectedly ({unexpected(problem)}): resend it when that is mended"
            LOG.warning("parked", extra={"message_id": hint.id, "why": parked})
            return Seen(hint, MessageState.PARKED, parked)
        if not named:
            return Seen(hint, MessageState.IGNORED, "it names nothing that we read")
        return Seen(hint, MessageState.NOTED, "", source.tool, tuple(sorted(named)), refs)

    def _note(self, seen: Sequence[Seen]) -> None:
        """Note which offices are to be read for these: those that remember what is named, or else all."""
        with self.store.begin() as unit:
            for each in seen:
                parts = {f"{office}/{each.tool}": office for office in each.offices}
                known = {parts[part] for part in unit.inbox.remembering(parts, each.refs)} if parts else set()
                offices = sorted(known or each.offices)
                if unit.inbox.moved(each.hint, each.state, note=each.note or ", ".join(offices)):
                    for office in offices:
                        unit.inbox.hinted(office, each.hint.number, each.hint.at)
            unit.commit()

    def _tidy(self) -> None:
        """Once an hour: delete old bodies, a few at a time, and forget contents that came long ago."""
        now = self.now()
        if self._tidied is None or now - self._tidied > timedelta(hours=1):
            gone = MOST
            while gone == MOST:
                with self.store.begin() as unit:
                    gone = let_go_of_messages(unit, self.retention, now, now, MOST).count
                    unit.inbox.forget(now - REPEATED)
                    unit.commit()
            self._tidied = now

"""Stored messages into flow runs: each business message exactly one, each office one reading at a time.

Everything is looked up in the store and noted there, so it may be killed at any point and run twice beside
itself: Prefect tells runs by the key that each message has. A server that is away delays and loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from connectors.errors import ToolError
from domain.message import HINT, MessageState, Pending, Posted, RunState, Source, observed, reads_now
from gateway.prefect import Away, Poison, Runs
from store import Store
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")
ANSWER = "answer-message/answer-message"
SYNC = "sync-offices/sync-offices"
MOST = 100
"""Messages in one round."""
TICK = 1.0
"""Seconds between looks while something is pending."""
IDLE = 5.0
"""Seconds between looks while nothing is; something new wakes us up at once."""
LONGEST = 30.0
"""Seconds between tries while Prefect's server is away."""
KEPT = timedelta(days=90)
"""How long the body of a message is kept that was dealt with."""


class Hooks(Protocol):
    """Which things a tool's webhook names, by office."""

    def mentioned(self, tool: str, body: bytes) -> Mapping[str, Collection[str]]:
        """The refs by office, of the offices that have a part of that tool. Raises ToolError."""
        ...


@dataclass(slots=True)
class Dispatcher:
    """Deals with what is stored, round by round."""

    store: Store
    sources: Mapping[str, Source]
    hooks: Hooks
    runs: Runs
    now: Callable[[], datetime]
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    away: str = ""
    """Why Prefect's server cannot be used; empty while it can."""
    _wait: float = TICK
    _tidied: datetime | None = None

    async def work(self) -> None:
        """Round after round, for ever."""
        while True:
            self.woken.clear()
            busy = await self._attempted()
            seconds = self._wait if self.away else TICK if busy else IDLE
            try:
                async with asyncio.timeout(seconds):
                    await (asyncio.Event() if self.away else self.woken).wait()
            except TimeoutError:
                pass

    async def _attempted(self) -> bool:
        """One round; whether more is to come. What goes wrong is logged, and waited out."""
        try:
            busy = await self.round()
        except (Away, StoreError) as problem:
            if str(problem) != self.away:
                LOG.warning("nothing can be started", extra={"why": str(problem)})
            self._wait = min(LONGEST, self._wait * 2) if self.away else TICK
            self.away = str(problem)
            return True
        if self.away:
            LOG.info("runs can be started again")
        self.away = ""
        return busy

    async def round(self) -> bool:
        """Deal with what can be dealt with now; whether more is to come. Raises Away, StoreError."""
        messages = await asyncio.to_thread(self._waiting)
        if messages:
            await self.runs.tell(messages)
        for each in messages:
            if each.kind != HINT:
                await self._start(each)
        hints = [each for each in messages if each.kind == HINT]
        if hints:
            await asyncio.to_thread(self._note, hints)
        pending = False
        for office in await asyncio.to_thread(self._hints):
            pending |= await self._read(office)
        await asyncio.to_thread(self._tidy)
        return pending or len(messages) == MOST

    async def _start(self, message: Posted) -> None:
        """One run for a business message; parked when Prefect refuses it for what it is."""
        try:
            run = await self.runs.start(ANSWER, {"message": message.id}, message.run_key)
        except Poison as why:
            LOG.warning("parked", extra={"message_id": message.id, "why": str(why)})
            await asyncio.to_thread(self._moved, message, MessageState.PARKED, note=str(why))
            return
        LOG.info("started", extra={"message_id": message.id, "run": run})
        await asyncio.to_thread(self._moved, message, MessageState.STARTED, run=run)

    async def _read(self, pending: Pending) -> bool:
        """Take an office's hints further; whether any are left."""
        run = await self.runs.state(pending.run) if pending.run else RunState.NONE
        after = observed(pending, run)
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

    def _waiting(self) -> tuple[Posted, ...]:
        with self.store.read() as unit:
            return unit.inbox.waiting(MOST)

    def _hints(self) -> tuple[Pending, ...]:
        with self.store.read() as unit:
            return unit.inbox.hints()

    def _moved(self, message: Posted, state: MessageState, *, run: str = "", note: str = "") -> None:
        with self.store.begin() as unit:
            unit.inbox.moved(message.id, state, run=run, note=note)
            unit.commit()

    def _saved(self, before: Pending, after: Pending) -> Pending:
        """Note what became of an office's hints; where another process was faster, its word stands."""
        with self.store.begin() as unit:
            there = next((each for each in unit.inbox.hints() if each.office == before.office), before)
            if (there.run, there.seen, there.tries) != (before.run, before.seen, before.tries):
                return there
            merged = replace(after, wanted=there.wanted, since=there.since, newest=there.newest)
            unit.inbox.save_hint(merged)
            unit.commit()
            return merged

    def _note(self, hints: Collection[Posted]) -> None:
        """Which offices are to be read for these."""
        with self.store.begin() as unit:
            for hint in hints:
                source = self.sources.get(hint.source)
                if source is None or not source.tool:
                    unit.inbox.moved(hint.id, MessageState.PARKED, note="its source is not known any more")
                    continue
                try:
                    named = {o: r for o, r in self.hooks.mentioned(source.tool, hint.body).items() if r}
                except ToolError as why:
                    unit.inbox.moved(hint.id, MessageState.PARKED, note=why.text)
                    continue
                refs = {ref for each in named.values() for ref in each}
                parts = {f"{office}/{source.tool}": office for office in named}
                known = {parts[part] for part in unit.inbox.remembering(parts, refs)}
                for office in sorted(known or named):
                    unit.inbox.hinted(office, hint.number, hint.at)
                state = MessageState.NOTED if named else MessageState.IGNORED
                note = ", ".join(sorted(known or named)) or "it names nothing that we read"
                unit.inbox.moved(hint.id, state, note=note)
            unit.commit()

    def _tidy(self) -> None:
        """Once an hour: let bodies go that are old."""
        now = self.now()
        if self._tidied is None or now - self._tidied > timedelta(hours=1):
            with self.store.begin() as unit:
                unit.inbox.let_go(now - KEPT)
                unit.commit()
            self._tidied = now

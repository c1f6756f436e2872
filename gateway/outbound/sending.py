"""The network's events to their receivers: signed webhooks, sent until they are accepted.

One round at a time, in any process: what is to be sent is in the store, and each try is claimed there first.
Killed between a call and its note, an event is sent again under the same id: at least once, never lost.
Nothing is sent unsigned, and of a receiver's answer nothing is kept but its status.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from config.settings import BadSettings, credential
from config.wiring import Application
from connectors.errors import OutcomeUnknown, Refused, TryLater
from connectors.http import waiting
from connectors.http.client import Call, Http
from domain.ledger.chain import Entry
from domain.messages.outbox import (
    LONGEST,
    Happening,
    Outgoing,
    OutgoingState,
    ReceiverAnswer,
    happening,
    meaning,
    tried,
)
from domain.organization.webhooks import Receiver
from gateway.signing import SHORTEST_KEY, keys_in, signed

LOG = logging.getLogger("interoffice.gateway")
IDLE = 5.0
"""Seconds between rounds while nothing is due."""
MOST = 50
"""Events for one receiver in a round."""
TIMEOUT = (5.0, 15.0)
DEADLINE = 20.0
"""Seconds that a receiver has to answer, and after which a round begins no call; 15 to 30 are advised."""
CLAIM = timedelta(minutes=1)
"""How long no other process repeats a try that one process makes; longer than a call can last."""
PUT_OFF = timedelta(minutes=1)
"""How long nothing is tried while our own settings prevent it."""
ANY = frozenset(range(300, 600))


class Misconfigured(Exception):
    """Nothing can be sent to a receiver until our own settings are corrected; the text says which."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did, in counts, and in how many seconds the next one is due."""

    seconds: float = IDLE
    taken_in: int = 0
    """Events that are new in the store, for all receivers."""
    sent: int = 0
    failed: int = 0
    """Tries that failed and will be repeated."""
    dead: int = 0
    unsent: Mapping[str, str] = field(default_factory=dict)
    """What prevents sending at our side, by receiver."""


def send_due(application: Application, chance: Callable[[], float] = random.random) -> Round:
    """Send what is due, to all receivers in parallel; to each in the order of the ledger.

    Takes as long as the slowest receiver, about two deadlines at most. Raises StoreError.
    """
    receivers = application.organization.receivers.values()
    if not receivers:
        return Round()
    rounds = _beside([_Line(application, receiver, chance).work for receiver in receivers])
    return Round(
        seconds=min(one.seconds for one in rounds),
        taken_in=sum(one.taken_in for one in rounds),
        sent=sum(one.sent for one in rounds),
        failed=sum(one.failed for one in rounds),
        dead=sum(one.dead for one in rounds),
        unsent={receiver: why for one in rounds for receiver, why in one.unsent.items()},
    )


async def send_round(application: Application) -> Round:
    """A round in a thread. A process that ends meanwhile need not wait for it: a round may be killed."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Round] = loop.create_future()

    def tell(outcome: Round | BaseException) -> None:
        if not done.done():
            done.set_exception(outcome) if isinstance(outcome, BaseException) else done.set_result(outcome)

    def work() -> None:
        outcome = _outcome(partial(send_due, application))
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell, outcome)

    threading.Thread(target=work, name="sending", daemon=True).start()
    return await done


def wanted(receiver: Receiver, organization: str, entry: Entry) -> bool:
    """Whether an entry of the ledger is an event that the receiver asked for."""
    found = happening(entry, organization)
    return found is not None and (not receiver.events or found.kind in receiver.events)


def keys_of(receiver: Receiver) -> tuple[bytes, ...]:
    """The keys to sign with, two while a secret is rotated. Raises Misconfigured."""
    try:
        secrets = credential(receiver.secret)
    except BadSettings:
        raise Misconfigured(
            f"{receiver.secret} is not set -> set it to the secret whsec_... of the receiver"
        ) from None
    keys = keys_in(secrets)
    if not keys:
        raise Misconfigured(
            f"{receiver.secret} holds no secret of Standard Webhooks -> write whsec_ and the base64 of"
            f" {SHORTEST_KEY} random bytes or more"
        )
    return keys


@dataclass(slots=True)
class _Line:
    """The sending to one receiver in one round."""

    application: Application
    receiver: Receiver
    chance: Callable[[], float]
    told: Round = Round()

    def work(self) -> Round:
        """Store new events, send what is due; the round's counts."""
        self._take_in()
        due = self._due()
        if due:
            try:
                self._send(due)
            except Misconfigured as why:
                self._put_off(due, str(why), self._now() + PUT_OFF)
                self.told = replace(self.told, unsent={self.receiver.id: str(why)})
        return replace(self.told, seconds=self._seconds())

    def _now(self) -> datetime:
        return self.application.machine.now()

    def _take_in(self) -> None:
        """Move the receiver's place in the ledger, where the ledger has grown."""
        with self.application.store.read() as unit:
            reach, newest = unit.outbox.reach(self.receiver.id), unit.ledger.newest()
        if reach is not None and reach.number >= newest:
            return
        wants = partial(wanted, self.receiver, self.application.organization.id)
        with self.application.store.begin() as unit:
            added = unit.outbox.take_in(self.receiver.id, wants, self._now())
            unit.commit()
        self.told = replace(self.told, taken_in=added)

    def _due(self) -> list[Outgoing]:
        """What is to be sent: what was set aside, then what waits, up to the first that is not due."""
        now = self._now()
        with self.application.store.read() as unit:
            reach = unit.outbox.reach(self.receiver.id)
            if reach is None or reach.closed:
                return []
            aside = unit.outbox.aside(self.receiver.id, now, MOST)
            found = unit.outbox.waiting(self.receiver.id, MOST)
        late = next((n for n, each in enumerate(found) if each.due > now), len(found))
        return [*aside, *found[:late]]

    def _send(self, due: Sequence[Outgoing]) -> None:
        """Send one after the other, until the receiver cannot take any more. Raises Misconfigured."""
        keys, parts = keys_of(self.receiver), urlsplit(self.receiver.url)
        with closing(self._http(f"{parts.scheme}://{parts.netloc}")) as http:
            began = time.monotonic()
            for each in due:
                if time.monotonic() - began > DEADLINE:
                    return
                claimed = self._claimed(each)
                if claimed is None:
                    return  # another process sends it
                told = self._happening(claimed)
                if told is None:
                    continue
                call = Call(
                    "POST", parts.path or "/", tuple(parse_qsl(parts.query, keep_blank_values=True)),
                    headers=signed(told, keys, self._now()), body=told.body, creates=True, accept=ANY,
                )  # fmt: skip
                if not self._tried(http, call, each, claimed):
                    return

    def _http(self, base: str) -> Http:
        """A client that makes each call once: the store keeps what is sent again. Raises Misconfigured."""
        try:
            return Http(
                base, auth=dict, now=self._now, allow=self.receiver.allow, timeout=TIMEOUT,
                deadline=DEADLINE, cap=2**20, attempts=1, patience=0.0,
            )  # fmt: skip
        except (Refused, ValueError) as why:
            raise Misconfigured(f"webhooks.yaml, receiver {self.receiver.id}: {why}") from None

    def _happening(self, claimed: Outgoing) -> Happening | None:
        """The event in its ledger entry; where this version finds none there, it is not tried any more."""
        with self.application.store.read() as unit:
            entry = next(unit.ledger.entries(claimed.number - 1), None)
        found = happening(entry, self.application.organization.id) if entry is not None else None
        if found is None:
            dead = replace(claimed, state=OutgoingState.DEAD, note="it is no event", due=self._now())
            self._changed(claimed, dead)
            self._count(dead)
        return found

    def _claimed(self, each: Outgoing) -> Outgoing | None:
        """The event, claimed for a while; None where another process was faster."""
        claimed = replace(each, due=self._now() + CLAIM)
        return claimed if self._changed(each, claimed) else None

    def _tried(self, http: Http, call: Call, each: Outgoing, claimed: Outgoing) -> bool:
        """One call, and its result stored; whether the receiver can take more. Raises Misconfigured."""
        try:
            answer, note, later = _answered(http, call, self._now)
        except TryLater as asked:
            now = self._now()
            self._put_off([claimed], "it asks to wait", min(asked.due(now), now + LONGEST))
            return False
        except Refused as why:
            self._changed(claimed, each)
            raise Misconfigured(f"receiver {self.receiver.id}: {_without(call.path, why.text)}") from None
        after = tried(claimed, answer, note, self._now(), self.chance(), later)
        self._changed(claimed, after)
        if answer is ReceiverAnswer.GONE:
            self._close()
        self._count(after)
        return answer in (ReceiverAnswer.TAKEN, ReceiverAnswer.REFUSED)

    def _count(self, after: Outgoing) -> None:
        told, dead = self.told, after.state is OutgoingState.DEAD
        extra = {"receiver": after.receiver, "number": after.number, "why": after.note}
        if after.state is OutgoingState.SENT:
            self.told = replace(told, sent=told.sent + 1)
            LOG.info("told", extra=extra)
        else:
            self.told = replace(told, failed=told.failed + (not dead), dead=told.dead + dead)
            LOG.warning("not told any more" if dead else "not told yet", extra=extra)

    def _put_off(self, due: Sequence[Outgoing], why: str, until: datetime) -> None:
        """Put off the first, and so those after it, without a call; no try is counted."""
        first = next((n for n, each in enumerate(due) if each.state is OutgoingState.WAITING), len(due))
        with self.application.store.begin() as unit:
            for each in due[: first + 1]:
                unit.outbox.change(each, replace(each, due=until, note=why))
            unit.commit()
        extra = {"receiver": self.receiver.id, "number": due[0].number, "why": why}
        LOG.warning("cannot tell", extra=extra)

    def _changed(self, before: Outgoing, after: Outgoing) -> bool:
        with self.application.store.begin() as unit:
            done = unit.outbox.change(before, after)
            unit.commit()
        return done

    def _close(self) -> None:
        with self.application.store.begin() as unit:
            unit.outbox.close(self.receiver.id)
            unit.commit()

    def _seconds(self) -> float:
        """In how many seconds the next round is due: 0 where more is due now."""
        with self.application.store.read() as unit:
            reach, due = unit.outbox.reach(self.receiver.id), unit.outbox.next_due(self.receiver.id)
        if due is None or (reach is not None and reach.closed):
            return IDLE
        return min(IDLE, max(0.0, (due - self._now()).total_seconds()))


def _beside(works: Sequence[Callable[[], Round]]) -> list[Round]:
    """Run all of them at the same time; their results. When all are done, raises what one of them raised.

    In threads that the process does not wait for when it ends.
    """
    outcomes: list[Round | BaseException] = [Round()] * len(works)

    def work(place: int) -> None:
        outcomes[place] = _outcome(works[place])

    threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
        found.append(outcome)
    return found


def _outcome(work: Callable[[], Round]) -> Round | BaseException:
    """Its result, or what it raised, to be handed to another thread."""
    try:
        return work()
    except BaseException as problem:  # noqa: BLE001 - raised again where it is waited for
        return problem


def _answered(
    http: Http, call: Call, now: Callable[[], datetime]
) -> tuple[ReceiverAnswer, str, datetime | None]:
    """What a call came to, a note in our own words, and until when the receiver asks to wait.

    Raises `TryLater` where it asked for that before and nothing was sent, `Refused` where our settings
    prevent the call.
    """
    try:
        reply = http.call(call)
    except TryLater as problem:
        if problem.at is not None:
            raise
        return ReceiverAnswer.AWAY, "it cannot be reached", None
    except OutcomeUnknown:
        return ReceiverAnswer.AWAY, "it did not answer", None
    return meaning(reply.status), f"it answered {reply.status}", waiting.asked(reply.headers, now())


def _without(path: str, text: str) -> str:
    """The text without the path of an address, which may be a secret in itself."""
    return text.replace(path, "/...") if len(path) > 1 else text

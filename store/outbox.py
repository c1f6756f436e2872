"""The network's events on their way to each receiver, and how far each receiver has come.

An event is stored in the transaction in which the receiver's place in the ledger moves past its entry: none
is skipped and none is there twice. Its content stays in the ledger. Refuses to set when one is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, cast

from sqlalchemy import Index, Row, Select, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from domain.ledger.chain import Entry
from domain.messages.outbox import Outgoing, OutgoingState
from store.base import Base, Key
from store.errors import Unknown
from store.intents import Marks
from store.ledger import Ledger
from store.repository import Repository


class OutgoingRow(Base):
    """An event of the network on its way to one receiver; `number` is its entry in the ledger."""

    __tablename__ = "outgoing"
    receiver: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    tries: Mapped[int]
    due: Mapped[datetime]
    note: Mapped[str]
    __table_args__ = (Index(None, "state", "due"),)


MOVING = 0x1ED6E5
"""PostgreSQL's advisory lock for moving a place; on SQLite a unit of work that writes is alone anyway."""
COLUMNS = (
    OutgoingRow.receiver, OutgoingRow.number, OutgoingRow.state,
    OutgoingRow.tries, OutgoingRow.due, OutgoingRow.note,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reach:
    """Up to which entry of the ledger a receiver's events are stored, and whether it wants no more."""

    number: int
    closed: bool = False


class Outbox(Repository):
    """The events for every receiver, in the order of the ledger."""

    def reach(self, receiver: str) -> Reach | None:
        """How far the receiver has come; None for one that was never seen."""
        found = cast("Mapping[str, Any] | None", Marks(self._session).get(_mark(receiver)))
        return None if found is None else Reach(found["number"], found["closed"])

    def take_in(self, receiver: str, wants: Callable[[Entry], bool], now: datetime, most: int = 1000) -> int:
        """Moves the receiver on by up to `most` entries, and adds a row for each it wants; how many rows.

        A new receiver begins at the present head. Raises Damaged at an entry that cannot be read.
        """
        self._alone()
        there, ledger = self.reach(receiver), Ledger(self._session)
        if there is None:
            self._move(receiver, Reach(ledger.newest()))
            return 0
        added, upto = 0, there.number
        for entry in islice(ledger.entries(there.number), most):
            upto = entry.number
            if wants(entry):
                added += self._add(OutgoingRow, _values(_fresh(receiver, entry.number, now)))
        if upto > there.number:
            self._move(receiver, Reach(upto, there.closed))
        return added

    def again(self, receiver: str, numbers: Collection[int], now: datetime) -> None:
        """Lets the events of these entries be sent to the receiver anew, and opens it if it was closed."""
        self._alone()
        for number in numbers:
            self._put(OutgoingRow, _values(_fresh(receiver, number, now)))
        there = self.reach(receiver) or Reach(Ledger(self._session).newest())
        self._move(receiver, Reach(there.number))

    def close(self, receiver: str) -> None:
        """Nothing is sent to the receiver any more, until `again`. Raises Unknown for one never seen."""
        self._alone()
        there = self.reach(receiver)
        if there is None:
            raise Unknown(f"there is no receiver {receiver}")
        self._move(receiver, Reach(there.number, closed=True))

    def get(self, receiver: str, number: int) -> Outgoing:
        """That event on its way to that receiver. Raises Unknown."""
        asked = select(*COLUMNS).where(OutgoingRow.receiver == receiver, OutgoingRow.number == number)
        found = self._session.execute(asked).first()
        if found is None:
            raise Unknown(f"entry {number} is not on its way to {receiver}")
        return _outgoing(found)

    def waiting(self, receiver: str, most: int) -> tuple[Outgoing, ...]:
        """What waits for the receiver, in the order of the ledger, due or not."""
        asked = self._of(receiver, OutgoingState.WAITING)
        return self._asked(asked.order_by(OutgoingRow.number).limit(most))

    def aside(self, receiver: str, now: datetime, most: int) -> tuple[Outgoing, ...]:
        """What was set aside for the receiver and is due, in the order of the ledger."""
        asked = self._of(receiver, OutgoingState.ASIDE).where(OutgoingRow.due <= now)
        return self._asked(asked.order_by(OutgoingRow.number).limit(most))

    def next_due(self, receiver: str) -> datetime | None:
        """When something is to be sent to the receiver next; None when nothing waits."""
        first = self.waiting(receiver, 1)
        asked = select(func.min(OutgoingRow.due)).where(
            OutgoingRow.receiver == receiver, OutgoingRow.state == str(OutgoingState.ASIDE)
        )
        aside = self._session.scalar(asked)
        return min([*(each.due for each in first), *([aside] if aside else [])], default=None)

    def newest(
        self, most: int, receiver: str = "", state: OutgoingState | None = None
    ) -> tuple[Outgoing, ...]:
        """The last events, newest first; all receivers' or one's, in any state or one."""
        asked = select(*COLUMNS)
        if receiver:
            asked = asked.where(OutgoingRow.receiver == receiver)
        if state:
            asked = asked.where(OutgoingRow.state == str(state))
        return self._asked(asked.order_by(OutgoingRow.number.desc(), OutgoingRow.receiver).limit(most))

    def counts(self) -> Mapping[str, Mapping[OutgoingState, int]]:
        """How many events are in each state, by receiver."""
        asked = select(OutgoingRow.receiver, OutgoingRow.state, func.count())
        found: dict[str, dict[OutgoingState, int]] = {}
        for receiver, state, count in self._session.execute(
            asked.group_by(OutgoingRow.receiver, OutgoingRow.state).order_by(OutgoingRow.receiver)
        ):
            states = found.setdefault(receiver, dict.fromkeys(OutgoingState, 0))
            states[OutgoingState(state)] = count
        return found

    def change(self, before: Outgoing, after: Outgoing) -> bool:
        """Replaces an event's state; False, and no change, when the stored one is no longer `before`."""
        same = (
            OutgoingRow.receiver == before.receiver, OutgoingRow.number == before.number,
            OutgoingRow.state == str(before.state), OutgoingRow.tries == before.tries,
            OutgoingRow.due == before.due,
        )  # fmt: skip
        values = {"state": str(after.state), "tries": after.tries, "due": after.due, "note": after.note}
        return self._count(update(OutgoingRow).where(*same).values(**values)) == 1

    def _alone(self) -> None:
        if self._on_postgresql:
            self._session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MOVING})

    def _move(self, receiver: str, reach: Reach) -> None:
        Marks(self._session).set(_mark(receiver), {"number": reach.number, "closed": reach.closed})

    def _of(self, receiver: str, state: OutgoingState) -> Select[Any]:
        return select(*COLUMNS).where(OutgoingRow.receiver == receiver, OutgoingRow.state == str(state))

    def _asked(self, asked: Select[Any]) -> tuple[Outgoing, ...]:
        return tuple(_outgoing(row) for row in self._session.execute(asked))


def _mark(receiver: str) -> str:
    return f"outbox/{receiver}"


def _fresh(receiver: str, number: int, now: datetime) -> Outgoing:
    return Outgoing(receiver, number, OutgoingState.WAITING, 0, now)


def _values(outgoing: Outgoing) -> dict[str, object]:
    return {
        "receiver": outgoing.receiver, "number": outgoing.number, "state": str(outgoing.state),
        "tries": outgoing.tries, "due": outgoing.due, "note": outgoing.note,
    }  # fmt: skip


def _outgoing(row: Row[Any]) -> Outgoing:
    return Outgoing(row.receiver, row.number, OutgoingState(row.state), row.tries, row.due, row.note)

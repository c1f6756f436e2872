"""Writes to tools, stored before the call; what they came to; and small named values.

It refuses the same key with other content, except by `renew`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.delivery.delivery import Intent, IntentState
from domain.delivery.wanted import Wanted, WantedKind, read, stored
from domain.plans.project import Scalar
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Changed, Unknown, Unstorable
from store.repository import Repository, Values


class IntentRow(Base):
    """A write to a tool, stored before the call."""

    __tablename__ = "intents"
    key: Mapped[Key]
    office: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    digest: Mapped[str]
    state: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[Json]


class TallyRow(Base):
    """How many writes one delivery to an office made."""

    __tablename__ = "tallies"
    id: Mapped[int] = mapped_column(primary_key=True)
    office: Mapped[str]
    created: Mapped[int]
    updated: Mapped[int]
    same: Mapped[int]
    at: Mapped[datetime]


class MarkRow(Base):
    """A small named value, such as where the last run began."""

    __tablename__ = "marks"
    name: Mapped[Key]
    document: Mapped[Json]


@dataclass(frozen=True, slots=True)
class StoredWanted:
    """A wanted thing as it is stored: the name of its kind, its values by name, links as text."""

    key: str
    office: str
    kind: WantedKind
    values: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class StoredIntent:
    """An intent as it is stored."""

    wanted: StoredWanted
    digest: str
    state: IntentState
    at: datetime
    sent_at: datetime | None = None
    note: str = ""
    delivered: Mapping[str, Scalar] | None = None


class IntentForm:
    """How intents are written and read."""

    def __init__(self) -> None:
        self._stored = DocumentForm(StoredIntent)
        self._understood = lru_cache(maxsize=2048)(self._read)

    def write(self, intent: Intent) -> str:
        """The intent as JSON text. Raises Unstorable for what would not come back as it is."""
        wanted = intent.wanted
        rest = {f.name: getattr(intent, f.name) for f in fields(StoredIntent) if f.name not in WITH_FIELDS}
        told = StoredWanted(wanted.key, wanted.office, wanted.kind, stored(wanted.fields))
        delivered = None if intent.delivered is None else stored(intent.delivered)
        return self._stored.write(StoredIntent(told, delivered=delivered, **rest))

    def read(self, text: str) -> Intent:
        """The intent that was written. Raises Unstorable where the text is none."""
        return self._understood(text)

    def _read(self, text: str) -> Intent:
        found = self._stored.read(text)
        told = found.wanted
        rest = {f.name: getattr(found, f.name) for f in fields(StoredIntent) if f.name not in WITH_FIELDS}
        try:
            wanted = Wanted(told.key, told.office, read(told.kind, told.values))
            delivered = None if found.delivered is None else read(told.kind, found.delivered)
        except TypeError as problem:
            raise Unstorable(f"intent {told.key} cannot be read: {problem}") from None
        return Intent(wanted, delivered=delivered, **rest)


WITH_FIELDS = ("wanted", "delivered")
"""The parts of an intent that hold fields of a thing."""

INTENT = IntentForm()
VALUE: DocumentForm[object] = DocumentForm(object)


class Tally(NamedTuple):
    """How many writes to tools there were, and how many were not needed."""

    create: int
    update: int
    same: int


class Intents(Repository):
    """What should stand in the offices' tools, and how far each write has come."""

    def get(self, key: str) -> Intent | None:
        """The intent with our key; None when there is none."""
        text = self._session.scalar(select(IntentRow.document).where(IntentRow.key == key))
        return None if text is None else INTENT.read(text)

    def of(self, office: str) -> tuple[Intent, ...]:
        """Every intent for the office's tool, by key."""
        asked = select(IntentRow.document).where(IntentRow.office == office).order_by(IntentRow.key)
        return tuple(INTENT.read(text) for text in self._session.scalars(asked))

    def save(self, intent: Intent) -> bool:
        """Stores a new intent, or how far a stored one has come; whether that is a change.

        Raises Changed, with both hashes, when the key is there with other content: see `renew`.
        """
        if self._add(IntentRow, _row(intent)):
            return True
        there = self._there(intent)
        if there.digest != intent.digest or there.wanted != intent.wanted:
            hashes = f"{there.digest} is stored, {intent.digest} was given"
            raise Changed(f"intent {intent.wanted.key} is stored with other content: {hashes}")
        if there == intent:
            return False
        self._put(IntentRow, _row(intent))
        return True

    def renew(self, intent: Intent) -> bool:
        """Gives a stored intent other content; whether that is a change.

        Raises Unknown when the key is not there, Changed when it belongs to another office or kind.
        """
        there = self._there(intent)
        if (there.wanted.office, there.wanted.kind) != (intent.wanted.office, intent.wanted.kind):
            raise Changed(f"intent {intent.wanted.key} belongs to another office or is of another kind")
        if there == intent:
            return False
        self._put(IntentRow, _row(intent))
        return True

    def sent(self, keys: Collection[str], at: datetime) -> None:
        """Notes that these are about to be sent. Raises Unknown for one that was never stored."""
        for key in keys:
            there = self.get(key)
            if there is None:
                raise Unknown(f"intent {key} was never stored")
            self._put(IntentRow, _row(replace(there, state=IntentState.SENT, sent_at=at)))

    def _there(self, intent: Intent) -> Intent:
        there = self.get(intent.wanted.key)
        if there is None:
            raise Unknown(f"intent {intent.wanted.key} was never stored")
        return there


class Tallies(Repository):
    """What each delivery wrote, so that a run can say what it changed."""

    def add(self, office: str, create: int, update: int, same: int, at: datetime) -> None:
        """Remembers how many writes one delivery to an office made, by kind, and how many were not needed."""
        row = TallyRow(office=office, created=create, updated=update, same=same, at=at)
        self._session.add(row)
        self._session.flush()

    def mark(self) -> int:
        """A mark for `since`: all that is added from now on comes after it; 0 at the very beginning."""
        return self._session.scalar(select(func.max(TallyRow.id))) or 0

    def since(self, mark: int) -> Tally:
        """The sums of all that was added after the mark."""
        sums = select(func.sum(TallyRow.created), func.sum(TallyRow.updated), func.sum(TallyRow.same))
        create, update, same = self._session.execute(sums.where(TallyRow.id > mark)).one()
        return Tally(create or 0, update or 0, same or 0)


class Marks(Repository):
    """Small named values: texts, numbers, dates, and lists and mappings of them."""

    def set(self, name: str, value: object) -> None:
        """Remembers the value under the name, in place of the one before."""
        self._put(MarkRow, {"name": name, "document": VALUE.write(value)})

    def add(self, name: str, value: object) -> bool:
        """Remembers the value under the name; False where there is one, which stays."""
        return self._add(MarkRow, {"name": name, "document": VALUE.write(value)})

    def names(self, start: str) -> frozenset[str]:
        """The names that begin so, under which there is a value."""
        asked = select(MarkRow.name).where(MarkRow.name.startswith(start, autoescape=True))
        return frozenset(self._session.scalars(asked))

    def remove(self, name: str) -> bool:
        """Forgets the value under the name; False when there is none."""
        return self._count(delete(MarkRow).where(MarkRow.name == name)) == 1

    def get(self, name: str) -> object:
        """The value under the name; None when there is none."""
        text = self._session.scalar(select(MarkRow.document).where(MarkRow.name == name))
        return None if text is None else VALUE.read(text)


def _row(intent: Intent) -> Values:
    return {
        "key": intent.wanted.key,
        "office": intent.wanted.office,
        "kind": intent.wanted.kind.value,
        "digest": intent.digest,
        "state": intent.state.value,
        "at": intent.at,
        "document": INTENT.write(intent),
    }

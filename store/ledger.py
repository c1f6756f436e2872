"""The ledger's entries as they are kept, and the people behind its pseudonyms.

An entry is kept as the very bytes that its hash covers, so no byte of it can change unseen. The
database's own triggers refuse to change or delete an entry; this room has no statement that would.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from domain import canonical
from domain.ledger import chain as ledger
from domain.ledger.chain import GENESIS, Broken, Entry, Event
from store.base import Base, Json, Key
from store.errors import Damaged, Unavailable, Unstorable
from store.repository import Repository


class LedgerRow(Base):
    """An entry of the ledger: the content that its hash covers; triggers refuse to change or delete it."""

    __tablename__ = "ledger"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)
    content: Mapped[Json]


class PseudonymRow(Base):
    """What a person is called in the ledger; the only link between the person and the pseudonym."""

    __tablename__ = "pseudonyms"
    person: Mapped[Key]
    pseudonym: Mapped[str] = mapped_column(unique=True)


APPENDING = 0x1ED6E4
"""PostgreSQL's advisory lock for appending; on SQLite a unit of work that writes is alone anyway."""
FIELDS = ("kind", "subject", "actor", "detail", "facts", "version")


class Ledger(Repository):
    """The append-only record of decisions and changes."""

    appended: Entry | None = None
    """The newest entry that this unit appended."""

    def append(self, event: Event) -> Entry:
        """Chains the event to the newest entry; one unit at a time, until it ends, on every database.

        Raises Unstorable when the event's detail would not come back from JSON as it is: keys must be
        strings, values strings, integers, floats, booleans, None, or lists and dicts of these.
        """
        if self._on_postgresql:
            self._session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": APPENDING})
        number, before = self._newest()
        try:
            entry = ledger.chain(event, number + 1, before)
            content = ledger.content(event, number + 1, before)
            survives = _same(event.detail, canonical.read(canonical.canonical(event.detail)))
        except (TypeError, ValueError) as problem:
            raise Unstorable(f"an event {event.kind} cannot be kept: {problem}") from None
        if not survives:
            raise Unstorable(f"the detail of an event {event.kind} would not come back from JSON as it is")
        row = LedgerRow(number=entry.number, before=before, hash=entry.hash, content=content.decode())
        self._session.add(row)
        self._session.flush([row])
        self._session.expunge(row)
        self.appended = entry
        return entry

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Every entry after that number, from the first to the newest, read as they are asked for.

        Raises Damaged at an entry that cannot be read, or was changed after it was written.
        """
        columns = (LedgerRow.number, LedgerRow.before, LedgerRow.hash, LedgerRow.content)
        asked = select(*columns).where(LedgerRow.number > after).order_by(LedgerRow.number)
        rows = self._session.connection().execute(asked, execution_options={"stream_results": True})
        last = after
        try:
            while (row := rows.fetchone()) is not None:
                last += 1
                yield entry_of(last, *row)
        except Unavailable:
            raise Damaged(last + 1, "the database cannot read on") from None
        finally:
            rows.close()

    def newest(self) -> int:
        """The number of the newest entry; 0 in an empty ledger."""
        return self._newest()[0]

    def head(self) -> str:
        """The hash of the newest entry; the genesis hash of an empty ledger."""
        return self._newest()[1]

    def hash_of(self, number: int) -> str:
        """The hash of the entry of that number; the genesis hash of number 0, empty where there is none."""
        if number == 0:
            return GENESIS
        return self._session.scalar(select(LedgerRow.hash).where(LedgerRow.number == number)) or ""

    def holds(self, head: str, number: int = 0) -> bool:
        """Whether an entry has that hash: the one of that number, or any where the number is 0."""
        asked = select(LedgerRow.number).where(LedgerRow.hash == head)
        found = self._session.scalar(asked)
        return found is not None and number in (0, found)

    def verify(self, head: str | None = None) -> Broken | None:
        """None when the stored chain holds up to the `head` kept elsewhere; else its first bad entry."""
        try:
            return ledger.verify(self.entries(), head)
        except Damaged as damage:
            return Broken(damage.number, damage.problem)

    def _newest(self) -> tuple[int, str]:
        asked = select(LedgerRow.number, LedgerRow.hash).order_by(LedgerRow.number.desc()).limit(1)
        found = self._session.execute(asked).one_or_none()
        return (0, GENESIS) if found is None else (found.number, found.hash)


class Pseudonyms(Repository):
    """What people are called in the ledger: random, so that nothing but this table leads back to them."""

    def of(self, person: str) -> str:
        """The person's pseudonym; a new one when there is none, or when it was erased."""
        asked = select(PseudonymRow.pseudonym).where(PseudonymRow.person == person)
        found = self._session.scalar(asked)
        if found is None:
            self._add(PseudonymRow, {"person": person, "pseudonym": f"p-{secrets.token_hex(8)}"})
            found = self._session.execute(asked).scalar_one()
        return found

    def all(self) -> Mapping[str, str]:
        """The pseudonym of everybody who has one, by person."""
        asked = select(PseudonymRow.person, PseudonymRow.pseudonym).order_by(PseudonymRow.person)
        return {row.person: row.pseudonym for row in self._session.execute(asked)}

    def person(self, pseudonym: str) -> str | None:
        """Whose pseudonym it is; None when it is nobody's, or was erased."""
        return self._session.scalar(select(PseudonymRow.person).where(PseudonymRow.pseudonym == pseudonym))

    def erase(self, person: str) -> bool:
        """Forgets who is behind the person's pseudonym, for good; False when there was none."""
        return self._count(delete(PseudonymRow).where(PseudonymRow.person == person)) == 1


def entry_of(place: int, number: object, before: object, hashed: object, content: object) -> Entry:
    """The entry in the row at that place. Raises Damaged unless its content is what its hash covers."""
    try:
        written = str(content).encode()
        if hashlib.sha256(written).hexdigest() != hashed:
            raise Damaged(place, "its content was changed after it was written")
        found = cast("dict[str, Any]", canonical.read(written))
        event = Event(at=datetime.fromisoformat(found["at"]), **{name: found[name] for name in FIELDS})
        entry = Entry(found["number"], event, found["before"], hashed)
    except (TypeError, ValueError, KeyError, RecursionError):
        raise Damaged(place, "its content is not that of an entry") from None
    if (entry.number, entry.before) != (number, before):
        raise Damaged(place, "its columns and its content differ")
    return entry


def _same(one: object, other: object) -> bool:
    """Whether JSON gave back what it got: 1.0 may come back as 1, but not as True, and no tuple as a list."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(item, other[key]) for key, item in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other

"""What came in by webhook, each delivery once, and what hints ask of the offices.

The key of a delivery is kept for ever, so that a repetition is recognized even after a month; its body is
deleted when it is old and dealt with. How many bytes the bodies of a source take is kept beside them. Refuses
the same key with other content, and more bytes than a source may have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    LargeBinary,
    Row,
    Select,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    literal,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.messages.inbox import EVERYTHING, HINT, OVERFLOW, REPEATED, MessageState, Pending, Posted
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unknown
from store.mirrors import MirrorRow
from store.repository import Repository

UNTOLD = text("told = false and state != 'waiting'")
"""What was dealt with and not reported to Prefect yet: few messages at any time, so the index is small."""


class MessageRow(Base):
    """A message as it came by webhook; `number` is the order in which messages were stored."""

    __tablename__ = "messages"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    key: Mapped[str]
    kind: Mapped[str]
    at: Mapped[datetime]
    digest: Mapped[str]
    body: Mapped[bytes]
    state: Mapped[str]
    tries: Mapped[int]
    run: Mapped[str]
    note: Mapped[str]
    told: Mapped[bool] = mapped_column(server_default=true())
    __table_args__ = (
        UniqueConstraint("source", "key"),
        Index(None, "state", "number"),
        Index("ix_messages_untold", "number", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )


class InboxRow(Base):
    """How many bytes of bodies a source has among the messages; changes with them, in one transaction."""

    __tablename__ = "inboxes"
    source: Mapped[Key]
    bytes: Mapped[int] = mapped_column(BigInteger())


class ContentRow(Base):
    """The newest message of a source with that content, where its id is not signed."""

    __tablename__ = "contents"
    source: Mapped[Key]
    digest: Mapped[Key]
    message: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class HintRow(Base):
    """What hints ask of one office."""

    __tablename__ = "hints"
    office: Mapped[Key]
    document: Mapped[Json]


PENDING = DocumentForm(Pending)
DEALT_WITH = (MessageState.STARTED, MessageState.NOTED, MessageState.IGNORED)
COLUMNS = (
    MessageRow.number, MessageRow.source, MessageRow.key, MessageRow.kind, MessageRow.at, MessageRow.body,
    MessageRow.state, MessageRow.tries, MessageRow.run, MessageRow.note,
)  # fmt: skip
WITHOUT_BODY = tuple(
    literal(b"", LargeBinary).label("body") if column is MessageRow.body else column for column in COLUMNS
)
CHUNK = 500
LOOK = text("SELECT bytes FROM inboxes WHERE source = :source")
LOCK = text("SELECT bytes FROM inboxes WHERE source = :source FOR UPDATE")
THERE = text("SELECT id, digest FROM messages WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
GROW = text("UPDATE inboxes SET bytes = bytes + :more WHERE source = :source")
"""As text: SQLAlchemy would make its own statement anew for each batch, which takes longer than to run it."""


class Receipt(StrEnum):
    """What became of a delivery that was to be stored."""

    NEW = "new"
    KNOWN = "known"
    """It was stored before, with this content."""
    OTHER = "other"
    """Its key is known with other content: it is not stored."""
    FULL = "full"
    """Its source has as many bytes in the inbox as it may: it is not stored."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a delivery, and the id of the stored message that covers it."""

    receipt: Receipt
    id: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored already of what a batch brings."""

    digests: dict[str, str]
    """By the id of a message."""
    contents: dict[tuple[str, str], tuple[str, datetime]]
    """The newest message with a content and when it came, by source and digest."""

    def covering(self, posted: Posted) -> Received | None:
        """What is stored for a delivery, by its id or, for a day, by its content; None if nothing."""
        if posted.id in self.digests:
            same = self.digests[posted.id] == posted.digest
            return Received(Receipt.KNOWN if same else Receipt.OTHER, posted.id)
        first = None if posted.signed else self.contents.get((posted.source, posted.digest))
        if first is None or first[1] <= posted.at - REPEATED:
            return None
        return Received(Receipt.KNOWN, first[0])

    def add(self, posted: Posted) -> None:
        """From now on this one is known too."""
        self.digests[posted.id] = posted.digest
        if not posted.signed:
            self.contents[posted.source, posted.digest] = (posted.id, posted.at)


class Inbox(Repository):
    """The messages, in the order in which they were stored."""

    def receive(self, posted: Posted) -> Receipt:
        """Stores a message, unless its source sent one with that key before."""
        (found,) = self.receive_all([posted])
        return found.receipt

    def receive_all(self, batch: Sequence[Posted], quotas: Mapping[str, int] | None = None) -> list[Received]:
        """Stores messages that are not known yet; what became of each.

        `quotas` are the bytes that the bodies of a source may take; a source that is not named has no limit.
        A hint that stands for many is always stored. Two writers for one source wait for each other.
        """
        before = self._locked({each.source for each in batch})
        taken, known = dict(before), self._known(batch)
        new, told = [], []
        for each in batch:
            found = known.covering(each)
            if found is None:
                size = taken[each.source] + len(each.body)
                full = size > (quotas or {}).get(each.source, size) and each.body != EVERYTHING
                found = Received(Receipt.FULL if full else Receipt.NEW, each.id)
                if not full:
                    taken[each.source] = size
                    known.add(each)
                    new.append(each)
            told.append(found)
        self._store(new)
        self._grow({source: taken[source] - size for source, size in before.items()})
        return told

    def _known(self, batch: Sequence[Posted]) -> _Known:
        """What is stored under the ids of these, and under the contents of those whose id is not signed."""
        there = self._session.execute(THERE, {"ids": [each.id for each in batch]})
        known = _Known({row.id: row.digest for row in there}, {})
        unsigned = [each for each in batch if not each.signed]
        if unsigned:
            asked = select(ContentRow.source, ContentRow.digest, ContentRow.message, ContentRow.at).where(
                ContentRow.source.in_({each.source for each in unsigned}),
                ContentRow.digest.in_({each.digest for each in unsigned}),
            )
            for source, digest, message, at in self._session.execute(asked):
                known.contents[source, digest] = (message, at)
        return known

    def _store(self, new: Sequence[Posted]) -> None:
        """Inserts messages that are not known, whose sources no other unit stores anything of now."""
        self._insert_all(MessageRow, [_row(each) for each in new])
        contents = {(each.source, each.digest): each for each in new if not each.signed}
        self._put(ContentRow, *map(_content_row, contents.values()))

    def _locked(self, sources: Collection[str]) -> dict[str, int]:
        """The bytes that these sources take, which no other unit changes until this one ends."""
        return {source: self._locked_one(source) for source in sorted(sources)}

    def _locked_one(self, source: str) -> int:
        asked = LOCK if self._on_postgresql else LOOK  # on SQLite there is one writer at a time
        found = self._session.scalar(asked, {"source": source})
        if found is None:
            self._add(InboxRow, {"source": source, "bytes": 0})
            found = self._session.scalar(asked, {"source": source})
        return int(found or 0)

    def _grow(self, changes: Mapping[str, int]) -> None:
        for source, more in changes.items():
            if more:
                self._session.execute(GROW, {"source": source, "more": more})

    def sizes(self) -> Mapping[str, int]:
        """How many bytes the bodies of each source take."""
        rows = self._session.execute(select(InboxRow.source, InboxRow.bytes).order_by(InboxRow.source))
        return {row.source: row.bytes for row in rows}

    def get(self, message: str) -> Posted:
        """The message with that id. Raises Unknown."""
        found = self._session.execute(select(*COLUMNS).where(MessageRow.id == message)).first()
        if found is None:
            raise Unknown(f"there is no message {message}")
        return _posted(found)

    def like(self, beginning: str) -> tuple[Posted, ...]:
        """The messages whose ids begin so, two at most; none for less than eight characters."""
        if len(beginning) < 8:
            return ()
        asked = select(*COLUMNS).where(MessageRow.id.startswith(beginning, autoescape=True))
        return self._asked(asked.order_by(MessageRow.id).limit(2))

    def waiting(self, most: int, after: int = 0) -> tuple[Posted, ...]:
        """The messages that ask for a run that was not started yet; oldest first, after that number.

        Without their bodies, which nobody needs to start a run.
        """
        return self._next(most, MessageRow.kind != HINT, MessageRow.number > after)

    def unread(self, most: int) -> tuple[Posted, ...]:
        """The hints that were not looked through yet, oldest first and without their bodies; see `get`."""
        return self._next(most, MessageRow.kind == HINT)

    def untold(self, most: int) -> tuple[Posted, ...]:
        """The messages that were dealt with and not reported to Prefect yet, without bodies; oldest first."""
        asked = select(*WITHOUT_BODY).where(UNTOLD).order_by(MessageRow.number)
        return self._asked(asked.limit(most))

    def told(self, messages: Collection[str]) -> None:
        """Notes that these messages were reported to Prefect."""
        self._count(update(MessageRow).where(MessageRow.id.in_(messages)).values(told=True))

    def newest(self, most: int, state: MessageState | None = None) -> tuple[Posted, ...]:
        """The last messages, newest first."""
        asked = self._in(state) if state else select(*COLUMNS)
        return self._asked(asked.order_by(MessageRow.number.desc()).limit(most))

    def moved(self, seen: Posted, state: MessageState, *, run: str = "", note: str = "") -> bool:
        """Stores a message's new state, unless it has changed since it was read; whether it was stored.

        If it has changed, another gateway dealt with it or a person had it tried again: that stays.
        """
        same = (MessageRow.id == seen.id, MessageRow.state == str(seen.state), MessageRow.tries == seen.tries)
        return bool(self._count(update(MessageRow).where(*same).values(state=str(state), run=run, note=note)))

    def again(self, message: str) -> Posted:
        """Lets a message be dealt with once more, by a new run. Raises Unknown, also for a deleted body."""
        found = self.get(message)
        if not found.body:
            raise Unknown(f"the body of message {message} is no longer kept: have it sent anew")
        values = {"state": str(MessageState.WAITING), "run": "", "note": "", "tries": found.tries + 1}
        self._count(update(MessageRow).where(MessageRow.id == message).values(values))
        return self.get(message)

    def counts(self) -> Mapping[MessageState, int]:
        """How many messages there are in each state."""
        rows = self._session.execute(select(MessageRow.state, func.count()).group_by(MessageRow.state))
        found = {MessageState(state): count for state, count in rows}
        return {state: found.get(state, 0) for state in MessageState}

    def oldest_waiting(self) -> datetime | None:
        """When the oldest message came for which nothing was started yet."""
        asked = select(MessageRow.at).where(MessageRow.state == str(MessageState.WAITING))
        return self._session.scalar(asked.order_by(MessageRow.number).limit(1))

    def let_go(self, before: datetime, most: int = CHUNK) -> int:
        """Deletes bodies of messages that were dealt with and came before; their sources get the bytes back.

        Returns how many; `most` where there may be more.
        """
        old = (MessageRow.state.in_([str(state) for state in DEALT_WITH]), MessageRow.at < before)
        size = func.length(MessageRow.body)
        asked = select(MessageRow.number, MessageRow.source, size).where(*old, size > 0).limit(most)
        found = self._session.execute(asked).all()
        self._locked({source for _, source, _ in found})  # from here on no other unit changes their bodies
        emptied = update(MessageRow).where(MessageRow.number.in_([number for number, _, _ in found]), *old)
        emptied = emptied.where(size > 0).values(body=b"").returning(MessageRow.number)
        gone = set(self._session.scalars(emptied))
        freed: Counter[str] = Counter()
        for number, source, many in found:
            freed[source] -= many if number in gone else 0
        self._grow(freed)
        return len(gone)

    def forget(self, before: datetime) -> None:
        """Forgets which contents came before that time."""
        self._count(delete(ContentRow).where(ContentRow.at < before))

    # What hints ask of the offices.

    def hints(self) -> tuple[Pending, ...]:
        """What is pending, by office."""
        texts = self._session.scalars(select(HintRow.document).order_by(HintRow.office))
        return tuple(PENDING.read(text) for text in texts)

    def hinted(self, office: str, number: int, at: datetime) -> None:
        """Adds a hint to the reasons to read an office's tool."""
        text = self._session.scalar(select(HintRow.document).where(HintRow.office == office))
        there = PENDING.read(text) if text else Pending(office, 0, at, at)
        self.save_hint(there.hinted(number, at))

    def save_hint(self, pending: Pending) -> None:
        """Replaces what is pending for an office."""
        self._put(HintRow, {"office": pending.office, "document": PENDING.write(pending)})

    def remembering(self, parts: Collection[str], refs: Collection[str]) -> frozenset[str]:
        """Those of the parts of tools (`office/tool`) of which a thing with one of the refs is remembered."""
        some = list(refs)[:CHUNK]
        asked = select(MirrorRow.office).where(MirrorRow.office.in_(parts), MirrorRow.ref.in_(some))
        return frozenset(self._session.scalars(asked.distinct()))

    def _in(self, state: MessageState) -> Select[Any]:
        return select(*COLUMNS).where(MessageRow.state == str(state))

    def _next(self, most: int, *which: ColumnElement[bool]) -> tuple[Posted, ...]:
        waits = MessageRow.state == str(MessageState.WAITING)
        asked = select(*WITHOUT_BODY).where(waits, *which).order_by(MessageRow.number)
        return self._asked(asked.limit(most))

    def _asked(self, asked: Select[Any]) -> tuple[Posted, ...]:
        return tuple(_posted(row) for row in self._session.execute(asked))

    def last_overflow(self, source: str) -> Posted | None:
        """The newest hint that stands for many of that source; None where there was none yet."""
        first, last = f"{OVERFLOW}{0:012d}", f"{OVERFLOW}{10**12 - 1:012d}"
        asked = select(*COLUMNS).where(
            MessageRow.source == source, MessageRow.key >= first, MessageRow.key <= last
        )
        found = self._session.execute(asked.order_by(MessageRow.key.desc()).limit(1)).first()
        return _posted(found) if found else None


def _row(posted: Posted) -> Mapping[str, object]:
    return {
        "id": posted.id, "source": posted.source, "key": posted.key, "kind": posted.kind,
        "at": posted.at, "digest": posted.digest, "body": posted.body, "state": str(posted.state),
        "tries": posted.tries, "run": posted.run, "note": posted.note, "told": False,
    }  # fmt: skip


def _content_row(posted: Posted) -> Mapping[str, object]:
    return {"source": posted.source, "digest": posted.digest, "message": posted.id, "at": posted.at}


def _posted(row: Row[Any]) -> Posted:
    return Posted(
        source=row.source,
        key=row.key,
        kind=row.kind,
        at=row.at,
        body=row.body,
        state=MessageState(row.state),
        tries=row.tries,
        run=row.run,
        note=row.note,
        number=row.number,
    )

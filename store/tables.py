"""The tables: typed key columns to look things up by, and the whole value as a JSON document beside them.

Rows never leave this room. What may be there once only is a primary key or a unique constraint, so that
two writers are told apart by the database and not by looking first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = Annotated[str, "a document as JSON text"]
Key = Annotated[str, mapped_column(primary_key=True)]


class Utc(TypeDecorator[datetime]):
    """A point in time: aware when it goes in (anything else is a ValueError), in UTC when it comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC; SQLite, which keeps text, gets it without the zone that it would drop anyway."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a stored time needs a zone")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC, on every database."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of all tables, and what Python types are in the database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        str: String().with_variant(String(collation="C"), "postgresql"),  # ordered as on SQLite
        Json: Text(),
        bytes: LargeBinary(),
        int: Integer(),
        float: Double(),
        date: Date(),
        datetime: Utc(),
    }


class ReadingRow(Base):
    """How the last reading of an office's tool went."""

    __tablename__ = "readings"
    office: Mapped[Key]
    at: Mapped[datetime]
    ok_at: Mapped[datetime | None]
    digest: Mapped[str]
    problem: Mapped[str]
    unreadable: Mapped[Json]
    tool: Mapped[Json | None]


class PlanContentRow(Base):
    """A plan by its content; never changed, never deleted."""

    __tablename__ = "plan_contents"
    digest: Mapped[Key]
    document: Mapped[Json]


class PlanRow(Base):
    """Which content a project's plan has now, and since when it is gone from the tool."""

    __tablename__ = "plans"
    project: Mapped[Key]
    office: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(ForeignKey(PlanContentRow.digest))
    read_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]


class VersionRow(Base):
    """A published version of a standard."""

    __tablename__ = "versions"
    standard: Mapped[Key]
    version: Mapped[Key]
    digest: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[Json]


class SimulationRow(Base):
    """What a simulation found, by its digest."""

    __tablename__ = "simulations"
    digest: Mapped[Key]
    at: Mapped[datetime]
    document: Mapped[Json]


class RolloutRow(Base):
    """A rollout as it stands."""

    __tablename__ = "rollouts"
    id: Mapped[Key]
    standard: Mapped[str]
    version: Mapped[str]
    manifest: Mapped[str]
    state: Mapped[str]
    approved_on: Mapped[date]
    document: Mapped[Json]


class AdoptionRow(Base):
    """Where one project stands in a rollout."""

    __tablename__ = "adoptions"
    rollout: Mapped[str] = mapped_column(ForeignKey(RolloutRow.id), primary_key=True)
    project: Mapped[Key]
    office: Mapped[str]
    wave: Mapped[int]
    standing: Mapped[str]
    document: Mapped[Json]


class AdoptionCountRow(Base):
    """How many projects stood where in a rollout on one day."""

    __tablename__ = "adoption_counts"
    rollout: Mapped[str] = mapped_column(ForeignKey(RolloutRow.id), primary_key=True)
    as_of: Mapped[date] = mapped_column(primary_key=True)
    document: Mapped[Json]


class QuestionRow(Base):
    """A question put to an office."""

    __tablename__ = "questions"
    id: Mapped[Key]
    office: Mapped[str]
    project: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    asked: Mapped[date]
    document: Mapped[Json]
    __table_args__ = (Index(None, "office", "state"),)


class NoticeRow(Base):
    """Something that people are told once."""

    __tablename__ = "notices"
    key: Mapped[Key]
    office: Mapped[str]
    kind: Mapped[str]
    day: Mapped[date]
    delivered_at: Mapped[datetime | None]
    document: Mapped[Json]


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


class MirrorRow(Base):
    """One thing of an office's tool as its connector remembers it."""

    __tablename__ = "mirror"
    office: Mapped[Key]
    ref: Mapped[Key]
    stamp: Mapped[str]
    body: Mapped[str] = mapped_column(Text())


class CursorRow(Base):
    """How far an office's tool was read, in its connector's own words."""

    __tablename__ = "cursors"
    office: Mapped[Key]
    cursor: Mapped[str] = mapped_column(Text())


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


class SweepRow(Base):
    """A sweep without its projects; `number` is the order in which sweeps were stored."""

    __tablename__ = "sweeps"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    standard: Mapped[str]
    version: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[Json]
    __table_args__ = (Index(None, "standard", "version", "at"),)


class SweepProjectRow(Base):
    """One project as a sweep judged it; the document is compressed (zlib)."""

    __tablename__ = "sweep_projects"
    sweep: Mapped[int] = mapped_column(ForeignKey(SweepRow.number), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    project: Mapped[str]
    office: Mapped[str]
    band: Mapped[str]
    document: Mapped[bytes]
    __table_args__ = (UniqueConstraint("sweep", "project"),)


class OfficeLockRow(Base):
    """The newest claim on an office; `holder` is null once it was given back."""

    __tablename__ = "office_locks"
    office: Mapped[Key]
    token: Mapped[int]
    holder: Mapped[str | None]
    at: Mapped[datetime]


class RunRow(Base):
    """A run that has not said that it ended, and the process that carries it."""

    __tablename__ = "runs"
    id: Mapped[Key]
    flow: Mapped[str]
    host: Mapped[str]
    pid: Mapped[int]
    pid_started: Mapped[float]
    at: Mapped[datetime]


UNTOLD = text("told = false and state != 'waiting'")
"""What was dealt with and Prefect was not told of: few messages at any time, so their index stays small."""


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


class LedgerRow(Base):
    """An entry of the ledger: the content that its hash covers; triggers refuse to change or delete it."""

    __tablename__ = "ledger"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)
    content: Mapped[Json]


class PseudonymRow(Base):
    """What a person is called in the ledger; the only tie between the two."""

    __tablename__ = "pseudonyms"
    person: Mapped[Key]
    pseudonym: Mapped[str] = mapped_column(unique=True)

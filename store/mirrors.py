"""What connectors remember of the offices' tools between readings; a copy that only moves forward.

A thing that is remembered with a later stamp stays. It refuses to know what the copies mean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.plans.mirror import Kept
from store.base import Base, Key
from store.repository import Repository


class MirrorRow(Base):
    """One thing of an office's tool as its connector remembers it."""

    __tablename__ = "mirror"
    office: Mapped[Key]
    ref: Mapped[Key]
    stamp: Mapped[str]
    body: Mapped[str] = mapped_column(Text())


class CursorRow(Base):
    """How far an office's tool was read, as its connector writes it."""

    __tablename__ = "cursors"
    office: Mapped[Key]
    cursor: Mapped[str] = mapped_column(Text())


T = TypeVar("T")
AT_ONCE = 500


class Mirrors(Repository):
    """The copy of every office's part of a tool."""

    def cursor(self, office: str) -> str:
        """How far the office's tool was read; empty when it never was."""
        return self._session.scalar(select(CursorRow.cursor).where(CursorRow.office == office)) or ""

    def things(self, office: str) -> tuple[Kept, ...]:
        """Everything that is remembered of the office's tool, by ref."""
        asked = select(MirrorRow.ref, MirrorRow.stamp, MirrorRow.body).where(MirrorRow.office == office)
        rows = self._session.execute(asked.order_by(MirrorRow.ref))
        return tuple(Kept(ref, stamp, body) for ref, stamp, body in rows)

    def keep(self, office: str, things: Iterable[Kept], cursor: str, gone: Collection[str] = ()) -> None:
        """Remembers a page and the cursor, forgets what is gone; older never replaces newer."""
        newest: dict[str, Kept] = {}
        for thing in things:
            there = newest.get(thing.ref)
            newest[thing.ref] = thing if there is None or there.stamp <= thing.stamp else there
        for some in _chunks(newest.values()):
            self._keep(office, some)
        for refs in _chunks(gone):
            self._session.execute(
                delete(MirrorRow).where(MirrorRow.office == office, MirrorRow.ref.in_(refs))
            )
        self._put(CursorRow, {"office": office, "cursor": cursor})

    def _keep(self, office: str, things: list[Kept]) -> None:
        """By the driver's own statement: there are thousands of rows, and their columns are plain text."""
        given = ", ".join(["%s" if self._on_postgresql else "?"] * 4)
        self._session.connection().exec_driver_sql(
            f"INSERT INTO mirror (office, ref, stamp, body) VALUES ({given}) "  # noqa: S608 - our own names
            "ON CONFLICT (office, ref) DO UPDATE SET stamp = excluded.stamp, body = excluded.body "
            "WHERE mirror.stamp <= excluded.stamp",
            [(office, thing.ref, thing.stamp, thing.body) for thing in things],
        )


def _chunks(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while some := list(islice(rest, AT_ONCE)):
        yield some

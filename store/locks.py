"""Who may write to an office's tool, and which runs have begun and not reported their end.

A claim always succeeds and takes over: whether the holder is still alive is for the caller to find out.
A replaced holder finds that out when it checks its token, in the same transaction as its changes. A run that
is to be closed is taken over first, by one process at a time, so that it is closed once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Delete, Select, Update, delete, select, update
from sqlalchemy.orm import Mapped

from domain.hosts.life import Host, Process
from store.base import Base, Key
from store.errors import Fenced
from store.repository import Repository

Changed = TypeVar("Changed", Update, Delete)


class OfficeLockRow(Base):
    """The newest claim on an office, and the process that holds it: four nulls once it was given back."""

    __tablename__ = "office_locks"
    office: Mapped[Key]
    token: Mapped[int]
    at: Mapped[datetime]
    host: Mapped[str | None]
    incarnation: Mapped[str | None]
    pid: Mapped[int | None]
    pid_started: Mapped[float | None]


class RunRow(Base):
    """A run that has not reported its end, and the process in which it runs."""

    __tablename__ = "runs"
    id: Mapped[Key]
    flow: Mapped[str]
    host: Mapped[str]
    pid: Mapped[int]
    pid_started: Mapped[float]
    at: Mapped[datetime]
    incarnation: Mapped[str]


@dataclass(frozen=True, slots=True)
class Holder:
    """Which process holds an office's lock, with which token, since when."""

    process: Process
    token: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """A run, and the process in which it runs or that closes it."""

    id: str
    flow: str
    process: Process
    at: datetime


class Locks(Repository):
    """One lock per office, with a token that only grows."""

    def claim(self, office: str, process: Process, at: datetime) -> int:
        """Takes the office's lock, whoever holds it; the token, greater than any before it."""
        held = {**_columns(process), "at": at}
        claim = self._insert(OfficeLockRow, {"office": office, "token": 1, **held}).on_conflict_do_update(
            index_elements=["office"], set_={"token": OfficeLockRow.token + 1, **held}
        )
        return self._session.execute(claim.returning(OfficeLockRow.token)).scalar_one()

    def check(self, office: str, token: int) -> None:
        """Raises Fenced unless the claim with this token holds the office.

        In a unit that may write, nobody else can claim the office until it ends, so what is committed
        with it was written by the holder.
        """
        asked = select(OfficeLockRow.token, OfficeLockRow.host).where(OfficeLockRow.office == office)
        if not self._reads_only:
            asked = asked.with_for_update(read=True)
        found = self._session.execute(asked).one_or_none()
        newest, holder = found if found is not None else (0, None)
        if newest != token:
            raise Fenced(f"office {office} was claimed again: token {token} is not {newest}")
        if holder is None:
            raise Fenced(f"office {office} was given back with token {token}")

    def release(self, office: str, token: int) -> bool:
        """Gives the office back; False, and no change, when the token no longer holds it."""
        mine = (OfficeLockRow.office == office, OfficeLockRow.token == token, OfficeLockRow.host.is_not(None))
        free = dict.fromkeys(("host", "incarnation", "pid", "pid_started"))
        return self._count(update(OfficeLockRow).where(*mine).values(free)) == 1

    def holder(self, office: str) -> Holder | None:
        """Who holds the office; None when nobody does.

        In a unit that may write, nobody else can claim an office that was claimed before until it ends.
        """
        asked = _HELD.where(OfficeLockRow.office == office)
        if not self._reads_only:
            asked = asked.with_for_update()
        found = self._session.execute(asked).one_or_none()
        return None if found is None or found[3] is None else _holder(*found[1:])

    def held(self) -> Mapping[str, Holder]:
        """Who holds which office, by office."""
        rows = self._session.execute(_HELD.where(OfficeLockRow.host.is_not(None)))
        return {office: _holder(*rest) for office, *rest in rows}


_HELD = select(
    OfficeLockRow.office,
    OfficeLockRow.token,
    OfficeLockRow.at,
    OfficeLockRow.host,
    OfficeLockRow.incarnation,
    OfficeLockRow.pid,
    OfficeLockRow.pid_started,
)


def _holder(token: int, at: datetime, host: str, incarnation: str, pid: int, started: float) -> Holder:
    return Holder(Process(Host(host, incarnation), pid, started), token, at)


def _columns(process: Process) -> dict[str, object]:
    host = process.host
    return {
        "host": host.name,
        "incarnation": host.incarnation,
        "pid": process.pid,
        "pid_started": process.started,
    }


class RunRegister(Repository):
    """The runs that have begun and not ended, so that those whose process is dead can be closed."""

    def register(self, run_id: str, flow: str, process: Process, at: datetime) -> None:
        """Remembers that a run began in a process; the same run registered again gets the new process."""
        self._put(RunRow, {"id": run_id, "flow": flow, **_columns(process), "at": at})

    def take(self, run_id: str, flow: str, seen: Process | None, by: Process, at: datetime) -> bool:
        """Takes a run over to close it, from the process that was seen to have it, None for none.

        False, and no change, where another process has it by now; so one alone closes it. It gives the run
        back by taking it the other way round.
        """
        if seen is None:
            return self._add(RunRow, {"id": run_id, "flow": flow, **_columns(by), "at": at})
        return self._count(self._of(update(RunRow), run_id, seen).values(_columns(by))) == 1

    def finish(self, run_id: str, process: Process) -> bool:
        """Forgets a run that ended; False when it is not remembered, or another process took it over."""
        return self._count(self._of(delete(RunRow), run_id, process)) == 1

    @staticmethod
    def _of(change: Changed, run_id: str, process: Process) -> Changed:
        return change.where(
            RunRow.id == run_id,
            RunRow.host == process.host.name,
            RunRow.incarnation == process.host.incarnation,
            RunRow.pid == process.pid,
            RunRow.pid_started == process.started,
        )

    def process(self, run_id: str) -> Process | None:
        """The process that has a run; None where it is not remembered."""
        return next((run.process for run in self._runs(_RUNS.where(RunRow.id == run_id))), None)

    def open(self) -> tuple[Run, ...]:
        """The runs that have not ended, oldest first."""
        return self._runs(_RUNS.order_by(RunRow.at, RunRow.id))

    def _runs(self, asked: Select[tuple[str, str, str, str, int, float, datetime]]) -> tuple[Run, ...]:
        return tuple(
            Run(run, flow, Process(Host(host, incarnation), pid, started), at)
            for run, flow, host, incarnation, pid, started, at in self._session.execute(asked)
        )


_RUNS = select(
    RunRow.id, RunRow.flow, RunRow.host, RunRow.incarnation, RunRow.pid, RunRow.pid_started, RunRow.at
)

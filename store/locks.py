"""Who may write to an office's tool, and which runs have begun and not reported their end.

A claim always succeeds and takes over: whether the holder is still alive is for the caller to find out.
A replaced holder finds that out when it checks its token, in the same transaction as its changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, delete, select, update
from sqlalchemy.orm import Mapped

from store.base import Base, Key
from store.errors import Fenced
from store.repository import Repository


class OfficeLockRow(Base):
    """The newest claim on an office; `holder` is null once it was given back."""

    __tablename__ = "office_locks"
    office: Mapped[Key]
    token: Mapped[int]
    holder: Mapped[str | None]
    at: Mapped[datetime]


class RunRow(Base):
    """A run that has not reported its end, and the process in which it runs."""

    __tablename__ = "runs"
    id: Mapped[Key]
    flow: Mapped[str]
    host: Mapped[str]
    pid: Mapped[int]
    pid_started: Mapped[float]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an office's lock, as written in the claim, with which token, since when."""

    text: str
    token: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """A run, and the process in which it runs; `pid_started` shows whether the process id was reused."""

    id: str
    flow: str
    host: str
    pid: int
    pid_started: float
    at: datetime


class Locks(Repository):
    """One lock per office, with a token that only grows."""

    def claim(self, office: str, holder: str, at: datetime) -> int:
        """Takes the office's lock, whoever holds it; the token, greater than any before it."""
        first = {"office": office, "token": 1, "holder": holder, "at": at}
        claim = self._insert(OfficeLockRow, first).on_conflict_do_update(
            index_elements=["office"],
            set_={"token": OfficeLockRow.token + 1, "holder": holder, "at": at},
        )
        return self._session.execute(claim.returning(OfficeLockRow.token)).scalar_one()

    def check(self, office: str, token: int) -> None:
        """Raises Fenced unless the claim with this token holds the office.

        In a unit that may write, nobody else can claim the office until it ends, so what is committed
        with it was written by the holder.
        """
        asked = select(OfficeLockRow.token, OfficeLockRow.holder).where(OfficeLockRow.office == office)
        if not self._reads_only:
            asked = asked.with_for_update(read=True)
        found = self._session.execute(asked).one_or_none()
        newest, holder = found if found is not None else (0, None)
        if newest != token:
            raise Fenced(f"office {office} was claimed again: token {token} is not {newest}")
        if holder is None:
            raise Fenced(f"office {office} was given back with token {token}")

    def renew(self, office: str, token: int, at: datetime) -> bool:
        """Notes that the holder is alive; False, and no change, when the token no longer holds the office."""
        return self._count(self._held(update(OfficeLockRow), office, token).values(at=at)) == 1

    def release(self, office: str, token: int) -> bool:
        """Gives the office back; False, and no change, when the token no longer holds it."""
        return self._count(self._held(update(OfficeLockRow), office, token).values(holder=None)) == 1

    @staticmethod
    def _held(change: Update, office: str, token: int) -> Update:
        mine = (OfficeLockRow.office == office, OfficeLockRow.token == token)
        return change.where(*mine, OfficeLockRow.holder.is_not(None))

    def holder(self, office: str) -> Holder | None:
        """Who holds the office; None when nobody does."""
        asked = select(OfficeLockRow.holder, OfficeLockRow.token, OfficeLockRow.at)
        found = self._session.execute(asked.where(OfficeLockRow.office == office)).one_or_none()
        if found is None or found[0] is None:
            return None
        return Holder(found[0], found[1], found[2])


class RunRegister(Repository):
    """The runs that have begun and not ended, so that those whose process is dead can be closed."""

    def register(self, run_id: str, flow: str, host: str, pid: int, pid_started: float, at: datetime) -> None:
        """Remembers that a run began in a process; the same run registered again gets the new process."""
        row = {"id": run_id, "flow": flow, "host": host, "pid": pid, "pid_started": pid_started, "at": at}
        self._put(RunRow, row)

    def finish(self, run_id: str) -> bool:
        """Forgets a run that ended; False when it is not remembered."""
        return self._count(delete(RunRow).where(RunRow.id == run_id)) == 1

    def open(self) -> tuple[Run, ...]:
        """The runs that have not ended, oldest first."""
        columns = (RunRow.id, RunRow.flow, RunRow.host, RunRow.pid, RunRow.pid_started, RunRow.at)
        rows = self._session.execute(select(*columns).order_by(RunRow.at, RunRow.id))
        return tuple(Run(*row) for row in rows)

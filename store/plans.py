"""What was read from the offices' tools: how each reading went, and every plan by its content.

A plan's content is kept under its digest for ever, because sweeps name it; a project that is no longer
in its tool is marked gone and never deleted. It refuses to say which reading is good enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from domain.canonical import digest as digest_of
from domain.plans.left_out import LeftOut
from domain.plans.not_read import NotRead
from domain.plans.project import Plan, ToolDescription, Unreadable
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unknown, Unstorable
from store.repository import Repository, Values


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
    left_out: Mapped[Json | None]
    failure: Mapped[str | None]


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


class PlanHistoryRow(Base):
    """Which content a project's plan had from a time on; without one it was gone. Only added to."""

    __tablename__ = "plan_history"
    number: Mapped[int] = mapped_column(primary_key=True)
    office: Mapped[str]
    project: Mapped[str]
    at: Mapped[datetime]
    digest: Mapped[str | None]
    __table_args__ = (Index(None, "office", "at"),)


class PlanForm(DocumentForm[Plan]):
    """A plan as text; what came later than its other fields stands there only where it is given."""

    def _native(self, value: Plan) -> dict[str, Any]:
        native: dict[str, Any] = super()._native(value)
        for item in (*native["items"], *native["summaries"]):
            if item["plan"] is None:
                del item["plan"]
            else:
                item["plan"] = {name: each for name, each in item["plan"].items() if each not in ((), None)}
        if not native["summaries"]:
            del native["summaries"]
        return native


PLAN = PlanForm(Plan, keep=512)
TOOL = DocumentForm(ToolDescription)
UNREADABLE = DocumentForm(tuple[Unreadable, ...])
LEFT_OUT = DocumentForm(tuple[LeftOut, ...])
AT_ONCE = 500
"""How many plans are fetched by one statement at most."""
NOTHING_KNOWN: Mapping[str, Plan] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OfficeReading:
    """How an office's tool was last read: tried at `at`, with success at `ok_at` (None is never).

    All but `problem` and `failure`, its kind, are of the last success; those are empty when the last try was.
    """

    office: str
    at: datetime
    ok_at: datetime | None
    digest: str
    problem: str = ""
    unreadable: tuple[Unreadable, ...] = ()
    tool: ToolDescription | None = None
    left_out: tuple[LeftOut, ...] = ()
    failure: NotRead | None = None


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it was last read, its digest, and when this content was first read."""

    plan: Plan
    digest: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class PastPlan:
    """A plan's content as it was first read at `at`; without a plan the project was gone then."""

    project: str
    at: datetime
    digest: str
    plan: Plan | None


class Put(NamedTuple):
    """How many projects of an office a reading created, changed, left the same, and no longer had."""

    created: int
    changed: int
    same: int
    gone: int


class Readings(Repository):
    """The last reading of each office."""

    def add(
        self,
        office: str,
        at: datetime,
        digest: str,
        problem: str = "",
        unreadable: Iterable[Unreadable] = (),
        tool: ToolDescription | None = None,
        left_out: Iterable[LeftOut] = (),
        failure: NotRead | None = None,
    ) -> None:
        """Stores a reading. One with a `problem`, of kind `failure`, keeps what the last good one brought.

        A reading older than the one remembered changes nothing.
        """
        last = self._of(office)
        if last is not None and last.at > at:
            return
        found: dict[str, object] = {"office": office, "at": at, "problem": problem, "failure": failure}
        if not problem or last is None:
            found |= {
                "ok_at": None if problem else at,
                "digest": digest,
                "unreadable": UNREADABLE.write(tuple(unreadable)),
                "tool": None if tool is None else TOOL.write(tool),
                "left_out": LEFT_OUT.write(tuple(left_out)),
            }
            self._put(ReadingRow, found)
        else:
            self._session.execute(update(ReadingRow).where(ReadingRow.office == office).values(found))

    def latest(self) -> Mapping[str, OfficeReading]:
        """The last reading of every office that was ever read, by office."""
        rows = self._session.scalars(
            select(ReadingRow).order_by(ReadingRow.office), execution_options={"populate_existing": True}
        )
        return {row.office: _reading(row) for row in rows}

    def tools(self) -> Mapping[str, str | None]:
        """How the tools of the offices were last described, as it is stored, by office."""
        rows = self._session.execute(select(ReadingRow.office, ReadingRow.tool))
        return {office: tool for office, tool in rows}  # noqa: C416 - rows, no pairs

    def of(self, office: str) -> OfficeReading | None:
        """The last reading of one office; None where it was never read."""
        row = self._session.scalar(
            select(ReadingRow).where(ReadingRow.office == office).execution_options(populate_existing=True)
        )
        return None if row is None else _reading(row)

    def _of(self, office: str) -> ReadingRow | None:
        asked = select(ReadingRow).where(ReadingRow.office == office)
        return self._session.scalar(asked.with_for_update().execution_options(populate_existing=True))


class Plans(Repository):
    """Every plan that was ever read, by its content, and the one that each project has now."""

    def put(self, office: str, plans: Iterable[Plan], at: datetime) -> Put:
        """Remembers all the plans that an office's tool holds at `at`.

        An unchanged plan's row is not touched; what is not among them is marked gone; what was gone and
        is back counts as created. Raises Unstorable for another office's project and for one given twice.
        """
        given = _by_project(office, plans)
        known = self._known(office)
        now = {name for name, (_, gone) in known.items() if not gone}
        same = 0
        for name, plan in given.items():
            key = digest_of(plan)
            if name in now and known[name][0] == key:
                same += 1
                continue
            self._add(PlanContentRow, {"digest": key, "document": PLAN.write(plan)})
            row: Values = {"project": name, "office": office, "digest": key, "read_at": at, "gone_at": None}
            self._put(PlanRow, row)
            self._note(office, name, at, key)
        lost = now - given.keys()
        if lost:
            gone = update(PlanRow).where(PlanRow.office == office, PlanRow.project.in_(lost))
            self._session.execute(gone.values(gone_at=at))
            for name in sorted(lost):
                self._note(office, name, at, None)
        created = len(given.keys() - now)
        return Put(created, len(given) - created - same, same, len(lost))

    def current(
        self, office: str | None = None, known: Mapping[str, Plan] = NOTHING_KNOWN
    ) -> tuple[StoredPlan, ...]:
        """The plans that stand in the tools now, of one office or of all, by project.

        Those that the caller has, by their digests in `known`, are not read again.
        """
        asked = select(PlanRow.digest, PlanRow.read_at).where(PlanRow.gone_at.is_(None))
        if office is not None:
            asked = asked.where(PlanRow.office == office)
        rows = self._session.execute(asked.order_by(PlanRow.project)).all()
        read = self._contents(sorted({digest for digest, _ in rows} - known.keys()))
        return tuple(StoredPlan(read.get(digest) or known[digest], digest, at) for digest, at in rows)

    def digests(self, projects: Collection[str] | None = None) -> Mapping[str, str]:
        """The digests of the plans that stand in the tools now, of some projects or of all, by project."""
        asked = select(PlanRow.project, PlanRow.digest).where(PlanRow.gone_at.is_(None))
        if projects is not None:
            asked = asked.where(PlanRow.project.in_(projects))
        return {project: digest for project, digest in self._session.execute(asked)}  # noqa: C416 - rows, no pairs

    def gone(self, office: str | None = None) -> Mapping[str, datetime]:
        """The projects of one office or of all that are no longer in their tool, and when that was found."""
        asked = select(PlanRow.project, PlanRow.gone_at).where(PlanRow.gone_at.is_not(None))
        if office is not None:
            asked = asked.where(PlanRow.office == office)
        rows = self._session.execute(asked.order_by(PlanRow.project))
        return {project: at for project, at in rows if at is not None}

    def history(self, office: str, since: datetime) -> tuple[PastPlan, ...]:
        """What each project of an office held at a time, and all that was read since, oldest first."""
        row = PlanHistoryRow
        last = select(func.max(row.number)).where(row.office == office, row.at <= since).group_by(row.project)
        asked = select(row.project, row.at, row.digest).where(
            row.office == office, or_(row.at > since, row.number.in_(last))
        )
        rows = self._session.execute(asked.order_by(row.number)).all()
        read = self._contents(sorted({digest for _, _, digest in rows if digest is not None}))
        return tuple(
            PastPlan(project, at, digest or "", None if digest is None else read[digest])
            for project, at, digest in rows
        )

    def all_of(self, projects: Collection[str]) -> Mapping[str, tuple[Plan, ...]]:
        """Every content that each of these projects ever had, oldest first."""
        row = PlanHistoryRow
        asked = select(row.project, row.digest).where(row.project.in_(projects), row.digest.is_not(None))
        rows = self._session.execute(asked.order_by(row.number)).all()
        read = self._contents(sorted({digest for _, digest in rows if digest is not None}))
        found: dict[str, list[Plan]] = {}
        for project, digest in rows:
            if digest is not None:
                found.setdefault(project, []).append(read[digest])
        return {project: tuple(plans) for project, plans in found.items()}

    def by_digest(self, digest: str) -> Plan:
        """The plan with that content, whether a tool still holds it or not. Raises Unknown for none."""
        text = self._session.scalar(select(PlanContentRow.document).where(PlanContentRow.digest == digest))
        if text is None:
            raise Unknown(f"no plan with the digest {digest} was ever read")
        return PLAN.read(text)

    def _note(self, office: str, project: str, at: datetime, digest: str | None) -> None:
        self._add(PlanHistoryRow, {"office": office, "project": project, "at": at, "digest": digest})

    def _contents(self, digests: Sequence[str]) -> dict[str, Plan]:
        found: dict[str, Plan] = {}
        for first in range(0, len(digests), AT_ONCE):
            asked = select(PlanContentRow).where(PlanContentRow.digest.in_(digests[first : first + AT_ONCE]))
            found |= {row.digest: PLAN.read(row.document) for row in self._session.scalars(asked)}
        return found

    def _known(self, office: str) -> dict[str, tuple[str, bool]]:
        asked = select(PlanRow.project, PlanRow.digest, PlanRow.gone_at).where(PlanRow.office == office)
        rows = self._session.execute(asked.with_for_update())
        return {project: (digest, gone is not None) for project, digest, gone in rows}


def _reading(row: ReadingRow) -> OfficeReading:
    return OfficeReading(
        office=row.office,
        at=row.at,
        ok_at=row.ok_at,
        digest=row.digest,
        problem=row.problem,
        unreadable=UNREADABLE.read(row.unreadable),
        tool=None if row.tool is None else TOOL.read(row.tool),
        left_out=() if row.left_out is None else LEFT_OUT.read(row.left_out),
        failure=None if row.failure is None else NotRead(row.failure),
    )


def _by_project(office: str, plans: Iterable[Plan]) -> dict[str, Plan]:
    found: dict[str, Plan] = {}
    for plan in plans:
        key = plan.project.key
        if plan.project.office != office:
            raise Unstorable(f"project {key} is of office {plan.project.office}, not of {office}")
        if key in found:
            raise Unstorable(f"project {key} is given twice")
        found[key] = plan
    return found

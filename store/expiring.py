"""What is older than it is to be kept, found and deleted: messages' bodies, packs, plans' pasts, cases.

It refuses to know for how long something is kept, and to touch the ledger: whoever uses it records there what
was deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import QueryableAttribute

from domain.cases.case import Case
from domain.reporting.pack import PackId
from store.base import Base
from store.cases import CASE, CaseOfficeRow, CaseRow
from store.inbox import DEALT_WITH, MessageRow
from store.packs import PackRow
from store.pages import PageQuestionRow
from store.plans import PlanContentRow, PlanHistoryRow, PlanRow
from store.questions import NoticeRow, QuestionRow
from store.repository import Repository

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Old:
    """Something that is kept no longer: what it is called, and of which day."""

    name: str
    day: date


class Expiring(Repository):
    """Finds what is older than a time, and deletes it."""

    def messages(self, before: datetime, most: int) -> tuple[Old, ...]:
        """The first messages that came before, were dealt with, and have the body that the inbox deletes."""
        asked = select(MessageRow.id, MessageRow.at).where(
            MessageRow.state.in_([str(state) for state in DEALT_WITH]),
            MessageRow.at < before,
            func.length(MessageRow.body) > 0,
        )
        rows = self._session.execute(asked.order_by(MessageRow.number).limit(most))
        return tuple(Old(id_, at.date()) for id_, at in rows)

    def packs(self, before: date) -> tuple[PackId, ...]:
        """Deletes the packs of earlier days, but the newest of each format and office; which they were."""
        last: dict[tuple[str, str], date] = {}
        rows = self._session.execute(select(PackRow.id, PackRow.format, PackRow.office, PackRow.day)).all()
        for _, format_, office, day in rows:
            last[format_, office] = max(day, last.get((format_, office), day))
        gone = [id_ for id_, format_, office, day in rows if day < before and day < last[format_, office]]
        self._delete(PackRow, PackRow.id, gone)
        return tuple(map(PackId.read, sorted(gone)))

    def plans(self, before: datetime, held: Collection[str]) -> tuple[tuple[Old, ...], int]:
        """Deletes what plans held before that time and not at it; what was deleted, and how many are held.

        A content that nothing names any more goes with it.
        """
        row = PlanHistoryRow
        last = select(func.max(row.number)).where(row.at <= before).group_by(row.project)
        asked = select(row.number, row.project, row.at).where(row.at <= before, row.number.not_in(last))
        found = self._session.execute(asked.order_by(row.number)).all()
        gone = [each for each in found if each.project not in held]
        self._delete(row, row.number, [each.number for each in gone])
        if gone:
            self._session.execute(delete(PlanContentRow).where(*_unnamed()))
        return tuple(Old(each.project, each.at.date()) for each in gone), len(found) - len(gone)

    def ended_cases(self) -> tuple[Case, ...]:
        """The cases that are closed or withdrawn, by id."""
        asked = select(CaseRow.document).where(CaseRow.ended.is_(True)).order_by(CaseRow.id)
        return tuple(map(CASE.read, self._session.scalars(asked)))

    def delete_cases(self, ids: Iterable[str]) -> None:
        """Deletes these cases, and the questions and notices that name them."""
        for id_ in ids:
            for table, key in ((PageQuestionRow, PageQuestionRow.question), (QuestionRow, QuestionRow.id),
                               (NoticeRow, NoticeRow.key)):  # fmt: skip
                self._session.execute(delete(table).where(key.contains(id_, autoescape=True)))
            self._session.execute(delete(CaseOfficeRow).where(CaseOfficeRow.case_id == id_))
            self._session.execute(delete(CaseRow).where(CaseRow.id == id_))

    def _delete(self, table: type[Base], key: QueryableAttribute[Any], keys: Sequence[object]) -> None:
        for first in range(0, len(keys), AT_ONCE):
            self._session.execute(delete(table).where(key.in_(keys[first : first + AT_ONCE])))


def _unnamed() -> tuple[ColumnElement[bool], ...]:
    """No plan has that content now, and none had it at a reading that is kept."""
    digest = PlanContentRow.digest
    past = select(PlanHistoryRow.digest).where(PlanHistoryRow.digest.is_not(None))
    return digest.not_in(select(PlanRow.digest)), digest.not_in(past)

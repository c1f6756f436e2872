"""Questions to offices and notices to people, each stored once; it refuses to send any of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Index, Select, select, update
from sqlalchemy.orm import Mapped

from domain.questions.question import Notice, Question, QuestionState
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unknown
from store.repository import Repository, Values


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
    __table_args__ = (Index(None, "office", "state"), Index(None, "project"))


class NoticeRow(Base):
    """Something of which people are notified once."""

    __tablename__ = "notices"
    key: Mapped[Key]
    office: Mapped[str]
    kind: Mapped[str]
    day: Mapped[date]
    delivered_at: Mapped[datetime | None]
    document: Mapped[Json]
    __table_args__ = (Index(None, "office"),)


QUESTION = DocumentForm(Question, keep=1024)
NOTICE = DocumentForm(Notice)


class Questions(Repository):
    """What was asked of offices, and how it ended."""

    def add(self, question: Question) -> bool:
        """Stores a question; whether it is new. One with its id stays as it is, answered or not."""
        return self._add(QuestionRow, _row(question))

    def save(self, question: Question) -> bool:
        """Remembers how it stands now; whether that is a change. Raises Unknown when it was never added."""
        there = self.get(question.id)
        if there is None:
            raise Unknown(f"question {question.id} was never added")
        if there == question:
            return False
        self._put(QuestionRow, _row(question))
        return True

    def get(self, question_id: str) -> Question | None:
        """That question; None when there is none."""
        text = self._session.scalar(select(QuestionRow.document).where(QuestionRow.id == question_id))
        return None if text is None else QUESTION.read(text)

    def placed_on(self, question_id: str) -> date | None:
        """The day on which it came to stand in the tool of whom it is asked; None where it does not."""
        question = self.get(question_id) if question_id else None
        return None if question is None else question.placed

    def digests(self, projects: Collection[str] | None = None) -> Mapping[str, bytes]:
        """The SHA-256 of all questions about a project, of some projects or of all, by project."""
        asked = select(QuestionRow.project, QuestionRow.document).order_by(QuestionRow.id)
        if projects is not None:
            asked = asked.where(QuestionRow.project.in_(projects))
        found: dict[str, hashlib._Hash] = {}
        for project, document in self._session.execute(asked):
            found.setdefault(project, hashlib.sha256()).update(f"{document}\n".encode())
        return {project: every.digest() for project, every in found.items()}

    def offices(self, state: QuestionState) -> frozenset[str]:
        """The offices that have a question in that state."""
        asked = select(QuestionRow.office).where(QuestionRow.state == state.value).distinct()
        return frozenset(self._session.scalars(asked))

    def of(self, office: str | None = None, state: QuestionState | None = None) -> tuple[Question, ...]:
        """The questions of one office or of all, in one state or in any, oldest first."""
        asked = select(QuestionRow.document).order_by(QuestionRow.asked, QuestionRow.id)
        if office is not None:
            asked = asked.where(QuestionRow.office == office)
        if state is not None:
            asked = asked.where(QuestionRow.state == state.value)
        return tuple(QUESTION.read(text) for text in self._session.scalars(asked))


class Notices(Repository):
    """The notices that were sent, or are still to be sent."""

    def add(self, notice: Notice) -> bool:
        """Stores a notice; False when one with its key is there, sent or not."""
        row: Values = {
            "key": notice.key,
            "office": notice.office,
            "kind": notice.kind.value,
            "day": notice.on,
            "delivered_at": None,
            "document": NOTICE.write(notice),
        }
        return self._add(NoticeRow, row)

    def waiting(self, key: str) -> Notice | None:
        """The notice of that key while it is still to be sent; None otherwise."""
        asked = select(NoticeRow.document).where(NoticeRow.key == key, NoticeRow.delivered_at.is_(None))
        text = self._session.scalar(asked)
        return None if text is None else NOTICE.read(text)

    def replace(self, notice: Notice) -> bool:
        """Says in its place what that key's notice is to say; False where it was sent, or is not there."""
        there = update(NoticeRow).where(NoticeRow.key == notice.key, NoticeRow.delivered_at.is_(None))
        return bool(self._count(there.values(document=NOTICE.write(notice))))

    def undelivered(self) -> tuple[Notice, ...]:
        """Those still to be sent, oldest first."""
        return self._read(_in_order().where(NoticeRow.delivered_at.is_(None)))

    def delivered(self, key: str, at: datetime) -> bool:
        """Notes that a notice was sent; False when that is known. Raises Unknown for a key never added."""
        told = update(NoticeRow).where(NoticeRow.key == key, NoticeRow.delivered_at.is_(None))
        if self._count(told.values(delivered_at=at)):
            return True
        if self._session.scalar(select(NoticeRow.key).where(NoticeRow.key == key)) is None:
            raise Unknown(f"notice {key} was never added")
        return False

    def of(self, office: str) -> tuple[Notice, ...]:
        """Every notice to that office, oldest first."""
        return self._read(_in_order().where(NoticeRow.office == office))

    def _read(self, asked: Select[tuple[str]]) -> tuple[Notice, ...]:
        return tuple(NOTICE.read(text) for text in self._session.scalars(asked))


def _in_order() -> Select[tuple[str]]:
    return select(NoticeRow.document).order_by(NoticeRow.day, NoticeRow.key)


def _row(question: Question) -> Values:
    return {
        "id": question.id,
        "office": question.office,
        "project": question.project,
        "kind": question.kind.value,
        "state": question.state.value,
        "asked": question.asked,
        "document": QUESTION.write(question),
    }

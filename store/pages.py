"""Offices' own pages: the links that were made, what was uploaded, and what was answered there.

The uploaded files lie in the state folder; a row says that a file was accepted, or why it was not. It refuses
to change an answer that was taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Index, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from domain.pages.answering import PageQuestion
from domain.pages.link import PageLink
from domain.pages.upload import Upload
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.repository import Repository

MOST_REFUSED = 20
"""Refused uploads that are remembered of one office."""


class PageLinkRow(Base):
    """A link to an office's own page, by the id that stands in it."""

    __tablename__ = "page_links"
    id: Mapped[Key]
    office: Mapped[str] = mapped_column(index=True)
    person: Mapped[str]
    made: Mapped[datetime]
    until: Mapped[datetime]
    revoked: Mapped[datetime | None]


class UploadRow(Base):
    """A file that came by a link; `number` is the order in which they came."""

    __tablename__ = "uploads"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    office: Mapped[str]
    tool: Mapped[str]
    accepted: Mapped[bool]
    at: Mapped[datetime]
    document: Mapped[Json]
    __table_args__ = (Index(None, "office", "number"),)


class PageQuestionRow(Base):
    """What an office's page knows of a question."""

    __tablename__ = "page_questions"
    question: Mapped[Key]
    office: Mapped[str] = mapped_column(index=True)
    opened: Mapped[datetime | None]
    opened_by: Mapped[str]
    answer: Mapped[str]
    person: Mapped[str]
    link: Mapped[str]
    answered: Mapped[datetime | None]
    refused: Mapped[str]
    why: Mapped[str]


UPLOAD = DocumentForm(Upload)
LINK = tuple(PageLinkRow.__table__.c[name] for name in PageLink.__dataclass_fields__)
QUESTION = tuple(PageQuestionRow.__table__.c[name] for name in PageQuestion.__dataclass_fields__)


class PageLinks(Repository):
    """The links that were made, in force or not."""

    def add(self, link: PageLink) -> bool:
        """Stores a new link; False for an id that is there."""
        return self._add(PageLinkRow, _values(link, PageLink))

    def get(self, link: str) -> PageLink | None:
        """The link of that id; None where none was made."""
        found = self._session.execute(select(*LINK).where(PageLinkRow.id == link)).one_or_none()
        return None if found is None else PageLink(*found)

    def of(self, office: str) -> tuple[PageLink, ...]:
        """Every link to that office's page, newest first."""
        asked = select(*LINK).where(PageLinkRow.office == office)
        rows = self._session.execute(asked.order_by(PageLinkRow.made.desc(), PageLinkRow.id))
        return tuple(PageLink(*row) for row in rows)

    def revoke(self, link: str, at: datetime) -> bool:
        """Ends a link; False where none of that id is in force."""
        there = update(PageLinkRow).where(PageLinkRow.id == link, PageLinkRow.revoked.is_(None))
        return bool(self._count(there.values(revoked=at)))


class Uploads(Repository):
    """What was uploaded, accepted or not."""

    def add(self, upload: Upload) -> int:
        """Stores an upload; its number. Of those that were refused the newest few are remembered."""
        row = UploadRow(
            id=upload.id, office=upload.office, tool=upload.tool, accepted=upload.accepted, at=upload.at,
            document=UPLOAD.write(upload),
        )  # fmt: skip
        self._session.add(row)
        self._session.flush([row])
        refused = (UploadRow.office == upload.office, UploadRow.accepted.is_(False))
        kept = select(UploadRow.number).where(*refused).order_by(UploadRow.number.desc()).limit(MOST_REFUSED)
        self._count(delete(UploadRow).where(*refused, UploadRow.number.not_in(kept)))
        return row.number

    def get(self, office: str, upload: str) -> Upload | None:
        """That upload of that office; None where there is none."""
        asked = select(UploadRow.document).where(UploadRow.office == office, UploadRow.id == upload)
        text = self._session.scalar(asked)
        return None if text is None else UPLOAD.read(text)

    def newest(self, office: str, tool: str) -> Upload | None:
        """The one that was accepted last; None where none ever was."""
        found = self.accepted(office, tool, 1)
        return found[0] if found else None

    def accepted(self, office: str, tool: str, most: int) -> tuple[Upload, ...]:
        """Those that were accepted last, newest first."""
        asked = select(UploadRow.document).where(
            UploadRow.office == office, UploadRow.tool == tool, UploadRow.accepted.is_(True)
        )
        texts = self._session.scalars(asked.order_by(UploadRow.number.desc()).limit(most))
        return tuple(UPLOAD.read(text) for text in texts)


class PageQuestions(Repository):
    """What offices' pages know of questions."""

    def of(self, office: str) -> Mapping[str, PageQuestion]:
        """What an office's page knows, by question."""
        asked = select(*QUESTION).where(PageQuestionRow.office == office)
        rows = self._session.execute(asked.order_by(PageQuestionRow.question))
        return {row.question: PageQuestion(*row) for row in rows}

    def open(self, question: str, office: str, link: str, at: datetime) -> bool:
        """Notes that a question was opened on the page; False where it was opened before."""
        new = PageQuestion(question, office, at, link)
        if self._add(PageQuestionRow, _values(new, PageQuestion)):
            return True
        there = update(PageQuestionRow).where(
            PageQuestionRow.question == question, PageQuestionRow.opened.is_(None)
        )
        return bool(self._count(there.values(opened=at, opened_by=link)))

    def answer(self, given: PageQuestion) -> bool:
        """Stores an answer; False where there is one: of two people at once the first one's counts."""
        self._add(PageQuestionRow, _values(PageQuestion(given.question, given.office), PageQuestion))
        there = update(PageQuestionRow).where(
            PageQuestionRow.question == given.question, PageQuestionRow.answer == ""
        )
        said = {
            "answer": given.answer, "person": given.person, "link": given.link, "answered": given.answered,
            "refused": "", "why": "",
        }  # fmt: skip
        return bool(self._count(there.values(said)))

    def refuse(self, question: str, office: str, text: str, why: str) -> None:
        """Notes what was not taken and why, for the form that is shown next; an empty text forgets it."""
        if text:
            self._add(PageQuestionRow, _values(PageQuestion(question, office), PageQuestion))
        there = update(PageQuestionRow).where(PageQuestionRow.question == question)
        self._count(there.values(refused=text, why=why))


def _values(value: PageLink | PageQuestion, of: type[PageLink | PageQuestion]) -> dict[str, object]:
    return {name: getattr(value, name) for name in of.__dataclass_fields__}

"""Links by which approvers decide, by the digest of their secret; the secret itself is kept nowhere.

A link is used once: of two forms at the same time the database lets one through. What came by links that
decide nothing is counted by reason and day, so that nobody can fill the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import ForeignKey, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from domain.decisions.links import DecisionLink, Draft, Over
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.repository import Repository


class DecisionLinkRow(Base):
    """A link to one approver for one request; `draft` is a form that was not taken."""

    __tablename__ = "decision_links"
    mark: Mapped[Key]
    request: Mapped[str] = mapped_column(ForeignKey("decision_requests.id"), index=True)
    person: Mapped[str]
    shown: Mapped[str]
    made: Mapped[datetime]
    until: Mapped[datetime]
    sent: Mapped[datetime | None]
    used: Mapped[datetime | None]
    reply: Mapped[str]
    draft: Mapped[Json | None]


class LinkRefusalRow(Base):
    """How often something came on a day by a link that decides nothing; an unknown link has no mark."""

    __tablename__ = "decision_link_refusals"
    mark: Mapped[Key]
    why: Mapped[Key]
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]


LINK = tuple(DecisionLinkRow.__table__.c[name] for name in DecisionLink.__dataclass_fields__)
DRAFT = DocumentForm(Draft)


class DecisionLinks(Repository):
    """The links that were made, and what was refused."""

    def add(self, link: DecisionLink) -> bool:
        """Stores a new link; False for a mark that is there."""
        values = {name: getattr(link, name) for name in DecisionLink.__dataclass_fields__}
        return self._add(DecisionLinkRow, {**values, "draft": None})

    def get(self, mark: str) -> DecisionLink | None:
        """The link of that mark; None where none was made."""
        found = self._session.execute(select(*LINK).where(DecisionLinkRow.mark == mark)).one_or_none()
        return None if found is None else DecisionLink(*found)

    def of(self, request: str) -> tuple[DecisionLink, ...]:
        """Every link for a request, oldest first."""
        asked = select(*LINK).where(DecisionLinkRow.request == request)
        rows = self._session.execute(asked.order_by(DecisionLinkRow.made, DecisionLinkRow.mark))
        return tuple(DecisionLink(*row) for row in rows)

    def all(self) -> tuple[DecisionLink, ...]:
        """Every link, oldest first."""
        rows = self._session.execute(select(*LINK).order_by(DecisionLinkRow.made, DecisionLinkRow.mark))
        return tuple(DecisionLink(*row) for row in rows)

    def standing(self, now: datetime) -> tuple[DecisionLink, ...]:
        """Every link that was not used and has not ended, oldest first."""
        asked = select(*LINK).where(DecisionLinkRow.used.is_(None), DecisionLinkRow.until > now)
        rows = self._session.execute(asked.order_by(DecisionLinkRow.made, DecisionLinkRow.mark))
        return tuple(DecisionLink(*row) for row in rows)

    def sent(self, mark: str, at: datetime) -> None:
        """Notes that the person's address took it."""
        self._count(update(DecisionLinkRow).where(DecisionLinkRow.mark == mark).values(sent=at))

    def drop(self, mark: str) -> None:
        """Forgets a link that no address took."""
        self._count(delete(DecisionLinkRow).where(DecisionLinkRow.mark == mark))

    def use(self, mark: str, reply: str, at: datetime) -> bool:
        """Ends a link by an answer, and the person's others with it; False where it was used before."""
        there = update(DecisionLinkRow).where(DecisionLinkRow.mark == mark, DecisionLinkRow.used.is_(None))
        if not self._count(there.values(used=at, reply=reply, draft=None)):
            return False
        link = self.get(mark)
        if link is not None:
            self.replace(link.request, link.person, at)
        return True

    def replace(self, request: str, person: str, at: datetime) -> int:
        """Ends the unused links of a person for a request; how many."""
        there = update(DecisionLinkRow).where(
            DecisionLinkRow.request == request,
            DecisionLinkRow.person == person,
            DecisionLinkRow.used.is_(None),
        )
        return self._count(there.values(used=at, draft=None))

    def draft(self, mark: str) -> Draft | None:
        """The form that was not taken; None where there is none."""
        text = self._session.scalar(select(DecisionLinkRow.draft).where(DecisionLinkRow.mark == mark))
        return None if text is None else DRAFT.read(text)

    def keep_draft(self, mark: str, draft: Draft) -> None:
        """Keeps a form that was not taken, in place of one before; a link that was used keeps none."""
        there = update(DecisionLinkRow).where(DecisionLinkRow.mark == mark, DecisionLinkRow.used.is_(None))
        self._count(there.values(draft=DRAFT.write(draft)))

    def refused(self, mark: str, why: Over, day: date) -> None:
        """Counts something that came by a link that decides nothing."""
        key = {"mark": mark, "why": why.value, "day": day}
        if not self._add(LinkRefusalRow, {**key, "count": 1}):
            there = update(LinkRefusalRow).where(
                LinkRefusalRow.mark == mark, LinkRefusalRow.why == why.value, LinkRefusalRow.day == day
            )
            self._count(there.values(count=LinkRefusalRow.count + 1))

    def refusals(self) -> Mapping[tuple[str, Over, date], int]:
        """How often what was refused, by mark (empty for an unknown link), reason and day."""
        asked = select(LinkRefusalRow.mark, LinkRefusalRow.why, LinkRefusalRow.day, LinkRefusalRow.count)
        rows = self._session.execute(
            asked.order_by(LinkRefusalRow.day, LinkRefusalRow.mark, LinkRefusalRow.why)
        )
        return {(mark, Over(why), day): count for mark, why, day, count in rows}

"""Requests for decisions, the votes on them, and the one decision of each; the database allows no second.

It judges nothing: the law of decisions does. A vote is for what was shown, so a request that changed keeps
the votes on what it was.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.decisions.request import Decision, Request, RequestState, Vote
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unknown
from store.repository import Repository, Values


class RequestRow(Base):
    """A request for a decision."""

    __tablename__ = "decision_requests"
    id: Mapped[Key]
    office: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    state: Mapped[str]
    digest: Mapped[str]
    document: Mapped[Json]
    __table_args__ = (Index(None, "office", "state"), Index(None, "kind", "subject"))


class VoteRow(Base):
    """What one person said last about what was shown to them."""

    __tablename__ = "decision_votes"
    request: Mapped[str] = mapped_column(ForeignKey("decision_requests.id"), primary_key=True)
    digest: Mapped[Key]
    person: Mapped[Key]
    document: Mapped[Json]


class DecisionRow(Base):
    """The decision of a request: its primary key is the request, so there is one."""

    __tablename__ = "decisions"
    request: Mapped[str] = mapped_column(ForeignKey("decision_requests.id"), primary_key=True)
    outcome: Mapped[str]
    at: Mapped[datetime | None] = mapped_column(index=True)
    """When it was made; None for one of an older version."""
    document: Mapped[Json]


REQUEST, VOTE, DECISION = DocumentForm(Request), DocumentForm(Vote), DocumentForm(Decision)


class Decisions(Repository):
    """What was asked, said and decided."""

    def add(self, request: Request) -> bool:
        """Stores a request; False where one with its id is there, which stays as it is."""
        return self._add(RequestRow, _row(request))

    def save(self, request: Request) -> bool:
        """Remembers how it stands now; whether that is a change. Raises Unknown when it was never added."""
        there = self.get(request.id)
        if there is None:
            raise Unknown(f"the request {request.id} was never added")
        if there == request:
            return False
        self._put(RequestRow, _row(request))
        return True

    def get(self, request_id: str) -> Request | None:
        """That request; None when there is none."""
        text = self._session.scalar(select(RequestRow.document).where(RequestRow.id == request_id))
        return None if text is None else REQUEST.read(text)

    def locked(self, request_id: str) -> Request | None:
        """The same; and until the unit ends, whoever else asks for it so waits."""
        asked = select(RequestRow.document).where(RequestRow.id == request_id).with_for_update()
        text = self._session.scalar(asked)
        return None if text is None else REQUEST.read(text)

    def of(self, office: str, state: RequestState) -> tuple[Request, ...]:
        """The requests that an office decides on, in one state."""
        asked = select(RequestRow.document).where(
            RequestRow.office == office, RequestRow.state == state.value
        )
        return tuple(REQUEST.read(text) for text in self._session.scalars(asked.order_by(RequestRow.id)))

    def open(self) -> tuple[Request, ...]:
        """Every request that waits for a decision, by id."""
        asked = select(RequestRow.document).where(RequestRow.state == RequestState.OPEN.value)
        return tuple(REQUEST.read(text) for text in self._session.scalars(asked.order_by(RequestRow.id)))

    def before(self, like: Request, most: int) -> tuple[tuple[Request, Decision], ...]:
        """The newest decisions on others of its kind that the same office made, newest first."""
        asked = (
            select(RequestRow.document, DecisionRow.document)
            .join(DecisionRow, DecisionRow.request == RequestRow.id)
            .where(
                RequestRow.office == like.office, RequestRow.kind == like.kind.value, RequestRow.id != like.id
            )
            .order_by(DecisionRow.at.is_(None), DecisionRow.at.desc(), RequestRow.id)
            .limit(most)
        )
        return tuple((REQUEST.read(a), DECISION.read(b)) for a, b in self._session.execute(asked))

    def vote(self, vote: Vote) -> None:
        """Stores a vote, in place of what that person said of the same before."""
        row: Values = {
            "request": vote.request,
            "digest": vote.shown,
            "person": vote.person,
            "document": VOTE.write(vote),
        }
        self._put(VoteRow, row)

    def votes(self, request_id: str) -> tuple[Vote, ...]:
        """Every vote on a request, also those on what it was before it changed; by time."""
        asked = select(VoteRow.document).where(VoteRow.request == request_id)
        return tuple(sorted(map(VOTE.read, self._session.scalars(asked)), key=lambda v: (v.at, v.person)))

    def decide(self, decision: Decision) -> bool:
        """Stores the decision of a request; False where it is decided already, by whatever."""
        row: Values = {
            "request": decision.request,
            "outcome": decision.outcome.value,
            "at": decision.at,
            "document": DECISION.write(decision),
        }
        return self._add(DecisionRow, row)

    def decision(self, request_id: str) -> Decision | None:
        """What was decided; None while nothing is."""
        text = self._session.scalar(select(DecisionRow.document).where(DecisionRow.request == request_id))
        return None if text is None else DECISION.read(text)


def _row(request: Request) -> Values:
    return {
        "id": request.id,
        "office": request.office,
        "kind": request.kind.value,
        "subject": request.subject,
        "state": request.state.value,
        "digest": request.shown.digest,
        "document": REQUEST.write(request),
    }

"""Deployments as they stand, the shares of templates under them and under agreements, and peers' questions.

What was so before is in the ledger. It refuses to open a deployment twice, and to open a closed one again.
"""

from __future__ import annotations

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped

from domain.deployments.deployment import Deployment
from domain.deployments.peers import PeerQuestion
from domain.deployments.sharing import Deployments, Share
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Changed, Unknown
from store.repository import Repository, Values


class DeploymentRow(Base):
    """A deployment as it stands."""

    __tablename__ = "deployments"
    id: Mapped[Key]
    template: Mapped[str]
    document: Mapped[Json]


class ShareRow(Base):
    """A template that is shared under a deployment or an agreement."""

    __tablename__ = "template_shares"
    template: Mapped[Key]
    basis: Mapped[Key]
    under: Mapped[Key]
    document: Mapped[Json]


class PeerQuestionRow(Base):
    """What an office asked on a template that is shared with it."""

    __tablename__ = "peer_questions"
    id: Mapped[Key]
    template: Mapped[str]
    document: Mapped[Json]
    __table_args__ = (Index(None, "template"),)


DEPLOYMENT, SHARE = DocumentForm(Deployment), DocumentForm(Share)
PEER_QUESTION = DocumentForm(PeerQuestion)


class DeploymentRegister(Repository):
    """The deployments and the shares of templates."""

    def add(self, deployment: Deployment) -> bool:
        """Stores a deployment; False where one with its id is there, which stays as it is."""
        return self._add(DeploymentRow, _row(deployment))

    def save(self, deployment: Deployment) -> bool:
        """Remembers how it stands now; whether that is a change.

        Raises Unknown when it was never added, Changed when it is closed.
        """
        there = self.get(deployment.id)
        if there is None:
            raise Unknown(f"the deployment {deployment.id} was never opened")
        if there == deployment:
            return False
        if there.closed is not None:
            raise Changed(f"the deployment {deployment.id} is closed and never changes: open another one")
        self._put(DeploymentRow, _row(deployment))
        return True

    def get(self, deployment: str) -> Deployment | None:
        """That deployment; None when there is none."""
        text = self._session.scalar(select(DeploymentRow.document).where(DeploymentRow.id == deployment))
        return None if text is None else DEPLOYMENT.read(text)

    def locked(self, deployment: str) -> Deployment | None:
        """The same; and until the unit ends, whoever else asks for it so waits."""
        asked = select(DeploymentRow.document).where(DeploymentRow.id == deployment).with_for_update()
        text = self._session.scalar(asked)
        return None if text is None else DEPLOYMENT.read(text)

    def share(self, share: Share) -> bool:
        """Stores a share, in place of the one before under the same; whether that is a change.

        The same with the same redactions is none, whoever shares it and when.
        """
        same = (ShareRow.template == share.template, ShareRow.basis == share.basis.value)
        text = self._session.scalar(select(ShareRow.document).where(*same, ShareRow.under == share.under))
        there = None if text is None else SHARE.read(text)
        if there is not None and (there.giver, there.redacted) == (share.giver, share.redacted):
            return False
        key = {"template": share.template, "basis": share.basis.value, "under": share.under}
        self._put(ShareRow, {**key, "document": SHARE.write(share)})
        return True

    def all(self) -> Deployments:
        """Every deployment and share, by id."""
        deployments = self._session.scalars(select(DeploymentRow.document).order_by(DeploymentRow.id))
        ordered = select(ShareRow.document).order_by(ShareRow.template, ShareRow.basis, ShareRow.under)
        return Deployments(
            tuple(map(DEPLOYMENT.read, deployments)), tuple(map(SHARE.read, self._session.scalars(ordered)))
        )

    def ask(self, question: PeerQuestion) -> bool:
        """Stores a question; False where the same is there, which stays as it is, answered or not."""
        return self._add(PeerQuestionRow, _asked(question))

    def answer(self, question: PeerQuestion) -> None:
        """Remembers a question with its answer. Raises Unknown when it was never asked."""
        if self.asked(str(question.id)) is None:
            raise Unknown(f"the question {question.id} was never asked")
        self._put(PeerQuestionRow, _asked(question))

    def asked(self, question: str) -> PeerQuestion | None:
        """That question; None when there is none."""
        text = self._session.scalar(select(PeerQuestionRow.document).where(PeerQuestionRow.id == question))
        return None if text is None else PEER_QUESTION.read(text)

    def templates_asked(self) -> frozenset[str]:
        """The templates on which something was asked."""
        return frozenset(self._session.scalars(select(PeerQuestionRow.template).distinct()))

    def questions(self, template: str) -> tuple[PeerQuestion, ...]:
        """What was asked on a template, in the order in which it was asked."""
        asked = select(PeerQuestionRow.document).where(PeerQuestionRow.template == template)
        found = map(PEER_QUESTION.read, self._session.scalars(asked))
        return tuple(sorted(found, key=lambda each: (each.at, str(each.id))))


def _asked(question: PeerQuestion) -> Values:
    return {
        "id": str(question.id), "template": question.template, "document": PEER_QUESTION.write(question),
    }  # fmt: skip


def _row(deployment: Deployment) -> Values:
    return {
        "id": deployment.id, "template": deployment.template, "document": DEPLOYMENT.write(deployment),
    }  # fmt: skip

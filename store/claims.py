"""What the store holds and the ledger always records, so that an emptied or shortened ledger shows beside it.

Published versions, approved rollouts, sweeps and answered questions are stored together with their entries,
each in one transaction. Refuses to claim what an entry of another kind may have changed since, such as
where a project stands.
"""

from __future__ import annotations

from sqlalchemy import func, inspect, select

from domain.ledger.anchors import Claim
from domain.questions.question import QuestionState
from store.repository import Repository
from store.tables import OutgoingRow, QuestionRow, RolloutRow, SweepRow, VersionRow


class Claims(Repository):
    """Reads key columns only."""

    def all(self) -> tuple[Claim, ...]:
        """Each thing that must have its entry."""
        versions = self._session.execute(select(VersionRow.standard, VersionRow.version, VersionRow.digest))
        rollouts = self._session.execute(select(RolloutRow.id, RolloutRow.manifest))
        answered = select(QuestionRow.id).where(QuestionRow.state == QuestionState.ANSWERED.value)
        state = ("state", QuestionState.ANSWERED.value)
        return (
            *(
                Claim("published version", "version", f"{s}/{v}", detail=("digest", d))
                for s, v, d in versions
            ),
            *(
                Claim("approved rollout", "approval", rollout, facts=manifest)
                for rollout, manifest in rollouts
            ),
            *(Claim("sweep", "sweep", sweep) for sweep in self._session.scalars(select(SweepRow.id))),
            *(
                Claim("answered question", "question", question, detail=state)
                for question in self._session.scalars(answered)
            ),
        )

    def sent(self) -> int:
        """The number of the newest entry that was made an event for a receiver; 0 where none was.

        A store as an older Interoffice left it has no such table yet.
        """
        if not inspect(self._session.connection()).has_table(OutgoingRow.__tablename__):
            return 0
        return self._session.scalar(select(func.max(OutgoingRow.number))) or 0

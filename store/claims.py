"""Stored things that always have a ledger entry: comparing them shows that a ledger was emptied or shortened.

Published versions, approved rollouts, sweeps, answered questions and released templates are stored together
with their entries, each in one transaction; a report's row names the entry that was the newest when the
report was made. Refuses to claim what an entry of another kind may have changed since, such as a project's
standing in a rollout.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, inspect, select

from domain.ids import TemplateVersionId, VersionId
from domain.ledger import anchors as anchored
from domain.ledger.anchors import Anchor, Claim, Examined
from domain.ledger.chain import Broken
from domain.questions.question import QuestionState
from store.errors import Damaged
from store.ledger import Ledger
from store.outbox import OutgoingRow
from store.questions import QuestionRow
from store.reports import ReportRow, Reports
from store.repository import Repository
from store.rollouts import RolloutRow
from store.standards import VersionRow
from store.sweeps import SweepRow
from store.templates import TemplateVersionRow


class Claims(Repository):
    """Reads key columns only, and the whole ledger to compare it with them."""

    def examine(self, anchors: Sequence[Anchor] = ()) -> Examined:
        """The stored chain, compared with anchors kept elsewhere and with what else the store holds.

        Read the anchors before the unit begins: a later one may name an entry that the unit does not see.
        """
        kept = {(each.hash, each.number) for each in anchors}
        indexed = [each for each in self.indexed() if (each.hash, each.number) not in kept]
        try:
            entries = Ledger(self._session).entries()
            return anchored.examine(entries, [*anchors, *indexed], self.all(), self.sent())
        except Damaged as damage:
            return Examined(broken=Broken(damage.number, damage.problem))

    def all(self) -> tuple[Claim, ...]:
        """Each stored thing that must have an entry in the ledger."""
        versions = self._session.execute(select(VersionRow.standard, VersionRow.version, VersionRow.digest))
        rollouts = self._session.execute(select(RolloutRow.id, RolloutRow.manifest))
        answered = select(QuestionRow.id).where(QuestionRow.state == QuestionState.ANSWERED.value)
        state = ("state", QuestionState.ANSWERED.value)
        return (
            *(
                Claim("published version", "version", str(VersionId(s, v)), detail=("digest", d))
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
            *self._templates(),
        )

    def _templates(self) -> tuple[Claim, ...]:
        """Each released version of a template; none in the store of an older Interoffice."""
        if not inspect(self._session.connection()).has_table(TemplateVersionRow.__tablename__):
            return ()
        columns = select(TemplateVersionRow.template, TemplateVersionRow.number, TemplateVersionRow.digest)
        return tuple(
            Claim(
                "released template", "release", str(TemplateVersionId(name, number)), detail=("digest", key)
            )
            for name, number, key in self._session.execute(columns)
        )

    def indexed(self) -> tuple[Anchor, ...]:
        """The ledger's head that each report prints, as the index of reports has it.

        Whoever changes the ledger can change the index too, so it proves less than a page; it shows an
        emptied ledger where the pages are gone. Empty in the store of an older Interoffice without the table.
        """
        if not inspect(self._session.connection()).has_table(ReportRow.__tablename__):
            return ()
        return tuple(
            Anchor(f"the index, of the report {each.slug},", each.ledger_head, each.ledger_entry or None)
            for each in Reports(self._session).all()
        )

    def sent(self) -> int:
        """The number of the newest entry that was made an event for a receiver; 0 where none was.

        Also 0 in the store of an older Interoffice, which has no such table.
        """
        if not inspect(self._session.connection()).has_table(OutgoingRow.__tablename__):
            return 0
        return self._session.scalar(select(func.max(OutgoingRow.number))) or 0

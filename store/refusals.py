"""Who was refused what, in the ledger: once a day for what repeats, so that nobody can fill the ledger.

It keeps ids, pseudonyms and hashes only; a name that belongs to nobody in the organization is not kept.
"""

from __future__ import annotations

from datetime import date, datetime

from domain.canonical import digest
from domain.ledger.chain import Event
from domain.organization.actions import Operator, Refusal, Sender
from store.intents import Marks
from store.ledger import Ledger, Pseudonyms
from store.repository import Repository


class Refusals(Repository):
    """The refusals that were recorded."""

    def repeats(self, refusal: Refusal, day: date) -> bool:
        """Whether the same source was refused the same action that day."""
        return Marks(self._session).get(_mark(refusal, "", "")) == day

    def record(self, refusal: Refusal, subject: str, why: str, at: datetime, day: date) -> bool:
        """Append it to the ledger; False where the same was recorded that day.

        For a source the same means the same action, on whatever subject; for a person the same action on the
        same subject. `subject` is the id of something of ours, or empty. `why` is the reason that was given:
        only its hash is kept.
        """
        who = Pseudonyms(self._session).of(refusal.person) if refusal.person else "system"
        mark = _mark(refusal, who, subject)
        if Marks(self._session).get(mark) == day:
            return False
        actor = refusal.actor
        detail: dict[str, object] = {
            "action": str(refusal.action),
            "cause": str(refusal.cause),
            "entered_by_operator": isinstance(actor, Operator),
        }
        if isinstance(actor, Sender):
            detail["source"] = actor.source.id
        if why:
            detail["reason"] = digest(why)
        Ledger(self._session).append(Event("refusal", subject, who, at, detail))
        Marks(self._session).set(mark, day)
        return True


def _mark(refusal: Refusal, who: str, subject: str) -> str:
    """The name of the mark that holds the day on which the same was recorded last."""
    if isinstance(refusal.actor, Sender):
        return f"refused/source/{refusal.actor.source.id}/{refusal.action}"
    return f"refused/person/{who}/{refusal.action}/{subject}"

"""Whether somebody may do something here: the table is asked, and who may not is recorded.

It decides nothing itself: that is domain/organization/actions.py.
"""

from __future__ import annotations

from config.wiring import Clock
from domain.organization.actions import Action, Actor, Permission, Refusal, Sender, permit
from domain.organization.office import Organization
from store import Store


class NotPermitted(PermissionError):
    """Somebody may not do what was asked for; its text says why, and who may."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def permitted(
    organization: Organization,
    store: Store,
    clock: Clock,
    actor: Actor,
    action: Action,
    *,
    concerned: str = "",
    subject: str = "",
    why: str = "",
    dry_run: bool = False,
) -> Permission:
    """By which role of which office the actor may. Raises NotPermitted; without a dry run that is recorded.

    `concerned` is the office that it is about; `subject` the id of something of ours, or empty. Within a unit
    that writes it would wait for itself: ask before it begins.
    """
    found = permit(organization, actor, action, concerned)
    if isinstance(found, Refusal):
        if not dry_run:
            record_refusal(organization, store, clock, found, subject, why)
        raise NotPermitted(found)
    return found


def record_refusal(
    organization: Organization, store: Store, clock: Clock, refusal: Refusal, subject: str, why: str
) -> None:
    """Keep it in the ledger, in a unit of its own; what repeats is kept once a day."""
    at = clock.now()
    day = organization.strategic().calendar.local_date(at)
    if isinstance(refusal.actor, Sender):
        with store.read() as unit:
            if unit.refusals.repeats(refusal, day):
                return
    with store.begin() as unit:
        unit.refusals.record(refusal, subject, why, at, day)
        unit.commit()

"""Whether an actor may do something, by the table of actions; a refusal is recorded.

It decides nothing itself: the table and its law are in domain/organization/actions.py.
"""

from __future__ import annotations

from config.standing_in import entitled_now
from config.wiring import Clock
from domain.organization.actions import Action, Actor, Permission, Refusal, Sender, permit
from domain.organization.office import Office, Organization
from store import Store


class NotPermitted(PermissionError):
    """The actor may not do what was asked for; the text says why, and who may."""

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
    leader: Office,
    concerned: str = "",
    subject: str = "",
    why: str = "",
    dry_run: bool = False,
) -> Permission:
    """By which role of which office the actor may. Raises NotPermitted; without a dry run that is recorded.

    Who stands in for somebody may what they may.
    `leader` is the strategic office that leads what the action is about, `concerned` the id of the office
    that it concerns, `subject` the id of what it is about, or empty. Call it before a unit that writes:
    inside one, recording a refusal would wait for it.
    """
    with store.read() as unit:
        there = entitled_now(unit, organization, clock)
    found = permit(there, actor, action, leader.id, concerned)
    if isinstance(found, Refusal):
        if not dry_run:
            record_refusal(leader, store, clock, found, subject, why)
        raise NotPermitted(found)
    return found


def record_refusal(
    leader: Office, store: Store, clock: Clock, refusal: Refusal, subject: str, why: str
) -> None:
    """Record a refusal in the ledger, in a unit of its own; one that a source repeats, once a day.

    The day is that of the office that leads what was asked for.
    """
    at = clock.now()
    day = leader.calendar.local_date(at)
    if isinstance(refusal.actor, Sender):
        with store.read() as unit:
            if unit.refusals.repeats(refusal, day):
                return
    with store.begin() as unit:
        unit.refusals.record(refusal, subject, why, at, day)
        unit.commit()

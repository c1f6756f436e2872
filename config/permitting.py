"""Whether somebody may do something here: the table is asked, and who may not is recorded.

It decides nothing itself: that is domain/organization/actions.py.
"""

from __future__ import annotations

from config.wiring import Application
from domain.organization.actions import Action, Actor, Permission, Refusal, Sender, permit
from store.unit import Unit


class NotPermitted(PermissionError):
    """Somebody may not do what was asked for; its text says why, and who may."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def permitted(
    application: Application,
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
    found = permit(application.organization, actor, action, concerned)
    if isinstance(found, Refusal):
        if not dry_run:
            record_refusal(application, found, subject, why)
        raise NotPermitted(found)
    return found


def record_refusal(
    application: Application, refusal: Refusal, subject: str, why: str, unit: Unit | None = None
) -> None:
    """Keep it in the ledger, in a unit of its own where none is given; what repeats is kept once a day."""
    at = application.clock.now()
    day = application.organization.strategic().calendar.local_date(at)
    if unit is not None:
        unit.refusals.record(refusal, subject, why, at, day)
        return
    if isinstance(refusal.actor, Sender):
        with application.store.read() as looked:
            if looked.refusals.repeats(refusal, day):
                return
    with application.store.begin() as own:
        own.refusals.record(refusal, subject, why, at, day)
        own.commit()

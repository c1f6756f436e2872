"""Notify people: each notice once, to its role's addresses, by Apprise; only shown where there are none."""

from __future__ import annotations

from dataclasses import dataclass

import apprise

from domain.delivery.undelivered import notices_of, undelivered
from domain.organization.office import Organization, Role
from domain.questions.question import Notice
from tasks.context import current_application


@dataclass(frozen=True, slots=True)
class Told:
    """How many notices were sent, only shown because nobody has an address, or could not be sent."""

    sent: int = 0
    shown: int = 0
    failed: int = 0
    undelivered: int = 0
    """Questions that have not reached their office for longer than agreed."""


def tell_people() -> Told:
    """Send the notices that were not sent yet; one that fails is counted and sent the next time.

    The offices that lead are told what has not reached an office for longer than agreed.
    """
    application = current_application()
    organization, store, now = application.organization, application.store, application.clock.now()
    with store.read() as unit:
        late = undelivered(organization, unit.held.of(), now)
    if late:
        with store.begin() as unit:
            added = [unit.notices.add(notice) for notice in notices_of(organization, late, now)]
            if any(added):
                unit.commit()
    with store.read() as unit:
        waiting = unit.notices.undelivered()
    outcome = {"sent": 0, "shown": 0, "failed": 0}
    for notice in waiting:
        addresses = _addresses(organization, notice)
        result = "shown" if not addresses else "sent" if _send(notice, addresses) else "failed"
        outcome[result] += 1
        if result != "failed":
            with store.begin() as unit:
                unit.notices.delivered(notice.key, now)
                unit.commit()
    return Told(**outcome, undelivered=sum(each.questions for each in late))


def _addresses(organization: Organization, notice: Notice) -> tuple[str, ...]:
    holders = organization.holders(notice.office, Role(notice.role))
    return tuple(person.address for person in holders if person.address)


def _send(notice: Notice, addresses: tuple[str, ...]) -> bool:
    sender = apprise.Apprise()
    added = [sender.add(address) for address in addresses]
    title = f"Interoffice: {notice.kind} ({notice.office}, {notice.on})"
    return all(added) and bool(sender.notify(body=notice.text, title=title))

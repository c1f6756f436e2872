"""Notify people: each notice once, to its role's addresses, by Apprise; only shown where there are none."""

from __future__ import annotations

from dataclasses import dataclass

import apprise

from domain.organization.office import Organization, Role
from domain.questions.question import Notice
from tasks.context import current_application


@dataclass(frozen=True, slots=True)
class Told:
    """How many notices were sent, only shown because nobody has an address, or could not be sent."""

    sent: int = 0
    shown: int = 0
    failed: int = 0


def tell_people() -> Told:
    """Send the notices that were not sent yet; one that fails is counted and sent the next time."""
    application = current_application()
    with application.store.read() as unit:
        waiting = unit.notices.undelivered()
    outcome = {"sent": 0, "shown": 0, "failed": 0}
    for notice in waiting:
        addresses = _addresses(application.organization, notice)
        result = "shown" if not addresses else "sent" if _send(notice, addresses) else "failed"
        outcome[result] += 1
        if result != "failed":
            with application.store.begin() as unit:
                unit.notices.delivered(notice.key, application.clock.now())
                unit.commit()
    return Told(**outcome)


def _addresses(organization: Organization, notice: Notice) -> tuple[str, ...]:
    holders = organization.holders(notice.office, Role(notice.role))
    return tuple(person.address for person in holders if person.address)


def _send(notice: Notice, addresses: tuple[str, ...]) -> bool:
    sender = apprise.Apprise()
    added = [sender.add(address) for address in addresses]
    title = f"Interoffice: {notice.kind} ({notice.office}, {notice.on})"
    return all(added) and bool(sender.notify(body=notice.text, title=title))

"""Tell people that a run failed or is late: one message per run and trouble to each address, by Apprise.

An address that took the message is not sent it again, whatever becomes of the others. It refuses to keep
silent about an address that takes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import apprise

from config.settings import ALERTS, variable
from config.standing_in import present_now
from config.wiring import BLOCK
from domain.organization.office import Organization, Role
from domain.outcomes.failures import FailureNotified, Trouble
from tasks.context import current_application, secret_block


class NotTaken(ValueError):
    """Some addresses took no message; the text names them by their places, as they may hold passwords."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed or is late, by ids, with its message and the address of its page."""

    run: str
    flow: str
    trouble: Trouble
    message: str
    page: str
    inner: bool = False


def notify_people(failure: Failure) -> FailureNotified:
    """Send it to every address that has not got it. Raises NotTaken, and LookupError as `addresses` does."""
    if failure.inner:
        return FailureNotified(failure.flow, failure.trouble, 0, 0, inner=True)
    application = current_application()
    mark = f"alert {failure.run} {failure.trouble}"
    with application.store.read() as unit:
        there = present_now(unit, application.organization, application.clock)
        found = unit.marks.get(mark)
    given = addresses(application.settings.alert_places, there)
    took = {str(each) for each in found} if isinstance(found, list) else set()
    waiting = {place: each for place, each in given.items() if _digest(each) not in took}
    sent, refused = list[str](), list[str]()
    for place, address in waiting.items():
        (sent if _send(failure, address) else refused).append(place)
    if sent:
        with application.store.begin() as unit:
            unit.marks.set(mark, sorted(took | {_digest(waiting[place]) for place in sent}))
            unit.commit()
    if refused:
        raise NotTaken(
            f"{', '.join(refused)} took no message that {failure.flow} {_word(failure)}: correct the address,"
            " or see that its server answers; started again, it is sent there only"
        )
    return FailureNotified(failure.flow, failure.trouble, len(sent), len(given))


def addresses(places: tuple[str, ...], organization: Organization) -> Mapping[str, str]:
    """The addresses by where they are written: those of the setting, else of the strategic offices' heads.

    A place is an address, the name of a variable, or `block:` and the name of a Prefect block. Raises
    LookupError for a variable and a block that are not there.
    """
    if not places:
        return {
            f"the address of {office.id}'s head in people.yaml": person.address
            for office in organization.strategic_offices()
            for person in organization.holders(office.id, Role.HEAD)
            if person.address
        }
    return {
        f"address {number} of {ALERTS}": _read(place, number) for number, place in enumerate(places, start=1)
    }


def _read(place: str, number: int) -> str:
    if "://" in place or "@" in place:
        return place
    where = f"address {number} of {ALERTS}"
    if place.startswith(BLOCK):
        try:
            return secret_block(place.removeprefix(BLOCK))
        except ValueError:
            name = place.removeprefix(BLOCK)
            raise LookupError(
                f"{where} names a block that is not there: make the Secret block {name} in Prefect, or write"
                " another address"
            ) from None
    if found := variable(place):
        return found
    raise LookupError(
        f"{where} names the variable {place}, which is not set: set it to an address as Apprise writes them"
    )


def _send(failure: Failure, address: str) -> bool:
    sender = apprise.Apprise()
    title = f"Interoffice: {failure.flow} {_word(failure)}"
    body = f"{failure.message or 'Prefect gives no reason.'}\n\nIts page: {failure.page}"
    return bool(sender.add(address)) and bool(sender.notify(body=body, title=title))


def _word(failure: Failure) -> str:
    return "is late" if failure.trouble is Trouble.LATE else str(failure.trouble)


def _digest(address: str) -> str:
    """What is remembered of an address, which may hold a password."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]

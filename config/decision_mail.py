"""Make the link by which one approver decides on one request, and send it to that person's own address.

It is stored, as the digest of its secret, before it is sent; the secret stands in the letter alone. Refuses
to send one to somebody who may not decide, or who has no address: they decide in the tool.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from config.deciding import law_of
from config.decision_kinds import NotShown, card_of
from config.keyfile import link_key
from config.sending import send
from config.tokens import decision_token, link_mark
from config.wiring import Application, Clock
from domain.decisions.asking import waits
from domain.decisions.card import Reader
from domain.decisions.links import DecisionLink
from domain.decisions.request import Request
from domain.language import Language
from domain.ledger.chain import Event
from domain.organization.office import Organization, Person
from store import Store
from store.unit import Unit

LASTS = timedelta(days=14)
"""How long a link lasts at most."""

SENDING = timedelta(minutes=10)
"""After which one that was not noted as sent is taken for lost: whoever sent it was ended meanwhile."""


class LinkSent(StrEnum):
    """What became of a link that was to be sent."""

    SENT = "sent"
    FAILED = "failed"
    """The address took nothing: no link stands."""
    NO_ADDRESS = "no_address"
    NOT_TO_THEM = "not_to_them"
    """The person may not decide on it, or nobody may any more."""
    STANDS = "stands"
    """One for what is asked now was sent before, or is being sent."""
    NOT_SHOWN = "not_shown"
    """It can be shown on no page: it is decided in the tool."""


@dataclass(frozen=True, slots=True)
class Post:
    """What the sending of links needs: organization, store, clocks, the pages' address and their key."""

    organization: Organization
    store: Store
    clock: Clock
    machine: Clock
    address: str
    key: bytes
    sends: Callable[[str, str, str], bool] = send


def post_of(application: Application, organization: Organization) -> Post:
    """What the application sends links with, to people of the organization as it is given."""
    settings = application.settings
    return Post(
        organization, application.store, application.clock, application.machine,
        settings.address, link_key(settings.state),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Letter:
    mark: str
    title: str
    body: str


def send_link(post: Post, request_id: str, person_id: str, *, again: bool = False) -> LinkSent:
    """Send that person a link for that request; what became of it.

    One that stands is not sent a second time; with `again` it ends, and another one is sent.
    """
    person = post.organization.people.get(person_id)
    if person is None or not person.address:
        return LinkSent.NO_ADDRESS
    with post.store.begin() as unit:
        law = law_of(unit, post.organization, post.clock.now())
        request = unit.decisions.get(request_id)
        if request is None or not waits(law, request) or person_id not in law.eligible(request):
            return LinkSent.NOT_TO_THEM
        links = (each for each in unit.decision_links.of(request_id) if each.person == person_id)
        if not again and any(stands(each, request, post.machine.now()) for each in links):
            return LinkSent.STANDS
        try:
            letter = _made(post, unit, request, person)
        except NotShown:
            return LinkSent.NOT_SHOWN
        unit.commit()
    took = post.sends(person.address, letter.title, letter.body)
    with post.store.begin() as unit:
        if took:
            unit.decision_links.sent(letter.mark, post.machine.now())
        else:
            unit.decision_links.drop(letter.mark)
        unit.commit()
    return LinkSent.SENT if took else LinkSent.FAILED


def stands(link: DecisionLink, request: Request, machine: datetime) -> bool:
    """Whether a link for what the request asks now was sent and can be used, or is being sent."""
    if link.used is not None or link.until <= machine or link.shown != request.shown.digest:
        return False
    return link.sent is not None or machine - link.made < SENDING


def _made(post: Post, unit: Unit, request: Request, person: Person) -> _Letter:
    """Store a new link, and say what its letter says. Raises NotShown."""
    says = post.organization.language_for(person.id, request.office)
    card = card_of(unit, request, Reader(person.id, says, post.organization, post.clock.now()))
    now = post.machine.now().replace(microsecond=0)
    until, secret = _until(request, now, post.clock.now()), secrets.token_urlsafe(24)
    link = DecisionLink(link_mark(secret), request.id, person.id, request.shown.digest, now, until)
    unit.decision_links.replace(request.id, person.id, now)
    unit.decision_links.add(link)
    detail = {"for": unit.pseudonyms.of(person.id), "until": until.isoformat()}
    unit.ledger.append(Event("decision_link", request.id, "system", post.clock.now(), detail))
    url = f"{post.address}/decide/{decision_token(post.key, secret, until)}"
    return _Letter(
        link.mark, says.say("Interoffice: a decision waits for you"), _body(says, card.title, url, until)
    )


def _until(request: Request, machine: datetime, now: datetime) -> datetime:
    """When a link for it ends: after its days, or with the request."""
    lasts = LASTS if request.until is None else min(LASTS, request.until - now)
    return machine + lasts


def _body(says: Language, title: str, url: str, until: datetime) -> str:
    """The letter; the link stands on a line of its own."""
    said = says.say(
        "The link is for you alone: it decides once, and ends on {day}. Whoever has it decides as you: do not"
        " pass it on.",
        day=says.long_day(until.date()),
    )
    return f"{' '.join(title.split())}\n\n{url}\n\n{said}"

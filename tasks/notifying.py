"""Notify people: one digest for each person and morning, to the person's address, by Apprise.

That one is being sent is stored before it is sent. Where a run ends in between, it is not known whether the
digest arrived: it is not sent again that day, and what stood in it is told by the next one. Refuses to send
anything to somebody without an address: what waits for them stands on their head's digest, or is only shown.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import apprise

from config.deciding import law_of
from config.decision_mail import post_of
from config.keyfile import link_key
from config.standing_in import present_now
from config.tokens import office_token, person_token
from config.wiring import Clock
from domain.decisions.asking import asked_of, voted
from domain.decisions.request import Request
from domain.delivery.digests import Digest, Line, Told, Waiting, digests, told_to_all
from domain.delivery.undelivered import notices_of, undelivered
from domain.organization.office import Organization
from domain.pages.link import PageLink, of_office
from domain.questions.question import QuestionState
from domain.reporting.roles.readers import pages_of
from store import Store
from store.unit import Unit
from tasks.context import current_application
from tasks.inviting import invite, uninvited
from tasks.recording import record

LASTS, LEFT = timedelta(days=14), timedelta(days=5)
"""How long a link in a digest lasts, and how much of it is left at least when it is sent again."""

KEPT = 14
"""Days after which it is forgotten at the latest that a digest was being sent."""


@dataclass(frozen=True, slots=True)
class Notified:
    """How many digests were sent or could not be, and notices that are only shown: nobody has an address."""

    sent: int = 0
    shown: int = 0
    failed: int = 0
    undelivered: int = 0
    """Questions that have not reached their office for longer than agreed."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """What the sending of digests needs: organization, store, clocks, the pages' address and their key.

    In the organization's roles are those who are there now.
    """

    organization: Organization
    store: Store
    clock: Clock
    machine: Clock
    address: str
    key: bytes


def tell_people() -> Notified:
    """Send the digests of this morning that were not sent yet; one that fails is sent by the next run.

    Before, each approver is sent the link to decide on what waits for them, if it was not sent yet.

    The offices that lead are told what has not reached an office for longer than agreed.
    """
    application = current_application()
    organization, store, now = application.organization, application.store, application.clock.now()
    post = post_of(application, organization)
    with store.read() as unit:
        to_invite = tuple(uninvited(unit, post))
    invited = invite(post, to_invite)
    with store.read() as unit:
        late = undelivered(organization, unit.held.of(), now)
    if late:
        with store.begin() as unit:
            added = [unit.notices.add(notice) for notice in notices_of(organization, late, now)]
            if any(added):
                unit.commit()
    with store.read() as unit:
        waiting, told = _waiting(unit, organization, now), _told(unit)
        there = present_now(unit, organization, application.clock)
    outcome, settings = {"sent": 0, "failed": invited.failed}, application.settings
    key = link_key(settings.state)
    mailing = Mailing(there, store, application.clock, application.machine, settings.address, key)
    for digest in digests(there, waiting, told, now, homes=organization):
        body = _begin(mailing, digest)
        if body:
            outcome["sent" if _send(mailing, digest, body) else "failed"] += 1
    shown = _note_told(mailing)
    return Notified(**outcome, shown=shown, undelivered=sum(each.questions for each in late))


def _waiting(unit: Unit, organization: Organization, now: datetime) -> Waiting:
    """What waits in the network."""
    rollouts = [each.id for each in unit.rollouts.all()]
    adoptions = tuple(adoption for rollout in rollouts for adoption in unit.adoptions.of(rollout))
    questions = unit.questions.of(state=QuestionState.OPEN)
    return Waiting(questions, adoptions, unit.notices.undelivered(), _decisions(unit, organization, now))


def _decisions(unit: Unit, organization: Organization, now: datetime) -> Mapping[str, Sequence[Request]]:
    """The requests that wait for each person who did not vote on what they ask now."""
    found, law = dict[str, list[Request]](), law_of(unit, organization, now)
    for request in unit.decisions.open():
        said = voted(request, unit.decisions.votes(request.id))
        for person in asked_of(law, request):
            if person not in said:
                found.setdefault(person, []).append(request)
    return found


def _told(unit: Unit) -> dict[str, Told]:
    """What is remembered of the digests of everybody, by person."""
    found = {person: unit.marks.get(_sent(who)) for person, who in unit.pseudonyms.all().items()}
    return {person: _as_told(mark) for person, mark in found.items() if isinstance(mark, Mapping)}


def _as_told(mark: Mapping[str, object]) -> Told:
    day, notices = mark.get("day"), mark.get("notices")
    keys = tuple(map(str, notices)) if isinstance(notices, list) else ()
    return Told(day if isinstance(day, date) else None, keys)


def _sent(who: str) -> str:
    return f"digest {who}"


def _sending(who: str, day: date) -> str:
    return f"digest {who} {day}"


def _begin(mailing: Mailing, digest: Digest) -> str:
    """Store that it is being sent, with its links; its text, or nothing where that is stored already."""
    with mailing.store.begin() as unit:
        who = unit.pseudonyms.of(digest.person.id)
        if not unit.marks.add(_sending(who, digest.day), len(digest.lines)):
            return ""
        said = [f"{line.text}\n{_link(mailing, unit, digest, line)}" for line in digest.lines]
        if not any(line.decides for line in digest.lines):
            says = mailing.organization.language_for(digest.person.id, digest.office.id)
            said.append(f"{says.say('All that waits for you')}\n{_desk(mailing, unit, digest.person.id)}")
        unit.commit()
    return "\n\n".join(said)


def _link(mailing: Mailing, unit: Unit, digest: Digest, line: Line) -> str:
    """Where the person sees what a line says, or answers it.

    Questions are answered on the page of an office at which they have a role; else, and for all other lines,
    it is their own page, where they have one. Who has neither is led to their own office's page.
    """
    organization, person = mailing.organization, digest.person.id
    if line.decides:
        return _desk(mailing, unit, person)
    of = organization.offices[line.office]
    at_office = person in of_office(of)
    if not (line.answers and at_office) and pages_of(organization, person, ()):
        token = person_token(mailing.key, _standing(mailing, unit, person, ""))
        return f"{mailing.address}/person/{token}/"
    there = of if at_office else digest.office
    return (
        f"{mailing.address}/office/{office_token(mailing.key, _standing(mailing, unit, person, there.id))}/"
    )


def _desk(mailing: Mailing, unit: Unit, person: str) -> str:
    """The person's desk: all that waits for them."""
    token = person_token(mailing.key, _standing(mailing, unit, person, ""))
    return f"{mailing.address}/person/{token}/desk"


def _standing(mailing: Mailing, unit: Unit, person: str, office: str) -> PageLink:
    """The person's link to that office's page, or to their own pages for none.

    One that was made before is given again while it lasts.
    """
    now = mailing.machine.now().replace(microsecond=0)
    found = (
        each
        for each in unit.page_links.of(office)
        if each.person == person and each.revoked is None and each.until > now + LEFT
    )
    link = next(found, None)
    if link is None:
        link = PageLink(secrets.token_hex(8), office, person, now, now + LASTS)
        unit.page_links.add(link)
        detail = {"office": office, "days": LASTS.days, "for": unit.pseudonyms.of(person)}
        record(unit, mailing.clock, "page_link", link.id, detail=detail)
    return link


def _send(mailing: Mailing, digest: Digest, body: str) -> bool:
    """Send it, and note what became of it."""
    says = mailing.organization.language_for(digest.person.id, digest.office.id)
    title = says.count(
        len(digest.lines),
        "Interoffice: {n} thing for you, {day}",
        "Interoffice: {n} things for you, {day}",
        day=digest.day,
    )
    sender = apprise.Apprise()
    sent = bool(sender.add(digest.person.address)) and bool(sender.notify(body=body, title=title))
    with mailing.store.begin() as unit:
        who = unit.pseudonyms.of(digest.person.id)
        if not sent:
            unit.marks.remove(_sending(who, digest.day))
        else:
            before = _told(unit).get(digest.person.id, Told())
            for days in range(1, KEPT + 1):
                unit.marks.remove(_sending(who, digest.day - timedelta(days=days)))
            open_keys = {each.key for each in unit.notices.undelivered()}
            keys = sorted({*digest.notices, *(open_keys & set(before.notices))})
            unit.marks.set(_sent(who), {"day": digest.day, "notices": keys})
            detail = {"day": str(digest.day), "lines": len(digest.lines)}
            record(unit, mailing.clock, "digest", who, detail=detail)
        unit.commit()
    return sent


def _note_told(mailing: Mailing) -> int:
    """Note the notices of which everybody was told; how many of them there was nobody to tell of."""
    organization = mailing.organization
    with mailing.store.begin() as unit:
        told, shown, done = _told(unit), 0, 0
        for notice in unit.notices.undelivered():
            if told_to_all(organization, notice, told):
                unit.notices.delivered(notice.key, mailing.clock.now())
                done += 1
                shown += not any(notice.key in each.notices for each in told.values())
        if done:
            unit.commit()
    return shown

"""Take what an approver sent from their page: a vote by the one law, or a delegation; the link ends with it.

All of it is one transaction, with the request locked: of two forms at the same time one is taken. Refuses a
form that is not this link's own, and a vote that the law does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from config.standing_in import add_delegation
from config.tokens import fits
from config.voting import take_vote, vote_of
from config.wiring import Application
from domain.canonical import digest
from domain.decisions.law import Judged, Uncounted
from domain.decisions.links import DecisionLink, Draft, Filled, Over, Problem, Reply, filled
from domain.decisions.request import Channel, Choice, Request, RequestState
from domain.ledger.chain import Event
from domain.organization.absence import Delegation, NoStandIn
from domain.organization.office import Role
from gateway.pages.decision_links import Came, Visitors
from gateway.pages.uploading import hint
from store.unit import Unit

CHOICES: Mapping[Reply, Choice] = {
    Reply.APPROVE: Choice.APPROVE,
    Reply.DECLINE: Choice.DECLINE,
    Reply.RETURN: Choice.RETURN,
}
BY_LAW: Mapping[Uncounted, Over] = {
    Uncounted.OTHER_REQUEST: Over.OTHER_FORM,
    Uncounted.NOT_COMPLETE: Over.WITHDRAWN,
    Uncounted.PAST_THE_END: Over.ENDED,
    Uncounted.CHANGED: Over.OTHER_FORM,
    Uncounted.BARRED: Over.BARRED,
    Uncounted.NO_ROLE: Over.NO_ROLE,
    Uncounted.ENTERED: Over.NO_ROLE,
}
DELEGATED = timedelta(days=14)
"""How long a delegation lasts for a request without a date."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a form: refused, not taken yet, or done; `to` is who is to be sent a link."""

    came: Came
    why: Over | None = None
    problem: bool = False
    to: str = ""


def take(visitors: Visitors, token: str, fields: Mapping[str, str], often: Callable[[str], None]) -> Taken:
    """What becomes of a form that came by that token; `often` is asked before anything is stored by its link.

    Raises Rejected where too many came, and NotReadable, BadSettings and StoreError.
    """
    application, unknown = visitors.application, visitors.unknown(token)
    if unknown is not None:
        return Taken(unknown, Over.UNKNOWN)
    with application.store.begin() as unit:
        came = visitors.find(unit, token, lock=True)
        link, request = came.link, came.request
        if came.why is not None or link is None or request is None:
            return Taken(came, came.why or Over.UNKNOWN)
        often(link.mark)
        if not fits(fields.get("form", ""), came.form_of(fields.get("shown", ""))):
            return Taken(came, Over.OTHER_FORM)
        found = filled(fields, request.shown.digest)
        if isinstance(found, Filled) and found.reply is Reply.DELEGATE:
            found = _delegated(unit, application, came, found)
        if isinstance(found, Draft):
            unit.decision_links.keep_draft(link.mark, found)
            unit.commit()
            return Taken(came, problem=True)
        if not unit.decision_links.use(link.mark, found.reply, application.machine.now()):
            return Taken(came, Over.USED)
        if found.reply in CHOICES:
            why = _voted(unit, application, came, found)
            if why is not None:
                return Taken(came, why)
        unit.commit()
    return Taken(came, to=found.to)


def _voted(unit: Unit, application: Application, came: Came, found: Filled) -> Over | None:
    """Take the vote and record it; why it does not count, where it does not: then nothing may be stored."""
    link, request = came.link, came.request
    if link is None or request is None:
        return Over.UNKNOWN
    vote = vote_of(request, link.person, CHOICES[found.reply], Channel.PAGE, came.law.now, found.why)
    judged = take_vote(unit, came.law, vote)
    if vote not in judged.counted:
        whys = dict(judged.uncounted)
        return BY_LAW[whys[vote]] if vote in whys else Over.DECIDED
    _record(unit, came, judged, found)
    if judged.request.state is not RequestState.OPEN:
        _start(unit, application, came, link, request)
    return None


def _record(unit: Unit, came: Came, judged: Judged, found: Filled) -> None:
    """Keep the vote in the ledger, and what was decided by it; a reason by its digest."""
    link, request = came.link, came.request
    if link is None or request is None:
        return
    who, now = unit.pseudonyms.of(link.person), came.law.now
    said: dict[str, object] = {
        "choice": str(found.reply),
        "channel": str(Channel.PAGE),
        "kind": str(request.kind),
    }
    if found.why:
        said["reason"] = digest(found.why)
    unit.ledger.append(Event("vote", request.id, who, now, said, request.shown.digest))
    if judged.request.state is not RequestState.OPEN:
        became = {
            "outcome": str(judged.request.state),
            "approvals": judged.approvals,
            "needed": judged.needed,
        }
        unit.ledger.append(Event("decision", request.id, who, now, became, request.shown.digest))


def _start(unit: Unit, application: Application, came: Came, link: DecisionLink, request: Request) -> None:
    """Ask for the reading of the office that decided, as answers on offices' pages do: the run acts on it."""
    if came.organization.takes_part(request.office, came.law.now.date()):
        hint(unit, request.office, f"decision/{link.mark[:16]}", application.machine.now())


def _delegated(unit: Unit, application: Application, came: Came, found: Filled) -> Filled | Draft:
    """Store the delegation that the approver gives for the request's time; or the form, if it cannot be."""
    link, request = came.link, came.request
    unfit = Draft(Problem.UNFIT_DELEGATE, found.reply, found.why, found.to)
    if link is None or request is None or found.to not in dict(delegates(came)):
        return unfit
    office, now = came.organization.offices[request.office], came.law.now
    today = office.calendar.local_date(now)
    last = max(today, request.due or today + DELEGATED)
    new = Delegation(link.person, found.to, office.id, Role.APPROVER, today, last)
    try:
        add_delegation(unit, came.organization, application.clock, new, link.person, entered=False)
    except NoStandIn:
        return unfit
    return found


def delegates(came: Came) -> tuple[tuple[str, str], ...]:
    """To whom the link's person may delegate it: ids and names; none where the role is not their own."""
    link, request = came.link, came.request
    if link is None or request is None:
        return ()
    office, organization = came.organization.offices[request.office], came.organization
    if link.person not in office.roles.get(Role.APPROVER, ()):
        return ()
    out = {link.person, *came.law.barred(request), *came.law.eligible(request)}
    today = office.calendar.local_date(came.law.now)
    found = (each for each in organization.people.values() if each.id not in out and not each.has_left(today))
    return tuple(sorted(((each.id, each.name) for each in found), key=lambda pair: (pair[1], pair[0])))

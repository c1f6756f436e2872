"""The link by which one approver decides on one request, once; and what a form that comes by it says.

Only a digest of the link's secret is known here. Refuses to say who has the link: whoever has it acts as its
person, so it stands where that person alone reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.decisions.law import Law
from domain.decisions.request import Request, RequestState


class Over(StrEnum):
    """Why a link decides nothing. The names are stored."""

    UNKNOWN = "unknown"
    """It was changed, or never made here."""
    USED = "used"
    EXPIRED = "expired"
    REPLACED = "replaced"
    """A newer one was sent in its place."""
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    """The request was decided otherwise meanwhile."""
    RETURNED = "returned"
    ENDED = "ended"
    NO_ROLE = "no_role"
    """Its person may not decide on it any more."""
    BARRED = "separation_of_duties"
    OTHER_FORM = "other_form"
    """What was sent is not the form that this link shows: that of another link, or made up."""


BY_STATE: Mapping[RequestState, Over] = {
    RequestState.DRAFT: Over.WITHDRAWN,
    RequestState.RETURNED: Over.RETURNED,
    RequestState.APPROVED: Over.DECIDED,
    RequestState.DECLINED: Over.DECIDED,
    RequestState.WITHDRAWN: Over.WITHDRAWN,
    RequestState.ENDED: Over.ENDED,
}


class Reply(StrEnum):
    """What an approver may answer on the page. The names stand in forms."""

    APPROVE = "approve"
    DECLINE = "decline"
    RETURN = "return"
    DELEGATE = "delegate"


class Problem(StrEnum):
    """Why a form was not taken. The names are stored."""

    NO_CHOICE = "no_choice"
    NO_REASON = "no_reason"
    TOO_LONG = "too_long"
    NO_DELEGATE = "no_delegate"
    UNFIT_DELEGATE = "unfit_delegate"
    CHANGED = "changed_since_shown"


LONGEST = 2000
"""Signs of a reason."""
EXPLAINED = frozenset({Reply.DECLINE, Reply.RETURN})
"""What takes a reason: who asks has to know what to do."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was not taken, kept so that nothing has to be written again, and why."""

    problem: Problem
    reply: str = ""
    why: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class DecisionLink:
    """One link to one approver for one request, by the digest of its secret."""

    mark: str
    request: str
    person: str
    shown: str
    """The digest of what was asked when it was made."""
    made: datetime
    until: datetime
    sent: datetime | None = None
    """When the person's address took it; None: it is not known whether it did."""
    used: datetime | None = None
    reply: str = ""
    """What was answered by it; empty for one that was replaced."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that says what is wanted."""

    reply: Reply
    why: str = ""
    to: str = ""
    """To whom it is delegated."""


def over(link: DecisionLink | None, request: Request | None, law: Law, machine: datetime) -> Over | None:
    """Why the link decides nothing now; None where it does. `machine` is the time by which links end."""
    if link is None or request is None:
        return Over.UNKNOWN
    if link.used is not None:
        return Over.USED if link.reply else Over.REPLACED
    if machine >= link.until:
        return Over.EXPIRED
    if request.state is not RequestState.OPEN:
        return BY_STATE[request.state]
    if request.complete is None:
        return Over.WITHDRAWN
    if request.until is not None and law.now >= request.until:
        return Over.ENDED
    if link.person in law.barred(request):
        return Over.BARRED
    return None if link.person in law.eligible(request) else Over.NO_ROLE


def filled(fields: Mapping[str, str], shown: str) -> Filled | Draft:
    """What a form says, or the form with what is wrong; `shown` is the digest of what is asked now."""
    reply, why = fields.get("reply", ""), fields.get("why", "").strip()
    to = fields.get("to", "") if reply == Reply.DELEGATE else ""
    kept = why[:LONGEST]

    def problem(found: Problem) -> Draft:
        return Draft(found, reply if reply in set(Reply) else "", kept, to)

    if fields.get("shown", "") != shown:
        return problem(Problem.CHANGED)
    if reply not in set(Reply):
        return problem(Problem.NO_CHOICE)
    if len(why) > LONGEST:
        return problem(Problem.TOO_LONG)
    if reply in EXPLAINED and not why:
        return problem(Problem.NO_REASON)
    if reply == Reply.DELEGATE and not to:
        return problem(Problem.NO_DELEGATE)
    return Filled(Reply(reply), why, to)

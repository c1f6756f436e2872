"""Who is told of a request that too few may decide on where it was asked: at once, when it is submitted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.decisions.law import Submitted
from domain.organization.office import Organization, Role
from domain.questions.question import Notice, NoticeKind


def too_few(organization: Organization, submitted: Submitted, now: datetime) -> Iterator[Notice]:
    """A notice to the head of each office that it was passed by, and where nobody is left, to the top.

    At the top the head and the sponsor are told. By its key each is given once for a request.
    """
    request = submitted.request
    decides = organization.offices[request.office]
    for office in submitted.passed:
        says = organization.language_of(office)
        text = says.say(
            "Too few people of your office may decide on a request: it goes to {office}. Name more approvers "
            "(offices.yaml), of whom none asked for it",
            office=decides.name,
        )
        yield _notice(organization, request.id, (office, Role.HEAD), text, now)
    if submitted.nobody:
        says = organization.language_of(decides.id)
        text = says.say(
            "Too few people may decide on a request that {office} was asked for, here or above: it waits. "
            "Name more approvers (offices.yaml), of whom none asked for it, or lower `approvals` "
            "(organization.yaml)",
            office=decides.name,
        )
        for role in (Role.HEAD, Role.SPONSOR):
            yield _notice(organization, request.id, (decides.id, role), text, now)


def _notice(
    organization: Organization, request: str, called: tuple[str, Role], text: str, now: datetime
) -> Notice:
    office, role = called
    today = organization.offices[office].calendar.local_date(now)
    kind, tag = NoticeKind.NO_APPROVER, organization.language_of(office).tag
    key = f"{kind}/{request}/{office}/{role}"
    return Notice(key, kind, office, str(role), today, {"decisions": 1}, text, tag)

"""How a deployment is opened and changed: what is asked for is checked against the organization's files.

Refuses what could never begin: an office without a head who could accept, a person to call who is not there,
a go-live date that has passed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from domain.deployments.deployment import Deployment, Receiver
from domain.deployments.invited import OUT, Invited
from domain.language import Worded
from domain.organization.office import Office, Organization, Role

LONGEST = 60
"""Characters of a system's name."""
CALLED = (Role.REPORTER, Role.HEAD)
"""Who is called in an office for which nobody is named: the first of these roles that somebody has."""


class Unfit(Worded):
    """A deployment cannot be as it is asked for; the text says where, why, and what to do."""


def deployment_id(system: str, template: str) -> str:
    """The id of a deployment by its system's name: `erp-9`; of one without Latin letters the template's id.

    Raises Unfit for an empty name and for one that is too long.
    """
    name = " ".join(system.split())
    if not name or len(name) > LONGEST:
        said = f"it has {len(name)} characters" if name else "it is empty"
        raise Unfit(f"system: {said}; give the name of what is deployed, at most {LONGEST} characters")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = "-".join(re.findall(r"[a-z0-9]+", plain))
    return found if re.search("[a-z]", found) else template


def opened(
    system: str,
    template: str,
    pilot: str,
    sponsor: str,
    invited: Sequence[Invited],
    organization: Organization,
    at: datetime,
) -> Deployment:
    """A new deployment, whose offices are all invited. Raises Unfit."""
    _with_head(pilot, "the pilot", organization)
    name = " ".join(system.split())
    found = Deployment(deployment_id(system, template), name, name, sponsor, pilot, template, (), at)
    return changed(found, invited, organization, at)


def changed(
    deployment: Deployment, invited: Iterable[Invited], organization: Organization, at: datetime
) -> Deployment:
    """The deployment with these offices added, changed or taken out; what a head said stays. Raises Unfit.

    An office that is changed keeps the person to call where none is named.
    """
    receivers = {each.office: each for each in deployment.receivers}
    for n, each in enumerate(invited, 1):
        where = f"receivers, entry {n}"
        if each.go_live is None:
            if each.office not in receivers:
                raise Unfit(
                    f"{where}: {each.office[:60]} is not in the deployment {deployment.id}; leave it out"
                )
            del receivers[each.office]
            continue
        receivers[each.office] = _receiver(where, each, each.go_live, deployment, organization, at)
    if not receivers:
        raise Unfit(
            f"receivers: no office is left in the deployment {deployment.id}; keep one, or close it with"
            " close-deployment"
        )
    return replace(deployment, receivers=tuple(receivers.values()))


def _receiver(
    where: str, each: Invited, go_live: date, deployment: Deployment, organization: Organization, at: datetime
) -> Receiver:
    if each.office == deployment.pilot:
        raise Unfit(f"{where}: {each.office} is the pilot and has the system; leave it out")
    office = _with_head(each.office, where, organization)
    before = deployment.receiver(each.office)
    today = office.calendar.local_date(at)
    if go_live < today and (before is None or before.go_live != go_live):
        raise Unfit(
            f"{where}: {go_live} has passed at {office.id}, where it is {today}; give a day to come, or {OUT}"
        )
    contact = each.contact or (before.contact if before else "") or _called(where, office, organization)
    _still_there(where, contact, organization, today)
    return Receiver(office.id, go_live, contact, before.reply if before else None)


def _with_head(office: str, where: str, organization: Organization) -> Office:
    there = organization.offices.get(office)
    if there is None:
        known = ", ".join(sorted(organization.offices)[:20])
        raise Unfit(
            f"{where}: there is no office {office[:60]!r}; give an id of offices.yaml, such as {known}"
        )
    if not there.roles.get(Role.HEAD):
        raise Unfit(
            f"{where}: nobody is the head of {office}, so nobody could accept; name one in offices.yaml,"
            " `roles`"
        )
    return there


def _called(where: str, office: Office, organization: Organization) -> str:
    there = (
        person for role in CALLED for person in office.roles.get(role, ()) if person in organization.people
    )
    found = next(there, None)
    if found is None:
        raise Unfit(f"{where}: nobody to call at {office.id} is named; add the person after the date")
    return found


def _still_there(where: str, contact: str, organization: Organization, today: date) -> None:
    person = organization.people.get(contact)
    if person is None:
        raise Unfit(f"{where}: nobody has the id {contact[:60]!r}; `interoffice person list` says who is who")
    if person.has_left(today):
        raise Unfit(f"{where}: the person to call has left the organization; name another one after the date")


def above_all(organization: Organization, offices: Iterable[str]) -> Office | None:
    """The nearest office above all of these, any of them included; None where they are in several trees."""
    lines = [[each.id for each in organization.above(office)] for office in offices]
    shared = set.intersection(*map(set, lines)) if lines else set()
    found = next((each for each in lines[0] if each in shared), None) if lines else None
    return organization.offices[found] if found is not None else None


def steers(deployment: Deployment, person: str, present: Organization, offices: Iterable[str]) -> bool:
    """Whether a person acts as its sponsor: who opened it, else whoever has the role once they are away.

    `offices` are those by which one has it, `present` the organization in whose roles are who is there now.
    """
    there = (present.offices[office].roles.get(Role.SPONSOR, ()) for office in offices)
    return person == deployment.sponsor or all(deployment.sponsor not in people for people in there)


def told_of_change(before: Deployment, after: Deployment) -> Iterator[str]:
    """The offices for which something is another way, in order: new, changed, taken out."""
    old = {each.office: each for each in before.receivers}
    new = {each.office: each for each in after.receivers}
    yield from (office for office in new if new[office] != old.get(office))
    yield from (office for office in old if office not in new)

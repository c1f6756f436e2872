"""Whom a directive is addressed to, by the organization as it is: offices, subtrees, and their roles.

Resolved when it is issued, and again when offices change. Refuses an office that the issuing one does not
lead.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.cases.case import Said
from domain.directives.directive import Addressed, Addressee, Directive, step_of
from domain.directives.kinds import LeftCause, StepKind
from domain.organization.office import Organization


def resolved(
    addressed: Addressed, issuer: str, organization: Organization, on: date
) -> tuple[tuple[str, str], ...]:
    """Every office and role that is addressed on that day, in the order of the organization's file."""
    return tuple(
        (office, role)
        for office in organization.offices
        if _is_addressed(addressed, office, organization) and is_led(organization, office, issuer, on)
        for role in addressed.roles
    )


def _is_addressed(addressed: Addressed, office: str, organization: Organization) -> bool:
    if office in addressed.offices:
        return True
    roots = {each.id for each in organization.above(office)}
    return bool(roots.intersection(addressed.subtrees)) and office not in addressed.excepted


def is_led(organization: Organization, office: str, issuer: str, on: date) -> bool:
    """Whether the issuing office directs another one: it leads it, and the office takes part on that day.

    It directs nobody who stands above it.
    """
    above = {each.id for each in organization.above(issuer)}
    if office in above or not organization.takes_part(office, on):
        return False
    return any(each.id == issuer for each in organization.leaders(office, on))


def left_out(addressed: Addressed, issuer: str, organization: Organization, on: date) -> tuple[str, ...]:
    """The offices that are addressed by a subtree and take no part in what the issuing office leads."""
    above = {each.id for each in organization.above(issuer)}
    return tuple(
        office
        for office in organization.offices
        if office not in above
        and _is_addressed(addressed, office, organization)
        and not is_led(organization, office, issuer, on)
    )


def first_addressees(directive: Directive, organization: Organization, said: Said) -> tuple[Addressee, ...]:
    """The addressees when it is issued: each has the business days of its own office until the last day."""
    on = said.at.date()
    found = resolved(directive.addressed, directive.issuer, organization, on)
    return tuple(
        Addressee(office, role, said.at, _days(directive, organization, office, said))
        for office, role in found
    )


def _days(directive: Directive, organization: Organization, office: str, said: Said) -> int:
    calendar = organization.offices[office].calendar
    return calendar.business_days_between(calendar.local_date(said.at), directive.due)


def readdressed(directive: Directive, organization: Organization, said: Said) -> Directive:
    """The directive with the addressees of the organization as it is now; who came later is told so.

    Who came later has at least the business days of an answer. Who fulfilled it, or was released from it,
    stays so. Where the issuing office is not there any more, the addressees stay as they are.
    """
    if not directive.is_open or directive.issuer not in organization.offices:
        return _without_lost(directive, organization, said)
    wanted = resolved(directive.addressed, directive.issuer, organization, said.at.date())
    known = {(each.office, each.role) for each in directive.addressees}
    there = directive.changed(lambda each: _looked_at(directive, organization, each, set(wanted), said), said)
    came = tuple(_late_comer(directive, organization, *each, said) for each in wanted if each not in known)
    if not came:
        return there
    steps = tuple(step_of(said, StepKind.ADDRESSED, each) for each in came)
    return replace(there, addressees=(*there.addressees, *came)).noted(*steps)


def _late_comer(
    directive: Directive, organization: Organization, office: str, role: str, said: Said
) -> Addressee:
    least = organization.clocks.answer_days
    return Addressee(office, role, said.at, max(least, _days(directive, organization, office, said)))


def _looked_at(
    directive: Directive,
    organization: Organization,
    addressee: Addressee,
    wanted: set[tuple[str, str]],
    said: Said,
) -> tuple[Addressee, StepKind | None]:
    """An addressee after a look at the offices: it leaves, or comes again where it left by them before."""
    there = (addressee.office, addressee.role) in wanted
    if addressee.waits and not there:
        return _left(addressee, said), StepKind.LEFT
    if there and addressee.left is not None and addressee.cause is LeftCause.OFFICES:
        fresh = _late_comer(directive, organization, addressee.office, addressee.role, said)
        return replace(
            fresh, told=addressee.told, asked=addressee.asked, stops=addressee.stops
        ), StepKind.ADDRESSED
    return addressee, None


def _left(addressee: Addressee, said: Said) -> Addressee:
    return replace(addressee.done(said.at), left=said.at, cause=LeftCause.OFFICES)


def _without_lost(directive: Directive, organization: Organization, said: Said) -> Directive:
    """An office that the files do not know any more cannot be asked anything."""
    if not directive.is_open:
        return directive

    def look(addressee: Addressee) -> tuple[Addressee, StepKind | None]:
        if addressee.office in organization.offices or not addressee.waits:
            return addressee, None
        return _left(addressee, said), StepKind.LEFT

    return directive.changed(look, said)

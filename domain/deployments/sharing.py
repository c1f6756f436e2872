"""The law of what is shared: with whom a template is, what members see of each other, what is read of whom.

One function for each, and everything asks them: forms, messages, pages, reports, command line. Nothing is
shared without a deployment or an agreement. Refuses to know who asks: an office is what has rights here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from domain.deployments.deployment import Deployment, Membership
from domain.organization.office import Agreement, Organization
from domain.plans.templates.template import Template

TEMPLATES = "templates"
"""What an agreement has to share, so that a template may be."""


class Basis(StrEnum):
    """By what something is shared. The names are stored."""

    OWN = "own"
    """The office's own template."""
    DEPLOYMENT = "deployment"
    AGREEMENT = "agreement"


class Redaction(StrEnum):
    """What the giver keeps back of a template. The names are stored."""

    COSTS = "costs"
    RISKS = "risks"
    TEXTS = "texts"
    """Lessons and documents; the names of tasks stay."""


@dataclass(frozen=True, slots=True)
class Share:
    """A template is shared by its owner, under a deployment or an agreement; all of its versions are."""

    template: str
    giver: str
    basis: Basis
    under: str
    """The id of the deployment or the agreement."""
    at: datetime
    redacted: frozenset[Redaction] = frozenset()
    person: str = ""
    entered: bool = False
    """Whether an operator entered it for that person."""


@dataclass(frozen=True, slots=True)
class Deployments:
    """Every deployment and every share of a template, as they stand."""

    deployments: tuple[Deployment, ...] = ()
    shares: tuple[Share, ...] = ()

    def get(self, deployment: str) -> Deployment | None:
        """That deployment; None where there is none."""
        return next((each for each in self.deployments if each.id == deployment), None)

    def open(self, at: datetime) -> Iterator[Deployment]:
        """Those that are open at that time."""
        return (each for each in self.deployments if each.is_open(at))


@dataclass(frozen=True, slots=True)
class Shared:
    """A template is shared with an office: by which deployment, agreement or office, without what."""

    by: str
    basis: Basis
    redacted: frozenset[Redaction] = frozenset()


class Unshared(StrEnum):
    """Why a template is not shared with an office, the most helpful reason last."""

    NO_SHARE = "no_share"
    """Its owner shares it under no deployment or agreement."""
    OUTSIDE = "outside"
    """The office is in none under which it is shared."""
    ENDED = "ended"
    """The deployment is closed, or the agreement is not in force."""
    DECLINED = "declined"
    INVITED = "invited"
    """The office's head has not accepted."""


_REMEDIES = {
    Unshared.NO_SHARE: "is not shared: its owner shares it with share-plan, by a deployment or an agreement",
    Unshared.OUTSIDE: "is not shared with {office}: it takes part by a deployment, or by an agreement about"
    " templates",
    Unshared.ENDED: "is shared with {office} no longer: what it was shared under has ended",
    Unshared.DECLINED: "is not shared with {office}, as its head declined; accept-deployment says otherwise",
    Unshared.INVITED: "is not shared with {office} yet: its head accepts with accept-deployment first",
}


@dataclass(frozen=True, slots=True)
class NotShared:
    """A template is not shared with an office: why, as a word and as a sentence with what to do."""

    template: str
    office: str
    reason: Unshared

    def __str__(self) -> str:
        return f"the template {self.template} {_REMEDIES[self.reason].format(office=self.office)}"


def shared_with(
    office: str, template: Template, known: Deployments, organization: Organization, at: datetime
) -> Shared | NotShared:
    """Whether an office may have a template at that time: by what, without what; or why not.

    Its owner has it. Others have it by an open deployment in which the office's head accepted, or by an
    agreement about templates from owner to office that is in force on that day at the office; and only where
    the owner shared the template under that very deployment or agreement. A deployment comes first.
    """
    if office == template.owner:
        return Shared(office, Basis.OWN)
    shares = [s for s in known.shares if s.template == template.id and s.giver == template.owner]
    reasons = [Unshared.NO_SHARE]
    for share in sorted(shares, key=lambda each: (each.basis is not Basis.DEPLOYMENT, each.under)):
        reason = _unshared(office, share, known, organization, at)
        if reason is None:
            return Shared(share.under, share.basis, share.redacted)
        reasons.append(reason)
    return NotShared(template.id, office, max(reasons, key=list(Unshared).index))


def _unshared(
    office: str, share: Share, known: Deployments, organization: Organization, at: datetime
) -> Unshared | None:
    """Why the office has nothing of this share; None where it has."""
    if share.basis is Basis.AGREEMENT:
        between = [a for a in organization.agreements if a.id == share.under]
        mine = [a for a in between if _gives(a, share.giver, office)]
        on = _day(organization, office, at)
        return None if any(a.in_force(on) for a in mine) else Unshared.ENDED if mine else Unshared.OUTSIDE
    deployment = known.get(share.under)
    standing = None if deployment is None else deployment.membership(office)
    if deployment is None or standing is None or deployment.template != share.template:
        return Unshared.OUTSIDE
    if not deployment.is_open(at):
        return Unshared.ENDED
    said = {Membership.INVITED: Unshared.INVITED, Membership.DECLINED: Unshared.DECLINED}
    return said.get(standing)


def _gives(agreement: Agreement, giver: str, taker: str) -> bool:
    return TEMPLATES in agreement.shares and (agreement.giver, agreement.taker) == (giver, taker)


def _day(organization: Organization, office: str, at: datetime) -> date:
    there = organization.offices.get(office)
    return at.date() if there is None else there.calendar.local_date(at)


@dataclass(frozen=True, slots=True)
class Visible:
    """An office may see how another stands: by which deployments, and by which agreements about templates.

    That is the template, and the standing of the local plans that come from it; nothing else of the office.
    """

    deployments: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hidden:
    """An office sees nothing of another by deployments or agreements about templates."""


Sight: TypeAlias = Visible | Hidden


def visible(office: str, other: str, known: Deployments, organization: Organization, at: datetime) -> Sight:
    """What an office may see of another at that time.

    Members of an open deployment see each other once both heads accepted, peers too. The giver of a template
    under an agreement in force sees the standing of the local plan that the taker made of it.
    """
    both = {office, other}
    deployments = (each.id for each in known.open(at) if both <= set(each.accepted()))
    agreements = (
        share.under
        for share in known.shares
        if share.basis is Basis.AGREEMENT
        and share.giver == office
        and _unshared(other, share, known, organization, at) is None
    )
    seen = Visible(tuple(deployments), tuple(sorted(set(agreements))))
    return seen if seen.deployments or seen.agreements else Hidden()


class Reading(StrEnum):
    """What is read of an office."""

    WHOLE = "whole"
    """All of its plans: it takes part in the network, and is judged and counted there."""
    LOCAL_PLAN = "local_plan"
    """Only the plans that it made of shared templates: not judged, in no figure of the network."""
    NOTHING = "nothing"


def reading_of(office: str, known: Deployments, organization: Organization, at: datetime) -> Reading:
    """What of an office may be read at that time, and so what may be judged, counted and shown of it."""
    if office not in organization.offices:
        return Reading.NOTHING
    if organization.takes_part(office, _day(organization, office, at)):
        return Reading.WHOLE
    member = any(office in each.accepted() for each in known.open(at))
    agreed = (s for s in known.shares if s.basis is Basis.AGREEMENT)
    if member or any(_unshared(office, s, known, organization, at) is None for s in agreed):
        return Reading.LOCAL_PLAN
    return Reading.NOTHING


def members(known: Deployments, organization: Organization, at: datetime) -> frozenset[str]:
    """The offices that are in an open deployment, accepted or asked, or take templates by an agreement."""
    asked = {office for each in known.open(at) for office in each.offices}
    agreed = {
        office
        for share in known.shares
        if share.basis is Basis.AGREEMENT
        for office in organization.offices
        if _unshared(office, share, known, organization, at) is None
    }
    return frozenset(asked & organization.offices.keys() | agreed)

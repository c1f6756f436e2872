"""What one reader may see of a deployment: the offices, how they stand, and what the reader may do there.

The rights are those of the moment: what an office sees of another is what the law of sharing says then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.deployments.changing import steers
from domain.deployments.deployment import Deployment, Membership
from domain.deployments.progress import NO_PLAN, LocalStanding, OfficeStanding
from domain.deployments.sharing import Deployments, Visible, visible
from domain.organization.office import Organization, Role

SPEAK = (Role.HEAD, Role.STANDARDS_OWNER, Role.REPORTER)
"""The roles by which a person sees a deployment for their office."""
OWNS = (Role.HEAD, Role.STANDARDS_OWNER)


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One office as the reader sees it; `plan` is None for one that has not accepted: nothing is shown."""

    office: str
    pilot: bool
    membership: Membership
    go_live: date | None
    contact: str
    plan: LocalStanding | None
    own: bool = False
    """Whether it is an office of the reader's."""

    @property
    def late(self) -> bool:
        """Whether its plan says a later go-live than was agreed."""
        planned = self.plan.go_live if self.plan is not None else None
        return self.go_live is not None and planned is not None and planned > self.go_live

    def passed(self, today: date) -> bool:
        """Whether the agreed go-live has passed."""
        return self.go_live is not None and self.go_live < today


@dataclass(frozen=True, slots=True)
class DeploymentSheet:
    """A deployment as one reader sees it."""

    deployment: Deployment
    person: str
    offices: tuple[str, ...]
    """The reader's own offices in it."""
    steers: bool
    """Whether the reader acts as its sponsor."""
    lines: tuple[OfficeLine, ...]
    asked: tuple[str, ...]
    """Offices whose head the reader is, by which they accept or decline."""
    next_go_live: date | None
    is_open: bool

    @property
    def standings(self) -> Mapping[OfficeStanding, int]:
        """How many of the offices that are shown stand how; only those that there are."""
        counts = Counter(line.plan.standing for line in self.lines if line.plan is not None)
        return {standing: counts[standing] for standing in OfficeStanding if counts[standing]}

    @property
    def counted(self) -> int:
        """How many offices these are."""
        return sum(self.standings.values())

    @property
    def waiting(self) -> int:
        """How many offices that are shown have not accepted."""
        return sum(line.plan is None for line in self.lines)


def offices_of(deployment: Deployment, person: str, organization: Organization) -> tuple[str, ...]:
    """The offices of a deployment for which a person sees it: by a role there, or as the one to call."""
    found = []
    for office in deployment.offices:
        there, receiver = organization.offices.get(office), deployment.receiver(office)
        speaks = there is not None and any(person in there.roles.get(role, ()) for role in SPEAK)
        if speaks or (receiver is not None and receiver.contact == person):
            found.append(office)
    return tuple(found)


def sheet(
    deployment: Deployment,
    person: str,
    known: Deployments,
    plans: Mapping[str, LocalStanding],
    organization: Organization,
    leading: tuple[str, ...],
    at: datetime,
) -> DeploymentSheet | None:
    """What a person sees of a deployment; None for somebody who has no part in it.

    `plans` are the local plans that stand under it, by office, the pilot's among them. `leading` are the
    offices by whose sponsor role one acts as its sponsor. After its close only its sponsor sees it, and
    no plan.
    """
    own = offices_of(deployment, person, organization)
    sponsor = _is_sponsor(deployment, person, organization, leading)
    is_open = deployment.is_open(at)
    if not sponsor and not (own and is_open):
        return None
    lines = tuple(_lines(deployment, own, known, plans, organization, at, sponsor=sponsor))
    heads = [office for office in own if person in organization.offices[office].roles.get(Role.HEAD, ())]
    ahead = [
        line.go_live
        for line in lines
        if line.plan is not None
        and line.go_live is not None
        and line.go_live >= at.date()
        and line.plan.standing is not OfficeStanding.LIVE
    ]
    return DeploymentSheet(
        deployment,
        person,
        own,
        sponsor,
        lines,
        tuple(heads) if is_open else (),
        min(ahead, default=None),
        is_open,
    )


def _is_sponsor(
    deployment: Deployment, person: str, organization: Organization, leading: tuple[str, ...]
) -> bool:
    holds = any(
        person in organization.offices[office].roles.get(Role.SPONSOR, ())
        for office in leading
        if office in organization.offices
    )
    return holds and steers(deployment, person, organization, leading)


def _lines(
    deployment: Deployment, own: tuple[str, ...], known: Deployments, plans: Mapping[str, LocalStanding],
    organization: Organization, at: datetime, *, sponsor: bool,
) -> Iterator[OfficeLine]:  # fmt: skip
    """The pilot, then the receivers by their go-live; only those that the reader may see."""
    order = sorted(deployment.receivers, key=lambda each: (each.go_live, each.office))
    for office in (deployment.pilot, *(each.office for each in order)):
        if office not in organization.offices:
            continue
        membership, receiver = deployment.membership(office), deployment.receiver(office)
        accepted = membership is Membership.ACCEPTED and deployment.is_open(at)
        mine = office in own
        sees = accepted and any(_sees(deployment, one, office, known, organization, at) for one in own)
        if membership is None or not (mine or sponsor or sees):
            continue
        yield OfficeLine(
            office,
            office == deployment.pilot,
            membership,
            receiver.go_live if receiver is not None else None,
            receiver.contact if receiver is not None else "",
            plans.get(office, NO_PLAN) if accepted else None,
            mine,
        )


def _sees(
    deployment: Deployment, one: str, other: str, known: Deployments, organization: Organization, at: datetime
) -> bool:
    seen = visible(one, other, known, organization, at)
    return isinstance(seen, Visible) and deployment.id in seen.deployments

"""A deployment: one system going to several offices, who carries it, and what the offices' heads said.

Values and what follows from one of them alone. Refuses to know what is shared: that is the law beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.deployments.charged import Central
from domain.plans.savings.savings import Avoided


class Membership(StrEnum):
    """Where an office stands in a deployment. The names are stored."""

    INVITED = "invited"
    """Its head has not said anything: nothing of the office is visible."""
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the head of an office said to a deployment, and whether an operator entered it for them."""

    accepts: bool
    person: str
    at: datetime
    entered: bool = False


def _membership(reply: Reply | None) -> Membership:
    if reply is None:
        return Membership.INVITED
    return Membership.ACCEPTED if reply.accepts else Membership.DECLINED


@dataclass(frozen=True, slots=True)
class Receiver:
    """An office that gets the system: the day on which it goes live there, and the person to call."""

    office: str
    go_live: date
    contact: str
    """The id of the person to call there."""
    reply: Reply | None = None

    @property
    def membership(self) -> Membership:
        """Where the office stands."""
        return _membership(self.reply)


@dataclass(frozen=True, slots=True)
class Deployment:
    """One system going to several offices. The pilot had it first; its plan is the template's.

    `sponsor` is the id of a person, `pilot` that of an office, `template` that of a template, which need not
    be released yet.
    """

    id: str
    title: str
    system: str
    sponsor: str
    pilot: str
    template: str
    receivers: tuple[Receiver, ...]
    opened: datetime
    closed: datetime | None = None
    pilot_reply: Reply | None = None
    central: Central | None = None
    """What was done centrally for all receiving offices; None: nothing was stated."""
    avoided: tuple[Avoided, ...] = ()
    """Costs that were avoided, as they were stated."""

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at that time."""
        return self.opened <= at and (self.closed is None or at < self.closed)

    def receiver(self, office: str) -> Receiver | None:
        """The receiver that is this office; None where it is none."""
        return next((each for each in self.receivers if each.office == office), None)

    @property
    def offices(self) -> tuple[str, ...]:
        """The pilot, then the receivers in their order."""
        return (self.pilot, *(each.office for each in self.receivers if each.office != self.pilot))

    def membership(self, office: str) -> Membership | None:
        """Where an office stands in it; None where it is neither pilot nor receiver."""
        if office == self.pilot:
            return _membership(self.pilot_reply)
        receiver = self.receiver(office)
        return None if receiver is None else receiver.membership

    def accepted(self) -> Iterator[str]:
        """The offices whose heads accepted, the pilot first."""
        return (each for each in self.offices if self.membership(each) is Membership.ACCEPTED)

    def replied(self, office: str, reply: Reply) -> Deployment:
        """The same with what an office's head said. Raises LookupError for an office that is not in it."""
        if self.membership(office) is None:
            there = ", ".join(sorted(self.offices)[:12])
            raise LookupError(f"office: {office} is not in the deployment {self.id}; give one of {there}")
        if office == self.pilot:
            return replace(self, pilot_reply=reply)
        receivers = (replace(r, reply=reply) if r.office == office else r for r in self.receivers)
        return replace(self, receivers=tuple(receivers))

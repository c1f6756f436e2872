"""The escalation ladder: who is told of an office that is late, level by level, up the tree of offices.

It knows nothing of what is late; what it needs of that is the number of business days since the date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.organization.clocks import Escalation
from domain.organization.office import Office, Organization, Role


@dataclass(frozen=True, slots=True)
class EscalationLevel:
    """One level: a role of an office, told after that many business days past the date."""

    office: str
    role: Role
    after: int


def ladder(
    organization: Organization, office: str, times: Escalation, other: str | None = None
) -> tuple[EscalationLevel, ...]:
    """All levels above an office: its head, the heads up the tree, then the sponsor at the top.

    It ends at the common ancestor of `office` and `other`; without another side, or without an ancestor in
    common, at the root of the office's own tree.
    """
    heads = tuple(_heads(_path(organization, office, other), times))
    if times.sponsor is None:
        return heads
    top = heads[-1]
    return (*heads, EscalationLevel(top.office, Role.SPONSOR, max(times.sponsor, top.after)))


def reached(levels: Sequence[EscalationLevel], overdue: int) -> tuple[EscalationLevel, ...]:
    """The levels of a ladder to be told `overdue` business days past the date; always its first ones.

    More days never give fewer, so who keeps how many levels were told tells each exactly once.
    """
    return tuple(level for level in levels if level.after <= overdue)


def _path(organization: Organization, office: str, other: str | None) -> Iterator[Office]:
    """The office and those above it, up to the first that is above the other side too, that one included."""
    shared = frozenset() if other is None else {each.id for each in organization.above(other)}
    for each in organization.above(office):
        yield each
        if each.id in shared:
            return


def _heads(path: Iterator[Office], times: Escalation) -> Iterator[EscalationLevel]:
    """The heads of these offices, each with its time; they end where a level is never told."""
    after = times.head
    for n, office in enumerate(path):
        if n == 1:
            if times.parent is None:
                return
            after = times.parent
        elif n > 1:
            if times.above is None:
                return
            after += times.above
        yield EscalationLevel(office.id, Role.HEAD, after)

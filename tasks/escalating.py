"""Escalations, stored once each; in an organization's first cycle they are shown and not sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.organization.office import Organization
from domain.questions.overdue import overdue
from domain.questions.question import ESCALATIONS, Notice
from store.unit import Unit
from tasks.transactions import Transactions

FIRST = "first cycle"


def is_first_cycle(unit: Unit) -> bool:
    """Whether the rollouts of this organization were never taken forward before, and nothing was judged."""
    return unit.marks.get(FIRST) is None and not unit.sweeps.any()


def end_first_cycle(transactions: Transactions, now: datetime) -> None:
    """Remember that it is over, once."""
    with transactions.read() as unit:
        if unit.marks.get(FIRST) is not None:
            return
    with transactions.write() as unit:
        unit.marks.add(FIRST, now)


def sent(found: Iterable[Notice], *, first: bool) -> Iterator[Notice]:
    """The notices to be sent: in the first cycle without escalations."""
    return (each for each in found if not first or each.kind not in ESCALATIONS)


def escalate_decisions(
    transactions: Transactions, organization: Organization, now: datetime, *, first: bool
) -> int:
    """Store a notice for each level that an open decision reached, once; how many are new.

    What is reached in the first cycle is remembered as shown, and never sent later.
    """
    with transactions.read() as unit:
        due = [
            each
            for office in organization.deciding_offices()
            for each in overdue(organization, unit.questions.of(office.id), now)
            if unit.marks.get(_shown(each)) is None
        ]
    if not due:
        return 0
    with transactions.write() as unit:
        if first:
            return sum(unit.marks.add(_shown(each), each.on) for each in due)
        return sum(unit.notices.add(each) for each in due)


def _shown(notice: Notice) -> str:
    return f"shown {notice.key}"

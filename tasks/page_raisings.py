"""Take what offices raise on pages, each once: it becomes a case, or is told why it does not.

What its writer may not do any more is not taken. Refuses to know what a page looks like.
"""

from __future__ import annotations

from config.page_raisings import raisings, settle
from config.permitting import NotPermitted
from config.standing_in import entitled_now
from config.wiring import Clock
from domain.cases.asking import draft_of
from domain.cases.case import Said
from domain.cases.kinds import Way
from domain.decisions.request import Channel
from domain.deviations.flaws import Flawed
from domain.language import Worded
from domain.organization.actions import Account, Action, Refusal, permit
from domain.pages.raising import PageRaising
from domain.standards.tailoring import Rulebook
from tasks.raising import put
from tasks.requesting import Room
from tasks.transactions import Transactions


def take_page_raisings(transactions: Transactions, clock: Clock, rulebook: Rulebook) -> int:
    """Take all that wait, each in a transaction of its own; how many became cases."""
    with transactions.read() as unit:
        waiting = [each for each in raisings(unit).values() if each.waits]
    return sum(_take(transactions, clock, rulebook, each) for each in waiting)


def _take(transactions: Transactions, clock: Clock, rulebook: Rulebook, raising: PageRaising) -> bool:
    """Take one; whether it became a case."""
    try:
        with transactions.write() as unit:
            case = _put(Room(unit, clock, rulebook), raising)
            settle(unit, raising, raising.became(case))
    except (Flawed, LookupError, NotPermitted) as problem:
        if type(problem) in (KeyError, IndexError):
            raise
        says = rulebook.organization.language_of(raising.office)
        why = problem.said(says) if isinstance(problem, Flawed | Worded) else str(problem)
        with transactions.write() as unit:
            settle(unit, raising, raising.refused_for(why))
        return False
    return True


def _put(room: Room, raising: PageRaising) -> str:
    """The id of the case. Raises Flawed, LookupError, and NotPermitted where who wrote it may not now."""
    organization, office = room.organization, raising.office
    if office not in organization.offices:
        raise LookupError(f"there is no office {office} any more: raise it for another one")
    action = Action.OBJECT if raising.objection else Action.RAISE
    there = entitled_now(room.unit, organization, room.clock)
    found = permit(there, Account(raising.person), action, office, office)
    if isinstance(found, Refusal):
        raise NotPermitted(found)
    today = organization.offices[office].calendar.local_date(room.now)
    draft = draft_of(
        office, raising.about, raising.terms, raising.why, organization, today, objection=raising.objection
    )
    return put(room, draft, Said(room.now, raising.person, Channel.PAGE), Way.PAGE).case.id

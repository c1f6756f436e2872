"""Put rules under review where what offices say against them is more than chance; nobody has to ask for it.

Run again, it changes nothing. Refuses to judge anything anew: how many projects a rule binds is of the newest
compliance review.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from config.wiring import Clock
from domain.cases.case import About, Case, Said
from domain.cases.kinds import AboutKind
from domain.cases.moving import raised
from domain.cases.pressure import Pressure, pressure
from domain.cases.reviewing import raisers_of, review_id, reviewed, signals, under_review
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from domain.standards.verdict import Result
from store.unit import Unit
from tasks.case_steps import keep
from tasks.requesting import Room
from tasks.transactions import Transactions
from tasks.versions import newest_of_each

UNBOUND = frozenset({Result.NOT_APPLICABLE})


def put_under_review(transactions: Transactions, clock: Clock, rulebook: Rulebook) -> int:
    """How many rules came under review by this look; each as one case put to the owner of its standard."""
    with transactions.read() as unit:
        found = [each for each in pressures(unit, clock) if each.under_review]
    new = 0
    for each in found:
        with transactions.write() as unit:
            new += _put(Room(unit, clock, rulebook), each)
    return new


def pressures(unit: Unit, clock: Clock) -> tuple[Pressure, ...]:
    """The pressure on every rule of the newest versions of which something was said."""
    now = clock.now()
    said = list(signals(unit.deviations.all(), unit.cases.all()))
    if not said:
        return ()
    named = {each.standard for each in said}
    versions = [each for each in newest_of_each(unit, now.date()) if each.standard in named]
    terms = {each.standard: each.review for each in versions if each.review is not None}
    return pressure(said, bound_by(unit, versions), terms, now)


def bound_by(unit: Unit, versions: Iterable[Version]) -> Mapping[tuple[str, str], int]:
    """How many projects each rule bound in the newest compliance review by its version."""
    counts: Counter[tuple[str, str]] = Counter()
    for version in versions:
        sweep = unit.sweeps.latest(version.standard, version.version)
        for judged in sweep.judged if sweep is not None else ():
            counts.update(
                (version.standard, each.rule) for each in judged.verdicts if each.result not in UNBOUND
            )
    return counts


def _put(room: Room, found: Pressure) -> bool:
    """Open the case, or let the offices join one that is open about the same; whether it is new."""
    unit, now = room.unit, room.now
    version = next(each for each in newest_of_each(unit, now.date()) if each.standard == found.standard)
    about = About(AboutKind.RULE, found.rule, version.standard, version.version)
    before = [each for each in unit.cases.about(about) if each.about.standard == version.standard]
    if (found.standard, found.rule) in under_review(before):
        return False
    said = Said(now)
    who = raisers_of(found, version.owner, room.organization.language_of(version.owner), now)
    if not who:
        return False
    there = next((each for each in before if _is_open_to(each, version.owner)), None)
    if there is None:
        made = Case(
            id=review_id(about, version.owner, before), about=about, raisers=who, counterpart=version.owner
        )
        keep(room, None, raised(made, said))
        return True
    return keep(room, there, reviewed(there, who, said)) != there


def _is_open_to(case: Case, owner: str) -> bool:
    return case.is_open and not case.objection and case.counterpart == owner

"""Who stands in for whom: absences with a deputy, and delegations of a role, each with its days; no chains.

What waits for somebody who is away goes to the deputy, else to the others in the role. Refuses a stand-in who
is away too, has left, or has somebody standing in: what waits would go in circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.organization.office import Organization, Program, Role


class NoStandIn(ValueError):
    """An absence or delegation that cannot be; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away on these days, and the deputy stands in; without one the others in the role do."""

    person: str
    first: date
    last: date
    """The last day, included."""
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who has a role of an office lets another one decide in it on these days, besides themself."""

    delegator: str
    delegate: str
    office: str
    role: Role
    first: date
    last: date
    """The last day, included."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """What is known of both."""

    absences: tuple[Absence, ...] = ()
    delegations: tuple[Delegation, ...] = ()

    def absence(self, person: str, on: date) -> Absence | None:
        """The absence of a person on a day."""
        return next((a for a in self.absences if a.person == person and a.first <= on <= a.last), None)

    def delegates(self, person: str, office: str, role: Role, on: date) -> Iterator[str]:
        """To whom a person has delegated a role of an office on a day."""
        for each in self.delegations:
            if (each.delegator, each.office, each.role) == (person, office, role) and (
                each.first <= on <= each.last
            ):
                yield each.delegate

    def of(self, person: str, on: date) -> frozenset[str]:
        """Everybody who stands in for a person on a day, as deputy or delegate, in whatever role."""
        away = self.absence(person, on)
        deputies = {away.deputy} if away and away.deputy else set[str]()
        return frozenset(deputies.union(e.delegate for e in self.delegations if _delegates(e, person, on)))

    def edges(self) -> Iterator[tuple[str, str, date, date]]:
        """Who hands over to whom, from which day to which."""
        for absence in self.absences:
            if absence.deputy:
                yield absence.person, absence.deputy, absence.first, absence.last
        for each in self.delegations:
            yield each.delegator, each.delegate, each.first, each.last


NOBODY = StandIns()


def _delegates(each: Delegation, person: str, on: date) -> bool:
    return each.delegator == person and each.first <= on <= each.last


def check_absence(organization: Organization, known: StandIns, new: Absence, today: date) -> None:
    """Raises NoStandIn for an absence that cannot be."""
    _check_days(new.first, new.last, today)
    _check_people(organization, (new.person,), new.last)
    for other in known.absences:
        if other.person == new.person and _overlap(other.first, other.last, new.first, new.last):
            raise NoStandIn(
                f"{new.person} is away from {other.first} to {other.last} already: end that absence first"
            )
    if new.deputy:
        _check_handover(organization, known, (new.person, new.deputy), (new.first, new.last))


def check_delegation(
    organization: Organization, known: StandIns, new: Delegation, by: str, today: date
) -> None:
    """Raises NoStandIn for a delegation that cannot be; `by` is the person who gives it."""
    if by != new.delegator:
        raise NoStandIn(f"only {new.delegator} can delegate what is theirs")
    _check_days(new.first, new.last, today)
    _check_people(organization, (new.delegator,), new.last)
    office = organization.offices.get(new.office)
    if office is None or new.delegator not in office.roles.get(new.role, ()):
        raise NoStandIn(
            f"{new.delegator} is no {new.role.replace('_', ' ')} of {new.office}: nothing to delegate there"
        )
    _check_handover(organization, known, (new.delegator, new.delegate), (new.first, new.last))


def _check_days(first: date, last: date, today: date) -> None:
    if last < first:
        raise NoStandIn(f"it ends on {last}, before it begins: give the last day")
    if last < today:
        raise NoStandIn(f"it ended on {last}: what is past is not changed")


def _check_people(organization: Organization, people: Iterable[str], on: date) -> None:
    for person in people:
        if person not in organization.people:
            raise NoStandIn(f"{person!r} is nobody in people.yaml: give the id of a person there")
        if organization.people[person].has_left(on):
            last = organization.people[person].until
            raise NoStandIn(f"the last day of {person} is {last} (people.yaml): choose days up to that")


def _check_handover(
    organization: Organization, known: StandIns, pair: tuple[str, str], days: tuple[date, date]
) -> None:
    """Raises NoStandIn where one hands over to who hands over, or is away, on some of these days."""
    (giver, taker), (first, last) = pair, days
    if giver == taker:
        raise NoStandIn(f"{giver} cannot stand in for themself: name somebody else")
    _check_people(organization, (taker,), last)
    for absence in known.absences:
        if absence.person == taker and _overlap(absence.first, absence.last, first, last):
            raise NoStandIn(f"{taker} is away from {absence.first} to {absence.last}: name somebody else")
    for one, other, since, until in known.edges():
        if not _overlap(since, until, first, last):
            continue
        if one == taker:
            raise NoStandIn(f"{other} stands in for {taker} from {since} to {until}: no chains, name another")
        if other == giver:
            raise NoStandIn(f"{giver} stands in for {one} from {since} to {until}: no chains, end that first")


def _overlap(first: date, last: date, other_first: date, other_last: date) -> bool:
    return first <= other_last and other_first <= last


def present(organization: Organization, known: StandIns, now: datetime) -> Organization:
    """The organization with those in its roles for whom things wait now, by each office's own day.

    Who is away is replaced by the deputy; without one the others in the role remain, and where there is
    nobody else the person stays. Delegates stand beside those who delegated.
    """
    return _with(organization, known, now, with_absent=False)


def entitled(organization: Organization, known: StandIns, now: datetime) -> Organization:
    """The organization with those in its roles who may act in them now: their holders and who stands in."""
    return _with(organization, known, now, with_absent=True)


def _with(organization: Organization, known: StandIns, now: datetime, *, with_absent: bool) -> Organization:
    if known == NOBODY:
        return organization
    offices = {}
    for office in organization.offices.values():
        on, roles = office.calendar.local_date(now), {}
        for role, holders in office.roles.items():
            found: list[str] = []
            for person in holders:
                found.extend(_standing(known, (person, office.id, role), on, with_absent=with_absent))
            roles[role] = _here(organization, found, on) or tuple(holders)
        offices[office.id] = replace(office, roles=roles)
    if with_absent:
        return replace(organization, offices=offices)
    programs = {key: _managed(organization, known, each, now) for key, each in organization.programs.items()}
    return replace(organization, offices=offices, programs=programs)


def _managed(organization: Organization, known: StandIns, program: Program, now: datetime) -> Program:
    """The program with the manager for whom things wait: of one away, who stands in, else the deputy."""
    office = organization.offices.get(program.office)
    on = office.calendar.local_date(now) if office is not None else now.date()
    away = known.absence(program.manager, on) if program.manager else None
    if away is None:
        return program
    found = (each for each in (away.deputy, program.deputy) if each and known.absence(each, on) is None)
    here = _here(organization, found, on)
    return replace(program, manager=here[0] if here else program.manager)


def _standing(known: StandIns, held: tuple[str, str, Role], on: date, *, with_absent: bool) -> Iterator[str]:
    """Who stands in a role that somebody holds in an office on a day."""
    person, office, role = held
    away = known.absence(person, on)
    if away is None or with_absent:
        yield person
    if away is not None and away.deputy and known.absence(away.deputy, on) is None:
        yield away.deputy
    yield from known.delegates(person, office, role, on)


def _here(organization: Organization, found: Iterable[str], on: date) -> tuple[str, ...]:
    """Those of them who belong to the organization on a day, each once."""
    people = organization.people
    return tuple(dict.fromkeys(each for each in found if each in people and not people[each].has_left(on)))

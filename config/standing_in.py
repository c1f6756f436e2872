"""Set and end absences and delegations, recorded in the ledger by pseudonym; it decides nothing itself.

The law is in domain/organization/absence.py. Pages and the command line use it alike.
"""

from __future__ import annotations

import secrets

from config.wiring import Clock
from domain.ledger.chain import Event
from domain.organization.absence import (
    Absence,
    Delegation,
    NoStandIn,
    StandIns,
    check_absence,
    check_delegation,
    entitled,
    present,
)
from domain.organization.office import Organization
from store import Store
from store.standing_in import Kept
from store.unit import Unit


def stand_ins(unit: Unit, organization: Organization) -> StandIns:
    """Who stands in for whom, as far as it counts in this organization."""
    return unit.stand_ins.known(entered_count=organization.operator_decisions_count)


def present_now(unit: Unit, organization: Organization, clock: Clock) -> Organization:
    """The organization with those in its roles for whom things wait now."""
    return present(organization, stand_ins(unit, organization), clock.now())


def entitled_now(unit: Unit, organization: Organization, clock: Clock) -> Organization:
    """The organization with those in its roles who may act in them now."""
    return entitled(organization, stand_ins(unit, organization), clock.now())


def set_absence(organization: Organization, store: Store, clock: Clock, new: Absence, by: str) -> Kept:
    """Store that somebody is away. `by` is the person who says so; empty where an operator enters it.

    Raises NoStandIn for an absence that cannot be, and for that of another person.
    """
    if by and by != new.person:
        raise NoStandIn(f"only {new.person} can say when they are away")
    with store.begin() as unit:
        known = unit.stand_ins.known(entered_count=True)
        check_absence(organization, known, new, clock.now().date())
        kept = Kept(secrets.token_hex(6), new, not by, clock.now())
        unit.stand_ins.add(kept)
        _record(unit, "absence", kept)
        unit.commit()
    return kept


def give_delegation(
    organization: Organization, store: Store, clock: Clock, new: Delegation, by: str, *, entered: bool
) -> Kept:
    """Store a delegation that `by` gives; `entered` where an operator says that they do.

    Raises NoStandIn for a delegation that cannot be, or of something that is not theirs.
    """
    with store.begin() as unit:
        kept = add_delegation(unit, organization, clock, new, by, entered=entered)
        unit.commit()
    return kept


def add_delegation(
    unit: Unit, organization: Organization, clock: Clock, new: Delegation, by: str, *, entered: bool
) -> Kept:
    """The same, in a unit that goes on."""
    known = unit.stand_ins.known(entered_count=True)
    check_delegation(organization, known, new, by, clock.now().date())
    kept = Kept(secrets.token_hex(6), new, entered, clock.now())
    unit.stand_ins.add(kept)
    _record(unit, "delegation", kept)
    return kept


def end(store: Store, clock: Clock, id_: str) -> Kept:
    """Take an absence or a delegation back. Raises NoStandIn where none with that id stands."""
    with store.begin() as unit:
        kept = unit.stand_ins.end(id_, clock.now())
        if kept is None:
            raise NoStandIn(f"nothing with the id {id_[:20]!r} stands")
        _record(unit, "absence_ended" if isinstance(kept.what, Absence) else "delegation_ended", kept)
        unit.commit()
    return kept


def _record(unit: Unit, kind: str, kept: Kept) -> None:
    """Keep it in the ledger, with persons by pseudonym."""
    what, of = kept.what, unit.pseudonyms.of
    detail: dict[str, object] = {
        "first": what.first.isoformat(), "last": what.last.isoformat(), "entered_by_operator": kept.entered,
    }  # fmt: skip
    if isinstance(what, Absence):
        actor, to = of(what.person), what.deputy
    else:
        actor, to = of(what.delegator), what.delegate
        detail |= {"office": what.office, "role": str(what.role)}
    if to:
        detail["to"] = of(to)
    unit.ledger.append(Event(kind, kept.id, actor, kept.at, detail))

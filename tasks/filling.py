"""Fill: the report formats of the published versions whose cut-offs are over, each once, from what was read.

A pack that was filled stays as it is; what came late is a restatement in the one after it. A cut-off at which
nobody ran this is made up: its pack is filled from what was known until the next one, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.compliance.network import Network
from domain.language import Language
from domain.organization.office import Office
from domain.reporting.changing import Earlier, flips_of, with_changes
from domain.reporting.confidential import withheld
from domain.reporting.cut_offs import Period, period
from domain.reporting.filling import Filling, filled, newest_format
from domain.reporting.flips import flips
from domain.reporting.own_version import OwnVersions, filled_formats, format_in, own_versions
from domain.reporting.pack import Change, Pack, PackHead, PackId
from domain.reporting.parts import Money
from domain.reporting.reported import OfficeReport, VersionFormat
from domain.standards.formats import Audience, FilledFormat
from domain.standards.standard import Version
from store.unit import Unit
from tasks.context import evaluator
from tasks.given import leader_of_sweep
from tasks.network import participants
from tasks.reported import Seen, again, office_report


@dataclass(frozen=True, slots=True)
class Due:
    """A pack to fill: of which format, whose, and each office's period; oldest version first."""

    id: PackId
    own: OwnVersions
    format: FilledFormat
    office: Office
    periods: Mapping[str, Period]
    known: datetime | None = None
    """Until when what was read counts, where its time to be filled is over; None: until now."""


MOST_MISSED = 26
"""How many cut-offs of a format and office are made up at most: half a year of weeks."""


def due_packs(unit: Unit, network: Network) -> tuple[Due, ...]:
    """Every pack whose cut-off is over and that was not filled; of each office the older first."""
    return tuple(_due(unit, network))


def standards(unit: Unit) -> tuple[OwnVersions, ...]:
    """The published versions of each standard, with what rollouts made of them."""
    rollouts = [(each, unit.adoptions.of(each.id)) for each in unit.rollouts.all()]
    return tuple(own_versions(versions, rollouts) for versions in _by_standard(unit.versions.all()))


def _by_standard(versions: Sequence[Version]) -> Iterator[tuple[Version, ...]]:
    found: dict[str, list[Version]] = {}
    for each in sorted(versions, key=lambda v: (v.standard, v.effective_from, v.version)):
        found.setdefault(each.standard, []).append(each)
    return (tuple(each) for each in found.values())


def _due(unit: Unit, network: Network) -> Iterator[Due]:
    """The packs of all periods that ended since a version with the format was published."""
    published = unit.versions.published()
    for own in standards(unit):
        for format_ in filled_formats(own.versions):
            name = f"{own.versions[0].standard}.{format_.id}"
            since = min(published[v.id] for v in own.versions if format_in(v, format_.id) is not None)
            for office, _ in _whose(network, own, format_, network.now):
                yield from reversed(list(_missed(unit, network, own, format_, (name, office.id, since))))


def _missed(
    unit: Unit, network: Network, own: OwnVersions, format_: FilledFormat, what: tuple[str, str, datetime]
) -> Iterator[Due]:
    """The newest pack of an office and those before it, back to one that was filled; newest first.

    `what` is the format's name, the office, and since when a version has the format.
    """
    name, key, since = what
    at, known = network.now, None
    for _ in range(MOST_MISSED):
        found = next(((o, over) for o, over in _whose(network, own, format_, at) if o.id == key), None)
        if found is None:
            return
        office, over = found
        mine = over[key]
        due = Due(PackId(name, key, mine.day), own, format_, office, over, known)
        if mine.cut_off < since or unit.packs.has(due.id):
            return
        yield due
        at, known = mine.cut_off - timedelta(seconds=1), mine.cut_off


def _whose(
    network: Network, own: OwnVersions, format_: FilledFormat, now: datetime
) -> Iterator[tuple[Office, Mapping[str, Period]]]:
    """Whose packs there are, with the periods that are over then: each office's own, or the network's."""
    offices = participants(network.organization, now.date())
    if format_.audience is Audience.OFFICES:
        for office in offices:
            yield office, {office.id: period(office, format_.cadence, now)}
        return
    if not offices:
        return
    leader = leader_of_sweep(network.organization, own.versions[-1], now.date())
    led = period(leader, format_.cadence, now)
    periods = {office.id: _of_day(office, format_, led) for office in offices}
    if all(each.cut_off <= now for each in periods.values()):
        yield leader, {**periods, leader.id: periods.get(leader.id, led)}


def _of_day(office: Office, format_: FilledFormat, led: Period) -> Period:
    """The period of an office that ends on the day of the leader's, or last before it."""
    return period(office, format_.cadence, office.calendar.end_of(led.day))


def fill(unit: Unit, network: Network, due: Due) -> Pack:
    """The pack, with all that changed since the one before."""
    seen = Seen(network, due.own, due.known or network.now)
    hidden = network.organization.restricted
    found = unit.packs.latest(due.id.format, due.id.office, due.id.day)
    before = withheld(found, hidden) if found is not None else None
    reports = _reports(unit, seen, due, due.periods)
    pack = filled(_filling(unit, network, due, before), reports)
    if before is None:
        return pack
    gone = {project: at for office in reports for project, at in office.gone.items()}
    organization = network.organization
    says, said = organization.own_language, organization.languages.of(before.head.said_in)
    earlier = Earlier(before, _late(unit, seen, due, found or before), said)
    changed = with_changes(pack, earlier, gone, says)
    own = {each.project.key for office in reports for each in office.projects if each.restricted}
    flipped = _flips(unit, due, before, pack, frozenset(own), says)
    return replace(changed, changes=(*changed.changes, *flipped))


def _late(unit: Unit, seen: Seen, due: Due, before: Pack) -> Pack:
    """The pack before, filled again with what came after its cut-off."""
    periods = {
        office.id: period(seen.network.organization.offices[office.id], due.format.cadence, office.cut_off)
        for office in before.offices
        if office.id in seen.network.organization.offices
    }
    own = replace(_filling(unit, seen.network, due, None), head=before.head)
    return filled(own, _reports(unit, again(seen, before), due, periods))


def _reports(unit: Unit, seen: Seen, due: Due, periods: Mapping[str, Period]) -> tuple[OfficeReport, ...]:
    offices = seen.network.organization.offices
    wanted = periods if due.format.audience is Audience.BOARD else {due.office.id: periods[due.office.id]}
    there = {each.id for each in participants(seen.network.organization, seen.as_of.date())}
    return tuple(
        office_report(unit, seen, offices[key], wanted[key]) for key in sorted(wanted) if key in there
    )


def _filling(unit: Unit, network: Network, due: Due, before: Pack | None) -> Filling:
    rates = network.organization.rates
    currency = rates.currency if rates is not None else due.office.currency
    formats = tuple(VersionFormat(v.id, format_in(v, due.format.id)) for v in due.own.versions)
    newest, says = due.own.versions[-1], network.organization.own_language
    head = PackHead(
        id=due.id,
        organization=network.organization.name,
        office=due.office.name,
        is_network=due.format.audience is Audience.BOARD,
        standard=newest.title,
        title=newest_format(formats).title,
        versions=(),
        audience=due.format.audience,
        cadence=due.format.cadence,
        cut_off=due.periods[due.office.id].cut_off,
        as_of=network.now,
        known=due.known,
        time_zone=due.office.calendar.time_zone,
        language=due.office.language,
        currency=currency,
        rates=rates.name if rates is not None else "",
        ledger_head=unit.ledger.head(),
        ledger_entry=unit.ledger.newest(),
        previous=before.head.id if before is not None else None,
        said_in="" if says.is_english else network.organization.language,
    )
    return Filling(head, formats, Money(currency, rates), evaluator(), says)


def _flips(
    unit: Unit, due: Due, before: Pack, pack: Pack, hidden: frozenset[str], says: Language
) -> tuple[Change, ...]:
    """Whose band flipped under the newest version since the pack before, and why."""
    newest = due.own.versions[-1]
    then = unit.sweeps.at(newest.standard, newest.version, before.head.known or before.head.as_of)
    now = unit.sweeps.at(newest.standard, newest.version, pack.head.known or pack.head.as_of)
    if now is None:
        return ()
    titles = {rule.uid: rule.title for version in due.own.versions for rule in version.rules}
    return flips_of(pack, flips(then, now), titles, hidden, says)

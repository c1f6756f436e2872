"""Sweep: every project of the network judged under a version, stored as one repeatable value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from config.wiring import Clock
from domain.compliance.beside import Binding, beside
from domain.compliance.network import Network
from domain.compliance.sweep import Judged, Sweep
from domain.ids import VersionId
from domain.ledger.notices import head_notices
from domain.organization.office import Organization
from domain.outcomes.network import Swept
from domain.standards.limits import Contradiction
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from domain.standards.verdict import Result
from store.sweeps import Judgment, judgments
from store.unit import Unit
from tasks.context import current_application
from tasks.network import load, office_states
from tasks.putting_between_owners import put_between_owners
from tasks.recording import record, record_incidents
from tasks.requesting import Room
from tasks.transactions import CHUNK, Transactions, batched, short, until_it_holds
from tasks.versions import choose, newest_of_each, previous_of, spared


def sweep_network(version: str) -> Swept:
    """Judge every counted project by `standard/version`, or by the one before if it may finish under that.

    `newest` takes the newest published version, and sweeps by that of every other standard too. The same
    network at the same time gives the same sweep. It judges in a reading transaction and writes in short
    ones; what changed meanwhile is judged again. Raises TryLater where the network changes again and again.
    """
    application = current_application()
    return sweep(short(application.store), application.clock, application.rulebook, version)


def sweep(transactions: Transactions, clock: Clock, rulebook: Rulebook, version: str) -> Swept:
    """Judge, and store what was found; see `sweep_network`."""
    with transactions.read() as unit:
        today = clock.now().date()
        chosen = choose(unit, version, today)
        rest = newest_of_each(unit, today) if version == "newest" else ()
    others = [each.id for each in rest if each.standard != chosen.standard]
    found = _sweep(transactions, clock, rulebook, chosen.id)
    return replace(found, others=tuple(_sweep(transactions, clock, rulebook, each) for each in others))


def _sweep(transactions: Transactions, clock: Clock, rulebook: Rulebook, version: str) -> Swept:
    """One sweep, by one version."""

    def attempt() -> Swept:
        with transactions.read() as unit:
            loaded = load(unit, rulebook, clock.now())
            basis, network = loaded.basis, loaded.network
            chosen = choose(unit, version, network.now.date())
            states, own = office_states(unit, network), _binding(unit, chosen)
            newest = newest_of_each(unit, network.now.date())
            others = [_binding(unit, each) for each in newest if each.standard != chosen.standard]
        judged, kept, contradictions = _judge(transactions, network, own, others)
        found = network.sweep(chosen, judged, states)
        with transactions.write() as unit:
            basis.check(unit)
            new = _add(unit, clock, found, kept)
            if new:
                _anchor(unit, rulebook.organization, clock)
            put_between_owners(Room(unit, clock, rulebook), contradictions)
            record_incidents(unit, clock, network)
        stale = sum(state.stale for state in found.offices)
        return Swept(found.id, chosen.id, len(found.judged), _counts(found.bands), stale, new)

    return until_it_holds(attempt)


def _binding(unit: Unit, version: Version) -> Binding:
    """A version as it binds the network now."""
    return Binding(version, previous_of(unit, version), spared(unit, version))


def _judge(
    transactions: Transactions,
    network: Network,
    own: Binding,
    others: Sequence[Binding],
) -> tuple[list[Judged], list[Judgment], list[Contradiction]]:
    """Judge every counted project by the version under which it finishes, and keep what that came to.

    Some at once are judged, then kept where nobody sees them before the sweep that they belong to.
    """
    judged: list[Judged] = []
    kept: list[Judgment] = []
    contradictions: list[Contradiction] = []
    for some in batched(sorted(network.plans), CHUNK):
        swept = network.swept(some, own.version, own.previous, own.spared)
        seen = beside(network, swept, own, others)
        judged += seen.judged
        contradictions += seen.contradictions
        part = judgments(seen.judged)
        with transactions.read() as unit:
            missing = unit.sweeps.missing(part)
        if missing:
            with transactions.write() as unit:
                unit.sweeps.keep(missing)
        kept += part
    return judged, kept, contradictions


def _add(unit: Unit, clock: Clock, found: Sweep, kept: Sequence[Judgment]) -> bool:
    """Store the sweep, and record it in the ledger where it is new; whether it is."""
    new = unit.sweeps.add(found, kept)
    if new:
        detail = {"judged": len(found.judged), "bands": _counts(found.bands)}
        version = str(VersionId(found.standard, found.version))
        record(unit, clock, "sweep", found.id, detail=detail, version=version)
    return new


def _anchor(unit: Unit, organization: Organization, clock: Clock) -> None:
    """The ledger's head into the strategic offices' tools, once a month."""
    for notice in head_notices(organization, unit.ledger.newest(), unit.ledger.head(), clock.now()):
        unit.notices.add(notice)


def _counts(bands: Mapping[Result, int]) -> Mapping[str, int]:
    """The counts by band as they are printed, without bands that have no projects."""
    return {str(band): count for band, count in bands.items() if count}

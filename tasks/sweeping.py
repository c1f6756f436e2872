"""Sweep: every project of the network judged under a version, stored as one repeatable value."""

from __future__ import annotations

from collections.abc import Mapping

from prefect import task

from config.wiring import Clock
from domain.compliance.network import Network
from domain.compliance.sweep import Sweep
from domain.outcomes.network import Swept
from domain.rollouts.rollout import Adoption, Standing
from domain.standards.standard import Version
from domain.standards.verdict import Result
from store.sweeps import Judgment, judgments
from store.unit import Unit
from tasks.context import current_application
from tasks.network import load_network, office_states
from tasks.recording import record, record_incidents
from tasks.transactions import CHUNK, Basis, Transactions, basis_of, batched, short, until_it_holds
from tasks.versions import choose, previous_of


@task(name="sweep-network", task_run_name="sweep {version}")
def sweep_network(version: str) -> Swept:
    """Judge every counted project by `standard/version`, or by the one before if it may finish under that.

    `newest` takes the newest published version. The same network at the same time gives the same sweep. It
    judges in a reading transaction and writes in short ones; what changed meanwhile is judged again. Raises
    TryLater where the network changes again and again.
    """
    application = current_application()
    store, clock = short(application.store), application.clock

    def attempt() -> tuple[Sweep, Version, bool]:
        with store.read() as unit:
            basis = basis_of(unit)
            chosen = choose(unit, version)
            network = load_network(unit, application.rulebook, clock.now())
            sweep = _judge(unit, network, chosen)
            known = unit.sweeps.has(sweep.id)
        if network.incidents:
            with store.write() as unit:
                record_incidents(unit, clock, network, chosen)
        return sweep, chosen, not known and _keep(store, clock, basis, sweep, chosen)

    sweep, chosen, new = until_it_holds(attempt)
    stale = sum(state.stale for state in sweep.offices)
    return Swept(sweep.id, chosen.id, len(sweep.judged), _counts(sweep.bands), stale, new)


def _judge(unit: Unit, network: Network, version: Version) -> Sweep:
    """Judge every counted project by the version under which it finishes; only reads the unit."""
    spared = frozenset(
        key
        for rollout in unit.rollouts.all()
        if (rollout.manifest.standard, rollout.manifest.version) == (version.standard, version.version)
        for key in _grandfathered(unit.adoptions.of(rollout.id))
    )
    return network.sweep(version, previous_of(unit, version), spared, office_states(unit, network))


def _keep(store: Transactions, clock: Clock, basis: Basis, sweep: Sweep, version: Version) -> bool:
    """Store the sweep, and record it in the ledger where it is new; whether it is.

    Its projects are stored some at once, where nobody sees them; the sweep itself comes last. Raises Moved
    where what it judged is not so any more.
    """
    kept: list[Judgment] = []
    for some in batched(sweep.judged, CHUNK):
        found = judgments(some)
        with store.write() as unit:
            unit.sweeps.keep(found)
        kept += found
    with store.write() as unit:
        basis.check(unit)
        new = unit.sweeps.add(sweep, kept)
        if new:
            detail = {"judged": len(sweep.judged), "bands": _counts(sweep.bands)}
            record(unit, clock, "sweep", sweep.id, detail=detail, version=version.id)
    return new


def _grandfathered(adoptions: tuple[Adoption, ...]) -> frozenset[str]:
    """The projects that finish under the version before."""
    return frozenset(a.project for a in adoptions if a.standing is Standing.GRANDFATHERED)


def _counts(bands: Mapping[Result, int]) -> Mapping[str, int]:
    """The counts by band as they are printed, without bands that have no projects."""
    return {str(band): count for band, count in bands.items() if count}

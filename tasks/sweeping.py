"""Sweep: every project of the network judged under a version, stored as one repeatable value."""

from __future__ import annotations

from prefect import task

from domain.outcomes.network import Swept
from domain.standards.standard import Version
from store.unit import Unit
from tasks.memory import (
    band_counts,
    current_application,
    grandfathered,
    load_network,
    office_states,
    previous_of,
    record,
    record_incidents,
)


@task(name="sweep-network", task_run_name="sweep {version}")
def sweep_network(version: str) -> Swept:
    """Judge every counted project by `standard/version`, or by the one before where it may finish under it.

    `newest` takes the newest published version. The same network at the same time gives the same sweep.
    """
    application = current_application()
    with application.store.begin() as unit:
        chosen = choose(unit, version)
        network = load_network(application, unit)
        spared = frozenset(
            key
            for rollout in unit.rollouts.all()
            if (rollout.manifest.standard, rollout.manifest.version) == (chosen.standard, chosen.version)
            for key in grandfathered(unit.adoptions.of(rollout.id))
        )
        sweep = network.sweep(
            chosen, previous_of(unit, chosen), spared, office_states(application, unit, network)
        )
        new = unit.sweeps.add(sweep)
        bands = band_counts(sweep.bands)
        if new:
            detail = {"judged": len(sweep.judged), "bands": bands}
            record(application, unit, "sweep", sweep.id, detail=detail, version=chosen.id)
        record_incidents(application, unit, network, chosen)
        unit.commit()
    stale = sum(state.stale for state in sweep.offices)
    return Swept(sweep.id, chosen.id, len(sweep.judged), bands, stale, new)


def choose(unit: Unit, version: str) -> Version:
    """The published version of that id, or the one that took effect last for `newest`.

    Raises LookupError when there is none.
    """
    published = unit.versions.all()
    if not published:
        raise LookupError("no version is published: run publish-standard first")
    if version == "newest":
        return max(published, key=lambda v: (v.effective_from, v.version))
    for each in published:
        if each.id == version:
            return each
    raise LookupError(f"{version} is not published; published are: {', '.join(v.id for v in published)}")

"""Simulate drafts on the network as it was last read: what each would do to every office's open projects.

Judged as a rollout is, nothing written. Where the rollout of the version is planned, it is the simulation
that simulate-standard makes, stored as that; else every office is taken as one wave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from config.rollouts import RolloutPlan
from config.wiring import Clock
from domain.compliance.glossary import is_reported
from domain.compliance.network import Network
from domain.drafts.draft import Draft, OfficeEffect, Simulated
from domain.drafts.moving import simulated
from domain.rollouts.rollout import WavePlan
from domain.rollouts.simulation import Foreseen, Simulation
from domain.standards.tailoring import Rulebook
from domain.standards.verdict import FOLLOWS
from store.unit import Unit
from tasks.draft_steps import base_of
from tasks.network import load_network
from tasks.rolling import simulate
from tasks.transactions import Transactions


def simulate_drafts(
    transactions: Transactions, clock: Clock, rulebook: Rulebook, plans: Sequence[RolloutPlan] = ()
) -> int:
    """Attach a simulation to every open draft whose content has none; how many that were."""
    with transactions.read() as unit:
        wanted = [
            each for each in unit.drafts.open() if not each.is_simulated and each.owner in _offices(rulebook)
        ]
        if not wanted:
            return 0
        network = load_network(unit, rulebook, clock.now())
        found = [(each, *_simulated(unit, network, each, plans)) for each in wanted]
    for draft, simulation, planned in found:
        with transactions.write() as unit:
            there = unit.drafts.locked(draft.id)
            if there is None or there.content != draft.content:
                continue
            if planned:
                unit.simulations.add(simulation.manifest.digest, asdict(simulation), clock.now())
            effect = Simulated(simulation.manifest.digest, draft.content, clock.now(), _effects(simulation))
            unit.drafts.save(simulated(there, effect))
    return len(found)


def _offices(rulebook: Rulebook) -> Mapping[str, object]:
    return rulebook.organization.offices


def _simulated(
    unit: Unit, network: Network, draft: Draft, plans: Sequence[RolloutPlan]
) -> tuple[Simulation, bool]:
    """What is foreseen, and whether it is that of the planned rollout."""
    version = draft.version
    planned = next((each for each in plans if each.target == version.id), None)
    if planned is not None:
        return simulate(planned, version, base_of(unit, version), network), True
    below = tuple(
        office
        for office in network.organization.offices
        if draft.owner in {each.id for each in network.organization.above(office)}
    )
    wave = WavePlan(1, version.id, below, version.effective_from)
    made_up = RolloutPlan(draft.id, version.standard, version.version, (wave,))
    return simulate(made_up, version, base_of(unit, version), network), False


def _effects(simulation: Simulation) -> Mapping[str, OfficeEffect]:
    by_office: dict[str, list[Foreseen]] = defaultdict(list)
    for each in simulation.foreseen:
        by_office[each.office].append(each)
    return {office: _effect(found) for office, found in sorted(by_office.items())}


def _effect(found: Sequence[Foreseen]) -> OfficeEffect:
    return OfficeEffect(
        projects=len(found),
        follow=sum(each.new in FOLLOWS for each in found),
        flip=sum(each.flips for each in found),
        freed=sum(
            each.old is not None and each.old not in FOLLOWS and is_reported(each.old) and each.new in FOLLOWS
            for each in found
        ),
        not_reported=sum(not is_reported(each.new) for each in found),
    )

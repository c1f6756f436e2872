"""Simulate drafts on the network as it was last read: what each would do to every office's open projects.

Judged as a rollout is, nothing written. Where the rollout of the version is planned, it is the simulation
that simulate-standard makes, stored as that; else every office is taken as one wave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from config.rollouts import RolloutPlan
from config.wiring import Clock
from domain.compliance.glossary import is_reported
from domain.compliance.network import Network
from domain.drafts.draft import Draft, OfficeEffect, Simulated
from domain.drafts.moving import simulated
from domain.rollouts.rollout import WavePlan
from domain.rollouts.simulation import Foreseen, Simulation
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from domain.standards.verdict import FOLLOWS, OPEN_RESULTS
from store.unit import Unit
from tasks.draft_steps import base_of
from tasks.network import load_network
from tasks.rolling import simulate
from tasks.transactions import Transactions


def simulate_drafts(
    transactions: Transactions, clock: Clock, rulebook: Rulebook, plans: Sequence[RolloutPlan] = ()
) -> int:
    """Attach a simulation to every open draft whose content has none; how many that were."""
    known = rulebook.organization.offices
    with transactions.read() as unit:
        wanted = [each for each in unit.drafts.open() if not each.is_simulated and each.owner in known]
        if not wanted:
            return 0
        network = load_network(unit, rulebook, clock.now())
        found = [_simulated(unit, network, each, plans) for each in wanted]
    for each in found:
        with transactions.write() as unit:
            _attach(unit, clock, each)
    return len(found)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a simulation of a draft found; `planned` where it is that of the planned rollout."""

    draft: Draft
    simulation: Simulation
    effects: Mapping[str, OfficeEffect]
    planned: bool


def _attach(unit: Unit, clock: Clock, found: _Found) -> None:
    """Store it, unless the draft has other content by now."""
    draft, simulation = unit.drafts.locked(found.draft.id), found.simulation
    if draft is None or draft.content != found.draft.content:
        return
    digest = simulation.manifest.digest
    if found.planned:
        unit.simulations.add(digest, asdict(simulation), clock.now())
    unit.drafts.save(simulated(draft, Simulated(digest, draft.content, clock.now(), found.effects)))


def _simulated(unit: Unit, network: Network, draft: Draft, plans: Sequence[RolloutPlan]) -> _Found:
    version, base = draft.version, base_of(unit, draft.version)
    planned = next((each for each in plans if each.target == version.id), None)
    simulation = simulate(planned or _made_up(network, draft), version, base, network)
    by_office: dict[str, list[Foreseen]] = defaultdict(list)
    for each in simulation.foreseen:
        by_office[each.office].append(each)
    effects = {office: _effect(network, base, by_office[office]) for office in sorted(by_office)}
    return _Found(draft, simulation, effects, planned is not None)


def _made_up(network: Network, draft: Draft) -> RolloutPlan:
    """Every office of the owner and below it in one wave, where no rollout is planned."""
    version = draft.version
    below = tuple(
        office
        for office in network.organization.offices
        if draft.owner in {each.id for each in network.organization.above(office)}
    )
    wave = WavePlan(1, version.id, below, version.effective_from)
    return RolloutPlan(draft.id, version.standard, version.version, (wave,))


def _effect(network: Network, base: Version | None, found: Sequence[Foreseen]) -> OfficeEffect:
    changes = [(_open_before(network, base, each), frozenset(each.open_rules)) for each in found]
    return OfficeEffect(
        projects=len(found),
        follow=sum(each.new in FOLLOWS for each in found),
        relieved=sum(bool(before - after) for before, after in changes),
        burdened=sum(bool(after - before) for before, after in changes),
        not_reported=sum(not is_reported(each.new) for each in found),
    )


def _open_before(network: Network, base: Version | None, member: Foreseen) -> frozenset[str]:
    """The rules that a project does not keep under the version before."""
    if base is None:
        return frozenset()
    verdicts = network.judged(member.project, base).verdicts
    return frozenset(each.rule for each in verdicts if each.result in OPEN_RESULTS)

"""What the store says of a rollout that is to be approved, as it was simulated and as it is now."""

from __future__ import annotations

from pydantic import TypeAdapter

from domain.decisions.card import Card, Reader
from domain.decisions.request import Request
from domain.reporting.confidential import Whose, may_see
from domain.rollouts.card import MOST_NAMED, RolloutNow, flips
from domain.rollouts.card import rollout_card as card
from domain.rollouts.simulation import Simulation
from store.unit import Unit

SIMULATION = TypeAdapter(Simulation)


def rollout_card(unit: Unit, request: Request, reader: Reader) -> Card:
    """The request as that person is shown it. Raises LookupError for a list that was never simulated."""
    document = unit.simulations.get(request.shown.facts)
    if document is None:
        raise LookupError("no simulation has its digest")
    simulation = SIMULATION.validate_python(document)
    manifest = simulation.manifest
    version = unit.versions.get(manifest.standard, manifest.version)
    there = unit.plans.digests([member.project for member in manifest.members])
    titles: dict[str, str] = {}
    for each in flips(simulation):
        if len(titles) == MOST_NAMED:
            break
        project = unit.plans.by_digest(there[each.project]).project if each.project in there else None
        if project is None:
            continue
        whose = Whose(project.key, project.office, project.program or "", project.lead or "")
        if may_see(reader.organization, reader.person, whose, reader.now.date()):
            titles[each.project] = project.title
    now = RolloutNow(version.digest if version is not None else "", there, titles)
    return card(request, simulation, now, reader)

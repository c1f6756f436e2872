"""The projects whose clock in a rollout stands, as their office objects to its version or to an item."""

from __future__ import annotations

from collections.abc import Iterator

from domain.cases.case import Case
from domain.cases.kinds import AboutKind
from domain.cases.moving import objects, stops_the_clock
from domain.compliance.network import Network
from domain.ids import VersionId, WorkItemKey
from domain.rollouts.rollout import Rollout
from store.unit import Unit


def stopped_projects(unit: Unit, network: Network, rollout: Rollout) -> frozenset[str]:
    """The projects whose clock stands meanwhile: once for each office, until it is agreed or decided."""
    return frozenset(
        project
        for case in unit.cases.open()
        for project, office in _concerned(case, network, rollout.manifest.target)
        if stops_the_clock(case, office)
    )


def objected_projects(unit: Unit, network: Network, rollout: Rollout) -> frozenset[str]:
    """The projects that stand as an objection, neither late nor adopted, for as long as the case is open."""
    return frozenset(
        project
        for case in unit.cases.open()
        for project, office in _concerned(case, network, rollout.manifest.target)
        if objects(case, office)
    )


def _concerned(case: Case, network: Network, target: VersionId) -> Iterator[tuple[str, str]]:
    """The projects that an objection is about in the rollout of a version, with their offices."""
    about = case.about
    if about.kind is AboutKind.VERSION and VersionId(about.standard, about.version) == target:
        for key, plan in network.plans.items():
            if not about.project or key == about.project:
                yield key, plan.project.office
    item = WorkItemKey.find(about.subject) if about.kind is AboutKind.ITEM else None
    if item is not None and item.version == target and item.project in network.plans:
        yield item.project, network.plans[item.project].project.office

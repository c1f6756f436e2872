"""What the pages per role are made from, gathered of a report's values; it stores nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from config.fact_tables import gives
from domain.compliance.network import Network
from domain.organization.office import Organization, Tool
from domain.reporting.given import Given
from domain.reporting.roles.basis import RoleBasis
from domain.reporting.roles.gathering import Gathering, role_basis
from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sweep_report import Report
from reports.made import Made
from store.unit import Unit
from tasks.network import participants


class RoleGathering:
    """What every basis of one network is gathered from, read once."""

    def __init__(self, unit: Unit, network: Network) -> None:
        """Reads within that unit."""
        self._unit, self._network = unit, network

    def of(self, given: Given, report: Report, made: Made) -> RoleBasis:
        """The basis of a report that was made."""
        organization = self._network.organization
        found = Gathering(
            given=given,
            projects={key: plan.project for key, plan in self._network.plans.items()},
            questions=self._network.questions,
            headers=self._headers,
            tools={each.id: _place(each) for each in organization.tools.values()},
            tool_of=_tool_of(organization),
        )
        adoptions = self._unit.adoptions.of(report.rollout.id) if isinstance(report, RolloutReport) else ()
        return role_basis(found, report, adoptions, (made.entry.about, made.entry.slug, made.details.name))

    @cached_property
    def _headers(self) -> Mapping[str, Mapping[str, str]]:
        """What the tools of each office call our fields."""
        organization, on = self._network.organization, self._network.now.date()
        return {each.id: gives(organization, each.id) for each in participants(organization, on)}


def _place(tool: Tool) -> str:
    """Where a tool stands, for people: its file, its folder or its address."""
    for name in ("file", "folder", "url"):
        found = tool.settings.get(name)
        if isinstance(found, str) and found:
            return found
    return tool.id


def _tool_of(organization: Organization) -> Mapping[str, str]:
    """The tool in which each office plans, writes and is asked."""
    found: dict[str, str] = {}
    for part in organization.partitions:
        found.setdefault(part.office, part.tool)
    return found

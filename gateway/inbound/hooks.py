"""Which things of which offices a tool's webhook names, as the offices' own connectors read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from config.wiring import Application
from connectors.errors import ToolError
from connectors.protocol import Connector
from domain.messages.inbox import EVERYTHING

ANYTHING = "*"
"""A ref that no tool uses, so that no office has it stored: every office is read."""


@dataclass(slots=True)
class OfficeHooks:
    """The connectors of an application, made at the first webhook of their tool. Not used to read a tool."""

    application: Application
    _made: dict[str, Mapping[str, Connector]] = field(default_factory=dict)

    def mentioned(self, tool: str, body: bytes) -> Mapping[str, Collection[str]]:
        """The refs by office, of the offices that have a part of that tool and take part today.

        An office whose connector cannot be made gets the refs that the others found; its reading will report
        why. A hint that stands for many names everything there is. Raises ToolError for a body that is no
        webhook of that kind of tool, or where no office's connector can be made.
        """
        today = self.application.clock.now().date()
        organization = self.application.organization
        offices = [p.office for p in organization.partitions if p.tool == tool]
        if body == EVERYTHING:
            return {office: (ANYTHING,) for office in offices if organization.takes_part(office, today)}
        found: dict[str, Collection[str]] = {}
        blind: dict[str, ToolError] = {}
        for office in offices:
            if organization.takes_part(office, today):
                try:
                    connector = self._connector(office, tool)
                except ToolError as why:
                    blind[office] = why
                else:
                    found[office] = connector.hook({}, body)
        if blind and not found:
            raise next(iter(blind.values()))
        everything = frozenset(ref for refs in found.values() for ref in refs)
        return found | dict.fromkeys(blind, everything)

    def _connector(self, office: str, tool: str) -> Connector:
        if office not in self._made:
            self._made[office] = self.application.connectors(office)
        return self._made[office][tool]

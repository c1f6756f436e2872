"""Which offices' things a tool's webhook names, as the offices' own connectors read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from config.wiring import House
from connectors.base import Connector
from domain.message import EVERYTHING

ANYTHING = "*"
"""A ref that no tool gives to anything, so that nobody remembers it: every office is looked through."""


@dataclass(slots=True)
class OfficeHooks:
    """The connectors of a house, made when a webhook of their tool comes first. They are not used to read."""

    house: House
    _made: dict[str, Mapping[str, Connector]] = field(default_factory=dict)

    def mentioned(self, tool: str, body: bytes) -> Mapping[str, Collection[str]]:
        """The refs by office, of the offices that have a part of that tool and take part today.

        A hint that stands for many names everything there is. Raises ToolError for a body that is no webhook
        of that kind of tool.
        """
        today = self.house.clock.now().date()
        organization = self.house.organization
        offices = [p.office for p in organization.partitions if p.tool == tool]
        return {
            office: (ANYTHING,) if body == EVERYTHING else self._connector(office, tool).hook({}, body)
            for office in offices
            if organization.takes_part(office, today)
        }

    def _connector(self, office: str, tool: str) -> Connector:
        if office not in self._made:
            self._made[office] = self.house.connectors(office)
        return self._made[office][tool]

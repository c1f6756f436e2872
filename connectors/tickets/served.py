"""One office's part of a tool on a server: made from its settings, called with our credential.

A tool's own file says how its calls are signed, and how many its vendor permits. Refuses to know what the
calls are for.
"""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Self, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from connectors.http.calls import UNLIMITED
from connectors.http.client import Call, Http, Limits, Reply
from connectors.protocol import Spec, Surroundings
from connectors.tickets.settings import TicketSettings, TicketTool
from domain.organization.office import Access


@dataclass(frozen=True, slots=True)
class ServedPart:
    """An office's part of a tool: its address, its office, and what we may do there."""

    tool: TicketTool
    office: str
    access: Access
    version: str
    surroundings: Surroundings


class Served(ABC):
    """The base of every connector to a server."""

    spec: ClassVar[Spec]
    limits: ClassVar[Limits] = UNLIMITED
    """How many calls the vendor permits, in all and of those that write."""
    headers: ClassVar[Mapping[str, str]] = {}
    """The headers of every call besides those of `signed`."""

    def __init__(self, part: ServedPart, settings: TicketSettings) -> None:
        self.tool = part.tool
        self.settings = settings
        self.version = part.version
        self._office = part.office
        self._access = part.access
        self.http = Http(
            part.tool.url,
            auth=lambda: self.signed(part.surroundings.secret()),
            now=part.surroundings.now,
            allow=part.tool.allow,
            limits=self.limits,
            headers=self.headers,
        )

    @classmethod
    def connect(
        cls,
        surroundings: Surroundings,
        office: str,
        access: Access,
        version: str,
        tool: BaseModel,
        settings: BaseModel,
    ) -> Self:
        """The connector to an office's part of a tool; the registry names the kinds of both settings."""
        part = ServedPart(cast("TicketTool", tool), office, access, version, surroundings)
        return cls(part, cast("TicketSettings", settings))

    @abstractmethod
    def signed(self, secret: str) -> Mapping[str, str]:
        """The headers that authenticate a call."""

    @property
    def office(self) -> str:
        """The id of the office whose part this is."""
        return self._office

    @property
    def day_zone(self) -> ZoneInfo | None:
        """The time zone in which the tool's moments are days; None where it is not known."""
        return ZoneInfo(self.tool.zone) if self.tool.zone else None

    @property
    def access(self) -> Access:
        """What we may do there."""
        return self._access

    @property
    def in_flight(self) -> timedelta:
        """How long a write without an answer may still be carried out: as long as a call may last."""
        return timedelta(seconds=self.http.deadline)

    def send(self, call: Call) -> Reply:
        """Send one call."""
        return self.http.call(call)


def basic(user: str, secret: str) -> Mapping[str, str]:
    """The header of a user and a password."""
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{secret}'.encode()).decode()}"}


def bearer(token: str) -> Mapping[str, str]:
    """The header of a token."""
    return {"Authorization": f"Bearer {token}"}

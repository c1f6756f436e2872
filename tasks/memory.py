"""The application's facts for callers that still hold all of it; it only hands on what they are made of."""

from __future__ import annotations

from collections.abc import Mapping

from config.wiring import Application
from domain.compliance.network import Network
from domain.organization.office import Office
from store.unit import Unit
from tasks import network, recording
from tasks.context import KEPT, connector, current_application, evaluator
from tasks.versions import previous_of, version_of

__all__ = [
    "KEPT",
    "connector",
    "current_application",
    "evaluator",
    "load_network",
    "participants",
    "previous_of",
    "record",
    "version_of",
]


def participants(application: Application) -> tuple[Office, ...]:
    """The offices in which interactions may happen today and that plan in a tool, by id."""
    return network.participants(application.organization, application.clock.now().date())


def load_network(application: Application, unit: Unit) -> Network:
    """The network as it was last read."""
    return network.load_network(unit, application.rulebook, application.clock.now())


def record(
    application: Application, unit: Unit, kind: str, subject: str, *, detail: Mapping[str, object]
) -> None:
    """Append a change to the ledger."""
    recording.record(unit, application.clock, kind, subject, detail=detail)

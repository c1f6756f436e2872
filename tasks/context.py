"""What a process keeps from one task to the next: its application, connectors and evaluator; one cache.

A task takes from here what it needs, and passes it to the functions that it calls as named arguments.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from prefect.blocks.system import Secret

from config.settings import read_settings
from config.wiring import Application, wire
from connectors.protocol import Connector
from domain.compliance.network import Network
from domain.plans.project import Plan
from domain.standards.checks.answers import Evaluator
from tasks.evaluator import ProcessEvaluator
from tasks.transactions import Basis

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Loaded:
    """The network of all offices as it was loaded, by what it is judged, and its plans by their digests."""

    network: Network
    basis: Basis
    plans: Mapping[str, Plan]


class Kept:
    """What a process keeps from one task to the next, so that nothing is made or read twice in it."""

    def __init__(self) -> None:
        """Makes nothing: everything is made when it is first used."""
        self.connectors: dict[str, Mapping[str, Connector]] = {}
        self.loaded: Loaded | None = None
        """The network as it was loaded last, so that the next one reads and judges only what changed."""

    @cached_property
    def application(self) -> Application:
        """The organization, store, clock and connectors, as the settings say."""
        return wire(read_settings())

    @cached_property
    def evaluator(self) -> ProcessEvaluator:
        """The evaluator of the rules' expressions: a process of its own, which may be ended."""
        return ProcessEvaluator()

    def forget(self) -> None:
        """Drop all that is kept, as in a new process."""
        self.connectors, self.loaded = {}, None
        for made in ("application", "evaluator"):
            self.__dict__.pop(made, None)


KEPT = Kept()


def current_application() -> Application:
    """The application of this process."""
    return KEPT.application


def evaluator() -> Evaluator:
    """The evaluator of the rules' expressions for this process."""
    return KEPT.evaluator


def connectors(office: str) -> Mapping[str, Connector]:
    """An office's connectors by their tools."""
    if office not in KEPT.connectors:
        KEPT.connectors[office] = current_application().connectors(office, secret_block)
    return KEPT.connectors[office]


def connector(office: str) -> Connector:
    """The connector to the tool in which we ask and write to an office. Raises LookupError without one."""
    made = connectors(office)
    if not made:
        raise LookupError(f"{office} has no part of any tool: give it one in tools.yaml, `partitions`")
    return next(iter(made.values()))


def secret_block(name: str) -> str:
    """What a Secret block of Prefect holds. Raises ValueError naming one that is not there."""
    found = cast("Secret[str]", asyncio.run(Secret.aload(name)))
    return str(found.get())

"""Metrics for Prometheus: what came, how it was answered and how long that took, what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from domain.organization.webhooks import Source
from store import Store

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(slots=True, eq=False)
class Metrics:
    """The metrics of one process, and those of the store that all processes share."""

    store: Store
    sources: Mapping[str, Source]
    now: Callable[[], datetime]
    away: Callable[[], bool]
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    messages: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    refused: Counter = field(init=False)

    def __post_init__(self) -> None:
        self.messages = Counter(
            "interoffice_webhooks",
            "Webhooks by source and what became of them.",
            ("source", "outcome"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "interoffice_webhook_seconds",
            "Seconds until a webhook was answered.",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.refused = Counter(
            "interoffice_inbox_full",
            "Webhooks for which their source had no bytes left in the inbox.",
            ("source",),
            registry=self.registry,
        )
        self.registry.register(_Stored(self))

    def count(self, source: str, outcome: str) -> None:
        """Count one more message; the source is empty where it is not known."""
        self.messages.labels(source, outcome).inc()

    def full(self, source: str) -> None:
        """Count one more message for which the source's inbox had no room."""
        self.refused.labels(source).inc()

    def text(self) -> bytes:
        """All metrics, in Prometheus' text format. Raises StoreError."""
        return generate_latest(self.registry)


@dataclass(frozen=True, slots=True, eq=False)
class _Stored(Collector):
    """The metrics that are read from the store at each request."""

    metrics: Metrics

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Messages by state, the age of the oldest that waits, offices to be read, Prefect's state."""
        with self.metrics.store.read() as unit:
            counts, oldest, hints = unit.inbox.counts(), unit.inbox.oldest_waiting(), unit.inbox.hints()
            outgoing, sizes = unit.outbox.counts(), unit.inbox.sizes()
        messages = GaugeMetricFamily("interoffice_messages", "Stored messages by state.", labels=["state"])
        for state, count in counts.items():
            messages.add_metric([str(state)], count)
        yield messages
        told = GaugeMetricFamily(
            "interoffice_outgoing", "Events by receiver and state.", labels=["receiver", "state"]
        )
        for receiver, states in outgoing.items():
            for stands, count in states.items():
                told.add_metric([receiver, str(stands)], count)
        yield told
        yield from _by_source("interoffice_inbox_bytes", "Bytes of stored bodies by source.", sizes)
        may = {source.id: source.bytes for source in self.metrics.sources.values()}
        yield from _by_source("interoffice_inbox_bytes_limit", "Bytes that a source may have there.", may)
        age = (self.metrics.now() - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily(
            "interoffice_oldest_waiting_seconds", "Age of the oldest message without a run.", age
        )
        waiting = sum(each.wanted > each.seen for each in hints)
        yield GaugeMetricFamily("interoffice_offices_hinted", "Offices to be read for hints.", waiting)
        yield GaugeMetricFamily(
            "interoffice_prefect_away", "1 while something cannot be started.", float(self.metrics.away())
        )

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing, so that registering does not read the store."""
        return iter(())


def _by_source(name: str, what: str, figures: Mapping[str, int]) -> Iterator[GaugeMetricFamily]:
    told = GaugeMetricFamily(name, what, labels=["source"])
    for source, figure in figures.items():
        told.add_metric([source], figure)
    yield told

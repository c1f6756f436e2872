"""Money of several currencies at one named set of rates; it refuses to convert without a rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """A named set of rates: what one unit of each currency is worth in `currency` (ISO 4217)."""

    name: str
    currency: str
    per_unit: Mapping[str, Decimal] = field(default_factory=dict)

    def rate(self, of: str) -> Decimal | None:
        """What one unit of a currency is worth; None where the set does not say it."""
        return Decimal(1) if of == self.currency else self.per_unit.get(of)

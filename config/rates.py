"""The named set of rates from organization.yaml: it refuses unknown currencies and rates of 0 or less."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from config.places import Currency
from config.shapes import Shape, Words
from domain.organization.money import Rates

Rate = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]


class RatesShape(Shape):
    """organization.yaml, `rates`."""

    name: Words = Field(examples=["Budget rates 2027"])
    """What the set is called, as reports show it."""
    currency: Currency = Field(examples=["EUR"])
    """The currency of reports about several offices, by its code of ISO 4217."""
    per_unit: Mapping[Currency, Rate] = Field(examples=["{USD: 0.92}"])
    """What one unit of each other currency is worth in it."""


def rates_of(said: RatesShape) -> Rates:
    """The rates as a value, each exactly as it is written."""
    return Rates(
        said.name, said.currency, {code: Decimal(repr(rate)) for code, rate in said.per_unit.items()}
    )

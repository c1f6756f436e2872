"""How a figure's value is written for people: in its unit, as a language writes numbers and days.

What people read is rounded. Refuses gaps, which are words and no values.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from domain.language import ENGLISH, Language, Message
from domain.reporting.figures import Value
from domain.standards.formats import Unit

ROUGH: Mapping[Unit, int] = {Unit.PERCENT: 1, Unit.MONEY: 2}
"""Decimal places that people read; two for what is not here."""
COUNTED: Mapping[Unit, Message] = {
    Unit.PROJECTS: Message("{amount} project", "{amount} projects"),
    Unit.ITEMS: Message("{amount} item", "{amount} items"),
    Unit.OFFICES: Message("{amount} office", "{amount} offices"),
    Unit.DAYS: Message("{amount} day", "{amount} days"),
    Unit.WEEKS: Message("{amount} week", "{amount} weeks"),
    Unit.HOURS: Message("{amount} hour", "{amount} hours"),
}
MONEY = Message("{minus}{currency} {amount}", about="money")
SHARE = Message("{amount} %", about="share")
MINUS = "−"  # noqa: RUF001 - a real minus


def worded(value: Value, unit: Unit, currency: str = "", says: Language = ENGLISH) -> str:
    """`4 projects`, `25 %`, `CHF 1,200.50`, `31 March 2027`; a text as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return says.long_day(value)
    rounded = _rounded(Decimal(value), unit)
    text = number(rounded, unit, says)
    if unit is Unit.MONEY and currency:
        minus, amount = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
        return says.message(MONEY, minus=minus, currency=currency, amount=amount)
    if unit is Unit.PERCENT:
        return says.message(SHARE, amount=text)
    if unit in COUNTED:
        return says.message(COUNTED[unit], n=plural_of(rounded), amount=text)
    return text


def number(value: Decimal, unit: Unit, says: Language = ENGLISH) -> str:
    """`1,234.5`, with a real minus, rounded to what people read."""
    rounded = _rounded(value, unit)
    cents = unit is Unit.MONEY and rounded != rounded.to_integral_value()
    text = says.decimal(abs(rounded), 2 if cents else 0)
    return f"{MINUS}{text}" if rounded < 0 else text


def plural_of(value: Decimal) -> int:
    """The number with which a noun agrees: of one with decimal places a number that has the same form."""
    if value == value.to_integral_value():
        return abs(int(value))
    return 0 if abs(value) < 2 else 2


def _rounded(value: Decimal, unit: Unit) -> Decimal:
    with localcontext() as exact:
        exact.prec = max(60, value.adjusted() + 20)
        return value.quantize(Decimal(1).scaleb(-ROUGH.get(unit, 2)), ROUND_HALF_EVEN)

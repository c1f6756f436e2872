"""A template's costs in an office's currency, at the rates that the office answered."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from domain.plans.localization.answers import Answers
from domain.plans.localization.local_plan import Converted
from domain.plans.task import Money
from domain.plans.templates.template import TemplateTask

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
_THREE = "BHD IQD JOD KWD LYD OMR TND".split()
DECIMALS = dict.fromkeys(_NONE, 0) | dict.fromkeys(_THREE, 3)
"""Decimal places of amounts, where they are not 2 (ISO 4217, list one)."""


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole smallest units of its currency, a half to the even one."""
    return amount.quantize(Decimal(1).scaleb(-DECIMALS.get(currency, 2)), ROUND_HALF_EVEN)


def converted(tasks: Iterable[TemplateTask], answers: Answers, currency: str) -> tuple[Converted, ...]:
    """The cost of each task that has one. Raises KeyError for a currency without a rate."""
    rates = {each.of: each for each in answers.rates}
    found = []
    for task in tasks:
        if task.cost is None:
            continue
        if task.cost.currency == currency:
            found.append(Converted(task.uid, task.cost, task.cost))
            continue
        rate = rates[task.cost.currency]
        local = Money(rounded(task.cost.amount * rate.rate, currency), currency)
        found.append(Converted(task.uid, task.cost, local, rate))
    return tuple(found)

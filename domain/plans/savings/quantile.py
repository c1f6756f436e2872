"""Quantiles of Student's t, computed: the regularized incomplete beta function and a bisection.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.5.8 (continued fraction) and 26.7.1.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p

SMALL = 1e-300
ROUNDS = 500
EXACT = 1e-15


def below(t: float, freedom: int) -> float:
    """The probability that Student's t with so many degrees of freedom is at most `t`."""
    tail = _beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
    return 1 - tail if t > 0 else tail


@lru_cache(maxsize=256)
def quantile(probability: float, freedom: int) -> float:
    """The t below which Student's t lies with that probability.

    Raises ValueError for a probability that is not between 0 and 1, and for no degree of freedom.
    """
    if not 0 < probability < 1 or freedom < 1:
        raise ValueError(f"no quantile for {probability} with {freedom} degrees of freedom")
    low, high = -1.0, 1.0
    while below(low, freedom) > probability:
        low *= 2
    while below(high, freedom) < probability:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle, freedom) < probability else (low, middle)
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction, by Lentz's method."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, ROUNDS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / _away(1 + term * d), _away(1 + term / c)
            found *= d * c
        if abs(d * c - 1) < EXACT:
            break
    return found


def _away(value: float) -> float:
    return value if abs(value) > SMALL else SMALL

"""How long a call may wait in all, and waits that keep a tool's documented limits.

One budget counts every wait of a call: for our own limits, for what the tool asks, and before a retry.
Refuses a wait that is longer than what is left of the budget, before it begins, and says until when.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, cast

from requests_ratelimiter import InMemoryBucket, Limiter, Rate, RateItem, SingleBucketFactory

from connectors.errors import TryLater

MILLISECONDS = {"per_second": 1000, "per_minute": 60_000, "per_hour": 3_600_000}
SLACK = 0.01
"""Seconds by which a wait may exceed the budget: a limit of a minute asks for 60.001 seconds."""


class Patience:
    """The seconds that a call may still wait; `pause` sleeps."""

    def __init__(self, most: float, now: Callable[[], datetime], pause: Callable[[float], None]) -> None:
        self.most = self.left = most
        self.now, self._pause = now, pause

    def begin(self) -> None:
        """Begin a call with the whole budget."""
        self.left = self.most

    def until(self, at: datetime) -> bool:
        """Wait until `at`, or a little longer so that clients do not return together; False: too long."""
        seconds = (at - self.now()).total_seconds()
        if seconds <= 0:
            return True
        if seconds > self.left + SLACK:
            return False
        apart = min(seconds, 1.0) * random.random() / 10  # noqa: S311 - no secret
        seconds = max(seconds, min(seconds + apart, self.left))
        self.left -= seconds
        self._pause(seconds)
        return True


class Pace(Limiter):
    """Keeps rates of calls by waiting, within the budget of the call under way."""

    def __init__(self, rates: Mapping[str, float], patience: Patience) -> None:
        self.patience = patience
        self.bucket = _Bucket(rates_of(rates), patience.now)
        super().__init__(SingleBucketFactory(self.bucket, schedule_leak=False), buffer_ms=0)

    def try_acquire(self, name: str = "", weight: int = 1, *_: Any, **__: Any) -> bool:  # noqa: ANN401 - the library's own
        """Wait until the rates permit a call; raises `TryLater` with the time when that is too long."""
        self.bucket.leak(self.bucket.now())
        while not super().try_acquire(name, weight, blocking=False):
            wait = cast("int", self.bucket.waiting(RateItem(name, self.bucket.now(), weight)))
            at = self.patience.now() + timedelta(milliseconds=wait)
            if not self.patience.until(at):
                raise TryLater(
                    f"the tool's limits permit no more calls until {at:%Y-%m-%d %H:%M:%S} UTC", at=at
                )
        return True


class _Bucket(InMemoryBucket):
    """The recent calls, by our clock; setting the clock back adds no time."""

    def __init__(self, rates: list[Rate], now: Callable[[], datetime]) -> None:
        super().__init__(rates)
        self._ours, self._passed = now, 0
        self._seen = self._milliseconds()

    def _milliseconds(self) -> int:
        return int(self._ours().timestamp() * 1000)

    def now(self) -> int:
        """Milliseconds since the bucket was made."""
        seen = self._milliseconds()
        self._passed += max(seen - self._seen, 0)
        self._seen = seen
        return self._passed


def rates_of(rates: Mapping[str, float]) -> list[Rate]:
    """The rates in whole calls, without those that another one implies: the library refuses them."""
    found = []
    for name, rate in rates.items():
        exact = Fraction(rate).limit_denominator(1000)
        found.append(Rate(exact.numerator, MILLISECONDS[name] * exact.denominator))
    found.sort(key=lambda rate: rate.interval)
    return [rate for rate in found if not any(_implies(other, rate) for other in found if other is not rate)]


def _implies(strict: Rate, loose: Rate) -> bool:
    """Whether keeping `strict` always keeps `loose` too."""
    if strict.interval >= loose.interval:
        return strict.limit <= loose.limit and (strict.interval, strict.limit) != (
            loose.interval,
            loose.limit,
        )
    return strict.limit * loose.interval <= loose.limit * strict.interval

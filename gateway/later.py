"""What could not be done and is tried again: each thing by itself, ever more rarely, so it stops no other.

It remembers nothing beyond the process: after a start everything is tried at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LOG = logging.getLogger("interoffice.gateway")
FIRST = timedelta(seconds=1)
LONGEST = timedelta(seconds=30)
"""The longest time between two tries of one thing."""
FORGOTTEN = timedelta(minutes=5)
"""How long after its time a thing is dropped: when nobody tries it any more, it was dealt with elsewhere."""


@dataclass(frozen=True, slots=True)
class _PutOff:
    why: str
    wait: timedelta
    until: datetime


@dataclass(slots=True)
class Later:
    """The things that are put off, by name."""

    now: Callable[[], datetime]
    _things: dict[str, _PutOff] = field(default_factory=dict)

    def put_off(self, what: str, why: str) -> None:
        """Do not try it for a while, each time for longer. A new reason is logged."""
        before = self._things.get(what)
        if before is None or before.why != why:
            LOG.warning("put off", extra={"thing": what, "why": why})
        wait = min(LONGEST, before.wait * 2) if before else FIRST
        self._things[what] = _PutOff(why, wait, self.now() + wait)

    def due(self, what: str) -> bool:
        """Whether it may be tried now."""
        there = self._things.get(what)
        return there is None or there.until <= self.now()

    def done(self, what: str) -> None:
        """It need not be tried any more."""
        self._things.pop(what, None)

    def why(self) -> str:
        """Why something is put off, and how much is; empty when nothing is."""
        now = self.now()
        self._things = {n: each for n, each in self._things.items() if now - each.until < FORGOTTEN}
        if not self._things:
            return ""
        first, *others = self._things.values()
        return f"{first.why}; {len(others)} more put off" if others else first.why

"""A connector's memory of its tool that lives as long as the process."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager, nullcontext

from domain.plans.mirror import Kept


class Remembered:
    """What was read, in memory; keeps to the promises of `domain.plans.mirror.Mirror`."""

    def __init__(self) -> None:
        self._cursor = ""
        self._things: dict[str, Kept] = {}

    def cursor(self) -> str:
        """How far it was read; empty when it never was."""
        return self._cursor

    def keep(self, things: Iterable[Kept], cursor: str, gone: Collection[str] = ()) -> None:
        """Remember a page and the cursor; older never replaces newer."""
        for thing in things:
            there = self._things.get(thing.ref)
            if there is None or there.stamp <= thing.stamp:
                self._things[thing.ref] = thing
        for ref in gone:
            self._things.pop(ref, None)
        self._cursor = cursor

    def held(self) -> AbstractContextManager[None]:
        """Nothing has to be opened."""
        return nullcontext()

    def things(self) -> tuple[Kept, ...]:
        """Everything that is remembered, by ref."""
        return tuple(self._things[ref] for ref in sorted(self._things))

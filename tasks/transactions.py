"""Short transactions: read and judge in one, write in others; nothing is written on what is not so any more.

A database that has one writer at a time (SQLite) keeps all others waiting for as long as one writes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

from connectors.errors import TryLater
from store import Store
from store.unit import Unit

CHUNK = 100
"""How many projects a writing transaction is about at most."""
ATTEMPTS = 5

T = TypeVar("T")


class Moved(Exception):
    """What was judged is not so any more: it has to be judged again."""


@dataclass(frozen=True, slots=True)
class Transactions:
    """How a step reads and writes: each time in a transaction of its own, or always in the same one."""

    read: Callable[[], AbstractContextManager[Unit]]
    write: Callable[[], AbstractContextManager[Unit]]
    """What is done within it is committed at its end, unless it raises."""


def short(store: Store) -> Transactions:
    """Each reading and each writing in a transaction of its own."""

    @contextmanager
    def write() -> Iterator[Unit]:
        with store.begin() as unit:
            yield unit
            unit.commit()

    return Transactions(store.read, write)


def within(unit: Unit) -> Transactions:
    """Everything in this one; whoever began it commits it, or for a dry run does not."""
    return Transactions(lambda: nullcontext(unit), lambda: nullcontext(unit))


@contextmanager
def rehearsed(store: Store, *, dry_run: bool) -> Iterator[Transactions]:
    """For a dry run everything in one unit that is gone at its end; else as `short`."""
    if not dry_run:
        yield short(store)
        return
    with store.rehearse() as unit:
        yield within(unit)


def until_it_holds(attempt: Callable[[], T]) -> T:
    """What the attempt gives, made again where what it judged moved meanwhile. Raises TryLater after some."""
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except Moved:
            continue
    raise TryLater(f"the network changed {ATTEMPTS} times while it was judged: run it again")


def batched(values: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    """The values in their order, so many at once."""
    for first in range(0, len(values), size):
        yield tuple(values[first : first + size])


@dataclass(frozen=True, slots=True)
class Basis:
    """What projects are judged by, in digests: plans, what was asked about them, tools, deviations."""

    plans: Mapping[str, str]
    questions: Mapping[str, bytes]
    tools: Mapping[str, str | None]
    deviations: str = ""

    def check(self, unit: Unit, projects: Collection[str] | None = None) -> None:
        """Raises Moved where it is not so any more for these projects, or for any."""
        if projects is None:
            same = basis_of(unit) == self
        else:
            same = (
                unit.plans.digests(projects) == _of(self.plans, projects)
                and unit.questions.digests(projects) == _of(self.questions, projects)
                and unit.readings.tools() == self.tools
                and unit.deviations.fingerprint() == self.deviations
            )
        if not same:
            raise Moved


def basis_of(unit: Unit) -> Basis:
    """What all projects are judged by now."""
    return Basis(
        unit.plans.digests(), unit.questions.digests(), unit.readings.tools(), unit.deviations.fingerprint()
    )


V = TypeVar("V")


def _of(values: Mapping[str, V], projects: Collection[str]) -> Mapping[str, V]:
    return {project: values[project] for project in projects if project in values}

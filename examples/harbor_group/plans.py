"""The plan of a project as its office would have made it: items from start to finish, and the work done.

Random numbers are seeded: the same project always gives the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from examples.harbor_group.desks import Desk
from examples.harbor_group.projects import Seed

SEED = 20270104
FULL = 100
BEFORE, STEPS = 6, 8
"""Items of every plan's beginning, and steps of work on each package."""
LONGEST = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One plan item; `work` is in hours (a milestone has none), `percent` 0 to 100."""

    id: str
    title: str
    kind: str
    owner: str
    start: date
    due: date
    work: int
    percent: int = 0

    @property
    def status(self) -> str:
        """The office's word for how far it is."""
        return "Done" if self.percent == FULL else "In progress" if self.percent else "Open"


def chance(key: str) -> Random:
    """A random number generator of its own for each thing that needs one, seeded by the key."""
    return Random(f"{SEED}/{key}")


def items(seed: Seed, desk: Desk) -> tuple[Row, ...]:
    """All items of a project, none of them begun."""
    dice, words = chance(seed.key), desk.words
    frame = words.frame.split("|")
    span = (seed.finish - seed.start).days
    middle = [] if seed.stage == "proposed" else list(_packages(seed, words.steps.split("|")))
    points = [*(0.02 + 0.02 * n for n in range(BEFORE))]
    head = [
        (title, at, _is_milestone(n, frame)) for n, (title, at) in enumerate(zip(frame, points, strict=False))
    ]
    tail_at = (0.955, 0.97, 0.985, 1.0)
    tail = [
        (title, at, _is_milestone(n + BEFORE, frame))
        for n, (title, at) in enumerate(zip(frame[BEFORE:], tail_at, strict=True))
    ]
    names = desk.names[2:]
    found = []
    for number, (title, at, milestone) in enumerate([*head, *middle, *tail], 1):
        due = desk.working_day(seed.start + timedelta(days=round(span * at)))
        days = 0 if milestone else dice.randint(8, LONGEST)
        work = 0 if milestone else 8 * dice.randint(2, 15)
        start = max(seed.start, due - timedelta(days=days))
        owner = names[dice.randrange(len(names))]
        found.append(
            Row(
                f"{seed.id}.{number:02}", title, "milestone" if milestone else "task", owner, start, due, work
            )
        )
    return tuple(found)


def _is_milestone(number: int, frame: list[str]) -> bool:
    return number in (0, 3, 5, 7, 8) and bool(frame)


def _packages(seed: Seed, steps: list[str]) -> Iterable[tuple[str, float, bool]]:
    """The steps of every package, one package beginning after the other."""
    begin, end = 0.14, 0.94
    stagger = 0.3 / max(1, len(seed.packages) - 1)
    length = (end - begin - 0.3) / STEPS
    for number, package in enumerate(seed.packages):
        for step, words in enumerate(steps):
            title = words.format(package)
            yield title[:1].upper() + title[1:], begin + number * stagger + (step + 1) * length, False


def worked(rows: Iterable[Row], until: date) -> tuple[Row, ...]:
    """The items with what an office on schedule has done by that day: all that is due, and part of the rest."""
    return tuple(replace(row, percent=_percent(row, until)) for row in rows)


def _percent(row: Row, until: date) -> int:
    if row.due <= until:
        return FULL
    if row.start >= until or row.kind == "milestone":
        return 0
    share = (until - row.start).days / (row.due - row.start).days
    return min(95, 5 * int(18 * share))


def finished(rows: Iterable[Row], until: date) -> tuple[Row, ...]:
    """The items after a week in which all that was due by that day was done, and nothing else noted."""
    return tuple(replace(row, percent=FULL) if row.due <= until else row for row in rows)


def done_share(rows: Iterable[Row]) -> float:
    """Done work / all work, 0 to 100."""
    known = tuple(rows)
    return sum(row.work * row.percent for row in known) / sum(row.work for row in known)

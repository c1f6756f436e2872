"""What changed since the pack before, and why, as lines for people.

First figures, then restatements, projects, and deletions. Refuses to name a restricted project.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.reporting.figures import Figure, Gap, Value
from domain.reporting.pack import Change, Pack
from domain.standards.formats import Unit
from reports.pack.sources import changed_figure, changed_project
from reports.pack.words import (
    BAND,
    CAUSES,
    DELETED,
    GONE,
    MOST_NAME,
    NEW,
    RESTRICTED,
    added,
    names,
    shown,
    signed,
)
from reports.words import clean, long_day

MOST_FIGURES, MOST_RESTATED, MOST_CHANGES, MOST_DELETED = 3, 2, 3, 4
MOST_WHAT, MOST_WHY = 80, 130
"""Characters of a line; the workbook has all of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One change: what it is of, what was, what is, and why; `figure` is the one whose sources tell more."""

    what: str
    was: str
    now: str
    why: str
    figure: Figure | None = None
    restated: bool = False


@dataclass(frozen=True, slots=True)
class AllTold:
    """The lines that are shown, and how many changes there are."""

    lines: tuple[Told, ...]
    all: int


def told(pack: Pack) -> AllTold:
    """What changed, the most important first: each kind up to its share of the page."""
    moved = list(_moved(pack))
    restated = list(_restated(pack))
    changed = [_changed(pack, each) for each in pack.changes]
    lines = [*moved[:MOST_FIGURES], *restated[:MOST_RESTATED], *changed[:MOST_CHANGES], *_deleted(pack)]
    return AllTold(tuple(lines), len(moved) + len(restated) + len(changed) + bool(pack.deleted))


def _moved(pack: Pack) -> Iterator[Told]:
    """The figures that moved, each with its causes."""
    currency = pack.head.currency
    for figure in pack.figures:
        if figure.moves:
            causes = [
                ": ".join(filter(None, (signed(move.by, figure.unit, currency), clean(move.why, 60))))
                for move in figure.moves[:4]
            ]
            was, now = (shown(each, figure.unit, currency) or "—" for each in (figure.before, figure.value))
            yield Told(clean(figure.name, MOST_WHAT), was, now, clean("; ".join(causes), 200), figure)


def _restated(pack: Pack) -> Iterator[Told]:
    units = {figure.id: figure.unit for figure in pack.figures}
    day = long_day(pack.head.previous.day) if pack.head.previous else "before"
    for each in pack.restatements:
        unit = units.get(each.figure, Unit.NUMBER)
        was, now = (shown(value, unit, pack.head.currency) for value in (each.was, each.now))
        why = clean(f"what the pack of {day} would say now: {each.why}", 200)
        yield Told(clean(each.name, MOST_WHAT), was, now, why, restated=True)


def _changed(pack: Pack, change: Change) -> Told:
    figure = changed_figure(pack, change)
    was = NEW if change.was is None else _once(pack, figure, change.was)
    now = GONE if change.now is None else _once(pack, figure, change.now)
    office = names(pack).get(change.office, clean(change.office, MOST_NAME))
    of = clean(figure.name, MOST_WHAT // 2) if figure else BAND
    what = f"{clean(changed_project(change), MOST_WHAT // 2)}, {of}"
    why = f"{CAUSES[change.cause]}, {clean(office, 40)}"
    return Told(what, was, now, f"{why}: {clean(change.why, MOST_WHY)}" if change.why else why)


def _once(pack: Pack, figure: Figure | None, value: Value | Gap) -> str:
    """What a project had, or has: of a figure, or its band."""
    return added(value, figure, pack.head.currency) if figure else clean(shown(value, Unit.NUMBER), 30)


def _deleted(pack: Pack) -> Iterator[Told]:
    """The projects that are gone, named in one line."""
    if pack.deleted:
        named = [clean(each.title, 30) or RESTRICTED for each in pack.deleted[:MOST_DELETED]]
        more = len(pack.deleted) - len(named)
        what = ", ".join(named) + (f" and {more} more" if more else "")
        tools = "its office's tool" if len(pack.deleted) == 1 else "their offices' tools"
        yield Told(what, "", DELETED, f"no longer in {tools}")

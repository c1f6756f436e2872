"""What changed since the pack before, and why, as lines for people.

First figures, then restatements, projects, and deletions. Refuses to name a restricted project.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.reporting.figures import Figure, Gap, Value
from domain.reporting.pack import Change
from domain.standards.formats import Unit
from reports.pack.sources import changed_figure, changed_project
from reports.pack.spoken_pack import SpokenPack
from reports.pack.words import (
    BAND,
    DELETED,
    GONE,
    MOST_NAME,
    NEW,
    RESTRICTED,
    added,
    cause,
    names,
    shown,
    signed,
)
from reports.words import clean

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


def told(pack: SpokenPack) -> AllTold:
    """What changed, the most important first: each kind up to its share of the page."""
    moved = list(_moved(pack))
    restated = list(_restated(pack))
    changed = [_changed(pack, each) for each in pack.changes]
    lines = [*moved[:MOST_FIGURES], *restated[:MOST_RESTATED], *changed[:MOST_CHANGES], *_deleted(pack)]
    return AllTold(tuple(lines), len(moved) + len(restated) + len(changed) + bool(pack.deleted))


def _moved(pack: SpokenPack) -> Iterator[Told]:
    """The figures that moved, each with its causes."""
    currency = pack.head.currency
    for figure in pack.figures:
        if figure.moves:
            causes = [
                ": ".join(
                    filter(None, (signed(move.by, figure.unit, currency, pack.says), clean(move.why, 60)))
                )
                for move in figure.moves[:4]
            ]
            was, now = (
                shown(each, figure.unit, currency, pack.says) or "—" for each in (figure.before, figure.value)
            )
            yield Told(clean(figure.name, MOST_WHAT), was, now, clean("; ".join(causes), 200), figure)


def _restated(pack: SpokenPack) -> Iterator[Told]:
    units = {figure.id: figure.unit for figure in pack.figures}
    says, day = pack.says, pack.previous_day
    for each in pack.restatements:
        unit = units.get(each.figure, Unit.NUMBER)
        was, now = (shown(value, unit, pack.head.currency, says) for value in (each.was, each.now))
        why = clean(says.say("what the pack of {day} would say now: {why}", day=day, why=each.why), 200)
        yield Told(clean(each.name, MOST_WHAT), was, now, why, restated=True)


def _changed(pack: SpokenPack, change: Change) -> Told:
    figure = changed_figure(pack, change)
    says = pack.says
    was = says.message(NEW) if change.was is None else _once(pack, figure, change.was)
    now = says.message(GONE) if change.now is None else _once(pack, figure, change.now)
    office = names(pack).get(change.office, clean(change.office, MOST_NAME))
    of = clean(figure.name, MOST_WHAT // 2) if figure else says.message(BAND)
    what = f"{clean(changed_project(change, says), MOST_WHAT // 2)}, {of}"
    why = f"{cause(change.cause, says)}, {clean(office, 40)}"
    return Told(what, was, now, f"{why}: {clean(change.why, MOST_WHY)}" if change.why else why)


def _once(pack: SpokenPack, figure: Figure | None, value: Value | Gap) -> str:
    """What a project had, or has: of a figure, or its band."""
    if figure:
        return added(value, figure, pack.head.currency, pack.says)
    return clean(shown(value, Unit.NUMBER, "", pack.says), 30)


def _deleted(pack: SpokenPack) -> Iterator[Told]:
    """The projects that are gone, named in one line."""
    if pack.deleted:
        says, restricted = pack.says, pack.says.message(RESTRICTED)
        named = [clean(each.title, 30) or restricted for each in pack.deleted[:MOST_DELETED]]
        more, what = len(pack.deleted) - len(named), ", ".join(named)
        if more:
            what = says.say("{named} and {n} more", named=what, n=more)
        why = says.count(
            len(pack.deleted), "no longer in its office's tool", "no longer in their offices' tools"
        )
        yield Told(what, "", says.message(DELETED), why)

"""The lists of a pack as tables: what moved a figure, what changed, was said anew, is gone, missing, needed.

A gap stands in them as words; refuses to name a restricted project.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from domain.reporting.figures import Figure, Gap, Value
from domain.reporting.pack import Pack
from domain.standards.formats import Total, Unit
from reports.pack.sheets import YES_NO, Cell, Column, Number, Table, form_of
from reports.pack.sources import changed_figure, changed_project, gaps
from reports.pack.words import BAND, CAUSES, GAPS, GONE, MOST_NAME, NEW, ROLES, names, owner
from reports.words import clean


def moves(pack: Pack) -> Table:
    """By how much each cause moved each figure."""
    rows = [
        (clean(figure.name, MOST_NAME), CAUSES[move.cause], move.projects,
         None if move.by is None else _cell(move.by, figure.unit, pack), move.why)
        for figure in pack.figures for move in figure.moves
    ]  # fmt: skip
    return _table("Moves", ("Figure", "Cause", "Projects", "By", "Why"), rows)


def changes(pack: Pack) -> Table:
    """What changed of which project, and why."""
    called = names(pack)
    rows: list[tuple[Cell, ...]] = []
    for change in pack.changes:
        figure = changed_figure(pack, change)
        rows.append(
            (
                changed_project(change),
                called.get(change.office, change.office),
                clean(figure.name, MOST_NAME) if figure else BAND,
                NEW if change.was is None else _changed(change.was, figure, pack),
                GONE if change.now is None else _changed(change.now, figure, pack),
                CAUSES[change.cause],
                change.why,
            )
        )
    return _table("Changes", ("Project", "Office", "What", "Before", "Now", "Cause", "Why"), rows)


def _changed(value: Value | Gap, figure: Figure | None, pack: Pack) -> Cell:
    """What a project had of a figure, or its band."""
    counts = figure is not None and figure.total in (Total.COUNT, Total.SHARE)
    if counts and isinstance(value, int | Decimal):
        return Number(value, YES_NO)
    return _cell(value, figure.unit if figure else Unit.NUMBER, pack)


def restated(pack: Pack) -> Table:
    """What the pack before would say with the data that came late."""
    called, rows = names(pack), []
    units = {figure.id: figure.unit for figure in pack.figures}
    for each in pack.restatements:
        unit = units.get(each.figure, Unit.NUMBER)
        rows.append((
            clean(each.name, MOST_NAME), called.get(each.office, each.office),
            _cell(each.was, unit, pack), _cell(each.now, unit, pack), each.why,
        ))  # fmt: skip
    return _table("Restated", ("Figure", "Office", "Said then", "With late data", "Why"), rows)


def deleted(pack: Pack) -> Table:
    """The projects that are no longer in their offices' tools."""
    called = names(pack)
    rows = [(each.title, called.get(each.office, each.office), each.since) for each in pack.deleted]
    return _table("Deleted", ("Project", "Office", "Found on"), rows)


def gaps_table(pack: Pack) -> Table:
    """What is not known, whose it is to say it, and by when."""
    called = names(pack)
    rows = [
        (name, gap.words, GAPS[gap.reason], owner(gap, called), gap.answer_by, gap.projects)
        for name, gap in gaps(pack)
    ]  # fmt: skip
    return _table("Gaps", ("Figure", "What is missing", "Kind", "Who can say it", "By", "Projects"), rows)


def needs(pack: Pack) -> Table:
    """What is to be done by whom, by when, and what happens otherwise."""
    called = names(pack)
    rows = [
        (each.by or "now", ROLES[each.role], called.get(each.office, each.office), each.what, each.otherwise)
        for each in pack.needs
    ]  # fmt: skip
    return _table("Needs", ("By", "Who", "Office", "What", "Otherwise"), rows)


def _table(name: str, headers: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(name, tuple(map(Column, headers)), rows)


def _cell(value: Value | Gap | None, unit: Unit, pack: Pack) -> Cell:
    if value is None or isinstance(value, Gap | str):
        return value
    return Number(value, form_of(unit, pack.head.currency, (value,)))

"""The lists of a pack as tables: what moved a figure, what changed, was said anew, is gone, missing, needed.

A gap stands in them as words; refuses to name a restricted project.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from domain.reporting.figures import Figure, Gap, Value
from domain.standards.formats import Total, Unit
from reports.pack.sheets import Cell, Column, Number, Table, form_of, yes_no
from reports.pack.sources import changed_figure, changed_project, gaps
from reports.pack.spoken_pack import SpokenPack
from reports.pack.words import BAND, GONE, MOST_NAME, NEW, NOW, cause, gap_words, names, owner, role
from reports.words import clean


def moves(pack: SpokenPack) -> Table:
    """By how much each cause moved each figure."""
    rows = [
        (clean(figure.name, MOST_NAME), cause(move.cause, pack.says), move.projects,
         None if move.by is None else _cell(move.by, figure.unit, pack), move.why)
        for figure in pack.figures for move in figure.moves
    ]  # fmt: skip
    says = pack.says
    headers = (
        says.name("column", "Figure"), says.name("column", "Cause"), says.name("column", "Projects"),
        says.name("moved", "By"), says.name("column", "Why"),
    )  # fmt: skip
    return _table("Moves", says.name("sheet", "Moves"), headers, rows)


def changes(pack: SpokenPack) -> Table:
    """What changed of which project, and why."""
    called, says = names(pack), pack.says
    rows: list[tuple[Cell, ...]] = []
    for change in pack.changes:
        figure = changed_figure(pack, change)
        rows.append(
            (
                changed_project(change, says),
                called.get(change.office, change.office),
                clean(figure.name, MOST_NAME) if figure else says.message(BAND),
                says.message(NEW) if change.was is None else _changed(change.was, figure, pack),
                says.message(GONE) if change.now is None else _changed(change.now, figure, pack),
                cause(change.cause, pack.says),
                change.why,
            )
        )
    headers = (
        says.name("column", "Project"), says.name("column", "Office"), says.name("column", "What"),
        says.name("column", "Before"), says.name("column", "Now"), says.name("column", "Cause"),
        says.name("column", "Why"),
    )  # fmt: skip
    return _table("Changes", says.name("sheet", "Changes"), headers, rows)


def _changed(value: Value | Gap, figure: Figure | None, pack: SpokenPack) -> Cell:
    """What a project had of a figure, or its band."""
    counts = figure is not None and figure.total in (Total.COUNT, Total.SHARE)
    if counts and isinstance(value, int | Decimal):
        return Number(value, yes_no(pack.says))
    return _cell(value, figure.unit if figure else Unit.NUMBER, pack)


def restated(pack: SpokenPack) -> Table:
    """What the pack before would say with the data that came late."""
    called, rows = names(pack), []
    units = {figure.id: figure.unit for figure in pack.figures}
    for each in pack.restatements:
        unit = units.get(each.figure, Unit.NUMBER)
        rows.append((
            clean(each.name, MOST_NAME), called.get(each.office, each.office),
            _cell(each.was, unit, pack), _cell(each.now, unit, pack), each.why,
        ))  # fmt: skip
    says = pack.says
    headers = (
        says.name("column", "Figure"), says.name("column", "Office"), says.name("column", "Said then"),
        says.name("column", "With late data"), says.name("column", "Why"),
    )  # fmt: skip
    return _table("Restated", says.name("sheet", "Restated"), headers, rows)


def deleted(pack: SpokenPack) -> Table:
    """The projects that are no longer in their offices' tools."""
    called = names(pack)
    rows = [(each.title, called.get(each.office, each.office), each.since) for each in pack.deleted]
    name = pack.says.name
    headers = (name("column", "Project"), name("column", "Office"), name("column", "Found on"))
    return _table("Deleted", name("sheet", "Deleted"), headers, rows)


def gaps_table(pack: SpokenPack) -> Table:
    """What is not known, whose it is to say it, and by when."""
    called, says = names(pack), pack.says
    rows = [
        (name, gap.words, gap_words(gap, says), owner(gap, called, says), gap.answer_by, gap.projects)
        for name, gap in gaps(pack)
    ]  # fmt: skip
    headers = (
        says.name("column", "Figure"), says.name("column", "What is missing"), says.name("column", "Kind"),
        says.name("column", "Who can say it"), says.name("column", "By"), says.name("column", "Projects"),
    )  # fmt: skip
    return _table("Gaps", says.name("sheet", "Gaps"), headers, rows)


def needs(pack: SpokenPack) -> Table:
    """What is to be done by whom, by when, and what happens otherwise."""
    called, says = names(pack), pack.says
    rows = [
        (
            each.by or says.message(NOW), role(each.role, says), called.get(each.office, each.office),
            each.what, each.otherwise,
        )
        for each in pack.needs
    ]  # fmt: skip
    headers = (
        says.name("column", "By"), says.name("column", "Who"), says.name("column", "Office"),
        says.name("column", "What"), says.name("column", "Otherwise"),
    )  # fmt: skip
    return _table("Needs", says.name("sheet", "Needs"), headers, rows)


def _table(key: str, name: str, headers: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(key, name, tuple(map(Column, headers)), rows)


def _cell(value: Value | Gap | None, unit: Unit, pack: SpokenPack) -> Cell:
    if value is None or isinstance(value, Gap | str):
        return value
    return Number(value, form_of(unit, pack.head.currency, (value,), pack.says))

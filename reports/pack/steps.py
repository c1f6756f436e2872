"""What each office, and each version, adds to the figures, as tables with live totals.

A total is a formula only where it comes to the very value that the pack says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.reporting.figures import Figure, Gap, Tally, Value
from domain.standards.formats import Total
from reports.pack.sheets import Cell, Column, Formula, Number, Table, form_of
from reports.pack.spoken_pack import SpokenPack
from reports.pack.words import MOST_NAME, TOGETHER, gap_words, names, shown, version_words
from reports.words import clean

FUNCTIONS = {Total.COUNT: "sum", Total.SUM: "sum", Total.MINIMUM: "min", Total.MAXIMUM: "max"}


@dataclass(frozen=True, slots=True)
class Steps:
    """A table of what offices or versions add, and in which of its columns each figure stands."""

    table: Table
    columns: dict[str, tuple[int, ...]]
    """By figure: its value; for a share behind it what is counted, and of how many."""


def offices(pack: SpokenPack) -> Steps:
    """A row for each office, missing ones too: when it was read, and its part of each figure."""
    zone, name = pack.head.time_zone, pack.says.name
    first = [
        Column(name("column", "Office"), pack.says.message(TOGETHER)),
        *(Column(f"{what} ({zone})") for what in (name("column", "Cut-off"), name("column", "Read"))),
        Column(name("column", "Projects"), "sum", sum(o.projects for o in pack.offices)),
        Column(name("column", "Restricted"), "sum", sum(o.restricted for o in pack.offices)),
        Column(name("column", "Versions")),
    ]
    called, not_read = names(pack), name("office", "not read")
    lead: list[list[Cell]] = [
        [called[o.id], _local(o.cut_off, zone), _local(o.read_at, zone) if o.read_at else not_read,
         *((None, None) if o.missing else (o.projects, o.restricted)),
         ", ".join(version_words(pack, version) for version in o.versions)]
        for o in pack.offices
    ]  # fmt: skip
    figures = [figure for figure in pack.figures if figure.offices]
    by = [{step.office: step.tally for step in figure.offices} for figure in figures]
    tallies = [[b.get(o.id) for o in pack.offices] for b in by]
    return _steps(("Offices", name("sheet", "Offices")), pack, first, lead, figures, tallies)


def versions(pack: SpokenPack) -> Steps:
    """A row for each version: the bridge of every figure that has one."""
    figures = [figure for figure in pack.figures if figure.bridge]
    rows = list(dict.fromkeys(step.version for figure in figures for step in figure.bridge))
    by = [{step.version: step.tally for step in figure.bridge} for figure in figures]
    lead: list[list[Cell]] = [[version_words(pack, version)] for version in rows]
    tallies = [[each.get(version) for version in rows] for each in by]
    name = pack.says.name
    first = [Column(name("column", "Version"), pack.says.message(TOGETHER))]
    return _steps(("Versions", name("sheet", "Versions")), pack, first, lead, figures, tallies)


def total_cell(pack: SpokenPack, figure: Figure, steps: Steps) -> Cell:
    """The figure's value, as a formula over the offices where that comes to the same."""
    plain = value_cell(pack, figure, figure.value)
    if isinstance(figure.value, Gap) or figure.id not in steps.columns:
        return plain
    tallies = [step.tally for step in figure.offices]
    ranges = [steps.table.range(column) for column in steps.columns[figure.id]]
    value, found = figure.value, _together(figure.total, tallies)
    if figure.total is Total.SHARE:
        amount, of = _counted(tallies)
        text, found = f"100*SUM({ranges[1]})/SUM({ranges[2]})", Decimal(100 * amount) / of if of else None
    else:
        text = f"{FUNCTIONS[figure.total].upper()}({ranges[0]})"
    if isinstance(value, Decimal) and isinstance(found, Decimal | int):
        places = max(-int(value.as_tuple().exponent), 0)
        text, found = f"ROUND({text},{places})", round(Decimal(found), places)
    return Formula(f"={text}", value, _form(pack, figure)) if found == value else plain


def value_cell(pack: SpokenPack, figure: Figure, value: Value | Gap | None) -> Cell:
    """A value of the figure as a cell, in the figure's unit."""
    if value is None or isinstance(value, Gap | str):
        return value
    return Number(value, form_of(figure.unit, pack.head.currency, (value,), pack.says))


def _together(total: Total, tallies: Sequence[Tally]) -> Value | None:
    """What these come to, by themselves; None where they come to nothing."""
    known = [t.value for t in tallies if not isinstance(t.value, Gap)]
    if total in (Total.COUNT, Total.SUM):
        amounts = [t.amount for t in tallies if t.amount is not None]
        return sum(amounts, Decimal()) if amounts and len(amounts) == len(known) else None
    dates = [value for value in known if isinstance(value, date)]
    numbers = [value for value in known if isinstance(value, int | Decimal)]
    take = min if total is Total.MINIMUM else max
    if dates and len(dates) == len(known):
        return take(dates)
    return take(numbers) if numbers and len(numbers) == len(known) else None


def _steps(
    names_of: tuple[str, str],
    pack: SpokenPack,
    first: list[Column],
    lead: list[list[Cell]],
    figures: Sequence[Figure],
    tallies: Sequence[Sequence[Tally | None]],
) -> Steps:
    """A table with a column per figure behind the first ones, and a row per tally; its key and its name."""
    columns, at = list(first), {}
    for figure, own in zip(figures, tallies, strict=True):
        at[figure.id] = tuple(range(len(columns), len(columns) + (3 if figure.total is Total.SHARE else 1)))
        columns += _columns(pack, figure, [each for each in own if each is not None])
        for row, tally in zip(lead, own, strict=True):
            row.append(None if tally is None else value_cell(pack, figure, tally.value))
            if figure.total is Total.SHARE:
                row.extend(_share(tally))
    return Steps(Table(*names_of, tuple(columns), lead), at)


def _columns(pack: SpokenPack, figure: Figure, tallies: Sequence[Tally]) -> Iterator[Column]:
    called = clean(figure.name, MOST_NAME)
    value = figure.value
    function = FUNCTIONS.get(figure.total, "")
    if isinstance(value, Gap):
        yield Column(called, gap_words(value, pack.says))
    elif function and _together(figure.total, tallies) == value:
        yield Column(called, function, value, _form(pack, figure))
    else:
        yield Column(called, shown(value, figure.unit, pack.head.currency, pack.says))
    if figure.total is Total.SHARE:
        amount, of = _counted(tallies)
        yield Column(pack.says.say("{figure}: counted", figure=called), "sum", amount)
        yield Column(pack.says.say("{figure}: of", figure=called), "sum", of)


def _share(tally: Tally | None) -> tuple[int | None, int | None]:
    """What a tally counts, and of how many."""
    if tally is None or isinstance(tally.value, Gap):
        return None, None
    return int(tally.amount or 0), tally.of


def _counted(tallies: Sequence[Tally]) -> tuple[int, int]:
    shares = [_share(tally) for tally in tallies]
    return sum(amount or 0 for amount, _ in shares), sum(of or 0 for _, of in shares)


def _form(pack: SpokenPack, figure: Figure) -> str:
    by_office = [step.tally.value for step in figure.offices]
    by_version = [step.tally.value for step in figure.bridge]
    return form_of(figure.unit, pack.head.currency, [figure.value, *by_office, *by_version], pack.says)


def _local(at: datetime, zone: str) -> datetime:
    """The time of day there, as sheets hold times: without a zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

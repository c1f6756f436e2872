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
from domain.reporting.pack import Pack
from domain.standards.formats import Total
from reports.pack.sheets import Cell, Column, Formula, Number, Table, form_of
from reports.pack.words import GAPS, MOST_NAME, names, shown, version_words
from reports.words import clean

FUNCTIONS = {Total.COUNT: "sum", Total.SUM: "sum", Total.MINIMUM: "min", Total.MAXIMUM: "max"}


@dataclass(frozen=True, slots=True)
class Steps:
    """A table of what offices or versions add, and in which of its columns each figure stands."""

    table: Table
    columns: dict[str, tuple[int, ...]]
    """By figure: its value; for a share behind it what is counted, and of how many."""


def offices(pack: Pack) -> Steps:
    """A row for each office, missing ones too: when it was read, and its part of each figure."""
    zone = pack.head.time_zone
    first = [
        Column("Office", "Together"),
        *(Column(f"{what} ({zone})") for what in ("Cut-off", "Read")),
        Column("Projects", "sum", sum(o.projects for o in pack.offices)),
        Column("Restricted", "sum", sum(o.restricted for o in pack.offices)),
        Column("Versions"),
    ]
    called = names(pack)
    lead: list[list[Cell]] = [
        [called[o.id], _local(o.cut_off, zone), _local(o.read_at, zone) if o.read_at else "not read",
         *((None, None) if o.missing else (o.projects, o.restricted)),
         ", ".join(version_words(pack, version) for version in o.versions)]
        for o in pack.offices
    ]  # fmt: skip
    figures = [figure for figure in pack.figures if figure.offices]
    by = [{step.office: step.tally for step in figure.offices} for figure in figures]
    return _steps("Offices", pack, first, lead, figures, [[b.get(o.id) for o in pack.offices] for b in by])


def versions(pack: Pack) -> Steps:
    """A row for each version: the bridge of every figure that has one."""
    figures = [figure for figure in pack.figures if figure.bridge]
    rows = list(dict.fromkeys(step.version for figure in figures for step in figure.bridge))
    by = [{step.version: step.tally for step in figure.bridge} for figure in figures]
    lead: list[list[Cell]] = [[version_words(pack, version)] for version in rows]
    tallies = [[each.get(version) for version in rows] for each in by]
    return _steps("Versions", pack, [Column("Version", "Together")], lead, figures, tallies)


def total_cell(pack: Pack, figure: Figure, steps: Steps) -> Cell:
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


def value_cell(pack: Pack, figure: Figure, value: Value | Gap | None) -> Cell:
    """A value of the figure as a cell, in the figure's unit."""
    if value is None or isinstance(value, Gap | str):
        return value
    return Number(value, form_of(figure.unit, pack.head.currency, (value,)))


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
    name: str,
    pack: Pack,
    first: list[Column],
    lead: list[list[Cell]],
    figures: Sequence[Figure],
    tallies: Sequence[Sequence[Tally | None]],
) -> Steps:
    """A table with a column per figure behind the first ones, and a row per tally."""
    columns, at = list(first), {}
    for figure, own in zip(figures, tallies, strict=True):
        at[figure.id] = tuple(range(len(columns), len(columns) + (3 if figure.total is Total.SHARE else 1)))
        columns += _columns(pack, figure, [each for each in own if each is not None])
        for row, tally in zip(lead, own, strict=True):
            row.append(None if tally is None else value_cell(pack, figure, tally.value))
            if figure.total is Total.SHARE:
                row.extend(_share(tally))
    return Steps(Table(name, tuple(columns), lead), at)


def _columns(pack: Pack, figure: Figure, tallies: Sequence[Tally]) -> Iterator[Column]:
    called = clean(figure.name, MOST_NAME)
    value = figure.value
    function = FUNCTIONS.get(figure.total, "")
    if isinstance(value, Gap):
        yield Column(called, GAPS[value.reason])
    elif function and _together(figure.total, tallies) == value:
        yield Column(called, function, value, _form(pack, figure))
    else:
        yield Column(called, shown(value, figure.unit, pack.head.currency))
    if figure.total is Total.SHARE:
        amount, of = _counted(tallies)
        yield Column(f"{called}: counted", "sum", amount)
        yield Column(f"{called}: of", "sum", of)


def _share(tally: Tally | None) -> tuple[int | None, int | None]:
    """What a tally counts, and of how many."""
    if tally is None or isinstance(tally.value, Gap):
        return None, None
    return int(tally.amount or 0), tally.of


def _counted(tallies: Sequence[Tally]) -> tuple[int, int]:
    shares = [_share(tally) for tally in tallies]
    return sum(amount or 0 for amount, _ in shares), sum(of or 0 for _, of in shares)


def _form(pack: Pack, figure: Figure) -> str:
    by_office = [step.tally.value for step in figure.offices]
    by_version = [step.tally.value for step in figure.bridge]
    return form_of(figure.unit, pack.head.currency, [figure.value, *by_office, *by_version])


def _local(at: datetime, zone: str) -> datetime:
    """The time of day there, as sheets hold times: without a zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

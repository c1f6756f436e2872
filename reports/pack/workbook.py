"""A pack as a workbook: live tables, numbers as numbers, totals as formulas; every project and fact.

Refuses to write a gap as a number: it is words, and is in no sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from domain.language import ENGLISH, Language
from domain.reporting.figures import Figure, Gap, Value
from domain.reporting.pack import Pack
from domain.standards.formats import Total
from reports.pack.records import changes, deleted, gaps_table, moves, needs, restated
from reports.pack.sheets import Book, Cell, Column, Link, Number, Table, yes_no
from reports.pack.sources import sources
from reports.pack.spoken_pack import SpokenPack, spoken_pack
from reports.pack.steps import Steps, offices, total_cell, value_cell, versions
from reports.pack.words import (
    MOST_NAME,
    instant,
    later_words,
    ledger_words,
    names,
    restricted_words,
    standard_words,
    version_words,
)
from reports.words import clean


def workbook(of: Pack, says: Language = ENGLISH) -> bytes:
    """The pack as the bytes of an .xlsx file, in that language."""
    pack = spoken_pack(of, says)
    head = pack.head
    properties = {"title": f"{head.title}, {head.id.day}", "author": head.office, "company": "Interoffice"}
    by_office = offices(pack)
    facts, begins = _facts(pack)
    tables = [
        _summary(pack, by_office, {figure: facts.place(row, 0) for figure, row in begins.items()}),
        by_office.table,
        versions(pack).table,
        _projects(pack),
        facts,
        *(make(pack) for make in (moves, changes, restated, deleted, gaps_table, needs)),
    ]
    cleaned = {key: clean(value, 200) for key, value in properties.items()}
    return Book(head.as_of, cleaned, says).finished(table for table in tables if table.rows)


def _summary(pack: SpokenPack, by_office: Steps, places: dict[str, str]) -> Table:
    """A row for each figure; `places` are the cells where the facts of a figure begin."""
    previous, says, name = pack.head.previous, pack.says, pack.says.name
    before = (
        says.say("Said on {day}", day=_short(previous.day, says)) if previous else says.say("Said last time")
    )
    rows: list[Sequence[Cell]] = []
    for figure in pack.figures:
        found = sources(pack, figure)
        called = clean(figure.name, MOST_NAME)
        counts = (found.projects, found.given, found.restricted, found.offices, found.missing)
        rows.append(
            (
                Link(called, places[figure.id]) if figure.id in places else called,
                total_cell(pack, figure, by_office),
                *(value_cell(pack, figure, each) for each in (figure.before, figure.restated)),
                *(counts if figure.offices else (None,) * len(counts)),
                "; ".join(found.basis or (title for title, _ in found.facts)),
                "; ".join(dict.fromkeys(clean(gap.words) for gap in found.left_out)),
            )
        )
    headers = (
        name("column", "Figure"), name("column", "Value"), before, name("column", "With late data"),
        name("column", "Projects"), name("column", "With a value"), name("column", "Restricted"),
        name("column", "Offices read"), name("column", "Offices not read"),
        name("column", "Facts, or figures it is computed from"), name("column", "Left out"),
    )  # fmt: skip
    return Table("Summary", name("sheet", "Summary"), tuple(map(Column, headers)), rows, _above(pack))


def _short(on: date, says: Language) -> str:
    """`5 Feb 2027`."""
    return f"{on.day} {on:%b %Y}" if says.is_english else says.long_day(on)


def _above(pack: SpokenPack) -> tuple[str, ...]:
    """What stands above the figures: of whom, for when, by what."""
    head, zone, says = pack.head, pack.head.time_zone, pack.says
    filled = says.say(
        "Cut-off {cut_off}; filled {as_of}.",
        cut_off=instant(head.cut_off, zone, says),
        as_of=instant(head.as_of, zone, says),
    )
    if head.rates:
        rates = says.say("Money at the rates {rates}.", rates=clean(head.rates, 60))
        filled = f"{filled} {rates}"
    return (
        f"{head.organization}: {head.title}",
        pack.verdict,
        f"{head.office}, {standard_words(pack)}",
        filled,
        *((later_words(pack),) if head.known is not None else ()),
        *((restricted_words(pack),) if pack.restricted else ()),
        ledger_words(pack),
    )


def _projects(pack: SpokenPack) -> Table:
    figures = [figure for figure in pack.figures if figure.parts]
    by = [{part.number: part.value for part in figure.parts} for figure in figures]
    called = names(pack)
    name = pack.says.name
    headers = (
        name("column", "No."), name("column", "Project"), name("column", "Office"), name("column", "Version"),
        name("column", "Where it stands"),
    )  # fmt: skip
    columns = [*map(Column, headers)]
    columns += [Column(clean(figure.name, MOST_NAME)) for figure in figures]
    rows = [
        (
            project.number,
            project.title,
            called.get(project.office, project.office),
            version_words(pack, project.version),
            project.ref,
            *(
                _part(pack, figure, values.get(project.number))
                for figure, values in zip(figures, by, strict=True)
            ),
        )
        for project in pack.projects
    ]
    above = (restricted_words(pack),) if pack.restricted else ()
    return Table("Projects", name("sheet", "Projects"), tuple(columns), rows, above)


def _facts(pack: SpokenPack) -> tuple[Table, dict[str, int]]:
    """The facts of every figure and project, and at which row those of a figure begin."""
    name = pack.says.name
    headers = (
        name("column", "Figure"), name("column", "No."), name("column", "Project"), name("column", "Office"),
        name("column", "Fact"), name("column", "As read"), name("column", "Tool"), name("column", "Gives"),
    )  # fmt: skip
    columns = tuple(map(Column, headers))
    titles = {project.number: project.title for project in pack.projects}
    called, begins = names(pack), {}
    rows: list[Sequence[Cell]] = []
    for figure in pack.figures:
        of = clean(figure.name, MOST_NAME)
        if figure.parts:
            begins[figure.id] = len(rows)
        for part in figure.parts:
            whose = (of, part.number, titles.get(part.number, ""), called.get(part.office, part.office))
            value = _part(pack, figure, part.value)
            read = [(fact.title or fact.fact, fact.value, fact.tool) for fact in part.facts] or [("", "", "")]
            rows += [(*whose, *each, value) for each in read]
    return Table("Facts", name("sheet", "Facts"), columns, rows), begins


def _part(pack: SpokenPack, figure: Figure, value: Value | Gap | None) -> Cell:
    """What one project adds to a figure; whether it is counted as yes or no."""
    if figure.total in (Total.COUNT, Total.SHARE) and isinstance(value, int | Decimal):
        return Number(value, yes_no(pack.says))
    return value_cell(pack, figure, value)

"""A pack as a workbook: live tables, numbers as numbers, totals as formulas; every project and fact.

Refuses to write a gap as a number: it is words, and is in no sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from domain.reporting.figures import Figure, Gap, Value
from domain.reporting.pack import Pack
from domain.standards.formats import Total
from reports.pack.records import changes, deleted, gaps_table, moves, needs, restated
from reports.pack.sheets import YES_NO, Book, Cell, Column, Link, Number, Table
from reports.pack.sources import sources
from reports.pack.steps import Steps, offices, total_cell, value_cell, versions
from reports.pack.words import (
    MOST_NAME,
    instant,
    later_words,
    names,
    restricted_words,
    standard_words,
    version_words,
)
from reports.words import clean

SUMMARY = (
    "Projects", "With a value", "Restricted", "Offices read", "Offices not read",
    "Facts, or figures it is computed from", "Left out",
)  # fmt: skip


def workbook(pack: Pack) -> bytes:
    """The pack as the bytes of an .xlsx file."""
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
    return Book(head.as_of, cleaned).finished(table for table in tables if table.rows)


def _summary(pack: Pack, by_office: Steps, places: dict[str, str]) -> Table:
    """A row for each figure; `places` are the cells where the facts of a figure begin."""
    previous = pack.head.previous
    before = f"Said on {previous.day.day} {previous.day:%b %Y}" if previous else "Said last time"
    rows: list[Sequence[Cell]] = []
    for figure in pack.figures:
        found = sources(pack, figure)
        name = clean(figure.name, MOST_NAME)
        counts = (found.projects, found.given, found.restricted, found.offices, found.missing)
        rows.append(
            (
                Link(name, places[figure.id]) if figure.id in places else name,
                total_cell(pack, figure, by_office),
                *(value_cell(pack, figure, each) for each in (figure.before, figure.restated)),
                *(counts if figure.offices else (None,) * len(counts)),
                "; ".join(found.basis or (title for title, _ in found.facts)),
                "; ".join(dict.fromkeys(clean(gap.words) for gap in found.left_out)),
            )
        )
    headers = ("Figure", "Value", before, "With late data", *SUMMARY)
    return Table("Summary", tuple(map(Column, headers)), rows, _above(pack))


def _above(pack: Pack) -> tuple[str, ...]:
    """What stands above the figures: of whom, for when, by what."""
    head, zone = pack.head, pack.head.time_zone
    rates = f" Money at the rates {clean(head.rates, 60)}." if head.rates else ""
    return (
        f"{head.organization}: {head.title}",
        pack.verdict,
        f"{head.office}, {standard_words(pack)}",
        f"Cut-off {instant(head.cut_off, zone)}; filled {instant(head.as_of, zone)}.{rates}",
        *((later_words(pack),) if head.known is not None else ()),
        *((restricted_words(pack),) if pack.restricted else ()),
        f"Ledger head {head.ledger_head or 'none'} (entry {head.ledger_entry})",
    )


def _projects(pack: Pack) -> Table:
    figures = [figure for figure in pack.figures if figure.parts]
    by = [{part.number: part.value for part in figure.parts} for figure in figures]
    called = names(pack)
    columns = [*map(Column, ("No.", "Project", "Office", "Version", "Where it stands"))]
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
    return Table("Projects", tuple(columns), rows, (restricted_words(pack),) if pack.restricted else ())


def _facts(pack: Pack) -> tuple[Table, dict[str, int]]:
    """The facts of every figure and project, and at which row those of a figure begin."""
    columns = tuple(map(Column, ("Figure", "No.", "Project", "Office", "Fact", "As read", "Tool", "Gives")))
    titles = {project.number: project.title for project in pack.projects}
    called, begins = names(pack), {}
    rows: list[Sequence[Cell]] = []
    for figure in pack.figures:
        name = clean(figure.name, MOST_NAME)
        if figure.parts:
            begins[figure.id] = len(rows)
        for part in figure.parts:
            whose = (name, part.number, titles.get(part.number, ""), called.get(part.office, part.office))
            value = _part(pack, figure, part.value)
            read = [(fact.title or fact.fact, fact.value, fact.tool) for fact in part.facts] or [("", "", "")]
            rows += [(*whose, *each, value) for each in read]
    return Table("Facts", columns, rows), begins


def _part(pack: Pack, figure: Figure, value: Value | Gap | None) -> Cell:
    """What one project adds to a figure; whether it is counted as yes or no."""
    if figure.total in (Total.COUNT, Total.SHARE) and isinstance(value, int | Decimal):
        return Number(value, YES_NO)
    return value_cell(pack, figure, value)

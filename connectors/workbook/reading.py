"""Makes one `Reading` of a workbook's mapped sheets."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from connectors.files.saving import digest_of
from connectors.records import reading
from connectors.records.dates import Unclear
from connectors.records.mapping import OURS, WorkbookSettings, offered
from connectors.records.planning import as_place
from connectors.records.reader import Tables
from connectors.workbook.table import SheetTable, open_table
from connectors.workbook.xlsx import Book
from domain.ids import own_id
from domain.plans.project import Reading, ToolDescription

KIND = "workbook"


def open_tables(book: Book, settings: WorkbookSettings) -> Tables:
    """The mapped tables; our columns (key, role, standing) of what the office writes may be missing."""
    projects = open_table(book, settings.projects)
    items = open_table(book, settings.items, OURS) if settings.items else None
    questions = open_table(book, settings.questions) if settings.questions else None
    deviations = open_table(book, settings.deviations, OURS) if settings.deviations else None
    return Tables(projects, items, questions, deviations)


def read(book: Book, settings: WorkbookSettings, office: str, version: str = "") -> Reading:
    """All that the workbook says; raises `Refused` when a sheet or a header is missing."""
    tables = open_tables(book, settings)
    statuses = frozenset(settings.items.status_names if settings.items else ())
    tool = ToolDescription(KIND, version, offered(settings), statuses)
    found = reading.read(tables, settings, office, digest_of(book.data), tool)
    every = (tables.projects, tables.items)
    unsure = (each for table in every if isinstance(table, SheetTable) for each in table.unsure)
    known = {own_id(office, plan.project.key): plan.project.key for plan in found.plans}
    told = (replace(each, project=known.get(of.strip(), "")) for each, of in unsure)
    return replace(found, unreadable=(*found.unreadable, *told))


def numbers(book: Book, settings: WorkbookSettings) -> Mapping[str, float]:
    """The numbers in the column `order`, by our keys; what is no number is not there."""
    table = open_tables(book, settings).items
    found: dict[str, float] = {}
    for line in table.lines() if table is not None else ():
        key, number = line.values.get("key"), line.values.get("order")
        if key is not None and number is not None and key.text.strip():
            with suppress(Unclear):
                found[key.text.strip()] = as_place(number)
    return found

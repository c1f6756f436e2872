"""A new project in a workbook: a row below all others of the sheet of projects, with id, start and version.

Its id is what it is found by, as the sheet holds no key of ours. Refuses a protected sheet, and a row that
would not read back as this project.
"""

from __future__ import annotations

from connectors.errors import Refused
from connectors.records.mapping import WorkbookSettings
from connectors.workbook import reading
from connectors.workbook.table import open_table
from connectors.workbook.writing import page_of, set_cell
from connectors.workbook.xlsx import Book
from domain.delivery.starting import under
from domain.delivery.wanted import Wanted
from domain.ids import ProjectKey, VersionId
from domain.plans.project import Placed, Project


def started(book: Book, settings: WorkbookSettings, office: str, project: str) -> Placed | None:
    """The row of that project; None where there is none."""
    found = _project(book, settings, office, project)
    return None if found is None else Placed("", found.ref, {})


def with_project(book: Book, settings: WorkbookSettings, wanted: Wanted) -> tuple[bytes, str]:
    """The workbook's bytes with a row for the project, and its address."""
    table = open_table(book, settings.projects)
    if table.sheet.protected:
        raise Refused(f"{book.name}, sheet {table.name!r}: it is protected; take the protection off")
    page = page_of(table, "id")
    versions = under(wanted)
    followed = VersionId.read(versions[0]).version if len(versions) == 1 else ""
    own = str(wanted.project)
    values = {
        "id": own,
        "title": own,
        "start": wanted.values["start"],
        "standard_version": followed,
    }
    for name, value in values.items():
        if name in table.columns and value:
            set_cell(page, page.next_row, table.columns[name], value)
    new = book.changed({table.name: page.changes})
    again = Book(new, book.name, book.zone, day_first=book.day_first)
    there = _project(again, settings, wanted.office, own)
    if there is None or ("start" in table.columns and there.start != wanted.values["start"]):
        raise Refused(
            f"{table.ref(page.next_row)} would not read back as the project {own}; write it there by hand"
        )
    return new, there.ref


def _project(book: Book, settings: WorkbookSettings, office: str, project: str) -> Project | None:
    key = str(ProjectKey(office, project))
    plans = reading.read(book, settings, office).plans
    return next((plan.project for plan in plans if plan.project.key == key), None)

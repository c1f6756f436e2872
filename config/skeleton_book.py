"""An empty organization.xlsx to be filled in: a sheet each for offices, people, programs and tools.

Each header has a comment, each fixed choice a list to choose from, and each sheet an example row that is left
out. Refuses to replace a file that is there.
"""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from config.skeleton_columns import MARK, MARKED, SHEETS, OfficeSheet

ROWS = 1000
"""So many rows have the lists to choose from."""


def write_book(path: Path) -> None:
    """Write it. Raises FileExistsError, and OSError where it cannot be written."""
    with path.open("xb"):
        pass
    try:
        book = xlsxwriter.Workbook(str(path))
        head = book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1})
        needed = book.add_format({"bold": True, "bg_color": "#BFD2E8", "border": 1})
        grey = book.add_format({"italic": True, "font_color": "#808080", "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        for each in SHEETS:
            _sheet(book, each, head, needed, grey, text)
        book.close()
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _sheet(
    book: xlsxwriter.Workbook, found: OfficeSheet, head: object, needed: object, grey: object, text: object
) -> None:
    sheet = book.add_worksheet(found.name)
    sheet.freeze_panes(1, 2)
    sheet.write(0, 0, MARK, head)
    sheet.write_comment(0, 0, f"{found.about} A row that says {MARKED} here is left out.", {"x_scale": 3})
    sheet.write(1, 0, MARKED, grey)
    sheet.set_column(0, 0, 9)
    for n, column in enumerate(found.columns, 1):
        must = "Has to be filled. " if column.needed else ""
        several = " Several with commas." if column.several else ""
        sheet.write(0, n, column.header, needed if column.needed else head)
        sheet.write_comment(0, n, f"{must}{column.about}{several}", {"x_scale": 3, "y_scale": 1.5})
        sheet.write(1, n, column.example, grey)
        sheet.set_column(n, n, max(12, len(column.header), len(column.example)) + 2, text)
        if column.choices:
            sheet.data_validation(2, n, ROWS, n, {"validate": "list", "source": list(column.choices)})

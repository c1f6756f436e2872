"""What every connector must do, whatever its tool; each kind of the registry is put through it.

A kind joins by an entry in `BENCHES`: a place with a tool of its own to try, and how the office, or
somebody else, changes what stands in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from connectors.base import Connector
from domain.delivery import Wanted
from domain.office import Access
from tests.connectors import books


@dataclass
class Bench:
    """A tool to try a connector on."""

    connect: Callable[[Access], Connector]
    state: Callable[[], Any]
    """Everything that stands in the tool, comparable."""
    foreign: Callable[[], Any]
    """Everything that is not ours in it, comparable."""
    office_works: Callable[[], None]
    """The office changes something of its own."""
    copy_row: Callable[[str], None]
    """Somebody copies the row, ticket or whatever bears our key."""
    item: Callable[..., Wanted]
    question: Callable[..., Wanted]


def workbook_bench(folder: Path) -> Bench:
    """A workbook in a folder of its own."""
    path = books.plain(folder / "porto.xlsx")
    ours = {"Vorgänge": 12, "Fragen": 1}

    def change(act: Callable[[Any], None]) -> None:
        book = openpyxl.load_workbook(path)
        act(book)
        book.save(path)

    def foreign() -> Any:
        book = openpyxl.load_workbook(path)
        rows = {}
        for sheet in book:
            key = ours.get(sheet.title)
            rows[sheet.title] = [
                tuple(cell.value for cell in row)
                for row in sheet.iter_rows()
                if key is None or row[0].row == 1 or not row[key - 1].value
            ]
        return rows

    def work(book: Any) -> None:
        book["Projekte"]["B2"] = "Lagerhalle 1, umbenannt"

    def copied(key: str) -> Callable[[Any], None]:
        def act(book: Any) -> None:
            for name, column in ours.items():
                sheet = book[name]
                for row in list(sheet.iter_rows(values_only=True)):
                    if row[column - 1] == key:
                        sheet.append(row)

        return act

    return Bench(
        connect=lambda access: books.connector(path, access),
        state=path.read_bytes,
        foreign=foreign,
        office_works=lambda: change(work),
        copy_row=lambda key: change(copied(key)),
        item=books.item,
        question=books.question,
    )


BENCHES: dict[str, Callable[[Path], Bench]] = {"workbook": workbook_bench}
LATER = date(2027, 3, 31)
SCRIPTS = "Ünïcödé ñ Ж ﷺ שלום 日本語 🚢 e\u0301 <&>\"' a\tb\nc _x0041_ =1+1"

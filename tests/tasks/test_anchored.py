"""The ledger's head stands in the strategic office's own tool, once a month, and finds a ledger that was cut back."""

import re
import sqlite3
import warnings
from contextlib import closing

import openpyxl
import pytest

from cli.main import main

pytestmark = pytest.mark.servers


def heads(desk) -> list[tuple[int, str]]:
    """What the leading office's own workbook says, read with nothing of ours."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not know of the workbook is not looked at here
        book = openpyxl.load_workbook(desk.folder / "workbooks" / f"{desk.leader().id}.xlsx")
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            said = " ".join(str(cell) for cell in row if cell)
            found += [
                (int(n), head) for n, head in re.findall(r"has (\d+) entr.*?head is ([0-9a-f]{64})", said)
            ]
    return found


def test_the_head_in_the_leading_offices_workbook_is_one_of_the_ledger_and_finds_one_that_was_cut(
    begun, capsys
) -> None:
    desk = begun
    desk.period()
    desk.deliver()
    ((number, head),) = heads(desk)
    with desk.application.store.read() as unit:
        assert unit.ledger.hash_of(number) == head
    desk.play(1)
    desk.period()
    assert heads(desk) == [(number, head)]
    assert main(["ledger", "verify", "--head", head]) == 0
    capsys.readouterr()
    state = desk.folder.parent / "state"
    with closing(sqlite3.connect(state / "interoffice.db")) as connection:
        connection.execute("DROP TRIGGER ledger_no_delete")
        connection.execute("DELETE FROM ledger WHERE number >= ?", (number,))
        connection.commit()
    (state / "ledger.head").unlink()
    assert main(["ledger", "verify", "--head", head]) == 1
    assert f"names the head {head[:12]}" in "".join(capsys.readouterr())

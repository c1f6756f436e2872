"""F24: a column or field that the settings do not name sets nothing, whatever it is called."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Refused
from connectors.tickets.settings import TicketSettings
from tests.connectors.workbook import books
from tests.contract import memory
from tests.protected import PROTECTED

PLANTED = dict.fromkeys(PROTECTED, "approved")


def of_workbook(path: Path, planted: Mapping[str, str]) -> tuple[Any, Any]:
    """What is read of a workbook before and after these columns stand behind the last one of every sheet."""
    books.plain(path)
    tool = books.connector(path)
    books.put(tool, books.item("k/1"), books.question("q/1"))
    before = tool.read()

    def change(book: Any) -> None:
        for sheet in book:
            for header, text in planted.items():
                column = sheet.max_column + 1
                for row in range(1, sheet.max_row + 1):
                    sheet.cell(row, column, header if row == 1 else text)

    books.by_openpyxl_again(path, change)
    return before, books.connector(path).read()


def of_tracker(planted: Mapping[str, str]) -> tuple[Any, Any]:
    """What is read of a tracker before and after its projects and all tickets bear these fields."""
    standin = memory.furnished()
    tool = memory.connector(standin)
    books.put(tool, books.item("k/1"), books.question("q/1"))
    before = memory.connector(standin).read()
    for project in standin.projects.values():
        project["fields"] = {**project["fields"], **planted}
    for ticket in standin.tickets():
        standin.change(ticket["number"], fields={**ticket["fields"], **planted})
    return before, memory.connector(standin).read()


def told(reading: Any) -> tuple[Any, ...]:
    """All that is known of an office's projects, its answers and what is wrong in them."""
    return reading.plans, reading.answers, reading.unreadable


@pytest.mark.parametrize("name", sorted(set(PROTECTED) - {"id", "status"}))
def test_it_sets_nothing_in_a_workbook(tmp_path, name) -> None:
    before, after = of_workbook(tmp_path / "porto.xlsx", {name: "approved"})
    assert before.plans
    assert told(after) == told(before)


@pytest.mark.parametrize("name", ["id", "status"])
def test_a_second_column_called_like_one_that_is_named_is_refused(tmp_path, name) -> None:
    with pytest.raises(Refused, match=rf"\(for {name}\) stands twice"):
        of_workbook(tmp_path / "porto.xlsx", {name: "approved"})


def test_it_sets_nothing_in_a_tracker() -> None:
    before, after = of_tracker(PLANTED)
    assert before.plans
    assert told(after) == told(before)


def test_the_control_settings_that_let_any_field_of_a_name_in_are_found_out(monkeypatch) -> None:
    monkeypatch.setattr(
        TicketSettings, "from_fields", lambda _settings, part: set(type(part.columns).model_fields)
    )
    with pytest.raises(AssertionError, match="approved"):
        test_it_sets_nothing_in_a_tracker()

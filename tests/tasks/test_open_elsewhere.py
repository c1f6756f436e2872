"""A workbook that somebody has open is normal: what waits is listed once, and goes in when it was closed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import openpyxl
import pytest

from connectors.errors import Refused, TryLater
from connectors.files import saving
from domain.delivery.held import Cause, Held
from tasks import context
from tasks.delivering import deliver_office
from tests.gateway.pages.desk import FILES, Desk, desk, workbook

QUESTIONS = "      questions: {sheet: Pytania, columns: {key: klucz, text: Pytanie, answer: Odpowiedź}}\n"


@pytest.fixture
def made(tmp_path, monkeypatch) -> Iterator[Desk]:
    """The office of Łódź, which grants questions and has a sheet for them in its file."""
    with desk(tmp_path, monkeypatch) as found:
        tools = FILES["tools.yaml"].replace("tool: lodz-book\n", "tool: lodz-book\n    access: ask\n")
        (tmp_path / "organization" / "tools.yaml").write_text(tools + QUESTIONS, "utf-8")
        book = openpyxl.load_workbook(io.BytesIO(workbook([["X-1", "Zajezdnia"]])))
        book.create_sheet("Pytania").append(["klucz", "Pytanie", "Odpowiedź"])
        book.save(tmp_path / "organization" / "workbooks" / "lodz.xlsx")
        context.KEPT.forget()
        yield found
        context.current_application().store.close()


def held(made: Desk) -> tuple[Held, ...]:
    with made.application.store.read() as unit:
        return unit.held.of("lodz")


def rows(made: Desk) -> int:
    book = openpyxl.load_workbook(made.folder / "organization" / "workbooks" / "lodz.xlsx")
    return int(book["Pytania"].max_row) - 1


@pytest.mark.parametrize("lock", ["~$lodz.xlsx", ".~lock.lodz.xlsx#"])
def test_what_waits_is_listed_once_with_who_has_it_open_and_goes_in_when_it_is_closed(lock, made) -> None:
    made.read("lodz")
    asked = made.ask("lodz/X-1", "project.lead")
    beside = made.folder / "organization" / "workbooks" / lock
    beside.write_bytes(b"x")
    found = []
    for _ in range(3):
        assert made.read("lodz").problem == "", "it is read all the same"
        told = deliver_office("lodz", dry_run=False)
        assert (told.create, rows(made)) == (0, 0)
        found.append(held(made))
    assert found[0] == found[1] == found[2], "listed once, since the first time"
    (waits,) = found[0]
    assert (waits.key, waits.cause) == (asked.id, Cause.WAITING)
    assert "it is open in" in waits.why
    assert "close it there" in waits.why
    assert made.ledger("delivery") == []
    beside.unlink()
    assert deliver_office("lodz", dry_run=False).create == 1
    assert (held(made), rows(made)) == ((), 1)
    assert deliver_office("lodz", dry_run=False).same == 1


def test_a_share_that_refuses_an_open_file_is_waited_for_and_a_missing_right_is_said(
    tmp_path, monkeypatch
) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook())

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "sharing violation")

    monkeypatch.setattr(type(path), "open", refused)
    with pytest.raises(Refused, match="no right to read it"):
        saving.load(path)
    (tmp_path / "~$plan.xlsx").touch()
    with pytest.raises(TryLater, match="open in Excel") as waits:
        saving.load(path)
    assert waits.value.due(datetime(2027, 1, 4, tzinfo=UTC)) > datetime(2027, 1, 4, tzinfo=UTC)

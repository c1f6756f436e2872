"""An office's workbook is one file, the newest of a folder, or what it uploaded; between two nothing is guessed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import openpyxl
import pytest

from connectors.errors import Refused, TryLater
from connectors.files.newest import NewestFile, UploadedFile, fitting_names, passed_over
from connectors.records.mapping import ToolSettings, WorkbookSettings
from connectors.registry import kind_of, tool_problems
from connectors.workbook.connector import Workbook
from domain.delivery.wanted import Wanted
from domain.organization.office import Access
from domain.plans.left_out import LeftOutKind
from tests.connectors.deciding import decided
from tests.connectors.workbook import books

SETTINGS = {
    "projects": {"sheet": "Hankkeet", "columns": {"id": "Tunnus", "title": "Nimi"}},
    "questions": {
        "sheet": "Kysymykset",
        "columns": {"key": "avain", "text": "Kysymys", "answer": "Vastaus", "answered_by": "Vastaaja"},
    },
}


def a_book(path: Path, title: str = "Silta") -> Path:
    """A workbook of one project, as an office in Finland keeps it."""
    book = openpyxl.Workbook()
    book.active.title = "Hankkeet"
    for row in (["Tunnus", "Nimi"], ["H-1", title]):
        book.active.append(row)
    book.create_sheet("Kysymykset").append(["avain", "Kysymys", "Vastaus", "Vastaaja"])
    book.save(path)
    return path


def changed_at(path: Path, hour: int) -> None:
    os.utime(path, (1_800_000_000 + hour * 3600,) * 2)


def connector(folder: Path, pattern: str, access: Access = Access.OBSERVE) -> Workbook:
    return Workbook(
        NewestFile(folder, pattern), "oulu", WorkbookSettings.model_validate(SETTINGS), access, "1"
    )


def title_read(folder: Path, pattern: str) -> str:
    (plan,) = connector(folder, pattern).read().plans
    return plan.project.title


@pytest.mark.parametrize("form", ["2027-01-{}", "2027_01_{}", "2027.01.{}", "202701{}"])
def test_with_a_date_in_the_pattern_the_latest_day_in_a_name_counts_whatever_changed_last(
    form, tmp_path
) -> None:
    for day, hour in (("09", 3), ("31", 1), ("24", 2)):
        path = a_book(tmp_path / f"Tila {form.format(day)}.xlsx", f"of day {day}")
        changed_at(path, hour)
    assert title_read(tmp_path, "Tila {date}.xlsx") == "of day 31"
    assert title_read(tmp_path, "Tila*.xlsx") == "of day 09", "the one that changed last"


def test_the_check_says_which_file_is_read_and_what_was_passed_over(tmp_path) -> None:
    a_book(tmp_path / "Tila 2027-01-31.xlsx")
    a_book(tmp_path / "Tila 2027-01-24.xlsx")
    (tmp_path / "~$Tila 2027-01-31.xlsx").write_bytes(b"x")
    a_book(tmp_path / "Tila 2027-02-07 (Aino's conflicted copy).xlsx")
    a_book(tmp_path / "Tila 2027-13-45.xlsx")
    (tmp_path / "Tila 2027-02-07.xlsx.crdownload").write_bytes(b"PK")
    (tmp_path / "notes.txt").write_text("no plan", "utf-8")
    health = connector(tmp_path, "Tila {date}*.xlsx").check()
    assert health.notes == (
        "Tila 2027-01-31.xlsx is read: it is the newest of 2 files by the date in its name",
        "1 lock file: ~$Tila 2027-01-31.xlsx",
        "1 unfinished file: Tila 2027-02-07.xlsx.crdownload",
        "1 conflicted copy: Tila 2027-02-07 (Aino's conflicted copy).xlsx",
        "1 undated file: Tila 2027-13-45.xlsx",
    )
    reading = connector(tmp_path, "Tila {date}*.xlsx").read()
    assert [each.kind for each in reading.left_out][-1] is LeftOutKind.UNDATED_FILE


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("~$Plan.xlsx", LeftOutKind.LOCK_FILE),
        (".~lock.Plan.xlsx#", LeftOutKind.LOCK_FILE),
        ("~WRL0003.tmp", LeftOutKind.LOCK_FILE),
        ("Plan.xlsx.part", LeftOutKind.UNFINISHED_FILE),
        (".Plan.xlsx.interoffice-x1.tmp", LeftOutKind.UNFINISHED_FILE),
        ("Plan (In Konflikt stehende Kopie von Jan 2027-01-31).xlsx", LeftOutKind.CONFLICTED_COPY),
        ("Plan (Copie en conflit de Zoé 2027-01-31).xlsx", LeftOutKind.CONFLICTED_COPY),
        ("Plan.sync-conflict-20270131-120000-ABCDEFG.xlsx", LeftOutKind.CONFLICTED_COPY),
        ("Plan [Conflict].xlsx", LeftOutKind.CONFLICTED_COPY),
        ("Konfliktmanagement.xlsx", None),
        ("Plan 2027-01-31.xlsx", None),
    ],
)  # fmt: skip
def test_what_a_program_left_there_is_told_from_what_an_office_means(name, kind) -> None:
    assert passed_over(name) is kind


def test_none_that_fits_is_refused_with_what_was_passed_over_and_the_last_reading_stands(tmp_path) -> None:
    (tmp_path / "Plan.xlsx.part").write_bytes(b"PK")
    tool = connector(tmp_path, "Plan*.xlsx")
    with pytest.raises(
        Refused, match=r"no file there fits 'Plan\*\.xlsx' \(1 file passed over: Plan\.xlsx\.part\)"
    ):
        tool.read()
    assert "grows stale" in tool.check().remarks[0]
    with pytest.raises(Refused, match="there is no such folder"):
        connector(tmp_path / "nowhere", "Plan*.xlsx").read()


def test_two_that_are_equally_new_and_differ_are_a_question_and_two_alike_are_none(tmp_path) -> None:
    first = a_book(tmp_path / "Plan 2027-01-31 A.xlsx")
    second = tmp_path / "Plan 2027-01-31 B.xlsx"
    shutil.copyfile(first, second)
    assert title_read(tmp_path, "Plan {date}*.xlsx") == "Silta"
    a_book(second, "Tunneli")
    with pytest.raises(Refused, match=r"Plan 2027-01-31 A\.xlsx, Plan 2027-01-31 B\.xlsx are equally new"):
        connector(tmp_path, "Plan {date}*.xlsx").read()


def test_a_question_is_put_into_the_newest_file_and_never_into_one_that_came_since_the_reading(
    tmp_path,
) -> None:
    a_book(tmp_path / "Plan 2027-01-24.xlsx")
    tool = connector(tmp_path, "Plan {date}.xlsx", Access.ASK)
    asked = Wanted("q/1", "oulu", books.question("q/1").fields)
    read = tool.read()
    newer = a_book(tmp_path / "Plan 2027-01-31.xlsx", "Silta 2")
    with pytest.raises(TryLater, match="changed since it was read"):
        tool.put(decided(asked), read.digest)
    assert tool.put(decided(asked), tool.read().digest).calls == ("save Plan 2027-01-31.xlsx",)
    assert [each.key for each in tool.read().placed] == ["q/1"]
    assert openpyxl.load_workbook(tmp_path / "Plan 2027-01-24.xlsx")["Kysymykset"].max_row == 1
    assert openpyxl.load_workbook(newer)["Kysymykset"].max_row == 2


def test_while_nothing_was_uploaded_it_is_said_how_an_upload_is_made(tmp_path) -> None:
    for newest, told in (
        (lambda: None, "interoffice link PERSON --upload oulu"),
        (None, "not looked into here"),
    ):
        tool = Workbook(UploadedFile("oulu", newest), "oulu", WorkbookSettings.model_validate(SETTINGS))
        with pytest.raises(Refused, match=told):
            tool.read()
    there = a_book(tmp_path / "x.xlsx")
    tool = Workbook(UploadedFile("oulu", lambda: there), "oulu", WorkbookSettings.model_validate(SETTINGS))
    assert len(tool.read().plans) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "exactly one of the three"),
        ({"file": "a.xlsx", "upload": True}, "exactly one of the three"),
        ({"file": "a.xlsx", "folder": "x", "pattern": "*.xlsx"}, "exactly one of the three"),
        ({"folder": "x"}, "add `pattern`"),
        ({"pattern": "*.xlsx"}, "add `folder`"),
        ({"folder": "x", "pattern": "*.xls"}, "names no .xlsx workbooks"),
        ({"folder": "x", "pattern": "../*.xlsx"}, "names no .xlsx workbooks"),
        ({"folder": "x", "pattern": "{week}.xlsx"}, "nothing else stands in braces"),
        ({"folder": "x", "pattern": "{date}{date}.xlsx"}, "nothing else stands in braces"),
    ],
)
def test_a_workbook_has_exactly_one_place(given, told) -> None:
    assert told in " ".join(each.text for each in tool_problems("workbook", given))
    for good in ({"file": "a.xlsx"}, {"folder": "x", "pattern": "P{date}*.XLSX"}, {"upload": True}):
        assert tool_problems("workbook", good) == ()


def test_access_to_what_is_uploaded_is_withheld_with_the_reason() -> None:
    (lacking,) = kind_of("workbook").lacking({"upload": True}, {**SETTINGS, "items": None})[:1]
    assert lacking.access is Access.ASK
    assert "the office would not see it" in lacking.text
    assert ToolSettings(file="a.xlsx").lacking() == ()


def test_a_sign_of_a_pattern_stands_for_itself_where_it_is_no_star() -> None:
    assert fitting_names("Plan (Q?) [1] {date}.xlsx").fullmatch("plan (Q3) [1] 2027-01-31.XLSX")
    assert not fitting_names("Plan (Q?) [1] {date}.xlsx").fullmatch("Plan (Q3) 1 2027-01-31.xlsx")

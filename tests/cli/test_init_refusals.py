"""Inputs that `init` cannot use: one line each, with the place and what to do, and nothing is written."""

import os
import tempfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from cli import init
from runtime.problem import Problem, UsageProblem
from tests.cli.test_init import run, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
MSPDI = b'<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project"><Tasks>'


def rows(path: Path, *given: list[object]) -> None:
    book = Workbook()
    for row in given:
        book.active.append(row)
    book.save(path)


FILES = [
    ("empty.xlsx", lambda p: p.write_bytes(b""), "it is empty (0 bytes); restore it from a copy"),
    ("cut.xlsx", lambda p: p.write_bytes(b"PK\x03\x04 cut"), "it is cut off; restore it or save it anew"),
    ("text.xlsx", lambda p: p.write_bytes(b"Nr;Titel"), "it is not a zip file; restore it or save it anew"),
    (
        "page.xlsx",
        lambda p: p.write_bytes(b"<html><table>"),
        "it is not a zip file; restore it or save it anew",
    ),
    (
        "locked.xlsx",
        lambda p: p.write_bytes(OLE),
        "it has a password, or is an old .xls; save it as .xlsx without",
    ),
    ("blank.xlsx", rows, "no cell of it is filled; give the workbook in which the office plans"),
    ("bare.xlsx", lambda p: rows(p, [1, 2], [3, 4]), "there is no row of headers in the first 20 rows"),
    ("old.xls", lambda p: p.write_bytes(OLE), "it is an old .xls; save it as .xlsx"),
    ("makro.xlsm", lambda p: p.write_bytes(b"PK"), "it holds macros; save it as .xlsx without macros"),
    ("binary.xlsb", lambda p: p.write_bytes(b"PK"), "it is a binary workbook; save it as .xlsx"),
    ("list.csv", lambda p: p.write_bytes(b"a;b"), "open it in a spreadsheet program and save it as .xlsx"),
    ("table.ods", lambda p: p.write_bytes(b"PK"), "it is an OpenDocument table; save it as .xlsx"),
    ("plan.pdf", lambda p: p.write_bytes(b"%PDF"), "ask for the workbook or the project file itself"),
    (
        "plan.docx",
        lambda p: p.write_bytes(b"PK"),
        "it is of no kind that is read; known are .xlsx, .xml, .mpp",
    ),
    (
        "noending",
        lambda p: p.write_bytes(b"PK"),
        "it is of no kind that is read; known are .xlsx, .xml, .mpp",
    ),
    ("folder.xlsx", lambda p: p.mkdir(), "is a folder -> name the file in it in which the office plans"),
    ("gone.xlsx", lambda _: None, "there is no such file -> check its name"),
    ("broken.xml", lambda p: p.write_bytes(MSPDI), "it is damaged XML (no element found"),
    (
        "other.xml",
        lambda p: p.write_bytes(b"<a/>"),
        "it is XML, but neither Microsoft Project XML nor Primavera",
    ),
    (
        "evil.xml",
        lambda p: p.write_bytes(b"<!DOCTYPE a><a/>"),
        "it has a DOCTYPE, which no project file needs",
    ),
    ("plan.xer", lambda p: p.write_bytes(b"hello"), "it is none of Microsoft Project XML"),
    ("book.xml", lambda p: p.write_bytes(b"PK\x03\x04rest"), "it is none of Microsoft Project XML"),
]


@pytest.mark.parametrize(("name", "make", "said"), FILES, ids=[each[0] for each in FILES])
def test_a_file_that_cannot_be_used_is_one_line_with_its_place_and_remedy(tmp_path, name, make, said):
    make(tmp_path / name)
    with pytest.raises(Problem) as refused:
        run(init, tmp_path / "org", tmp_path / name)
    (line,) = str(refused.value).splitlines()
    assert str(tmp_path / name) in line
    assert said in line
    assert "; " in line or " -> " in line, "it says what to do"
    assert sorted(path.name for path in tmp_path.iterdir()) == ([] if name.startswith("gone") else [name])


@pytest.fixture
def nobody():
    """Ourselves without the rights of root."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield
    os.seteuid(before)


@pytest.fixture
def open_folder():
    """A folder that everybody may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("closed", ["file", "folder"])
def test_a_file_that_we_may_not_read_is_one_line(open_folder, closed, request):
    inner = open_folder / "in"
    inner.mkdir()
    workbook(inner / "a.xlsx").chmod(0 if closed == "file" else 0o644)
    inner.chmod(0o755 if closed == "file" else 0)
    request.getfixturevalue("nobody")
    said = r"a\.xlsx: (we have no right to read it; grant it|Permission denied -> grant the right to read it)"
    with pytest.raises(Problem, match=said):
        run(init, open_folder / "org", inner / "a.xlsx")


def test_every_wrong_input_of_a_call_is_told_at_once_and_the_good_ones_are_not_written(tmp_path):
    good = workbook(tmp_path / "kiel.xlsx")
    (tmp_path / "list.csv").write_text("a", "utf-8")
    with pytest.raises(Problem) as refused:
        run(init, tmp_path / "org", good, tmp_path / "list.csv", tmp_path / "gone.xlsx")
    assert [line.split(": ")[0] for line in str(refused.value).splitlines()] == [
        str(tmp_path / "list.csv"),
        str(tmp_path / "gone.xlsx"),
    ]
    assert not (tmp_path / "org").exists()


USAGE = [
    (["kiel.xlsx", "--office", "Kiel Süd"], "--office: Kiel Süd is no id -> write kiel-sud"),
    (["kiel.xlsx=Kiel Süd"], "Kiel Süd is no id -> write kiel-sud"),
    (
        ["kiel.xlsx=a", "lx.xlsx=a"],
        "two inputs are for the office a -> give each its own, FILE=OFFICE, or each tool",
    ),
    (["kiel.xlsx", "lx.xlsx", "--office", "a"], "--office is given 1 time for 2 inputs -> one for each"),
    (["kiel.xlsx", "--country", "Deutschland"], "--country: `Deutschland` is no country"),
    (["kiel.xlsx", "--time-zone", "Berlin"], "--time-zone: `Berlin` is no time zone"),
    (["kiel.xlsx", "--currency", "Euro"], "--currency: `Euro` is no currency"),
    (["--country", "DE"], "--country is about an office's file or server -> give one with it"),
    (["kiel.xlsx", "lx.xlsx", "--name", "Kiel"], "--name is given 1 time for 2 inputs -> one for each"),
    (["--copy"], "--copy copies files -> name the files"),
    (["kiel.xlsx", "--template", "x.xlsx"], "--template writes a workbook and nothing else"),
]


@pytest.mark.parametrize(("words", "said"), USAGE, ids=[" ".join(each[0]) for each in USAGE])
def test_a_wrong_answer_is_one_line_and_nothing_is_written(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path / "kiel.xlsx")
    workbook(tmp_path / "lx.xlsx")
    with pytest.raises(UsageProblem) as refused:
        run(init, "org", *words)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(said)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kiel.xlsx", "lx.xlsx"]


def test_without_a_folder_its_name_is_asked_for():
    with pytest.raises(UsageProblem, match="no folder is named -> write `interoffice init DIR`"):
        run(init)

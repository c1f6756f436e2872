"""`interoffice prepare`: an office in Győr with merged titles, a protected sheet and half of the settings."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from cli import prepare
from connectors.errors import ToolError
from runtime.problem import Problem, UsageProblem
from tests.cli.test_new_standard import run

FILES = {
    "organization.yaml": "id: duna\nname: Duna Csoport\n",
    "people.yaml": "people:\n  - {id: eva, name: Kovács Éva}\n",
    "offices.yaml": """\
offices:
  - {id: kozpont, name: Központ, kind: strategic, mandate: directive, country: HU,
     time_zone: Europe/Budapest, currency: HUF, roles: {head: [eva]}}
  - {id: gyor, name: Győr, kind: project, mandate: supportive, parent: kozpont, country: HU,
     time_zone: Europe/Budapest, currency: HUF, roles: {head: [eva]}}
  - {id: pecs, name: Pécs, kind: project, mandate: supportive, parent: kozpont, country: HU,
     time_zone: Europe/Budapest, currency: HUF, roles: {head: [eva]}}
""",
    "programs.yaml": "programs: []\n",
    "relations.yaml": "relations:\n  - {root: kozpont, kind: network}\n",
    "agreements.yaml": "agreements: []\n",
    "clock.yaml": "as_of: 2027-01-04T07:00:00Z\n",
    "tools.yaml": """\
tools:
  - {id: tabla, kind: workbook, settings: {file: gyor.xlsx}}
partitions:
  - office: gyor
    tool: tabla
    access: write
    settings:
      projects: {sheet: Projektek, columns: {id: Sorszám, title: Megnevezés, finish: Befejezés}}
      items: {sheet: Feladatok, columns: {id: Azonosító, project: Projekt, title: Feladat, key: kulcs}}
      questions: {sheet: Kérdések, columns: {key: kulcs, text: Kérdés, answer: Válasz}}
""",
    "standards/modszer/1.0.yaml": """\
standard: modszer
version: "1.0"
title: Módszer
owner: kozpont
effective_from: 2026-01-05
rules:
  - uid: finish.set
    title: A finish is set
    kind: computed
    level: locked
    check: "has(project.finish)"
    remedy: Enter it.
    examples: {pass: {project: {finish: 2027-10-29}}, fail: {project: {}}}
tools:
  - {kind: workbook, fields: [finish, percent_complete], statuses: [kész]}
""",
}


def book(folder: Path, *, protected: bool = False) -> Path:
    """Merged title rows, headers in row 4, a totals row, a hidden sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Projektek"
    sheet["A1"] = "Győri projektek 2027"
    sheet.merge_cells("A1:H1")
    for at, header in enumerate(("Sorszám", "Megnevezés", "Befejezés"), 1):
        sheet.cell(4, at, header)
    sheet.append(["GY-1", "Híd", None, "=SUM(D5:D5)"])
    sheet.append(["Összesen"])
    items = made.create_sheet("Feladatok")
    items.append(["Feladatlista"])
    items.merge_cells("A1:C1")
    items.append(["Azonosító", "Projekt", "Feladat", "Megjegyzés"])
    items.append(["F-1", "GY-1", "Ásás", "x"])
    items.protection.sheet = protected
    made.create_sheet("Napló").sheet_state = "hidden"
    made.save(folder / "gyor.xlsx")
    return folder / "gyor.xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    book(tmp_path)
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def test_a_dry_run_says_so_first_and_last_and_changes_nothing(folder, capsys) -> None:
    before = (folder / "gyor.xlsx").read_bytes()
    assert run(prepare, "gyor", "--organization", folder) == 1
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[-1]) == (prepare.DRY, prepare.DRY)
    assert lines[1] == "gyor (tabla, access write), version modszer/1.0:"
    assert f"next: interoffice prepare gyor --organization {folder} --write" in lines
    assert (folder / "gyor.xlsx").read_bytes() == before


def test_what_it_writes_stands_there_and_the_rest_is_lines_for_people(folder, capsys) -> None:
    assert run(prepare, "gyor", "--organization", folder, "--write") == 1
    told = capsys.readouterr().out
    assert "made: add the sheet 'Kérdések' with the headers kulcs, Kérdés, Válasz" in told
    assert "made: write 'kulcs' into 'Feladatok' from E2 on" in told
    assert "made: write 'Percent complete' into 'Projektek' from E4 on" in told
    assert 'add `columns: {percent_complete: "Percent complete"}` to the settings of `projects`' in told
    assert told.endswith(f"next: interoffice check --connect {folder}\n")
    change(folder, "tools.yaml", "finish: Befejezés", "finish: Befejezés, percent_complete: Percent complete")
    change(folder, "tools.yaml", "key: kulcs}}\n      q", "key: kulcs}, statuses: [kész]}\n      q")
    assert run(prepare, "gyor", "--organization", folder, "--write") == 0
    assert "nothing is missing" in capsys.readouterr().out
    assert openpyxl.load_workbook(folder / "gyor.xlsx")["Projektek"]["D5"].value == "=SUM(D5:D5)"


def test_a_protected_sheet_is_the_office_s_step_and_the_others_are_made(folder, capsys) -> None:
    book(folder, protected=True)
    assert run(prepare, "gyor", "--organization", folder, "--write") == 1
    told = capsys.readouterr().out
    assert "the office: gyor.xlsx, sheet 'Feladatok': no header 'kulcs' in row 2" in told
    assert "it is protected; take that off (Review, Unprotect Sheet)" in told
    assert "made: add the sheet 'Kérdések'" in told


def test_what_the_office_granted_counts_though_its_settings_have_no_room_for_it(folder, capsys) -> None:
    questions = "      questions: {sheet: Kérdések, columns: {key: kulcs, text: Kérdés, answer: Válasz}}\n"
    change(folder, "tools.yaml", questions, "")
    assert run(prepare, "gyor", "--organization", folder, "--write") == 1
    told = capsys.readouterr().out
    assert "gyor (tabla, access write)" in told
    assert "whoever keeps tools.yaml: the settings name no sheet for questions" in told
    assert "Questions" in openpyxl.load_workbook(folder / "gyor.xlsx").sheetnames


ACCESS = ("tools.yaml", "access: write", "access: observe")
SERVED = (
    "tools.yaml",
    "{id: tabla, kind: workbook, settings: {file: gyor.xlsx}}",
    (
        "{id: tabla, kind: redmine, credentials: NOBODY_SET_THIS, settings: {url: 'http://127.0.0.1:9', "
        "allow: [127.0.0.1]}}"
    ),
)
REDMINE = (
    "tools.yaml",
    FILES["tools.yaml"].partition("    settings:\n")[2],
    "      projects: {within: [gyor]}\n      items: {columns: {key: kulcs}}\n",
)


@pytest.mark.parametrize(
    ("words", "changes", "place", "remedy"),
    [
        (["gyoor"], [], "offices.yaml: there is no office 'gyoor'", "there are gyor, kozpont, pecs"),
        (["pecs"], [], "tools.yaml: pecs has no partition of a tool", "add one"),
        (["gyor", "--version", "modszer/9"], [], "standards: there is no version", "modszer/1.0"),
        (["gyor", "--write"], [ACCESS], "access is observe", "grant `ask` or `write` in tools.yaml"),
        (["gyor"], [("organization.yaml", "name", "nmae")], "have errors", "interoffice check"),
        (["gyor"], [("tools.yaml", "gyor.xlsx", "vidék.xlsx")], "vidék.xlsx: there is no such file", "mend `file`"),
        (["gyor"], [SERVED, REDMINE], "NOBODY_SET_THIS", "set"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_its_place_and_what_to_do(folder, words, changes, place, remedy) -> None:
    for each in changes:
        change(folder, *each)
    with pytest.raises((Problem, ToolError)) as refused:
        run(prepare, *words, "--organization", folder)
    text = str(refused.value)
    assert place in text
    assert remedy in text
    assert "\n" not in text


def test_a_version_that_names_other_tools_is_told_and_the_rest_is_made_ready(folder, capsys) -> None:
    change(folder, "standards/modszer/1.0.yaml", "kind: workbook", "kind: trac")
    assert run(prepare, "gyor", "--organization", folder, "--write") == 1
    told = capsys.readouterr().out
    assert "the office: modszer/1.0 names only the tools trac\n      agree with kozpont" in told
    assert "made: add the sheet 'Kérdések'" in told


def test_of_two_standards_one_is_to_be_named(folder, capsys) -> None:
    text = (folder / "standards/modszer/1.0.yaml").read_text("utf-8").replace("modszer", "biztonsag")
    (folder / "standards/biztonsag").mkdir()
    (folder / "standards/biztonsag/1.0.yaml").write_text(text.replace("[kész]", "[lezárt]"), "utf-8")
    with pytest.raises(Problem, match=r"standards: several standards are in force for gyor: give --version"):
        run(prepare, "gyor", "--organization", folder)
    assert run(prepare, "gyor", "--organization", folder, "--version", "biztonsag/1.0") == 1
    assert "asks for the status 'lezárt'" in capsys.readouterr().out


def test_a_folder_that_is_none_is_a_wrong_use(tmp_path) -> None:
    with pytest.raises(UsageProblem, match="is no folder -> make one"):
        run(prepare, "gyor", "--organization", tmp_path / "nowhere")


def test_a_file_that_is_no_workbook_or_is_open_is_said(folder, capsys) -> None:
    (folder / ".~lock.gyor.xlsx#").touch()
    assert run(prepare, "gyor", "--organization", folder) == 1
    assert "it is open in LibreOffice" in capsys.readouterr().out
    (folder / "gyor.xlsx").write_bytes(b"Sorszam;Megnevezes\n")
    with pytest.raises(ToolError, match=r"gyor.xlsx: it is not a whole .xlsx workbook"):
        run(prepare, "gyor", "--organization", folder)

"""`init --template` writes an organization.xlsx, and `init --from` makes the folder of it, or names every wrong cell."""

from datetime import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli import init
from config.organization import Loaded
from config.wiring import examine
from domain.organization.office import OfficeKind, Role
from runtime.problem import Problem, UsageProblem
from tests.cli.test_init import run, workbook

LANDS = [("PT", "Europe/Lisbon", "EUR"), ("PL", "Europe/Warsaw", "PLN"), ("SE", "Europe/Stockholm", "SEK")]
HEAD = {
    "id": "zentrale", "name": "Zentrale", "kind": "strategic", "mandate": "directive", "country": "AT",
    "time_zone": "Europe/Vienna", "currency": "EUR", "head": "eva-k", "approver": "eva-k; jo-m",
    "standards_owner": "eva-k", "weekday": "thu", "by": time(16, 30),
}  # fmt: skip


def offices(count: int) -> list[dict[str, object]]:
    """A strategic office and others below it, on two levels."""
    found: list[dict[str, object]] = [HEAD]
    for n in range(1, count):
        country, zone, money = LANDS[n % 3]
        found.append({
            "id": f"buero-{n}", "name": f"Büro {n}", "kind": "program" if n < 6 else "project", "mandate": "supportive",
            "parent": "zentrale" if n < 6 else f"buero-{n % 5 + 1}", "country": country, "time_zone": zone,
            "currency": money, "head": "jo-m", "every_weeks": 2, "answer_days": 7,
        })  # fmt: skip
    return found


PEOPLE = [
    {"id": "eva-k", "name": "Eva König", "address": "eva@example.com"},
    {"id": "jo-m", "name": "Jo Müller"},
]
PROGRAMS = [{"id": "p-1", "name": "Werke", "office": "buero-1"}]
TOOLS = [
    {"office": "buero-1", "kind": "workbook", "file": "kiel.xlsx"},
    {"office": "buero-2", "kind": "redmine", "url": "https://r.example.com", "credentials": "RM_KEY", "within": "a, b", "key": "K"},
]  # fmt: skip


def filled(folder: Path, **sheets: list[dict[str, object]]) -> Path:
    """The template, with these rows below its example rows."""
    path = folder / "organization.xlsx"
    run(init, "--template", path)
    book = load_workbook(path)
    for name, rows in sheets.items():
        sheet = book[name]
        columns = {cell.value: cell.column for cell in sheet[1]}
        for n, row in enumerate(rows, 3):
            for key, value in row.items():
                sheet.cell(n, columns[key]).value = value
    book.save(path)
    return path


def test_the_template_explains_every_header_offers_the_fixed_choices_and_its_examples_are_left_out(
    tmp_path, capsys
):
    path = filled(tmp_path)
    assert "`interoffice init DIR --from" in capsys.readouterr().out
    book = load_workbook(path)
    assert book.sheetnames == ["Offices", "People", "Programs", "Tools"]
    for sheet in book:
        assert all(cell.comment and len(cell.comment.text) > 10 for cell in sheet[1])
        assert sheet["A2"].value == "example"
        assert sheet["B2"].value
    lists = {each.formula1 for each in book["Offices"].data_validations.dataValidation}
    assert f'"{",".join(OfficeKind)}"' in lists
    with pytest.raises(Problem, match=r"Offices: no office stands there -> write a row for each"):
        run(init, tmp_path / "org", "--from", path)


def test_forty_offices_come_from_a_workbook_and_nobody_writes_them_in_yaml(tmp_path, capsys):
    workbook(tmp_path / "kiel.xlsx")
    path = filled(tmp_path, Offices=offices(40), People=PEOPLE, Programs=PROGRAMS, Tools=TOOLS)
    run(init, tmp_path / "org", "--from", path)
    found = examine(tmp_path / "org")
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    organization = found.organization
    assert len(organization.offices) == 40
    top = organization.offices["zentrale"]
    assert top.roles[Role.APPROVER] == ("eva-k", "jo-m")
    assert organization.offices["buero-7"].parent == "buero-3"
    assert organization.programs["p-1"].office == "buero-1"
    assert organization.partition("buero-1").settings["projects"]["columns"]["title"] == "Bezeichnung"
    assert organization.partition("buero-2").settings["projects"]["within"] == ["a", "b"]
    said = capsys.readouterr().out
    assert said.rstrip().endswith("--files --connect`")
    assert "# CHANGE" not in (tmp_path / "org" / "offices.yaml").read_text("utf-8")


WRONG = [
    ("Offices", 1, {"country": "Portugal"}, "Offices!G4: `country`: `Portugal` is no country"),
    ("Offices", 1, {"id": "Büro 1"}, "Offices!B4: `id` is `Büro 1`, which is no id -> write lower case"),
    ("Offices", 1, {"kind": "projekt"}, "Offices!D4: `kind` is `projekt` -> did you mean `project`?"),
    (
        "Offices",
        1,
        {"parent": "zentrle"},
        "Offices!F4: there is no office `zentrle` -> did you mean `zentrale`?",
    ),
    ("Offices", 1, {"name": None}, "Offices!C4: `name` is empty -> write"),
    ("Offices", 1, {"head": "niemand"}, "Offices!K4: there is no person `niemand` -> known"),
    (
        "Offices",
        2,
        {"id": "buero-1"},
        "Offices!B5: the id `buero-1` stands at Offices!B4 too -> give another",
    ),
    ("Offices", 1, {"by": "25:99"}, "`25:99` is no time of day -> write it as 17:00"),
    (
        "Offices",
        1,
        {"every_weeks": "zwei"},
        "`every_weeks` is `zwei`, not a whole number -> write digits only",
    ),
    ("Offices", 1, {"currency": "Euro"}, "`currency`: `Euro` is no currency -> write its code"),
    ("Offices", 1, {"time_zone": "Lissabon"}, "`time_zone`: `Lissabon` is no time zone -> write an IANA"),
    ("Offices", 1, {"name": "=1/0"}, "Offices!C4: the cell was never calculated -> write the value itself"),
    ("Offices", 1, {"row": "beispiel"}, "Offices!A4: `beispiel` is no mark of a row -> write example"),
    ("People", 0, {"address": "jo"}, "People!D3: `address`: this is no address -> write an e-mail"),
    ("Programs", 0, {"office": "nirgends"}, "Programs!D3: there is no office `nirgends` -> known"),
    ("Tools", 0, {"file": "weg.xlsx"}, "Tools!E3: there is no file `weg.xlsx` -> write its path"),
    ("Tools", 0, {"file": None}, "Tools!E3: it is empty -> write the file's path"),
    ("Tools", 0, {"kind": "excel"}, "Tools!D3: `excel` is no kind of tool -> write one of"),
    ("Tools", 0, {"office": "niemand"}, "Tools!B3: there is no office `niemand` -> known"),
    ("Tools", 1, {"credentials": "ghp_abcdefghijklmnop1234"}, "this looks like a secret -> write the NAME"),
    ("Tools", 1, {"url": None}, "Tools!F4: it is empty -> write the server's address"),
    ("Tools", 1, {"url": "redmine"}, "Tools!F4: `url`: 'redmine' is no web address"),
    ("Tools", 1, {"id": "buero-1-workbook"}, "Tools!C4: the tool `buero-1-workbook` stands at Tools!C3 too"),
]


def sheets() -> dict[str, list[dict[str, object]]]:
    rows = {"Offices": offices(4), "People": PEOPLE, "Programs": PROGRAMS, "Tools": TOOLS}
    return {name: [dict(row) for row in some] for name, some in rows.items()}


def lines(folder: Path, path: Path) -> list[str]:
    """What `--from` says; nothing is written then."""
    with pytest.raises(Problem) as refused:
        run(init, folder / "org", "--from", path)
    assert not (folder / "org").exists()
    assert not list(folder.glob(".org*"))
    head, *found = str(refused.value).splitlines()
    assert "nothing was written" in head
    return found


def test_a_wrong_cell_is_one_line_with_sheet_cell_and_what_to_write(tmp_path):
    workbook(tmp_path / "kiel.xlsx")
    for n, (sheet, row, change, said) in enumerate(WRONG):
        (tmp_path / str(n)).mkdir()
        workbook(tmp_path / str(n) / "kiel.xlsx")
        rows = sheets()
        rows[sheet][row] |= change
        found = lines(tmp_path / str(n), filled(tmp_path / str(n), **rows))
        assert sum(said in line for line in found) == 1, (said, found)
        assert all(line.startswith("organization.xlsx, ") and " -> " in line for line in found)
        follows = {"id", "kind"} & set(change)
        assert len(found) == 1 or follows, found


def test_all_wrong_cells_are_told_at_once_in_their_order(tmp_path):
    workbook(tmp_path / "kiel.xlsx")
    rows = sheets()
    rows["Offices"][1] |= {"country": "Portugal", "currency": "Euro"}
    rows["Tools"][0] |= {"file": "weg.xlsx"}
    rows["People"][1] |= {"address": "jo"}
    refs = [line.split(": ")[0].partition(", ")[2] for line in lines(tmp_path, filled(tmp_path, **rows))]
    assert refs == ["Offices!G4", "Offices!I4", "People!D4", "Tools!E3"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda book: book.remove(book["Offices"]), "Offices: there is no such sheet, only People"),
        (
            lambda book: book["Offices"].delete_cols(7),
            "there is no column `country` -> write that header here",
        ),
        (lambda book: book["People"].cell(1, 9, "E-Mail"), "People!I1: `e-mail` is no column that is known"),
        (lambda book: book["People"].cell(1, 9, "name"), "People!I1: the column `name` stands here twice"),
        (lambda book: book["Programs"].delete_rows(1), "Programs!A1: there is no row of headers -> write id"),
    ],
)
def test_a_sheet_or_column_that_is_wrong_is_named(tmp_path, change, said):
    path = filled(tmp_path, Offices=offices(3), People=PEOPLE, Programs=PROGRAMS)
    book = load_workbook(path)
    change(book)
    book.save(path)
    assert sum(said in line for line in lines(tmp_path, path)) == 1


def test_a_workbook_that_is_there_is_not_replaced_and_only_xlsx_is_written(tmp_path):
    path = filled(tmp_path)
    before = path.read_bytes()
    with pytest.raises(Problem, match="is there already -> name another file"):
        run(init, "--template", path)
    assert path.read_bytes() == before
    with pytest.raises(UsageProblem, match=r"is no name of a workbook -> write .*org\.xlsx"):
        run(init, "--template", tmp_path / "org.csv")
    with pytest.raises(UsageProblem, match="leave files and servers out"):
        run(init, tmp_path / "org", "x.xlsx", "--from", path)


def test_a_workbook_that_is_given_the_wrong_way_is_told_the_right_one(tmp_path):
    with pytest.raises(Problem, match="is an organization's own workbook -> give it with --from"):
        run(init, tmp_path / "org", filled(tmp_path))
    with pytest.raises(
        Problem, match=r"no\.xlsx: there is no such file -> make it with `interoffice init --template"
    ):
        run(init, tmp_path / "org", "--from", tmp_path / "no.xlsx")
    with pytest.raises(
        Problem, match="Offices: there is no such sheet, only Projekte, Aufgaben, Urlaub -> take"
    ):
        run(init, tmp_path / "org", "--from", workbook(tmp_path / "kiel.xlsx"))
    assert not (tmp_path / "org").exists()

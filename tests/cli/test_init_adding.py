"""`interoffice init` takes several inputs, in one call or one after another, and leaves what is there alone."""

import filecmp
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from cli import check, init
from config.organization import Loaded
from config.wiring import examine
from runtime.problem import Problem, UsageProblem
from tests.cli.test_init import run, workbook


def inputs(folder: Path) -> tuple[Path, Path]:
    """A German and a Portuguese workbook, in a folder beside the organization's."""
    (folder / "plans").mkdir()
    book = Workbook()
    book.active.append(["Código", "Projeto", "Situação", "Início", "Término"])
    book.active.append(["1", "Cais", "Em andamento", date(2027, 1, 1), date(2027, 5, 1)])
    book.save(folder / "plans" / "Lisboa.xlsx")
    return workbook(folder / "plans" / "kiel.xlsx"), folder / "plans" / "Lisboa.xlsx"


def same(left: Path, right: Path) -> bool:
    found = filecmp.dircmp(left, right, ignore=[])
    inside = all(same(left / each, right / each) for each in found.common_dirs)
    return inside and not (found.left_only or found.right_only or found.diff_files)


def test_several_inputs_in_one_call_and_one_after_another_give_the_same_files(tmp_path):
    kiel, lisboa = inputs(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    together, apart = tmp_path / "a" / "org", tmp_path / "b" / "org"
    run(init, together, kiel, f"{lisboa}=lx", "--country", "DE", "--country", "PT")
    run(init, apart)
    run(init, apart, "--add", kiel, "--country", "DE")
    run(init, apart, "--add", lisboa, "--office", "lx", "--country", "PT")
    assert same(together, apart)
    found = examine(together)
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    assert list(found.organization.offices) == ["portfolio-office", "kiel", "lx"]
    assert found.organization.offices["lx"].calendar.country == "PT"
    assert "time_zone: Europe/Lisbon   # CHANGE" in (together / "offices.yaml").read_text("utf-8")
    (apart / "tools.yaml").write_text("tools: []\n", "utf-8")
    assert not same(together, apart), "a difference is found"


def test_what_people_wrote_stays_byte_for_byte_when_an_office_is_added(tmp_path, capsys):
    kiel, lisboa = inputs(tmp_path)
    folder = tmp_path / "org"
    run(init, folder, kiel)
    offices = folder / "offices.yaml"
    text = offices.read_bytes().replace(b"kind: strategic  ", b"kind:   'strategic'  # ours\r\n   ", 1)
    offices.write_bytes(text.replace(b"\r\n", b"\n") + b"\n# the end, by Eva\n")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    capsys.readouterr()
    run(init, folder, "--add", f"{lisboa}=lx")
    said = capsys.readouterr().out
    assert f"changed 2 files in {folder}:" in said
    for path, was in before.items():
        if path.name not in ("offices.yaml", "tools.yaml"):
            assert path.read_bytes() == was
    rest = iter(offices.read_bytes().splitlines(keepends=True))
    assert all(line in rest for line in before[offices].splitlines(keepends=True))
    assert offices.read_bytes().endswith(b"\n# the end, by Eva\n")


def test_a_file_is_used_in_place_by_a_path_from_the_folder_and_is_read_there(tmp_path, capsys, monkeypatch):
    kiel, _ = inputs(tmp_path)
    folder = tmp_path / "org"
    monkeypatch.chdir(tmp_path)
    run(init, "org", "plans/kiel.xlsx", "--no-questions")
    assert 'file: "../plans/kiel.xlsx"' in (folder / "tools.yaml").read_text("utf-8")
    assert not list(folder.rglob("*.xlsx"))
    capsys.readouterr()
    assert run(check, folder, "--files") == 0
    assert "kiel (kiel-workbook): read" in capsys.readouterr().out
    kiel.unlink()
    assert run(check, folder, "--files") == 1, "without the file it is not read"


def test_a_file_from_elsewhere_has_its_whole_path_and_is_read_there(tmp_path, capsys):
    kiel, _ = inputs(tmp_path)
    folder = tmp_path / "deep" / "er" / "org"
    run(init, folder, kiel)
    assert f'file: "{kiel}"' in (folder / "tools.yaml").read_text("utf-8")
    capsys.readouterr()
    assert run(check, folder, "--files") == 0
    assert "kiel (kiel-workbook): read" in capsys.readouterr().out


def test_a_copy_is_made_only_where_it_is_asked_for(tmp_path):
    kiel, lisboa = inputs(tmp_path)
    folder = tmp_path / "org"
    run(init, folder, "--copy", kiel)
    assert (folder / "workbooks" / "kiel.xlsx").read_bytes() == kiel.read_bytes()
    assert 'file: "workbooks/kiel.xlsx"' in (folder / "tools.yaml").read_text("utf-8")
    run(init, folder, "--add", "--copy", f"{lisboa}=lx")
    assert (folder / "workbooks" / "lx.xlsx").is_file()


def test_an_office_that_is_there_without_a_tool_gets_its_tool(tmp_path):
    kiel, lisboa = inputs(tmp_path)
    folder = tmp_path / "org"
    run(init, folder, kiel)
    offices = (folder / "offices.yaml").read_bytes()
    run(init, folder, "--add", f"{lisboa}=portfolio-office")
    assert (folder / "offices.yaml").read_bytes() == offices
    found = examine(folder)
    assert isinstance(found, Loaded)
    assert found.organization.partition("portfolio-office").tool == "portfolio-office-workbook"


def test_what_is_answered_by_options_is_no_place_to_fill_in_and_a_new_head_is_a_person(tmp_path, capsys):
    kiel, _ = inputs(tmp_path)
    folder = tmp_path / "org"
    run(
        init, folder, kiel, "--name", "Büro Kiel", "--country", "DE-SH", "--time-zone", "Europe/Berlin",
        "--currency", "EUR", "--language", "de", "--head", "Jörg Maß",
    )  # fmt: skip
    assert "offices.yaml:" not in capsys.readouterr().out
    found = examine(folder)
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    office = found.organization.offices["kiel"]
    assert (office.name, office.calendar.country) == ("Büro Kiel", "DE-SH")
    assert found.organization.people["jorg-ma"].name == "Jörg Maß"


def test_values_of_restricted_and_secret_columns_are_not_shown(tmp_path, capsys):
    book = Workbook()
    book.active.append(["Nr.", "Titel", "Gehalt", "Notiz"])
    book.active.append(["P1", "Kai", 98765, "ghp_abcdefghij0123456789"])
    book.save(tmp_path / "kiel.xlsx")
    run(init, tmp_path / "org", tmp_path / "kiel.xlsx")
    said = capsys.readouterr().out
    assert "not mapped: Gehalt (numbers): (not shown)" in said
    assert "not mapped: Notiz (texts): (not shown)" in said
    assert "98765" not in said
    assert "Kai" in said


@pytest.mark.parametrize(
    ("more", "match"),
    [
        (["--office", "kiel"], "the office kiel is there already -> give another id with --office, or"),
        (
            ["--office", "lx", "--tool", "kiel-workbook"],
            "the tool kiel-workbook is there already -> give another",
        ),
    ],
)
def test_an_id_that_is_taken_is_refused_and_nothing_changes(tmp_path, capsys, more, match):
    kiel, lisboa = inputs(tmp_path)
    folder = tmp_path / "org"
    run(init, folder, kiel)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    capsys.readouterr()
    with pytest.raises(Problem, match=match):
        run(init, folder, "--add", lisboa, *more)
    assert capsys.readouterr().out == ""
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_list_that_nothing_can_be_added_to_is_refused_with_its_line(tmp_path):
    _, lisboa = inputs(tmp_path)
    folder = tmp_path / "org"
    run(init, folder)
    tools = folder / "tools.yaml"
    tools.write_text("tools: [{id: a, kind: workbook, settings: {file: a.xlsx}}]\npartitions: []\n", "utf-8")
    with pytest.raises(
        Problem, match=r"tools.yaml:1: `tools` does not have one entry per `- ` line -> write"
    ):
        run(init, folder, "--add", f"{lisboa}=lx")
    assert "lx" not in (folder / "offices.yaml").read_text("utf-8")


def test_to_add_to_a_folder_that_is_not_there_is_a_question_of_usage(tmp_path):
    with pytest.raises(UsageProblem, match="is no folder -> leave out --add"):
        run(init, tmp_path / "org", "--add", "x.xlsx")


def test_the_last_line_is_the_next_command(tmp_path, capsys):
    kiel, _ = inputs(tmp_path)
    run(init, tmp_path / "my org", kiel)
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == f"next: fill them in, then `interoffice check '{tmp_path / 'my org'}' --files`"
    places = next(line for line in said if line.endswith("places to fill in:"))
    assert int(places.split()[0]) == sum(": " in line and ".yaml:" in line for line in said)


def test_a_folder_without_an_organization_is_refused(tmp_path):
    kiel, _ = inputs(tmp_path)
    with pytest.raises(
        Problem, match=r"offices\.yaml has no office -> make the folder with `interoffice init` first"
    ):
        run(init, tmp_path / "plans", "--add", kiel)
    assert sorted(path.name for path in (tmp_path / "plans").iterdir()) == ["Lisboa.xlsx", "kiel.xlsx"]


def test_a_file_that_is_a_link_stays_one_and_modes_stay(tmp_path):
    kiel, _ = inputs(tmp_path)
    folder = tmp_path / "org"
    run(init, folder)
    (folder / "tools.yaml").rename(tmp_path / "shared.yaml")
    (folder / "tools.yaml").symlink_to(tmp_path / "shared.yaml")
    (folder / "offices.yaml").chmod(0o640)
    run(init, folder, "--add", kiel)
    assert (folder / "tools.yaml").is_symlink()
    assert "kiel-workbook" in (tmp_path / "shared.yaml").read_text("utf-8")
    assert (folder / "offices.yaml").stat().st_mode & 0o777 == 0o640
    assert not list(tmp_path.rglob("*.new"))


def test_where_one_file_cannot_be_replaced_none_is(tmp_path):
    kiel, _ = inputs(tmp_path)
    folder = tmp_path / "org"
    run(init, folder)
    (folder / "tools.yaml").unlink()
    (folder / "tools.yaml").symlink_to(tmp_path / "not" / "there.yaml")
    before = (folder / "offices.yaml").read_bytes()
    with pytest.raises(Problem, match="cannot be written"):
        run(init, folder, "--add", kiel)
    assert (folder / "offices.yaml").read_bytes() == before
    assert not list(folder.glob(".*.new"))


def test_an_office_may_have_several_files_where_each_tool_has_an_id(tmp_path, capsys):
    kiel, lisboa = inputs(tmp_path)
    together, apart = tmp_path / "a" / "org", tmp_path / "b" / "org"
    run(init, together, f"{kiel}=kiel", f"{lisboa}=kiel", "--tool", "kai", "--tool", "cais", "--copy")
    run(init, apart, "--copy", f"{kiel}=kiel", "--tool", "kai")
    run(init, apart, "--add", "--copy", f"{lisboa}=kiel", "--tool", "cais")
    assert same(together, apart)
    found = examine(together)
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    assert [part.tool for part in found.organization.parts("kiel")] == ["kai", "cais"]
    assert list(found.organization.offices) == ["portfolio-office", "kiel"]
    capsys.readouterr()
    run(check, together, "--files")
    said = capsys.readouterr().out
    assert "kiel (kai): read" in said
    assert "kiel (cais): read" in said

"""`interoffice init`: a skeleton that passes the check, and a proposal for the headers of existing workbooks."""

import argparse
import re
from datetime import date

import pytest
from openpyxl import Workbook

from cli import check, init
from config.organization import Loaded
from config.settings import read_settings
from config.wiring import examine, wire
from connectors.records.values import folded
from connectors.registry import connect
from domain.organization.office import Access
from runtime.problem import Problem, UsageProblem
from tests.contract.around import around


def run(verb, *words: object) -> int:
    parser = argparse.ArgumentParser()
    verb.configure(parser)
    return verb.run(parser.parse_args([str(word) for word in words]))


def test_the_skeleton_passes_the_check(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert run(init, folder) == 0
    said = capsys.readouterr().out
    assert "organization.yaml" in said
    assert f"interoffice check {folder}" in said
    assert run(check, folder) == 0
    assert "0 errors\n" in capsys.readouterr().out
    found = examine(folder)
    assert isinstance(found, Loaded)
    assert found.warnings == ()
    assert found.as_of is None


def test_every_file_of_the_skeleton_explains_itself(tmp_path):
    run(init, tmp_path / "mine")
    files = list((tmp_path / "mine").rglob("*.yaml"))
    assert {path.name for path in files} == {
        "organization.yaml", "people.yaml", "offices.yaml", "programs.yaml", "relations.yaml",
        "agreements.yaml", "tools.yaml", "webhooks.yaml", "1.0.yaml",
    }  # fmt: skip
    assert all("#" in path.read_text("utf-8") for path in files)


def test_what_is_commented_out_in_the_skeleton_is_good_too(tmp_path):
    """Taking the example entries out of their comments gives an organization that loads."""
    folder = tmp_path / "mine"
    run(init, folder)
    for path in folder.glob("*.yaml"):
        text = path.read_text("utf-8").replace(": []\n  #", ":\n  #")
        path.write_text(re.sub(r"(?m)^( +)# (?=[- ] |\w+: )", r"\1", text), "utf-8")
    offices = folder / "offices.yaml"
    text = offices.read_text("utf-8")
    oslo = text[text.index("  - id:") :].replace("portfolio-office", "oslo").replace("strategic ", "project ")
    offices.write_text(text + oslo, "utf-8")
    for room in ("tailorings", "rollouts"):
        example = (folder / room / "README.md").read_text("utf-8").split("\n\n", 1)[1]
        (folder / room / "example.yaml").write_text(
            example.replace("\n    ", "\n").removeprefix("    "), "utf-8"
        )
    found = examine(folder)
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    assert set(found.organization.offices) == {"portfolio-office", "oslo"}
    assert len(found.tailorings) == len(found.rollouts) == len(found.organization.partitions) == 1


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(Problem, match="is not empty -> name a folder that is not there yet"):
        run(init, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "mine").write_text("mine", "utf-8")
    with pytest.raises(Problem, match="is not empty"):
        run(init, tmp_path / "mine")


def test_a_place_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(Problem, match="cannot be written"):
        run(init, tmp_path / "file" / "mine")


def test_an_empty_folder_will_do(tmp_path):
    assert run(init, tmp_path) == 0


def test_an_office_without_its_workbook_is_a_question_of_usage(tmp_path):
    with pytest.raises(UsageProblem, match="give one with it, as in --workbook FILE"):
        run(init, tmp_path / "mine", "--office", "porto")


def test_an_office_must_be_an_id(tmp_path):
    with pytest.raises(UsageProblem, match="Porto Sul is no id -> write porto-sul"):
        run(init, tmp_path / "mine", "--office", "Porto Sul", "--workbook", "x.xlsx")


def test_two_workbooks_of_one_name_are_a_question_of_usage(tmp_path):
    with pytest.raises(UsageProblem, match="two inputs are for the office porto"):
        run(init, tmp_path / "mine", "--workbook", "a/Porto.xlsx", "--workbook", "b/porto.xlsx")


PROJECTS = ["Nr.", "Bezeichnung", "Phase", "Leitung", "Beginn", "% fertig", "Budget (T€)", "Ampel"]
TASKS = ["Nr.", "Projekt", "Vorgang", "Fällig", "Aufwand (Tage)"]


def workbook(path, projects=PROJECTS, tasks=TASKS):
    """An office's own workbook, in its own language."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Projekte"
    sheet.append(projects)
    sheet.append(["P1", "Kai 7", "Planung", "Ana", date(2027, 1, 4), 0.94, 120, "grün"][: len(projects)])
    sheet.append(["P2", "Kran 3", "Ausführung", "Bo", date(2027, 2, 1), 0.4, 80, "rot"][: len(projects)])
    if tasks:
        plan = book.create_sheet("Aufgaben")
        plan.append(tasks)
        plan.append(["1", "P1", "Bagger bestellen", date(2027, 3, 1), 3])
    book.create_sheet("Urlaub").append(["Wer", "Wann"])
    book.save(path)
    return path


def finnish(path):
    """A workbook in a language of which no word is known, with a title over its headers."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Hankkeet"
    sheet.append(["Kaupungin hankkeet 2027"])
    sheet.append([])
    sheet.append(["Tunnus", "Nimi", "Päättyy", "Valmiusaste", "Henkilötunnus"])
    sheet.append(["HK-1", "Uusi silta", date(2027, 9, 30), 0.4, "010190-123A"])
    sheet.append(["HK-2", "Koulun laajennus", date(2028, 5, 31), 0.05, "020280-456B"])
    book.create_sheet("Muistio").append(["Päivitetty kuukausittain"])
    book.save(path)
    return path


def test_a_sheet_in_an_unknown_language_is_shown_column_by_column_with_what_to_write(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert run(init, folder, "--workbook", finnish(tmp_path / "espoo.xlsx")) == 0
    said = capsys.readouterr().out
    assert "sheet 'Hankkeet' was not recognized; its row 3 looks like headers:" in said
    assert "not mapped: Nimi (texts): Uusi silta | Koulun laajennus\n" in said
    assert "not mapped: Päättyy (dates): 2027-09-30 | 2028-05-31\n" in said
    assert "not mapped: Valmiusaste (shares of 1): 0.4 | 0.05\n" in said
    assert "not mapped: Henkilötunnus (texts): (not shown)\n" in said
    assert (
        '  projects: {sheet: "Hankkeet", columns: {id: HEADER, title: HEADER}}   # one row per project'
        in said
    )
    assert "sheet 'Muistio' is no part of ours: no row of it has headers" in said
    text = (folder / "tools.yaml").read_text("utf-8")
    assert '# no part of ours: sheet "Hankkeet"' in text
    assert '#   its headers: "Tunnus", "Nimi", "Päättyy", "Valmiusaste", "Henkilötunnus"' in text


def test_what_is_said_of_an_unknown_sheet_is_enough_to_have_it_read(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert run(init, folder, "--workbook", finnish(tmp_path / "espoo.xlsx")) == 0
    (line,) = re.findall(r"(?m)^      (projects: .*)   #", capsys.readouterr().out)
    line = line.replace("id: HEADER", "id: Tunnus").replace("title: HEADER", "title: Nimi, finish: Päättyy")
    tools = folder / "tools.yaml"
    wanted = re.sub(
        r"(?ms)^      projects:\n.*?columns: \{id: , title: \}.*?\n",
        f"      {line}\n",
        tools.read_text("utf-8"),
    )
    tools.write_text(wanted, "utf-8")
    loaded = examine(folder)
    assert isinstance(loaded, Loaded), "\n".join(map(str, loaded))
    organization = loaded.organization
    part = organization.partition("espoo")
    read = connect(organization.tools[part.tool], part, around(folder)).read()
    assert [(p.project.title, p.project.finish) for p in read.plans] == [
        ("Uusi silta", date(2027, 9, 30)),
        ("Koulun laajennus", date(2028, 5, 31)),
    ]


def test_where_projects_and_tasks_were_found_another_sheet_is_no_third_part(tmp_path, capsys):
    assert run(init, tmp_path / "mine", "--workbook", workbook(tmp_path / "kiel.xlsx")) == 0
    said = capsys.readouterr().out
    assert "its name as the `sheet` of projects or items, which are taken from other sheets now" in said
    assert "columns: {id: HEADER" not in said


def test_the_headers_of_an_existing_workbook_are_mapped_and_it_stays_as_it_is(tmp_path, capsys):
    file = workbook(tmp_path / "Kiel Süd.xlsx")
    before = file.read_bytes()
    folder = tmp_path / "mine"
    assert run(init, folder, "--workbook", file) == 0
    assert file.read_bytes() == before
    said = capsys.readouterr().out
    assert "office kiel-sud (it was only read)" in said
    assert "'% fertig' is a name of percent_complete" in said
    assert "not mapped: Ampel" in said
    assert "sheet 'Urlaub' was not recognized; its row 1 looks like headers:" in said
    assert "not mapped: Wann (no values" in said
    found = examine(folder)
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    settings = found.organization.partition("kiel-sud").settings
    assert settings["projects"]["columns"]["title"] == "Bezeichnung"
    assert settings["projects"]["columns"]["percent_complete"] == {"header": "% fertig", "unit": "fraction"}
    assert settings["projects"]["columns"]["budget"] == {"header": "Budget (T€)", "unit": "1000"}
    assert settings["items"]["columns"]["work"]["unit"] == "days"
    assert found.organization.partition("kiel-sud").access is Access.OBSERVE


def test_the_proposal_reads_the_workbook(tmp_path):
    folder = tmp_path / "mine"
    run(init, folder, "--workbook", workbook(tmp_path / "kiel.xlsx"))
    application = wire(
        read_settings({"INTEROFFICE_ORGANIZATION": str(folder), "INTEROFFICE_STATE": str(tmp_path / "s")})
    )
    application.store.close()
    (tool,) = application.connectors("kiel").values()
    reading = tool.read()
    assert [plan.project.key for plan in reading.plans] == ["kiel/P1", "kiel/P2"]
    assert reading.plans[0].project.percent_complete == 94
    assert len(reading.plans[0].items) == 1


def test_the_file_says_how_sure_each_column_is_and_what_is_left(tmp_path, capsys):
    folder = tmp_path / "mine"
    run(init, folder, "--workbook", workbook(tmp_path / "kiel.xlsx"), "--office", "kiel")
    text = (folder / "tools.yaml").read_text("utf-8")
    assert "# high: 'Bezeichnung' is a name of title" in text
    assert '# not mapped: "Ampel"' in text
    assert "# gates: {G1: Gate 1}" in text
    assert "places to fill in:" in capsys.readouterr().out


def test_what_was_not_recognized_is_a_placeholder_that_the_check_names(tmp_path, capsys):
    folder = tmp_path / "mine"
    odd = workbook(tmp_path / "odd.xlsx", ["Foo", "Bezeichnung", "Phase", "Leitung", "Beginn"], None)
    run(init, folder, "--workbook", odd)
    places = [
        line.split(": ")[0].strip() for line in capsys.readouterr().out.splitlines() if "tools.yaml:" in line
    ]
    assert run(check, folder) == 1
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 3, said
    assert said[0].split(": ")[0] in places
    assert "`id`" in said[0]


def test_a_workbook_like_none_of_ours_leaves_placeholders(tmp_path, capsys):
    book = Workbook()
    book.active.append(["Wer", "Wann"])
    book.save(tmp_path / "leave.xlsx")
    run(init, tmp_path / "mine", "--workbook", tmp_path / "leave.xlsx")
    assert run(check, tmp_path / "mine") == 1
    said = capsys.readouterr().out
    for name in ("sheet", "id", "title"):
        assert f"`{name}` is empty" in said


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 truncated", b"no workbook at all"])
def test_a_damaged_workbook_is_refused_and_nothing_is_written(tmp_path, content):
    (tmp_path / "bad.xlsx").write_bytes(content)
    with pytest.raises(Problem, match=r"bad\.xlsx: "):
        run(init, tmp_path / "mine", "--workbook", tmp_path / "bad.xlsx")
    assert not (tmp_path / "mine").exists()


def test_headers_with_quotes_and_line_breaks_are_written_so_that_they_read_back(tmp_path):
    folder = tmp_path / "mine"
    heads = ["Nr.", "Bezeichnung", 'Am"p: {el} #1', "- x\ny"]
    run(init, folder, "--workbook", workbook(tmp_path / "kiel.xlsx", heads, None))
    assert isinstance(examine(folder), Loaded)


def test_headers_with_what_no_file_may_hold_are_written_without_it_and_found_by_it(tmp_path, capsys):
    folder, book = tmp_path / "mine", tmp_path / "kiel.xlsx"
    heads = ["Nr.\u200b", "Bezeich\u00adnung", "Fort\u2060schritt\n(%)", "Start\u202etermin"]
    run(init, folder, "--workbook", workbook(book, heads, None))
    assert not {"\u200b", "\u00ad", "\u2060", "\u202e"} & set(capsys.readouterr().out)
    found = examine(folder)
    assert isinstance(found, Loaded)
    (part,) = found.organization.partitions
    columns = part.settings["projects"]["columns"]
    assert (columns["id"], columns["title"]) == ("Nr.", "Bezeichnung")
    assert all(folded(head) in map(folded, heads) for head in ("Nr.", "Bezeichnung", "Fortschritt (%)"))

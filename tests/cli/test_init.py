"""`interoffice init`: a skeleton that passes the check, and a proposal for the headers of existing workbooks."""

import argparse
import re

import pytest

from cli import check, init
from cli.problem import Problem, UsageProblem
from config.organization import Loaded
from config.wiring import examine


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
        "agreements.yaml", "tools.yaml", "1.0.yaml",
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
    with pytest.raises(UsageProblem, match="give one --workbook"):
        run(init, tmp_path / "mine", "--office", "porto")


def test_an_office_must_be_an_id(tmp_path):
    with pytest.raises(UsageProblem, match="Porto Sul is no id -> write porto-sul"):
        run(init, tmp_path / "mine", "--office", "Porto Sul", "--workbook", "x.xlsx")


def test_two_workbooks_of_one_name_are_a_question_of_usage(tmp_path):
    with pytest.raises(UsageProblem, match="two workbooks are for the office porto"):
        run(init, tmp_path / "mine", "--workbook", "a/Porto.xlsx", "--workbook", "b/porto.xlsx")

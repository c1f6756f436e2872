"""`interoffice plan read|write`: exit codes, what is printed, and files that are written whole or not at all."""

import json
from dataclasses import replace

import pytest

from cli import main
from connectors.plan_files import plan_json, writing
from tests.connectors.plan_files.plans import plan

MADE = plan(3)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for form in ("json", "xml", "xlsx"):
        (tmp_path / f"plan.{form}").write_bytes(writing.written(MADE, form, "p", None))
    return tmp_path


def ended(*arguments: str) -> int:
    try:
        return main.main(["plan", *arguments])
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize("form", ["json", "xml", "xlsx"])
def test_a_plan_is_read_from_each_format_as_the_same_canonical_json(folder, form, capsys) -> None:
    assert ended("read", f"plan.{form}", "--json") == 0
    assert capsys.readouterr().out.encode() == plan_json.written(MADE)
    assert ended("read", f"plan.{form}", "--out", "again.json") == 0
    assert (folder / "again.json").read_bytes() == plan_json.written(MADE)


@pytest.mark.usefixtures("folder")
def test_reading_says_what_the_plan_holds_and_what_contradicts_itself(folder, capsys) -> None:
    assert ended("read", "plan.xml") == 0
    said = capsys.readouterr().out
    assert "Rollout 3: Ünlü & Söhne" in said
    assert "40 tasks" in said
    assert "scheduled from 2027-03-01" in said
    found = json.loads((folder / "plan.json").read_bytes())
    leaf = next(each for each in found["tasks"] if "duration" in each)
    del leaf["duration"], leaf["actual_finish"]
    (folder / "plan.json").write_text(json.dumps(found), "utf-8")
    assert ended("read", "plan.json") == 0
    assert f"{leaf['uid']} has no duration; give one, or 0 for a milestone" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["json", "xml", "xlsx", "ics", "html"])
def test_a_plan_is_written_with_its_certificate_first(folder, form, capsys) -> None:
    assert ended("write", "plan.json", "--to", f"new.{form}") == 0
    said = capsys.readouterr().out
    assert "stated   kept  approximated   lost  added" in said
    assert said.endswith(f"written: new.{form}\n")
    assert (folder / f"new.{form}").stat().st_size > 500
    assert {each.name for each in folder.iterdir()} == {"plan.json", "plan.xml", "plan.xlsx", f"new.{form}"}


def test_a_dry_run_writes_nothing(folder, capsys) -> None:
    assert ended("write", "plan.json", "--to", "new.xml", "--dry-run") == 0
    assert "DRY RUN: nothing was written" in capsys.readouterr().out
    assert not (folder / "new.xml").exists()


def test_a_mandated_field_that_would_be_lost_stops_the_writing(folder, capsys) -> None:
    assert ended("write", "plan.json", "--to", "m.ics", "--must", "duration") == 1
    said = capsys.readouterr().err
    assert "m.ics is not written, for it would lose task.duration (" in said
    assert "-> choose another format (.json keeps all), change the plan, or leave --must out" in said
    assert not (folder / "m.ics").exists()
    assert ended("write", "plan.json", "--to", "m.xml", "--must", "all") == 0


def test_the_certificate_is_there_for_other_programs_too(folder, capsys) -> None:
    assert ended("write", "plan.json", "--to", "m.ics", "--must", "link.lag", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["written"], told["whole"], told["lost_of_mandated"]) == (False, False, ["link.lag"])
    assert {"field", "stated", "kept", "approximated", "lost", "added", "examples"} == set(
        told["certificate"][0]
    )
    assert not (folder / "m.ics").exists()


def test_a_file_that_is_there_is_only_replaced_when_asked(folder, capsys) -> None:
    bare = replace(MADE, tasks=tuple(replace(each, start=None) for each in MADE.tasks))
    (folder / "plan.json").write_bytes(plan_json.written(bare))
    before = (folder / "plan.xml").read_bytes()
    assert ended("write", "plan.json", "--to", "plan.xml") == 1
    assert "plan.xml is there already -> name another file, or add --replace" in capsys.readouterr().err
    assert (folder / "plan.xml").read_bytes() == before
    assert ended("write", "plan.json", "--to", "plan.xml", "--replace", "--dates") == 0
    assert (folder / "plan.xml").read_bytes() != before


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["read", "nowhere.xml"], 1, "nowhere.xml is not there -> give a plan's file"),
        (["read", "."], 1, ". is no file -> give a plan's file"),
        (["read", "plan.xml", "--encoding", "klingon"], 1, "is no encoding that is known"),
        (["write", "plan.json", "--to", "plan.doc"], 2, "plans are written as .json, .xml, .xlsx, .ics, .html"),
        (["write", "plan.json", "--to", "no/where.xml"], 1, "no/where.xml cannot be written: No such file"),
        (["write", "plan.json", "--to", "x.xml", "--must", "durration"], 2, "did you mean `task.duration`?"),
        ([], 2, "required: ACTION"),
        (["write", "plan.json"], 2, "required: --to"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_line(arguments, code, said, capsys) -> None:
    assert ended(*arguments) == code
    assert said in capsys.readouterr().err


def test_a_file_that_nobody_can_read_leaves_no_trace_of_a_new_one(folder, capsys) -> None:
    (folder / "bad.xml").write_bytes(b"<Project")
    assert ended("write", "bad.xml", "--to", "new.xml") == 1
    assert "bad.xml: it is damaged XML" in capsys.readouterr().err
    assert not (folder / "new.xml").exists()


def test_help_shows_examples_and_exit_codes(capsys) -> None:
    for action in ("read", "write"):
        assert ended(action, "--help") == 0
        said = capsys.readouterr().out
        assert f"interoffice plan {action} " in said.partition("examples:")[2]
        assert "Exit 0" in said


def test_the_schema_of_a_plan_is_printed_without_an_organization(capsys) -> None:
    assert main.main(["schema", "--plan"]) == 0
    assert json.loads(capsys.readouterr().out) == plan_json.json_schema()
    assert main.main(["schema"]) == 2
    assert main.main(["schema", ".", "--plan"]) == 2

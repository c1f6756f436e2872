"""`interoffice schema DIR`: the schemas of an organization's files, for editors."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from cli import schema
from config.files import FILES, FOLDER
from runtime.problem import Problem, UsageProblem
from tests.config.good import write


def run(folder: Path) -> int:
    parser = argparse.ArgumentParser()
    schema.configure(parser)
    return schema.run(parser.parse_args([str(folder)]))


def test_it_writes_a_schema_for_every_file_and_says_how_a_file_names_its_own(tmp_path, capsys) -> None:
    assert run(write(tmp_path)) == 0
    told = capsys.readouterr().out
    assert {path.name for path in (tmp_path / FOLDER).iterdir()} == {f"{kind.name}.json" for kind in FILES}
    assert all(
        json.loads(path.read_text("utf-8"))["additionalProperties"] is False
        for path in (tmp_path / FOLDER).iterdir()
    )
    assert all(kind.modeline in told for kind in FILES)


def test_a_folder_without_an_organization_is_refused_with_what_to_do(tmp_path) -> None:
    with pytest.raises(
        UsageProblem,
        match=r"has no organization\.yaml -> give the organization's folder, or make one with `interoffice init",
    ):
        run(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_in_the_way_is_named(tmp_path) -> None:
    write(tmp_path)
    run(tmp_path)
    (tmp_path / FOLDER / "tools.json").write_text("{}", "utf-8")
    with pytest.raises(Problem, match=r"tools.json is no schema of ours -> move it"):
        run(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path) -> None:
    write(tmp_path)
    (tmp_path / FOLDER).write_text("", "utf-8")
    with pytest.raises(Problem, match="cannot be written: File exists -> "):
        run(tmp_path)

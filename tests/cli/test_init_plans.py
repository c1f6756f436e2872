"""`init` with project files: what they hold is shown, and without what reads them that is said plainly."""

import sys

import pytest

from cli import check, init
from config.organization import Loaded
from config.wiring import examine
from runtime.problem import Problem
from tests.cli.test_init import run, workbook
from tests.contract import project_files


def test_without_what_reads_project_files_it_is_said_what_to_install_and_nothing_is_written(
    tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "mpxj", None)  # as where `make project-files` was never run
    plan = tmp_path / "kai.xml"
    plan.write_bytes(project_files.plan().encode())
    with pytest.raises(Problem, match=r"kai\.xml was not read: .*(make project-files|JAVA_HOME)"):
        run(init, tmp_path / "org", plan)
    assert not (tmp_path / "org").exists()


@pytest.mark.servers  # Java
def test_project_files_and_a_workbook_become_offices_that_are_read(tmp_path, capsys):
    project_files.need_java()
    plan = project_files.plan().encode()
    (tmp_path / "Kai 7.xml").write_bytes(plan)
    (tmp_path / "line.xer").write_bytes(project_files.converted(plan, "xer"))
    folder = tmp_path / "org"
    with pytest.raises(
        Problem, match=r"line\.xer: it does not say how its letters .*; for `init`: --encoding NAME"
    ):
        run(init, folder, tmp_path / "line.xer")
    run(init, folder, tmp_path / "line.xer", "--encoding", "cp1252")
    run(init, folder, "--add", tmp_path / "Kai 7.xml", workbook(tmp_path / "kiel.xlsx"))
    said = capsys.readouterr().out
    assert "Microsoft Project XML: one project" in said
    assert "a Primavera .xer: one project" in said
    assert "for example " in said
    found = examine(folder)
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    assert {each.kind for each in found.organization.tools.values()} == {"project-file", "workbook"}
    assert found.organization.partition("kai-7").settings["project"]["id"] == "kai-7"
    assert run(check, folder, "--files") == 0
    read = capsys.readouterr().out
    assert "kai-7 (kai-7-plan): read" in read
    assert "line (line-plan): read" in read

"""Who manages a program, who stands in, and which projects are restricted is read from the files, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.organization import Loaded
from config.organization_now import NotReadable, OrganizationNow
from config.problems import Problems
from config.wiring import examine
from examples.harbor_group import player


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    player.copy_sample(tmp_path / "organization")
    return tmp_path / "organization"


def edited(folder: Path, file: str, before: str, after: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), "utf-8")


def test_managers_deputies_and_restricted_projects_are_read(folder) -> None:
    edited(
        folder,
        "offices.yaml",
        "  - id: santos\n",
        '  - id: santos\n    restricted: ["SP-01", "santos/SP-02"]\n',
    )
    loaded = examine(folder)
    assert isinstance(loaded, Loaded)
    found = loaded.organization
    assert {p.id: (p.manager, p.deputy, p.elector) for p in found.programs.values()} == {
        "terminal-automation": ("carsten-thiel", "anja-petersen", "carsten-thiel"),
        "green-corridor": ("rajesh-pillai", "grace-fernandez", "rajesh-pillai"),
    }
    assert found.restricted == {"santos/SP-01", "santos/SP-02"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("manager: carsten-thiel", "manager: carsten-tiel", "there is no person `carsten-tiel`"),
        ("deputy: anja-petersen", "deputy: anja", "there is no person `anja`"),
        (
            "deputy: anja-petersen",
            "deputy: carsten-thiel",
            "is the manager and the deputy of `terminal-automation`",
        ),
    ],
)
def test_a_manager_whom_nobody_knows_or_who_is_the_deputy_too_is_refused(folder, before, after, said) -> None:
    edited(folder, "programs.yaml", before, after)
    found = examine(folder)
    assert isinstance(found, Problems)
    assert said in str(next(iter(found)))


def test_the_organization_is_read_again_when_a_file_changed_and_not_used_while_one_is_wrong(folder) -> None:
    now = OrganizationNow(folder)
    first = now.get()
    assert now.get() is first
    edited(folder, "programs.yaml", "    deputy: anja-petersen\n", "")
    assert now.get().programs["terminal-automation"].deputy == ""
    edited(folder, "programs.yaml", "manager: carsten-thiel", "manager: [")
    with pytest.raises(NotReadable):
        now.get()
    edited(folder, "programs.yaml", "manager: [", "manager: katrin-brandt")
    assert now.get().programs["terminal-automation"].manager == "katrin-brandt"

"""docs/templates.md: its commands print what the page says, and its table has every check."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from cli import main
from domain.plans.templates.checks import CHECKS
from examples.harbor_group.player import copy_sample

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "templates.md").read_text("utf-8")
HASH = re.compile(r"@[0-9a-f]{12}")


def commands() -> list[tuple[str, list[str]]]:
    """Each command of the page, and the lines that it prints; `...` leaves out the rest."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"(?s)```console\n(.*?)```", PAGE):
        for line in block.splitlines():
            if line.startswith("$ interoffice "):
                found.append((line.removeprefix("$ interoffice "), []))
            else:
                found[-1][1].append(line)
    return found


def test_every_command_of_the_page_prints_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_sample(tmp_path / "organization")
    monkeypatch.chdir(tmp_path / "organization")
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(tmp_path / "organization"))
    digest = ""
    assert len(commands()) == 6
    for asked, told in commands():
        code = main.main(shlex.split(asked.replace("@HASH", digest)))
        said = capsys.readouterr()
        assert code == 0, said.err
        digest = match.group() if (match := HASH.search(said.out)) else digest
        lines = [HASH.sub("@HASH", line) for line in said.out.splitlines()]
        wanted = told[: told.index("...")] if "..." in told else told
        assert lines[: len(wanted)] == wanted
        assert len(lines) == len(wanted) or "..." in told


def test_the_table_has_every_check_with_its_names() -> None:
    for check, row in CHECKS.items():
        stops = "yes" if row.stops else ""
        assert (
            f"| {check.replace('_', ' ')}: tasks that {row.says} | {row.gao} | {row.dcma} | {stops} |" in PAGE
        )

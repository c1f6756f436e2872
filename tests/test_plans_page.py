"""docs/plans.md: its plan is one, its commands print what the page says, and its schema is the one that is published."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest

from cli import main

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "plans.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"(?s)```{kind}\n(.*?)```", PAGE)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "crane.json").write_text(blocks("json")[0], "utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_every_command_of_the_page_prints_what_the_page_says(capsys) -> None:
    assert len(blocks("console")) == 3
    for block in blocks("console"):
        first, _, printed = block.partition("\n")
        code = main.main(shlex.split(first.removeprefix("$ interoffice ")))
        said = capsys.readouterr()
        if printed.startswith("error: "):
            assert (code, said.err) == (1, printed)
        else:
            assert (code, said.out) == (0, printed)


def test_the_plan_of_the_page_fits_the_published_schema_and_another_does_not() -> None:
    check = jsonschema.Draft202012Validator(
        json.loads((ROOT / "docs" / "plan.schema.json").read_text("utf-8"))
    )
    made = json.loads(blocks("json")[0])
    check.validate(made)
    made["tasks"][0]["durration"] = made["tasks"][0].pop("duration")
    assert not check.is_valid(made)


def test_the_page_names_every_ending_that_plans_are_read_from_or_written_to() -> None:
    endings = (".json", ".xml", ".xlsx", ".mpp", ".xer", ".ics", ".html")
    assert [each for each in endings if f"`{each}`" not in PAGE] == []

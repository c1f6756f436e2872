"""docs/clocks.md and the files that `interoffice init` writes say the defaults as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.skeleton import TEMPLATE
from config.wiring import examine
from domain.organization.clocks import Clocks
from tests.config.good import FILES, write

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "clocks.md").read_text("utf-8")
BLOCK, *_ = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(
    "text", [BLOCK, (TEMPLATE / "organization.yaml").read_text("utf-8")], ids=["page", "init"]
)
def test_the_clocks_that_are_shown_are_the_defaults_and_load(text: str, tmp_path: Path) -> None:
    clocks = YAML(typ="safe").load(text)["clocks"]
    assert set(clocks) == set(Clocks.__slots__)
    folder = write(tmp_path)
    shown = text if "name:" in text else FILES["organization.yaml"] + text
    (folder / "organization.yaml").write_text(shown, "utf-8")
    assert examine(folder).organization.clocks == Clocks()


def test_every_clock_of_the_file_stands_in_the_pages_table() -> None:
    assert re.findall(r"(?m)^\| `([a-z_]+)` \|", PAGE) == list(Clocks.__slots__)

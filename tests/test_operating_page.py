"""docs/operating.md: its commands print what the page says, and no word, setting or flow is missing on it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import pytest
import yaml

from cli import main
from config.settings import EXAMPLES, PREFIX, Settings
from domain.delivery.held import Cause
from domain.messages.inbox import MessageState
from domain.questions.question import QuestionState
from domain.rollouts.rollout import RolloutState, Standing, WaveState
from domain.standards.verdict import Result
from tests.tasks.conftest import Desk, copy_of, leave, stages  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
WORDS = (RolloutState, WaveState, Standing, Result, Cause, QuestionState, MessageState)


@pytest.fixture
def desk(stages, tmp_path, monkeypatch) -> Iterable[Desk]:  # noqa: F811 - pytest gives it by its name
    monkeypatch.chdir(tmp_path)  # where a command of the page writes a file
    yield copy_of(stages, 2, tmp_path / "place", monkeypatch)
    leave()


def sessions(page: str) -> list[tuple[str, str]]:
    """Each command of the page that is shown with a prompt, and what the page says that it prints."""
    found = []
    for block in re.findall(r"(?ms)^ *```console\n(.*?)^ *```", page):
        margin = min(len(line) - len(line.lstrip()) for line in block.splitlines() if line.strip())
        lines = "\n".join(line[margin:] for line in block.splitlines())
        for session in re.split(r"(?m)^\$ interoffice ", lines)[1:]:
            command, _, printed = session.partition("\n")
            found.append((command, printed.strip("\n")))
    return found


def absent(page: str, words: Iterable[str]) -> list[str]:
    """Those of the words that the page does not have as code."""
    return [word for word in words if f"`{word}`" not in page]


def every_word(kinds: Iterable[type[StrEnum]] = WORDS) -> list[str]:
    return [str(word) for kind in kinds for word in kind]


@pytest.mark.usefixtures("desk")
def test_every_command_of_the_page_ends_well_and_prints_what_the_page_says(capsys) -> None:
    assert len(sessions(PAGE)) >= 5
    for command, printed in sessions(PAGE):
        assert main.main(shlex.split(command)) == 0, command
        said = capsys.readouterr().out.rstrip("\n")
        if printed:
            assert said == printed, command


def test_no_word_setting_or_flow_is_missing() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    assert absent(PAGE, every_word()) == []
    assert absent(PAGE, [f"{PREFIX}{name.upper()}" for name in EXAMPLES]) == []
    assert absent(PAGE, [each["name"] for each in deployments]) == []


def test_the_defaults_of_the_page_are_those_of_the_code() -> None:
    for name, default in re.findall(r"\| `INTEROFFICE_(\w+)` \| `([^`]+)` \|", PAGE):
        assert str(Settings.model_fields[name.lower()].default) == default


def test_what_is_missing_or_wrong_is_found() -> None:
    assert absent(PAGE.replace("`parked`", ""), every_word()) == ["parked"]
    ((command, printed),) = sessions(
        "1. x\n\n   ```console\n   $ interoffice held\n   Nothing\n     more\n   ```\n"
    )
    assert (command, printed) == ("held", "Nothing\n  more")

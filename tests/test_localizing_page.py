"""docs/localizing.md: its commands print what the page says, with the answers that stand there, on the sample's pilot."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest

from cli import main
from config.wiring import wire
from domain.deployments.sharing import Basis, Share
from domain.plans.templates.release import release
from domain.plans.templates.template import Standing
from examples.harbor_group.player import copy_sample
from runtime.place import add_options, standing

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "localizing.md").read_text("utf-8")
AGREEMENT = "{id: finance, giver: singapore, taker: dammam, shares: [templates], since: 2027-01-01}"


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


def shared() -> None:
    """The pilot's draft is released, and shared with dammam."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    application = wire(standing(parser.parse_args([])).settings)
    at = application.clock.now()
    with application.store.begin() as unit:
        draft = unit.templates.draft("finance-system").template
        unit.templates.release(release(draft, [], Standing.SUPPORT_ENDED, None, at.date()), at)
        unit.deployments.share(Share("finance-system", "singapore", Basis.AGREEMENT, "finance", at))
        unit.commit()


def test_every_command_of_the_page_prints_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "organization"
    copy_sample(folder)
    (folder / "agreements.yaml").write_text(f"agreements:\n  - {AGREEMENT}\n")
    (folder / "answers.yaml").write_text(re.findall(r"(?s)```yaml\n(.*?)```", PAGE)[0])
    monkeypatch.chdir(folder)
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(folder))
    pilot = ["pilots/singapore-finance.xml", "--office", "singapore", "--template", "finance-system"]
    assert main.main(["plan", "capture", *pilot, "--store", "--why", "done"]) == 0
    shared()
    capsys.readouterr()
    assert len(commands()) == 7
    for asked, told in commands():
        code = main.main(shlex.split(asked))
        said = capsys.readouterr()
        assert code == 0, said.err
        lines = said.out.splitlines()
        wanted = told[: told.index("...")] if "..." in told else told
        assert lines[: len(wanted)] == wanted
        assert len(lines) == len(wanted) or "..." in told
    assert "vacant: Tester" in (folder / "plan.html").read_text()
    assert (folder / "taken-over" / "answers" / "dammam" / "finance-system" / "1.yaml").is_file()

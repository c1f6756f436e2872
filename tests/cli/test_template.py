"""What the commands about templates say of wrong usage and of files that cannot be used, and what they keep private."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from cli import main
from tests.config.good import write
from tests.config.test_templates import GOOD


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small organization in which porto owns a template's file."""
    (tmp_path / "organization").mkdir()
    folder = write(tmp_path / "organization")
    (tmp_path / "t.yaml").write_text(GOOD.replace("hamburg", "porto"), "utf-8")
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main.main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_an_imported_file_is_a_draft_that_is_listed_shown_and_exported_as_it_came(capsys) -> None:
    code, out, err = said(capsys, "template", "import", "t.yaml")
    assert (code, out.split()[1:4]) == (0, ["is", "stored", "as"])
    draft = out.split()[0]
    assert f"next: interoffice run release-template draft={draft} person=..." in err
    assert said(capsys, "template", "list")[1].startswith(f"{draft}  draft of porto, 3 tasks, imported")
    found = json.loads(said(capsys, "template", "list", "--json")[1])
    assert [each["draft"] for each in found["drafts"]] == [draft]
    page = said(capsys, "template", "show", draft)[1]
    assert "  B (conditional)" in page
    assert "check: " in page
    assert said(capsys, "template", "export", draft, "--to", "again.json")[0] == 0
    assert stat.S_IMODE(Path("again.json").stat().st_mode) == 0o600
    assert said(capsys, "template", "import", "again.json")[1].split()[0] == draft


WRONG = [
    (("template", "show"), 2, "TEMPLATE with show -> name one"),
    (("template", "list", "erp"), 2, "TEMPLATE with list -> leave it out"),
    (("template", "list", "--to", "x"), 2, "only an export is written to a file"),
    (("template", "show", "erp"), 1, "there is no released template 'erp'; there are none"),
    (("template", "export", "erp@12"), 1, "there is no draft erp@12; there are none"),
    (("template", "import", "nothing.yaml"), 1, "nothing.yaml:1: cannot be read"),
    (
        ("plan", "capture", "t.yaml", "--template", "erp"),
        2,
        "whose plan is t.yaml? -> give --office, one of hq",
    ),
    (("plan", "capture", "t.yaml", "--template", "erp", "--office", "x"), 1, "there is no office 'x'"),
    (("plan", "capture", "porto/P-1", "--template", "erp"), 1, "porto was never read"),
    (("plan", "capture", "t.yaml", "--template", "erp", "--office", "porto"), 1, "t.yaml"),
]


def test_what_cannot_be_done_is_said_with_what_to_do(capsys) -> None:
    for arguments, code, told in WRONG:
        found, _, err = said(capsys, *arguments)
        assert (found, told in err) == (code, True), err
        assert "Traceback" not in err
        assert "details:" not in err


def test_every_error_of_an_imported_file_is_named_with_its_line(capsys) -> None:
    text = Path("t.yaml").read_text("utf-8").replace("duration: 40h", "duration: 5d").replace("EUR", "EURO")
    Path("t.yaml").write_text(text, "utf-8")
    code, _, err = said(capsys, "template", "import", "t.yaml")
    assert (code, [line.split(": ")[1] for line in err.splitlines()]) == (1, ["t.yaml:12", "t.yaml:14"])


def test_an_owner_that_is_no_office_is_refused(capsys) -> None:
    Path("t.yaml").write_text(GOOD, "utf-8")
    code, _, err = said(capsys, "template", "import", "t.yaml")
    assert (code, "owner: there is no office 'hamburg'; give one of hq" in err) == (1, True)


def test_an_export_refuses_to_overwrite_other_content(capsys, folder: Path) -> None:
    assert said(capsys, "export", "out")[1] == "0 written, 0 there already\n"
    assert not (folder / "templates").exists()

"""`interoffice ledger export`, then `verify FILE` where nothing else is: what a command says of a file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli import main
from store import Store
from tests.conftest import ROOT
from tests.store.test_ledger import filled


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """An exported ledger of twelve entries, and its head; the database is gone."""
    database = tmp_path / "state" / "interoffice.db"
    database.parent.mkdir(mode=0o700)
    monkeypatch.setenv("INTEROFFICE_DATABASE_URL", f"sqlite:///{database}")
    store = Store(f"sqlite:///{database}", head=database.parent / "ledger.head")
    store.upgrade()
    head = filled(store)
    store.close()
    path = tmp_path / "ledger.jsonl"
    assert main.main(["ledger", "export", "--state", str(database.parent), "--to", str(path)]) == 0
    for each in database.parent.iterdir():
        each.unlink()
    monkeypatch.delenv("INTEROFFICE_DATABASE_URL")
    return path, head


def verify(path: Path, *more: str, capsys) -> tuple[int, str]:
    capsys.readouterr()
    code = main.main(["ledger", "verify", str(path), *more])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_file_is_verified_in_an_empty_folder_without_a_network_or_a_database(exported, tmp_path):
    path, head = exported
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "ledger", "verify", path],
        cwd=empty, env={"PATH": os.environ["PATH"], "HOME": str(empty), "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"the file holds the ledger unchanged: 12 entries; its head is {head}\n"
    assert list(empty.iterdir()) == []


def test_a_head_on_a_report_is_compared_with_the_file(exported, capsys):
    path, head = exported
    assert verify(path, "--head", head[:12], capsys=capsys)[0] == 0
    code, said = verify(path, "--head", "0" * 64, capsys=capsys)
    assert code == 1
    assert "--head names the head 000000000000, which is not in it" in said


def test_a_changed_file_names_its_first_bad_entry_and_what_to_do(exported, capsys):
    path, _ = exported
    path.write_bytes(path.read_bytes().replace(b"porto/5", b"porto/6"))
    code, said = verify(path, capsys=capsys)
    assert code == 1
    assert "error: the ledger breaks at entry 5: its content was changed after it was written" in said
    assert "ask for a new export" in said


def test_a_cut_off_file_names_the_last_entry_that_it_has(exported, capsys):
    path, _ = exported
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:9]))
    code, said = verify(path, capsys=capsys)
    assert code == 1
    assert (
        "error: the ledger was shortened after entry 8: the file's first line names entry 12, which is not in it"
    ) in said


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n", b"number,kind\n1,adoption\n", b"{}\n", b"\xff\xfe\n"]
)
def test_what_is_no_export_is_said_to_be_none(tmp_path, capsys, content):
    path = tmp_path / "other"
    path.write_bytes(content)
    code, said = verify(path, capsys=capsys)
    assert code == 1
    assert "error: the file's first line is " in said


def test_a_file_that_is_not_there_and_an_export_of_a_file_say_what_to_do(tmp_path, capsys):
    assert main.main(["ledger", "verify", str(tmp_path / "none")]) == 1
    assert "give a file that `interoffice ledger export --to` wrote" in capsys.readouterr().err
    assert main.main(["ledger", "verify", str(tmp_path)]) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert main.main(["ledger", "export", str(tmp_path / "none")]) == 2
    assert "leave FILE out, or give it by --to" in capsys.readouterr().err

"""`interoffice retention`: first it says what would go, with --write it goes; what is held stays and is counted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli import main
from config.settings import read_settings
from config.wiring import wire
from tests.gateway.pages.desk import FILES
from tests.tasks.test_retaining import filled, over

COUNTED = {"reports": 3, "plans": 2, "cases": 1}
"""What is too old by the organization's clock; messages and logs are judged by that of the machine."""
HELD = "retention: {hold: [%s]}\n"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three offices in 2040, with one of each kind that is too old, and something newer of each."""
    place = tmp_path_factory.mktemp("kept")
    for name, text in {**FILES, "clock.yaml": "as_of: 2040-01-02T07:00:00Z\n"}.items():
        path = place / "organization" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (place / "state").mkdir(0o700)
    with pytest.MonkeyPatch.context() as there:
        at(place, there)
        application = wire(read_settings())
        application.store.upgrade()
        filled(application)
        application.store.close()
    return place


@pytest.fixture
def place(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    at(tmp_path, monkeypatch)
    return tmp_path


def at(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEROFFICE_STATE", str(place / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(place / "organization"))


def said(capsys, *more: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main.main(["retention", *more]) == code
    shown = capsys.readouterr()
    return shown.out if code == 0 else shown.err


def counts(text: str) -> dict[str, tuple[int, int]]:
    return {each["what"]: (each["count"], each["held"]) for each in json.loads(text)["removed"]}


def files(place: Path) -> set[str]:
    """The reports and logs that are there."""
    found = (path for name in ("reports", "logs") for path in (place / "state" / name).rglob("*"))
    return {str(path.relative_to(place)) for path in found if path.is_file()}


def test_it_says_first_what_would_go_and_write_removes_that_once(place: Path, capsys) -> None:
    before = files(place)
    dry = said(capsys, "--json")
    assert json.loads(dry)["dry_run"] is True
    assert {what: n for what, (n, _) in counts(dry).items() if what in COUNTED} == COUNTED
    text = said(capsys)
    assert "DRY RUN, nothing was written" in text
    assert files(place) == before, "looking twice removed nothing"
    done = said(capsys, "--json", "--write", "--why", "the auditors asked for it")
    assert json.loads(done)["dry_run"] is False
    assert counts(done) == counts(dry), "what is done is what was said"
    assert len(files(place)) < len(before)
    again = counts(said(capsys, "--json", "--write"))
    assert {n for n, _ in again.values()} == {0}, "done again, it removes nothing"


@pytest.mark.usefixtures("place")
def test_each_kind_stands_in_a_line_with_its_days_and_runs_are_said_to_be_prefects(
    capsys,
) -> None:
    lines = said(capsys).splitlines()
    by_kind = {line.split()[0]: line for line in lines[:-1]}
    assert set(by_kind) >= {*COUNTED, "messages", "logs", "runs"}
    assert by_kind["cases"].split("  ")[-1].strip() == "1, of 2027-01-07 to 2027-01-07"
    assert "in Prefect's own database" in by_kind["runs"]


def test_what_a_hold_keeps_is_counted_and_stays(place: Path, capsys) -> None:
    case = over().id
    organization = place / "organization/organization.yaml"
    text = organization.read_text("utf-8")
    assert "\nretention:" not in text
    organization.write_text(f"{text}\n{HELD % case}", "utf-8")
    assert counts(said(capsys, "--json"))["cases"] == (0, 1)
    assert "; 1 held" in next(line for line in said(capsys).splitlines() if line.startswith("cases"))
    assert counts(said(capsys, "--json", "--write"))["cases"] == (0, 1)
    application = wire(read_settings())
    with application.store.read() as unit:
        assert unit.cases.get(case) is not None
        assert unit.ledger.verify() is None
    application.store.close()
    organization.write_text(text, "utf-8")
    assert counts(said(capsys, "--json", "--write"))["cases"] == (1, 0), "held no more, it goes"


def test_bad_input_is_refused_with_its_place_and_removes_nothing(place: Path, capsys) -> None:
    before = files(place)
    with pytest.raises(SystemExit) as usage:
        main.main(["retention", "--days", "5"])
    assert usage.value.code == 2
    assert "no folder" in said(capsys, "--write", "--organization", str(place / "nowhere"), code=1)
    organization = place / "organization/organization.yaml"
    text = organization.read_text("utf-8")
    for wrong, named in (("messages: soon", "messages"), ("letters: 5", "letters"), ("hold: 5", "hold")):
        organization.write_text(f"{text}\nretention: {{{wrong}}}\n", "utf-8")
        told = said(capsys, "--write", code=1)
        assert "organization.yaml" in told
        assert named in told
    organization.write_text(text, "utf-8")
    assert files(place) == before

"""After erasing, no file of the state folder has the person, and the record holds; a backup needs it once more."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from cli.main import main
from config.people import people_now
from domain.cases.case import Said
from domain.directives.following import attested
from store import erasing
from tests.domain.directives.sample import made, written
from tests.tasks.conftest import Desk, copy_of, forget, leave, stages  # noqa: F401 - fixtures

pytestmark = pytest.mark.servers

WHO, NAME, STAND_IN = "els-wouters", "Els Wouters", "karim-el-amrani"
SPELLINGS = [b"els-wouters", b"els wouters", b"wouters, els"]


def places(folder: Path) -> set[str]:
    """Where the person stands in files and in what they pack; looked for without any code of ours."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file() and folder / "organization" not in path.parents:
            found |= {f"{path.relative_to(folder)}{where}" for where, body in packed(path) if has(body)}
    return found


def has(body: bytes) -> bool:
    lower = body.lower()
    return any(each in lower or each.decode().encode("utf-16-le") in lower for each in SPELLINGS)


def packed(path: Path):
    content = path.read_bytes()
    yield "", content
    if content[:2] == b"PK":
        with zipfile.ZipFile(path) as archive:
            yield from ((f"!{name}", archive.read(name)) for name in archive.namelist())
    if content.startswith(b"SQLite format 3"):
        with closing(sqlite3.connect(path)) as connection:
            for (table,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type='table'"
            ).fetchall():
                for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own names
                    yield from ((f"#{table}", opened(each)) for each in row if isinstance(each, bytes))


def opened(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return body


@pytest.fixture(scope="module")
def written_of(stages, tmp_path_factory):  # noqa: F811 - the fixture
    """The sample after two weeks, with the person in all kinds of places that an operator may bring about."""
    place = tmp_path_factory.mktemp("written-of")
    with pytest.MonkeyPatch.context() as patch:
        put_everywhere(copy_of(stages, 2, place, patch))
        leave()
    return place


@pytest.fixture
def running(written_of, tmp_path, monkeypatch):
    """A copy of it."""
    yield copy_of({2: written_of}, 2, tmp_path, monkeypatch)
    leave()


@pytest.fixture
def state(running):
    return running.folder.parent / "state"


def put_everywhere(running: Desk) -> None:
    organization, folder = running.folder, running.folder.parent / "state"
    offices = organization / "offices.yaml"
    offices.write_text(offices.read_text("utf-8").replace(WHO, STAND_IN), "utf-8")
    (folder / "logs").mkdir(exist_ok=True)
    (folder / "logs/worker.log").write_text(f"asked by {NAME}\nby {WHO}: Els  Wouters\n", "utf-8")
    (folder / "uploads").mkdir(exist_ok=True)
    book = openpyxl.Workbook()
    book.active.append(["Owner", NAME])
    book.save(folder / "uploads/plan.xlsx")
    (folder / "reports/by-hand.html").write_text(
        f"<!doctype html>\n<html lang=en><p>{NAME}</p></html>", "utf-8"
    )
    prefect = folder / "prefect"
    prefect.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "PREFECT_HOME": str(prefect),
        "PREFECT_PROFILES_PATH": str(prefect / "profiles.toml"),
    }
    done = [sys.executable, "-m", "runtime.prefect_database"]
    subprocess.run(done, env=environment, check=True, capture_output=True, timeout=120)
    with closing(sqlite3.connect(prefect / "prefect.db")) as connection:
        connection.execute(
            "INSERT INTO log (id, name, level, message, timestamp, created, updated) VALUES (?, 'x', 20, ?, '2027-01-04', '2027-01-04', '2027-01-04')",
            (str(uuid.uuid4()), f"why: {NAME} is on leave"),
        )
        connection.execute(
            "INSERT INTO variable (id, name, value, tags, created, updated) VALUES (?, 'note', ?, '[]', '2027-01-04', '2027-01-04')",
            (str(uuid.uuid4()), json.dumps({"owner": WHO})),
        )
        connection.commit()
    with running.application.store.begin() as unit:
        unit.marks.set("note", f"{NAME} asked")
        unit.pseudonyms.of(WHO)
        unit.pseudonyms.of(NAME)
        there = made(written(text=f"{NAME} shows every crane", why=f"{WHO} asked for it"))
        unit.directives.add(attested(there, "porto", "head", f"said {NAME}", Said(there.at, WHO)))
        unit.commit()


def told(capsys, *arguments: str, code: int = 0) -> str:
    assert main(["person", *arguments]) == code
    return capsys.readouterr().out


def test_nothing_of_the_person_is_left_and_the_work_goes_on(state, running, capsys) -> None:
    before = places(state)
    assert {each.partition("#")[0].partition("!")[0] for each in before} >= {
        "interoffice.db", "prefect/prefect.db", "logs/worker.log", "uploads/plan.xlsx", "reports/by-hand.html",
    }  # fmt: skip
    shown = told(capsys, "erase", WHO)
    assert shown.startswith("DRY RUN, nothing was written")
    assert "next: the same command with --write" in shown
    assert places(state) == before
    shutil.copytree(state, state.parent / "backup")

    done = told(capsys, "erase", WHO, "--write")
    assert "take the entry els-wouters out of" in done
    assert places(state) == set()
    pseudonym = done.split()[0]
    assert f'<html data-erased="{pseudonym}"' in (state / "reports/by-hand.html").read_text("utf-8")
    assert openpyxl.load_workbook(state / "uploads/plan.xlsx").active["B1"].value == pseudonym
    assert main(["ledger", "verify"]) == 0
    assert main(["ledger", "export", "--to", str(state.parent / "ledger.jsonl")]) == 0
    entries = [json.loads(line) for line in (state.parent / "ledger.jsonl").read_text().splitlines()[1:]]
    changed = [
        each for entry in entries if entry.get("kind") == "erasure" for each in entry["detail"]["changed"]
    ]
    assert all(old != new for what, old, new in changed if "prefect.db" not in what)
    assert "file:reports/by-hand.html" in {what for what, _, _ in changed}

    forget()
    running.play(3)
    read = {each.office: each for each in running.period().read}
    assert read["antwerp"].problem == ""
    forget()


def test_a_backup_has_the_person_until_it_is_erased_there_too(state, capsys) -> None:
    shutil.copytree(state, state.parent / "backup")
    told(capsys, "erase", WHO, "--write")
    people = running_people(state)
    people.write_text("\n".join(without_entry(people.read_text("utf-8"))), "utf-8")
    assert WHO not in people_now(people.parent)
    shutil.rmtree(state)
    shutil.copytree(state.parent / "backup", state)
    forget()
    assert places(state)
    told(capsys, "erase", WHO, "--also", NAME, "--write")
    assert places(state) == set()


def running_people(state: Path) -> Path:
    return state.parent / "organization/people.yaml"


def without_entry(text: str):
    skipping = False
    for line in text.splitlines():
        if line.startswith("  - id: "):
            skipping = line.endswith(WHO)
        if not skipping:
            yield line


def test_a_table_that_is_left_out_is_named_and_the_command_fails(state, monkeypatch, capsys) -> None:
    monkeypatch.setattr(erasing, "KEPT_AS_THEY_ARE", erasing.KEPT_AS_THEY_ARE | {"plan_contents"})
    done = told(capsys, "erase", WHO, "--write", code=1)
    assert "left: interoffice.db: the person stands in it" in done
    assert "left: table plan_contents, " in done
    assert places(state) == {"interoffice.db"}


def test_what_cannot_be_done_safely_is_refused_with_the_place(state, capsys) -> None:
    offices = state.parent / "organization/offices.yaml"
    kept = offices.read_text("utf-8")
    offices.write_text(kept.replace(STAND_IN, WHO, 1), "utf-8")
    number = next(n for n, line in enumerate(offices.read_text("utf-8").splitlines(), 1) if WHO in line)
    assert main(["person", "erase", WHO, "--write"]) == 1
    assert f"offices.yaml:{number} -> put somebody else there first" in capsys.readouterr().err
    offices.write_text(kept, "utf-8")
    (state / "uploads/bad.xlsx").write_bytes(b"PK\x03\x04 no archive")
    assert main(["person", "erase", WHO, "--write"]) == 1
    assert "uploads/bad.xlsx cannot be written anew" in capsys.readouterr().err
    assert main(["person", "erase", "nobody-of-us"]) == 1
    assert "--also 'First Last'" in capsys.readouterr().err
    assert main(["person", "erase", "antwerp", "--also", "Antwerp Office"]) == 1
    assert "is the id of an office" in capsys.readouterr().err
    assert main(["person", "erase", WHO, "--also", "E"]) == 1
    assert "too short" in capsys.readouterr().err
    (state / "uploads/bad.xlsx").unlink()
    assert places(state)


@pytest.mark.usefixtures("state")
def test_all_that_is_stored_of_a_person_is_given_out_in_one_file(tmp_path, capsys) -> None:
    told(capsys, "export", WHO, "--to-file", str(tmp_path / "els.json"))
    found = json.loads((tmp_path / "els.json").read_text("utf-8"))
    assert found["people_yaml"]["name"] == NAME
    assert {"marks", "plan_contents"} <= {row["table"] for row in found["rows"]}
    assert {"logs/worker.log", "uploads/plan.xlsx", "prefect/prefect.db"} <= {
        each["file"] for each in found["files"]
    }
    assert main(["person", "export", WHO, "--to-file", str(tmp_path / "els.json")]) == 1
    assert "name a new file" in capsys.readouterr().err

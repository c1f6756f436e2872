"""The state folder: one `up` at a time, and the lock goes away with its holder."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from runtime.folder import SERVING, StateFolder, write_whole
from runtime.ports import listen, port_of
from runtime.problem import Problem

HOLD = """
import sys, time
from pathlib import Path
from runtime.folder import StateFolder
folder = StateFolder(Path(sys.argv[1]))
with folder.held(print):
    folder.note(stage=sys.argv[2], ui="http://127.0.0.1:4299")
    print("held", flush=True)
    time.sleep(float(sys.argv[3]))
"""


def holder(folder: StateFolder, stage: str, seconds: float) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder.root), stage, str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    return process


@pytest.fixture
def folder(tmp_path) -> StateFolder:
    made = StateFolder(tmp_path / "state")
    made.make()
    return made


def test_a_second_up_is_told_where_the_serving_one_is(folder) -> None:
    first = holder(folder, SERVING, 60)
    try:
        assert folder.is_held
        with (
            pytest.raises(Problem, match=rf"already up at http://127\.0\.0\.1:4299 \(pid {first.pid}\)"),
            folder.held(lambda _: None),
        ):
            pass
    finally:
        first.kill()
        first.communicate()


def test_a_second_up_waits_for_one_that_is_at_its_job_and_says_so_once(folder) -> None:
    first = holder(folder, "working", 1)
    told = []
    began = time.monotonic()
    with folder.held(told.append):
        assert time.monotonic() - began > 0.3
    first.communicate()
    assert told == [f"another `up` (pid {first.pid}) is at work here; waiting for it"]


def test_it_does_not_wait_for_ever(folder) -> None:
    first = holder(folder, "working", 60)
    try:
        with pytest.raises(Problem, match="try again later"), folder.held(lambda _: None, patience=0.5):
            pass
    finally:
        first.kill()
        first.communicate()


def test_a_killed_holder_holds_nothing(folder) -> None:
    first = holder(folder, SERVING, 60)
    first.kill()
    first.communicate()
    assert not folder.is_held
    with folder.held(lambda _: None):
        assert folder.is_held
        assert folder.notes()["pid"] == os.getpid()
    assert folder.notes()["stage"] == "ended"


def test_a_folder_that_cannot_be_made_is_a_problem_that_names_it(tmp_path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(Problem, match=r"cannot write the state folder .*file.* -> give another one"):
        StateFolder(tmp_path / "file" / "state").make()


def test_a_state_folder_is_ignored_by_git_wherever_it_lies(folder) -> None:
    assert (folder.root / ".gitignore").read_text("utf-8") == "*\n"


def test_two_folders_have_two_identities_and_a_link_has_the_same(tmp_path, folder) -> None:
    (tmp_path / "link").symlink_to(folder.root)
    assert StateFolder(tmp_path / "link").identity == folder.identity
    assert StateFolder(tmp_path / "other").identity != folder.identity


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_notes_that_cannot_be_read_are_none(folder, text) -> None:
    (folder.root / "up.json").write_text(text, "utf-8")
    assert folder.notes() == {}
    folder.note(stage="working")
    assert json.loads((folder.root / "up.json").read_text("utf-8")) == {"stage": "working"}


def test_a_file_is_replaced_whole(tmp_path) -> None:
    write_whole(tmp_path / "notes", "one")
    write_whole(tmp_path / "notes", "two")
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]
    assert (tmp_path / "notes").read_text("utf-8") == "two"


def test_a_port_in_use_is_passed_over_and_one_that_was_chosen_is_taken_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        taken = held.getsockname()[1]
        with listen(taken) as passed:
            assert port_of(passed) > taken
    with listen(taken) as chosen:
        assert port_of(chosen) == taken


def test_no_port_at_all_is_a_problem(monkeypatch) -> None:
    monkeypatch.setattr("runtime.ports.TRIES", 1)
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        with pytest.raises(Problem, match=f"no port from {port}"):
            listen(port)

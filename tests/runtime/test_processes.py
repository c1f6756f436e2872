"""The processes of a state folder: found after a crash, ended with their child sessions, and no others."""

import json
import os
import subprocess
import sys
import time

import psutil
import pytest

from runtime.folder import StateFolder
from runtime.processes import MARK, RUN, Processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
]
STARTS_A_SESSION = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
time.sleep(60)
"""
PARENT_OF_A_SESSION = [sys.executable, "-c", STARTS_A_SESSION]


@pytest.fixture
def folder(tmp_path) -> StateFolder:
    made = StateFolder(tmp_path / "state")
    made.make()
    return made


@pytest.fixture
def processes(folder):
    ours = Processes(folder)
    yield ours
    ours.end(polite=0.0)


def ours(folder: StateFolder) -> list[psutil.Process]:
    return Processes(folder)._ours()


def until(found, patience: float = 10.0) -> None:
    deadline = time.monotonic() + patience
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_is_started_runs_in_a_session_of_its_own_with_its_output_in_a_file(folder, processes) -> None:
    processes.start(
        "one", [sys.executable, "-c", "import os; print(os.getsid(0), os.getcwd())"], dict(os.environ)
    )
    until(lambda: not processes.alive("one"))
    session, place = (folder.logs / "one.log").read_text("utf-8").split()
    assert int(session) != os.getsid(0)
    assert place == str(folder.scratch)
    assert processes.ended() == {"one": 0}
    assert str(session) in processes.last_words("one")


def test_a_child_session_of_a_killed_program_is_found_and_ended(folder, processes) -> None:
    processes.start("parent", PARENT_OF_A_SESSION, dict(os.environ))
    until(lambda: len(ours(folder)) == 2)
    next(p for p in ours(folder) if p.ppid() == os.getpid()).kill()
    until(lambda: not processes.alive("parent"))
    assert len(ours(folder)) == 1, "it outlived its parent"
    assert Processes(folder).end() == 1, "a successor ends it"
    assert ours(folder) == []


def test_one_that_does_not_listen_is_ended_all_the_same_and_soon(folder, processes) -> None:
    processes.start("server", DEAF, dict(os.environ))
    processes.start("worker", DEAF, dict(os.environ))
    until(lambda: len(ours(folder)) == 2)
    began = time.monotonic()
    processes.end()
    assert time.monotonic() - began < 5
    assert ours(folder) == []


def test_processes_of_another_folder_are_left_alone(processes, tmp_path) -> None:
    other = StateFolder(tmp_path / "other")
    other.make()
    theirs = Processes(other)
    theirs.start("server", SLEEP, dict(os.environ))
    try:
        processes.end()
        assert theirs.alive("server")
    finally:
        theirs.end(polite=0.0)


@pytest.mark.parametrize("planted", ["other start", "other folder", "nonsense"])
def test_a_note_that_does_not_fit_the_process_ends_nothing(folder, planted) -> None:
    bystander = subprocess.Popen(SLEEP)
    try:
        started = psutil.Process(bystander.pid).create_time()
        entry = {"name": "server", "pid": bystander.pid, "started": started}
        notes = {"identity": folder.identity, "processes": [entry]}
        if planted == "other start":
            entry["started"] = started - 100
        elif planted == "other folder":
            notes["identity"] = "a copied folder"
        else:
            notes["processes"] = [{"pid": "x"}, {}]
        (folder.root / "processes.json").write_text(json.dumps(notes), "utf-8")
        Processes(folder).end(polite=0.0)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_note_that_fits_is_enough_where_the_environment_tells_nothing(folder) -> None:
    left = subprocess.Popen(SLEEP)
    entry = {"name": "server", "pid": left.pid, "started": psutil.Process(left.pid).create_time()}
    notes = {"identity": folder.identity, "processes": [entry]}
    (folder.root / "processes.json").write_text(json.dumps(notes), "utf-8")
    Processes(folder).end(polite=0.0)
    assert left.wait(5) < 0


def test_a_flow_process_is_known_by_its_run(processes) -> None:
    environment = {**os.environ, RUN: "11111111-2222-3333-4444-555555555555"}
    processes.start("worker", SLEEP, environment)
    until(processes.flow_processes)
    assert list(processes.flow_processes()) == ["11111111-2222-3333-4444-555555555555"]


def test_it_never_ends_itself_or_who_started_it(folder) -> None:
    inside = (
        "import sys; from pathlib import Path; from runtime.folder import StateFolder;"
        "from runtime.processes import Processes; print(Processes(StateFolder(Path(sys.argv[1]))).end())"
    )
    environment = {**os.environ, MARK: folder.identity}
    shell = f'"{sys.executable}" -c "{inside}" "{folder.root}"; echo alive'
    done = subprocess.run(
        ["sh", "-c", shell], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stdout.split() == ["0", "alive"], done.stderr

"""Java in a process of its own: found or told what to install, killed, silent, forked, and never left behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.errors import Refused, TryLater
from connectors.project_file import java as schedule_java
from connectors.project_file import schedule
from connectors.project_file.process import CHILD, KEEPER
from connectors.project_file.settings import ProjectFileSettings, ProjectFileTool
from tests.contract import project_files

ROOT = Path(__file__).resolve().parents[3]
PLAN = project_files.plan().encode()
READ = {"do": "read", "kind": "mspdi", "fields": []}


@pytest.fixture
def no_java(monkeypatch, tmp_path):
    """A machine on which no Java is found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(schedule_java, "USUAL", (str(tmp_path / "jvm" / "*"),))
    return tmp_path


@pytest.fixture
def java():
    project_files.need_java()
    return KEEPER


def home(folder: Path, release: str) -> Path:
    """Something that looks like a Java."""
    library = folder / "lib" / "server" / "libjvm.so"
    library.parent.mkdir(parents=True)
    library.touch()
    (folder / "release").write_text(release)
    return folder


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody waited for yet counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until_gone(pid: int) -> None:
    until = time.monotonic() + 60
    while not gone(pid):
        assert time.monotonic() < until, "it was left behind"
        time.sleep(0.1)


def names(answer) -> list[str]:
    return [task["name"] for task in answer["projects"][0]["tasks"]]


@pytest.mark.usefixtures("no_java")
def test_without_java_it_is_told_what_to_install():
    with pytest.raises(
        Refused,
        match=r"need Java 11 or newer, and there is none; install one .*default-jre-headless.*JAVA_HOME",
    ):
        schedule_java.java_library()


def test_java_is_found_where_java_home_says_on_the_path_and_in_the_usual_places(no_java, monkeypatch):
    fits = 'JAVA_VERSION="17.0.15"\nMODULES="java.base java.xml java.logging java.sql jdk.charsets"\n'
    usual = home(no_java / "jvm" / "a", fits)
    assert schedule_java.java_library() == usual / "lib/server/libjvm.so"
    by_path = home(no_java / "b", fits)
    (by_path / "bin").mkdir()
    program = by_path / "bin" / "java"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (no_java / "java").symlink_to(program)
    assert schedule_java.java_library() == by_path / "lib/server/libjvm.so"
    said = home(no_java / "c", fits)
    monkeypatch.setenv("JAVA_HOME", str(said))
    assert schedule_java.java_library() == said / "lib/server/libjvm.so"


def test_a_java_that_is_too_old_or_lacks_a_part_is_passed_over_and_named(no_java):
    home(no_java / "jvm" / "old", 'JAVA_VERSION="1.8.0_412"\n')
    home(
        no_java / "jvm" / "small",
        'JAVA_VERSION="21.0.2"\nMODULES="java.base java.xml java.logging java.sql"\n',
    )
    with pytest.raises(Refused, match=r"found: small lacks jdk\.charsets; old is version 8"):
        schedule_java.java_library()


def test_without_the_extra_it_is_told_how_to_get_it():
    """An interpreter without any installed package looks for it."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom connectors.project_file.java import jars\njars()"
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (
        "Refused: project files are read by mpxj, which is not installed here; run: make project-files"
        in said.stderr
    )


@pytest.mark.usefixtures("no_java")
def test_a_file_is_refused_where_java_is_missing_and_nothing_is_started(tmp_path):
    path = project_files.plain(tmp_path / "plan.xml")
    KEEPER.end()
    health = project_files.connector(path).check()
    assert (health.readable, health.writable) == (False, False)
    assert "install one" in health.remarks[0] or "make project-files" in health.remarks[0]
    assert KEEPER.process is None


def test_the_lock_of_the_extra_is_hashed_and_fits_the_other_lock():
    lock = (ROOT / "requirements-project-files.lock").read_text("utf-8")
    entries = {each.split("==")[0]: each for each in lock.split("\n") if each and not each.startswith(" ")}
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"][
        "project-files"
    ]
    assert {each.split("==")[0].lower() for each in asked} <= set(entries)
    assert all(each.count("==") == 1 and each.endswith("\\") for each in entries.values())
    assert lock.count("--hash=sha256:") >= len(entries)
    assert "//" not in lock
    main = (ROOT / "requirements.lock").read_text("utf-8")
    for name, entry in entries.items():
        assert entry in main or name in ("mpxj", "jpype1")


def test_only_the_child_knows_jpype():
    knowing = [
        path.name for path in (ROOT / "connectors").rglob("*.py") if "import jpype" in path.read_text("utf-8")
    ]
    assert knowing == [CHILD.name]
    assert "jpype" not in sys.modules


@pytest.mark.parametrize("file", ["plan.xlsx", "plan", "plan.mpp.exe", "plan.zip"])
def test_a_file_of_another_name_is_refused_in_the_settings(file):
    with pytest.raises(ValidationError, match="is no project file"):
        ProjectFileTool(file=file)


def test_settings_of_a_project_file_know_their_keys():
    with pytest.raises(ValidationError, match="Extra inputs"):
        ProjectFileSettings.model_validate({"project": {"id": "P-1", "sheet": "x"}})
    with pytest.raises(ValidationError, match="same name"):
        ProjectFileSettings.model_validate(
            {"project": {"id": "P-1"}, "questions": {"about": "Interoffice Key"}}
        )
    with pytest.raises(ValidationError, match="each need a custom field"):
        ProjectFileSettings.model_validate({"project": {"id": "P-1"}, "items": {"columns": {"role": None}}})
    for name in ("plan.XML", "plans/a.mpp", "b.mpt", "c.xer", "d.pmxml"):
        assert ProjectFileTool(file=name).file == name


@pytest.mark.servers
def test_one_process_is_started_when_needed_and_kept(java):
    java.end()
    assert java.process is None
    schedule.read(PLAN, "plan.xml", ())
    first = java.process.pid
    schedule.read(PLAN, "plan.xml", ())
    assert java.process.pid == first
    java.end()
    assert gone(first)


@pytest.mark.servers
def test_the_process_gets_no_environment_of_ours(java, monkeypatch):
    monkeypatch.setenv("HARBOR_TOKEN", "hush-hush-4711")
    java.end()
    schedule.read(PLAN, "plan.xml", ())
    environment = Path(f"/proc/{java.process.pid}/environ").read_bytes()
    command = Path(f"/proc/{java.process.pid}/cmdline").read_bytes()
    assert b"4711" not in environment + command
    names = {each.partition(b"=")[0] for each in environment.split(b"\0") if each}
    assert names == {b"PATH", b"LANG"}


@pytest.mark.servers
@pytest.mark.parametrize("times", range(3))
def test_a_process_killed_while_it_reads_is_told_and_the_next_reading_starts_another(java, times):
    schedule.read(PLAN, "plan.xml", ())
    pid = java.process.pid
    os.kill(pid, signal.SIGSTOP)  # it cannot have answered when it is killed

    def kill() -> None:
        while not java._lock.locked():  # before the question the dead one would only be replaced
            time.sleep(0.001)
        time.sleep(0.05 + 0.2 * times)
        os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(TryLater, match=r"plan\.xml: the process that reads it ended"):
        java.ask(READ, PLAN * (1 if times else 50), "plan.xml")
    killer.join()
    assert gone(pid)
    assert len(names(java.ask(READ, PLAN, "plan.xml"))) == 8
    assert java.process.pid != pid


@pytest.mark.servers
def test_a_process_that_does_not_answer_is_killed(java):
    schedule.read(PLAN, "plan.xml", ())
    pid = java.process.pid
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(TryLater, match=r"did not answer within 0\.3 s") as later:
        java.ask(READ, PLAN * 100, "plan.xml", seconds=0.3)
    assert later.value.after.total_seconds() > 0
    assert gone(pid)
    assert len(names(java.ask(READ, PLAN, "plan.xml"))) == 8


@pytest.mark.servers
def test_a_file_too_large_for_its_memory_ends_the_process_and_not_ours(java, monkeypatch):
    monkeypatch.setattr("connectors.project_file.process.MEMORY", "20m")
    java.end()
    big = project_files.plan(tasks=2_500).encode()
    with pytest.raises((Refused, TryLater), match=r"OutOfMemoryError|ended"):
        java.ask(READ, big, "plan.xml")
    monkeypatch.undo()
    java.end()
    assert len(names(java.ask(READ, PLAN, "plan.xml"))) == 8


@pytest.mark.servers
def test_questions_of_many_threads_are_answered_one_by_one(java):
    found = {}

    def ask(n):
        plan = project_files.plan(tasks=n + 1).encode()
        found[n] = len(names(java.ask(READ, plan, "plan.xml")))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == {n: n + 3 for n in range(8)}


@pytest.mark.servers
@pytest.mark.usefixtures("java")
def test_a_forked_process_starts_its_own_and_leaves_ours_alone():
    program = """
import json, os, sys
from connectors.project_file import schedule
from connectors.project_file.process import KEEPER
plan = open(sys.argv[1], "rb").read()
schedule.read(plan, "plan.xml", ())
ours = KEEPER.process.pid
pid = os.fork()
if pid == 0:
    empty = KEEPER.process is None
    tasks = len(schedule.read(plan, "plan.xml", ()).tasks)
    theirs = KEEPER.process.pid
    KEEPER.end()
    os.write(1, json.dumps([empty, tasks, theirs]).encode() + b"\\n")
    os._exit(0)
status = os.waitpid(pid, 0)[1]
again = len(schedule.read(plan, "plan.xml", ()).tasks)
os.write(1, json.dumps([status, again, ours, KEEPER.process.pid]).encode() + b"\\n")
"""
    lines = ran(program)
    empty, tasks, theirs = json.loads(lines[0])
    status, again, before, after = json.loads(lines[1])
    assert (empty, tasks, status, again) == (True, 8, 0, 8)
    assert before == after != theirs
    wait_until_gone(theirs)
    wait_until_gone(after)


@pytest.mark.servers
@pytest.mark.usefixtures("java")
def test_it_ends_with_the_process_that_started_it_even_when_that_is_killed():
    program = """
import os, signal, sys
from connectors.project_file import schedule
from connectors.project_file.process import KEEPER
schedule.read(open(sys.argv[1], "rb").read(), "plan.xml", ())
os.write(1, str(KEEPER.process.pid).encode())
os.kill(os.getpid(), signal.SIGKILL)
"""
    wait_until_gone(int(ran(program, expected=-signal.SIGKILL)[0]))


def ran(program: str, expected: int = 0) -> list[str]:
    """What a Python of its own says, with the plan as its argument."""
    with subprocess.Popen(
        [sys.executable, "-c", program, "/dev/stdin"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:  # fmt: skip
        said, errors = running.communicate(PLAN, timeout=120)
    assert running.returncode == expected, errors.decode()
    return said.decode().splitlines()

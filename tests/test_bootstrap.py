"""`make .venv` says what is missing, finishes what was interrupted, and leaves alone what fits.

The Python it finds is a program of the test, which notes what it is asked for; no package is fetched.
"""

import ast
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Says a version, makes an "environment" that holds a copy of itself, and notes each use of pip.
PRETEND = """#!/bin/sh
case "$*" in
    *ensurepip*) echo {version} ;;
    *"-m venv"*) for folder; do :; done; mkdir "$folder/bin"; cp "$0" "$folder/bin/python" ;;
    *"-m pip"*)
        shift 3
        echo "$*" >> "$HOME/pip.log"
        if [ -e "$HOME/slow" ]; then sleep 30; fi
        if [ -e "$HOME/broken" ]; then echo "no route to anywhere"; exit 1; fi ;;
    *"-m runtime.prefect_database"*)
        echo "$PREFECT_HOME ${{PREFECT_API_URL:-}}" >> "$HOME/tables.log"
        if [ -e "$HOME/without tables" ]; then echo "no such table"; exit 1; fi ;;
    *"-m compileall"*)
        echo "$*" >> "$HOME/compiled.log"
        if [ -e "$HOME/odd file" ]; then echo "SyntaxError in it"; exit 1; fi ;;
    *) exec {real} "$@" ;;
esac
"""


def pretend_python(folder: Path, name: str, version: str) -> None:
    """Put a Python of that version on a path of its own."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(PRETEND.format(version=version, real=sys.executable), "utf-8")
    (folder / name).chmod(0o755)


LOCKS = ("requirements.lock", "requirements-dev.lock")


class Clone:
    """A fresh clone, as far as the bootstrap is concerned, with a path and a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder / "clone", folder / "bin"
        self.path.mkdir()
        for name in ("scripts/bootstrap.py", *LOCKS, "pyproject.toml", "Makefile"):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)
        for name in ("mkdir", "cp", "sleep"):
            (self.path / name).symlink_to(str(shutil.which(name)))

    def start(self, what: str = ".venv") -> subprocess.Popen[str]:
        """`make .venv`, started; or `make tools`."""
        return subprocess.Popen(
            [str(shutil.which("make")), what, "SHELL=/bin/sh"],
            cwd=self.folder,
            env={"PATH": str(self.path), "HOME": str(self.path), "PREFECT_API_URL": "http://elsewhere/api"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def make(self, what: str = ".venv") -> tuple[int, str]:
        """`make .venv`, or another: its status and all it said."""
        with self.start(what) as process:
            said = "".join(process.communicate(timeout=60))
        assert "Traceback" not in said, said
        return process.returncode, said

    def steps(self) -> list[str]:
        """What pip was asked for since the last look."""
        log = self.path / "pip.log"
        if not log.exists():
            return []
        lines = log.read_text("utf-8").splitlines()
        log.unlink()
        return [line.split(" --progress-bar off")[-1].strip() for line in lines]


LOCK, TOOLS, EDITABLE, CHECK = (
    "--no-deps --no-compile --require-hashes -r requirements.lock",
    "--no-deps --no-compile --require-hashes -r requirements-dev.lock",
    "--no-deps --no-compile --no-build-isolation -e .",
    "check",
)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A clone where Python 3.11 is at hand."""
    made = Clone(tmp_path)
    pretend_python(made.path, "python3", "3.11")
    return made


def test_a_fresh_clone_installs_the_lock_by_hash_and_then_itself_and_only_once(clone: Clone) -> None:
    status, said = clone.make()
    assert (status, clone.steps()) == (0, [LOCK, EDITABLE, CHECK]), said
    assert ".venv is ready" in said
    assert clone.make() == (0, "")
    assert clone.steps() == []


def test_prefect_s_tables_are_made_once_in_a_folder_of_their_own_and_for_no_server_of_the_user_s(
    clone: Clone,
) -> None:
    status, said = clone.make()
    assert status == 0, said
    assert clone.make() == (0, "")
    (home,) = (clone.path / "tables.log").read_text("utf-8").split()
    assert home.startswith("/")
    assert not Path(home).exists()


def test_without_prefect_s_tables_the_environment_is_ready_all_the_same_and_that_is_said(
    clone: Clone,
) -> None:
    (clone.path / "without tables").touch()
    status, said = clone.make()
    assert status == 0
    assert "that failed; the first start makes them (what was said: .venv/install.log)" in said
    assert "no such table" in (clone.folder / ".venv" / "install.log").read_text("utf-8")
    assert clone.make() == (0, "")


@pytest.mark.parametrize("odd", [False, True])
def test_what_was_installed_is_compiled_on_all_cores_and_an_odd_file_is_told_and_left(
    clone: Clone, odd: bool
) -> None:
    if odd:
        (clone.path / "odd file").touch()
    status, said = clone.make()
    assert status == 0
    assert ("some files could not be compiled (what was said: .venv/install.log)" in said) == odd
    log = (clone.folder / ".venv" / "install.log").read_text("utf-8")
    assert ("SyntaxError in it" in log) == odd
    (compiled,) = (clone.path / "compiled.log").read_text("utf-8").splitlines()
    assert compiled.endswith(f"-j 0 {clone.folder}/.venv/lib")


def test_the_tools_come_on_top_of_what_runs_and_only_once(clone: Clone) -> None:
    clone.make()
    assert clone.steps() == [LOCK, EDITABLE, CHECK]
    status, said = clone.make("tools")
    assert (status, clone.steps()) == (0, [TOOLS, EDITABLE, CHECK]), said
    assert "has changed" not in said
    assert clone.make("tools") == (0, "")
    assert clone.steps() == []


def test_a_fresh_clone_can_begin_with_the_tools(clone: Clone) -> None:
    status, said = clone.make("tools")
    assert (status, clone.steps()) == (0, [LOCK, TOOLS, EDITABLE, CHECK]), said


def test_an_environment_with_the_tools_keeps_them_also_where_only_what_runs_is_asked_for(
    clone: Clone,
) -> None:
    clone.make("tools")
    clone.steps()
    assert clone.make() == (0, "")
    for lock, installed in zip(LOCKS, (LOCK, TOOLS), strict=True):
        with (clone.folder / lock).open("a") as file:
            file.write("# changed\n")
        status, said = clone.make()
        assert (status, clone.steps()) == (0, [installed, EDITABLE, CHECK]), said
        assert "has changed; updating .venv" in said
    assert clone.make("tools") == (0, "")


def test_another_lock_of_the_tools_is_nothing_to_an_environment_without_them(clone: Clone) -> None:
    clone.make()
    clone.steps()
    with (clone.folder / "requirements-dev.lock").open("a") as lock:
        lock.write("# changed\n")
    assert clone.make() == (0, "")


@pytest.mark.parametrize("target", ["test", "test-servers", "lint", "crash"])
def test_what_needs_the_tools_brings_them(target: str) -> None:
    assert needed(target) == "tools"


@pytest.mark.parametrize("target", ["run", "servers", "servers-stop", "bench", "docs", "project-files"])
def test_what_a_user_calls_needs_none(target: str) -> None:
    assert needed(target) == ".venv"


def needed(target: str) -> str:
    """What the Makefile makes before that target."""
    (line,) = [
        line for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if line.startswith(f"{target}:")
    ]
    return line.partition(":")[2].partition("#")[0].strip()


def test_with_only_an_old_python_it_names_what_to_install(tmp_path: Path) -> None:
    clone = Clone(tmp_path)
    pretend_python(clone.path, "python3", "3.9")
    status, said = clone.make()
    assert status != 0
    assert "Python 3.11, 3.12 or 3.13" in said
    assert "python3 (is 3.9)" in said
    assert "apt-get install python3.11 python3.11-venv" in said
    assert not (clone.folder / ".venv").exists()


def test_with_an_old_python3_beside_a_good_one_it_takes_the_good_one(tmp_path: Path) -> None:
    clone = Clone(tmp_path)
    pretend_python(clone.path, "python3", "3.9")
    pretend_python(clone.path, "python3.12", "3.12")
    status, said = clone.make()
    assert status == 0
    assert "making .venv with Python 3.12" in said


def test_with_no_python_at_all_it_names_what_to_install(tmp_path: Path) -> None:
    status, said = Clone(tmp_path).make()
    assert status != 0
    assert "install Python 3.11" in said


def test_a_failed_install_says_why_and_the_next_make_starts_over_cleanly(clone: Clone) -> None:
    (clone.path / "broken").touch()
    status, said = clone.make()
    assert status != 0
    assert "no route to anywhere" in said
    assert "run the same command again" in said
    (clone.path / "broken").unlink()
    clone.steps()
    status, said = clone.make()
    assert (status, clone.steps()) == (0, [LOCK, EDITABLE, CHECK]), said
    assert "removing a .venv that is unfinished" in said


def test_a_make_killed_in_the_middle_leaves_no_trace_in_the_next_environment(clone: Clone) -> None:
    (clone.path / "slow").touch()
    with clone.start() as process:
        until = time.monotonic() + 30
        while not (clone.path / "pip.log").exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        (clone.folder / ".venv" / "half").touch()
        subprocess.run(["kill", "-KILL", "--", f"-{process.pid}"], check=True)
        assert process.wait(30) == -signal.SIGKILL
    (clone.path / "slow").unlink()
    clone.steps()
    status, said = clone.make()
    assert (status, clone.steps()) == (0, [LOCK, EDITABLE, CHECK]), said
    assert not (clone.folder / ".venv" / "half").exists()


def test_an_older_lock_is_updated_in_place(clone: Clone) -> None:
    clone.make()
    clone.steps()
    (clone.folder / ".venv" / "kept").touch()
    with (clone.folder / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    status, said = clone.make()
    assert (status, clone.steps()) == (0, [LOCK, EDITABLE, CHECK]), said
    assert (clone.folder / ".venv" / "kept").exists()


def test_a_changed_project_file_installs_only_the_project_again(clone: Clone) -> None:
    clone.make()
    clone.steps()
    with (clone.folder / "pyproject.toml").open("a") as project:
        project.write("# changed\n")
    assert (clone.make()[0], clone.steps()) == (0, [EDITABLE, CHECK])


def test_a_moved_folder_or_a_python_that_is_gone_gets_a_new_environment(clone: Clone) -> None:
    clone.make()
    clone.steps()
    clone.folder = clone.folder.rename(clone.folder.with_name("elsewhere"))
    assert (clone.make()[0], clone.steps()) == (0, [LOCK, EDITABLE, CHECK])
    (clone.folder / ".venv" / "bin" / "python").unlink()
    assert (clone.make()[0], clone.steps()) == (0, [LOCK, EDITABLE, CHECK])


def test_two_makes_at_once_install_once(clone: Clone) -> None:
    with clone.start() as first, clone.start() as second:
        said = ["".join(process.communicate(timeout=60)) for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), said
    assert clone.steps() == [LOCK, EDITABLE, CHECK]


def test_the_script_can_be_read_by_an_old_python_and_needs_nothing_installed() -> None:
    tree = ast.parse((ROOT / "scripts" / "bootstrap.py").read_text("utf-8"), feature_version=(3, 6))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= set(sys.stdlib_module_names)
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))

"""What starts the real servers says what is missing, ends only its own, and refuses a plugin that it does not know."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from scripts.servers import debian, place, processes, tracrpc
from scripts.servers.place import Stop


def pretend(folder: Path, name: str, script: str) -> None:
    """A program of that name, first on a path of its own."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    (folder / name).chmod(0o755)


@pytest.fixture
def bare(tmp_path, monkeypatch) -> Path:
    """A machine with nothing on its path, and a folder for the servers."""
    path = tmp_path / "bin"
    path.mkdir()
    monkeypatch.setenv("PATH", str(path))
    for module in (place, debian):
        monkeypatch.setattr(module, "HOME", tmp_path)
    return path


@pytest.mark.usefixtures("bare")
def test_without_apt_it_says_where_redmine_comes_from():
    with pytest.raises(Stop, match="comes from Debian's packages, and there is no apt here"):
        debian.install()


def test_without_root_it_says_what_root_has_to_run(bare, monkeypatch):
    pretend(
        bare, "apt-cache", "echo 'Version: 5.0.4'; echo 'Depends: ruby-rails, redmine-sqlite | redmine-pgsql'"
    )
    pretend(bare, "apt-get", "echo 'Inst ruby-rails (2:6.1)'")
    pretend(bare, "dpkg-deb", "exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Stop) as said:
        debian.install()
    words = "apt-get satisfy -y -q --no-install-recommends 'ruby-rails, redmine-sqlite | redmine-pgsql' redmine-sqlite puma"
    assert words in str(said.value)
    assert "only root may get them" in str(said.value)


def test_where_apt_does_not_know_redmine_it_says_so(bare, monkeypatch):
    pretend(bare, "apt-cache", "echo 'N: Unable to locate package redmine'; exit 100")
    pretend(bare, "apt-get", f"echo $* >> {bare}/asked")
    pretend(bare, "dpkg-deb", "exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(Stop, match="apt here knows no package redmine"):
        debian.install()
    assert (bare / "asked").read_text("utf-8") == "update -q\n", (
        "it asked for newer lists once, and for nothing else"
    )


def test_with_everything_installed_nothing_is_done_as_root(bare, monkeypatch):
    pretend(bare, "apt-cache", "echo 'Version: 5.0.4'; echo 'Depends: ruby-rails'")
    pretend(bare, "apt-get", '[ "$1" = -s ] || exit 1')
    pretend(bare, "dpkg-deb", "exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert debian.install() == "5.0.4"


def test_a_step_that_fails_ends_with_its_last_words(bare, tmp_path):
    pretend(bare, "apt-get", "echo 'no route to anywhere'; exit 100")
    with pytest.raises(Stop, match=r"(?s)apt-get update failed \(exit 100\).*no route to anywhere"):
        place.step(["apt-get", "update"], "apt-get update")
    assert "no route to anywhere" in (tmp_path / "install.log").read_text("utf-8")


CHILD = "import subprocess, time; print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(600)"


def test_a_process_is_ended_with_its_children_and_only_when_its_start_is_the_same(tmp_path):
    log = tmp_path / "log"
    entry = processes.start([sys.executable, "-c", CHILD], log, dict(os.environ), tmp_path)
    processes.await_answer(entry, lambda: log.read_text("utf-8").strip() != "", log)
    child = psutil.Process(int(log.read_text("utf-8")))
    other = {**entry, "started": entry["started"] - 60}
    assert (processes.found(other), processes.end(other)) == (None, False)
    assert child.is_running()
    assert processes.end(entry) is True
    psutil.wait_procs([child], 10)
    assert not processes._lives(child)
    assert processes.end(entry) is False


def test_a_server_that_ends_at_once_shows_the_end_of_its_log(tmp_path):
    log = tmp_path / "log"
    entry = processes.start(["sh", "-c", "echo the port is taken; exit 3"], log, dict(os.environ), tmp_path)
    with pytest.raises(Stop, match=r"(?s)the server ended.*the port is taken"):
        processes.await_answer(entry, lambda: False, log)
    processes._started.pop(entry["pid"]).wait()


def test_a_secret_is_never_in_a_file_that_others_read_not_even_for_a_moment(tmp_path):
    place.write_secret(tmp_path / "key", "first")
    (tmp_path / "key.new").write_text("left behind, for everybody to read", "utf-8")
    place.write_secret(tmp_path / "key", "second")
    assert (tmp_path / "key").read_text("utf-8") == "second"
    assert oct((tmp_path / "key").stat().st_mode & 0o777) == "0o600"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_requests_go_to_loopback_only():
    with pytest.raises(ValueError, match="is not on loopback"):
        processes.ask("http://192.0.2.1:80/")


def test_a_plugin_of_another_version_is_not_converted_halfway():
    with pytest.raises(SystemExit, match=r"api\.py does not hold .*is it version 1\.1\.9"):
        tracrpc.substituted("api.py", "import inspect\n")


def test_a_wrong_verb_is_a_wrong_usage():
    done = subprocess.run(
        [sys.executable, "-m", "scripts.servers", "restart"],
        cwd=place.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "start | stop | status" in done.stderr


def test_the_table_names_every_field_once_and_every_role_that_a_user_has():
    table = place.table()
    keys = [row["key"] for part in ("item", "item_in_trac", "project") for row in table[part]]
    assert len(keys) == len(set(keys))
    assert {row["format"] for part in ("item", "item_in_trac", "project") for row in table[part]} <= {
        "string",
        "text",
        "date",
        "number",
        "list",
    }
    assert {user["role"] for user in table["users"].values()} - {None} <= set(table["roles"])

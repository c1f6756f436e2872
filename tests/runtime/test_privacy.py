"""What commands write is for the owner of the state folder alone, whatever the umask; an open one is closed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.keyfile import auth_string, link_key
from config.settings import BadSettings
from examples.harbor_group import player
from runtime import narrowing
from runtime.folder import CHECKOUT, StateFolder
from runtime.narrowing import INHERITED, narrow
from runtime.privacy import create
from runtime.problem import Problem
from tests.modes import umask, umask_of, watched, wide

MASKS = [0o000, 0o777]
SERVICE = 54_321
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def environment(**more: str) -> dict[str, str]:
    kept = {
        name: text for name, text in os.environ.items() if not name.startswith(("PREFECT_", "INTEROFFICE_"))
    }
    return {**kept, **more}


def command(
    *arguments: object, mask: int = 0o022, cwd: Path = CHECKOUT, **more: str
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *map(str, arguments)],
        env=environment(**more),
        cwd=cwd,
        umask=mask,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def organization(tmp_path) -> Path:
    """The sample's organization as one's own, with the rights that its owner chose."""
    player.copy_sample(tmp_path / "mine")
    for path in tmp_path.joinpath("mine").rglob("*"):
        path.chmod(0o750 if path.is_dir() else 0o644)
    return tmp_path / "mine"


@pytest.fixture
def old(tmp_path) -> Path:
    """A state folder as older code left it under a umask of 022."""
    root = tmp_path / "old"
    for name in ("", "logs", "prefect", "prefect/storage", "reports", "scratch"):
        (root / name).mkdir(mode=0o755)
    for name in (
        "up.lock",
        "interoffice.db",
        "logs/server.log",
        "prefect/storage/result",
        "reports/page.html",
    ):
        (root / name).write_text("x", "utf-8")
        (root / name).chmod(0o664)
    return root


@pytest.mark.servers
@pytest.mark.parametrize("mask", MASKS, ids=oct)
def test_short_commands_write_nothing_that_others_can_read_whatever_the_umask(
    mask, organization, tmp_path
) -> None:
    state, target = tmp_path / "state", tmp_path / "export.jsonl"
    given = ("--state", state, "--organization", organization)
    with watched(state) as watch:
        link = command("link", "marijke-van-dijk", *given, mask=mask)
        exported = command("ledger", "export", "--to", target, *given, mask=mask)
    done = (link, exported)
    assert [each.returncode for each in done] == [0, 0], [each.stderr for each in done]
    assert {"interoffice.db", "links.key"} <= {each.name for each in state.iterdir()}
    assert watch.looks > 10
    assert watch.wide == {}
    assert wide(target) == {}


@pytest.mark.servers
@pytest.mark.parametrize("mask", [0o000, 0o777], ids=oct)
def test_the_gateway_and_a_backup_write_nothing_that_others_can_read(mask, organization, tmp_path) -> None:
    state, backup, said = tmp_path / "state", tmp_path / "backup", tmp_path / "said"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked = [
        sys.executable,
        "-m",
        "cli.main",
        "gateway",
        "--state",
        str(state),
        "--organization",
        str(organization),
    ]
    with said.open("wb") as output, watched(state) as watch, watched(tmp_path / "backup.part") as copied:
        gateway = subprocess.Popen(
            asked, cwd=CHECKOUT, env=environment(INTEROFFICE_GATEWAY_PORT=str(port)),
            stdout=output, stderr=output, umask=mask,
        )  # fmt: skip
        try:
            until(lambda: b"the gateway answers" in said.read_bytes(), gateway, said)
            assert umask_of(gateway.pid) == "0077"
            program = [
                sys.executable,
                CHECKOUT / "scripts" / "service" / "backup.py",
                state,
                organization,
                backup,
            ]
            subprocess.run(program, umask=mask, check=True, capture_output=True)
        finally:
            gateway.send_signal(signal.SIGTERM)
            gateway.wait(30)
    assert watch.looks > 10
    assert (watch.wide, copied.wide, wide(backup)) == ({}, {}, {})
    assert (backup / "organization" / "workbooks" / "hamburg.xlsx").stat().st_mtime_ns == (
        organization / "workbooks" / "hamburg.xlsx"
    ).stat().st_mtime_ns
    assert oct((organization / "people.yaml").stat().st_mode) == "0o100644", "its owner's own choice"


def test_an_export_is_never_written_over_what_is_there(tmp_path) -> None:
    (tmp_path / "there").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="there: File exists -> name a new file"):
        create(tmp_path / "there")
    assert not (tmp_path / "elsewhere").exists()


def until(seen, process: subprocess.Popen, said: Path) -> None:
    deadline = time.monotonic() + 60
    while not seen():
        assert process.poll() is None, said.read_text("utf-8")
        assert time.monotonic() < deadline, said.read_text("utf-8")
        time.sleep(0.05)


def test_the_watch_sees_what_is_wide_for_a_moment_and_a_process_with_another_mask(tmp_path) -> None:
    """The control."""
    (tmp_path / "state").mkdir(mode=0o700)
    with watched(tmp_path / "state", lambda: [os.getpid()]) as watch:
        (tmp_path / "state" / "brief").write_text("x", "utf-8")
        (tmp_path / "state" / "brief").chmod(0o640)
        time.sleep(0.5)
        (tmp_path / "state" / "brief").unlink()
    assert watch.wide == {str(tmp_path / "state" / "brief"): "0o100640"}
    assert set(watch.masks) == {umask_of(os.getpid())} != {"0077"}


@pytest.mark.parametrize("state", ["state", "file/in/the/way"])
def test_what_nobody_foresaw_is_kept_for_the_owner_alone_and_under_no_name_that_can_be_prepared(
    state, tmp_path
) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    (tmp_path / "tmp").mkdir(mode=0o700)
    code = (
        "import pathlib, sys; from cli.main import report\n"
        "for _ in range(2): report(RuntimeError('of the test'), pathlib.Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / state)],
        cwd=CHECKOUT, env=environment(TMPDIR=str(tmp_path / "tmp")), umask=0,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = done.stderr.splitlines()
    assert len(told) == 2
    for line in told:
        kept = Path(line.rpartition("details: ")[2])
        assert "of the test" in kept.read_text("utf-8")
        assert oct(kept.stat().st_mode) == "0o100600"
    names = [each.name for each in (tmp_path / "tmp").iterdir()]
    assert len(names) == (0 if state == "state" else 2), "each has a name of its own"


@pytest.mark.parametrize("mask", [0o022, pytest.param(0o027, marks=pytest.mark.servers)], ids=oct)
def test_init_writes_with_the_rights_that_its_caller_wants(mask, tmp_path) -> None:
    done = command("init", tmp_path / "mine", mask=mask)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "mine" / "rollouts").stat().st_mode & 0o777 == 0o777 & ~mask


def test_an_older_folder_is_closed_by_the_first_command_that_opens_it_and_that_is_told_once(old) -> None:
    assert len(wide(old)) == 11
    first = command("ledger", "verify", "--state", old)
    assert wide(old) == {}
    assert (
        f"{old} was open to everybody on this machine, who could read 5 files and 6 folders"
        f" (messages, pseudonyms, reports, logs); it is closed now, to all but {narrowing.name_of(os.geteuid())}\n"
    ) in first.stderr
    assert first.stderr.count("\n") == 2, "and that there is no record in it"
    assert "was open" not in command("ledger", "verify", "--state", old).stderr


def test_a_folder_that_only_its_group_could_enter_is_told_to_be_such(old) -> None:
    old.chmod(0o750)
    assert "was open to its group, who could read 5 files" in str(narrow(old, whole=False))


def test_within_a_closed_folder_all_of_it_is_looked_at_only_by_what_begins_to_work_there(old) -> None:
    old.chmod(0o700)
    assert str(narrow(old, whole=False)) == "", "nobody could read any of it"
    assert set(wide(old)) == {
        str(old / name)
        for name in ("logs/server.log", "prefect/storage", "prefect/storage/result", "reports/page.html")
    }
    with umask(0o077):
        StateFolder(old).make()
    assert wide(old) == {}


def test_what_is_not_ours_keeps_its_rights(old, organization) -> None:
    outside = old.parent / "outside"
    outside.mkdir(mode=0o755)
    (outside / "file").write_text("x", "utf-8")
    (old / "logs" / "link").symlink_to(outside / "file")
    (old / "scratch" / "link").symlink_to(outside)
    (old / "pages").symlink_to(outside)
    shutil.copytree(organization, old / "organization")
    (old / "organization" / "organization.yaml").write_text("id: mine\n", "utf-8")
    before = wide(outside) | wide(old / "organization")
    narrow(old, whole=True)
    assert wide(outside) | wide(old / "organization") == before
    assert len(before) > 10
    assert {each for each in wide(old) if "organization" not in each} == set()


def test_the_copy_of_the_sample_is_ours(old) -> None:
    player.copy_sample(old / "organization")
    assert len(wide(old / "organization")) > 10
    narrow(old, whole=True)
    assert wide(old) == {}


def test_a_folder_that_is_no_state_folder_is_not_closed_but_refused(tmp_path) -> None:
    home = tmp_path / "home"
    (home / "reports").mkdir(parents=True)
    (home / "letter").write_text("x", "utf-8")
    home.chmod(0o755)
    with pytest.raises(Problem, match=r"holds what is not Interoffice's \(letter\).* -> give a new folder"):
        StateFolder(home).make()
    assert oct(home.stat().st_mode) == "0o40755"
    assert sorted(each.name for each in home.iterdir()) == ["letter", "reports"]


@pytest.mark.parametrize(("name", "read"), [("links.key", link_key), ("prefect.auth", auth_string)])
def test_a_key_that_others_could_read_is_not_made_good_by_closing_it(name, read, old) -> None:
    (old / name).write_bytes(b"k" * 32)
    (old / name).chmod(0o644)
    narrow(old, whole=True)
    with pytest.raises(BadSettings, match="may be read by others -> delete it"):
        read(old)


def test_rights_that_a_folder_hands_on_are_taken_from_it_before_anything_is_made_in_it(tmp_path) -> None:
    handed_on = struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", who, what, 0xFFFFFFFF) for who, what in ((1, 7), (4, 5), (32, 5))
    )
    try:
        os.setxattr(tmp_path, INHERITED, handed_on)
    except OSError as problem:
        pytest.skip(f"this file system knows no such rights: {problem.strerror}")
    (tmp_path / "control").mkdir(mode=0o700)
    made = subprocess.run(["touch", tmp_path / "control" / "file"], umask=0o077, check=True)
    assert made.returncode == 0
    assert set(wide(tmp_path / "control")) == {str(tmp_path / "control" / "file")}, (
        "the control: no umask helps"
    )
    state = tmp_path / "state"
    with umask(0o077):
        StateFolder(state).make()
    subprocess.run(["touch", state / "file", state / "logs" / "file"], umask=0o077, check=True)
    assert wide(state) == {}


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that every user can reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def by_root(code: str) -> str:
    """What a program of root prints that may become another user."""
    loaded = "import os, config.sample; from pathlib import Path; from runtime import narrowing, privacy"
    done = subprocess.run(
        [sys.executable, "-c", f"{loaded}\n{code}"],
        cwd=CHECKOUT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


@ROOT_ONLY
def test_files_of_others_are_left_and_named_with_whose_they_are(old, reachable) -> None:
    state = reachable / "state"
    shutil.copytree(old, state)
    for path in (state, state / "reports", state / "reports" / "page.html", state / "up.lock"):
        os.chown(path, SERVICE, SERVICE)
    said = by_root(f"os.setuid({SERVICE}); print(narrowing.narrow(Path({str(state)!r}), whole=True))")
    assert "who could read 2 files and 2 folders" in said
    assert (
        "; left open: interoffice.db (of root), prefect (of root), prefect/storage (of root) and 4 more"
        in said
    )
    assert f"-> give them to {SERVICE} with chown, or remove them" in said
    assert str(state / "interoffice.db") in wide(state)


@ROOT_ONLY
def test_a_folder_of_somebody_else_is_told_to_be_open_and_left(old, reachable) -> None:
    state = reachable / "state"
    shutil.copytree(old, state)
    before = wide(state)
    said = by_root(f"os.setuid({SERVICE}); print(narrowing.narrow(Path({str(state)!r}), whole=True))")
    assert said.startswith(f"left open: {state} (of root), ")
    assert said.endswith("-> run a command as root, whose folder it is\n")
    assert wide(state) == before


@ROOT_ONLY
def test_root_becomes_the_owner_of_a_state_folder_or_says_why_not(old, reachable) -> None:
    state = reachable / "state"
    shutil.copytree(old, state)
    assert by_root(f"print(repr(privacy.become_owner(Path({str(state)!r}))), os.getuid())") == "'' 0\n"
    os.chown(state, SERVICE, SERVICE + 1)
    become = f"privacy.become_owner(Path({str(state)!r}))"
    tell = "print(os.getresuid(), os.getresgid(), os.getgroups())"
    unread = f"""
try:
    privacy.CODE = Path('/nonexistent/nothing'); {become}
except Exception as problem: print(problem)
{tell}"""
    said = by_root(unread)
    assert f"{state} belongs to {SERVICE}, who may not read /nonexistent -> let {SERVICE} read it" in said
    ours = (SERVICE, SERVICE, SERVICE), (SERVICE + 1,) * 3, [SERVICE + 1]
    assert said.endswith(" ".join(map(str, ours)) + "\n"), "it is root no more, whatever becomes of it"

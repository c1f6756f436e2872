"""A machine of its own to install on: systemd as process 1 of namespaces, on a copy of this file system.

It refuses to start where root, systemd or the kernel's namespaces are missing, and says which. It has its own
processes, network, mounts and names; what is written there stays in memory and goes with it.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[3]
BOOT = Path(__file__).with_name("boot.sh")
HOME = Path("/opt/interoffice")
SYSTEMD = Path("/lib/systemd/systemd")
PROGRAMS = ("unshare", "nsenter", "setpriv", "ip", "pivot_root", "ldconfig", "useradd", "systemctl")
LEFT = shutil.ignore_patterns(".git", ".venv", "var", "build", ".*_cache", ".hypothesis")
PATIENCE = 120.0
ASK = """
import json, sys, urllib.error, urllib.request
method, url, body, headers = json.load(sys.stdin)
request = urllib.request.Request(url, body and body.encode(), headers, method=method)
try:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
        json.dump([answer.status, answer.read().decode()], sys.stdout)
except urllib.error.HTTPError as refused:
    json.dump([refused.code, ""], sys.stdout)
except OSError:
    json.dump([0, ""], sys.stdout)
"""


class NoMachineError(Exception):
    """Why no machine can be started here."""


class Machine:
    """A running one. Its process 1 has the number `pid` here."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def run(self, command: str, umask: int = 0o022) -> subprocess.CompletedProcess[str]:
        """A line of shell, as root of the machine, in its folder /srv."""
        return subprocess.run(
            ["nsenter", "--target", str(self.pid), "--all", "sh", "-euc", f"cd /srv\n{command}"],
            cwd="/",
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "SYSTEMD_PAGER": ""},
            capture_output=True,
            text=True,
            umask=umask,
            timeout=PATIENCE,
            check=False,
        )

    def do(self, command: str, umask: int = 0o022) -> str:
        """What a line that must succeed prints."""
        done = self.run(command, umask)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()

    def ask(
        self, url: str, body: str | None = None, headers: dict[str, str] | None = None, method: str = ""
    ) -> tuple[int, str]:
        """The status and the text of an HTTP answer on the machine's own loopback; 0 where nobody answers."""
        done = subprocess.run(
            ["nsenter", "--target", str(self.pid), "--net", sys.executable, "-I", "-c", ASK],
            input=json.dumps([method or ("POST" if body else "GET"), url, body, headers or {}]),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        status, text = json.loads(done.stdout)
        return status, text

    def shown(self, unit: str, name: str) -> str:
        """A property of a unit."""
        return self.do(f"systemctl show --property={name} --value {unit}")

    def log(self) -> str:
        """What the units said last."""
        return self.run(
            "journalctl --no-pager --lines=60 --unit=interoffice --unit=interoffice-gateway"
        ).stdout

    def until(self, seen: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
        """Wait for something that must happen; the seconds it took."""
        began = time.monotonic()
        while not seen():
            assert time.monotonic() - began < seconds, f"{what} did not happen\n{self.log()}"
            time.sleep(0.2)
        return time.monotonic() - began


def _ready(folder: Path) -> None:
    """The files that lie in the machine from its start: a checkout, and its `.venv` as `make .venv` leaves it."""
    venv = folder / HOME.relative_to("/") / ".venv"
    shutil.copytree(ROOT, venv.parent, ignore=LEFT)
    (venv / "bin").mkdir(parents=True)
    (folder / _site()).mkdir(parents=True)
    for template in Path(sys.prefix).glob("prefect-*.db"):
        shutil.copy(template, venv)
    python = f"python{sysconfig.get_python_version()}"
    (venv / "bin" / "python").symlink_to(f"/opt/python/bin/{python}")
    (venv / "pyvenv.cfg").write_text(
        "home = /opt/python/bin\ninclude-system-site-packages = false\n", "utf-8"
    )
    program = Path(sys.executable).with_name("interoffice")
    _, _, rest = program.read_text("utf-8").partition("\n")
    (venv / "bin" / "interoffice").write_text(f"#!{HOME}/.venv/bin/python\n{rest}", "utf-8")
    (venv / "bin" / "interoffice").chmod(0o755)
    (folder / "srv").mkdir()
    subprocess.run(["chmod", "-R", "u=rwX,go=rX", folder], check=True)


def _site() -> str:
    """The folder of packages in the machine, below its root."""
    return f"{HOME.relative_to('/')}/.venv/lib/python{sysconfig.get_python_version()}/site-packages"


def _cgroup() -> Path:
    """An empty control group of our own."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text("utf-8").splitlines()]
    place = next((Path(each[1]) for each in mounts if each[2] == "cgroup2"), None)
    if place is None:
        raise NoMachineError("no cgroup2 is mounted")
    group = place / f"interoffice-tests-{os.getpid()}"
    try:
        group.mkdir()
    except OSError as problem:
        raise NoMachineError(f"no control group can be made: {problem.strerror}") from None
    return group


def _missing() -> str:
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root of a Linux may start a machine of namespaces"
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    if not SYSTEMD.exists() or absent:
        return f"not installed: {', '.join(absent) or 'systemd'}"
    return ""


@contextmanager
def machine(place: Path) -> Iterator[Machine]:
    """A machine until the block ends. Raises NoMachineError, with the reason, where none can be started."""
    if reason := _missing():
        raise NoMachineError(reason)
    box, ready = place / "box", place / "ready"
    box.mkdir()
    _ready(ready)
    group = _cgroup()
    site = f"/{_site()}"
    boot = [BOOT, box, ready, sys.base_prefix, sysconfig.get_path("purelib"), site]
    unshare = "unshare --fork --kill-child --pid --mount --uts --ipc --net --cgroup"
    join = f"echo $$ > {shlex.quote(str(group / 'cgroup.procs'))}"
    log = place / "boot.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "sh", "-euc", f'{join}; exec {unshare} sh "$@"', "sh", *boot],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield _booted(process, log)
    finally:
        process.kill()
        process.wait()
        _clear(group)


def _booted(process: subprocess.Popen[bytes], log: Path) -> Machine:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        for child in psutil.Process(process.pid).children():
            found = Machine(child.pid)
            if child.name() == "systemd" and found.run("systemctl is-system-running").returncode == 0:
                return found
        time.sleep(0.2)
    raise NoMachineError(f"systemd does not start in namespaces: {log.read_text('utf-8').strip()[-300:]}")


def _clear(group: Path) -> None:
    """Remove our control groups, once the kernel has let go of the last process in them."""
    deadline = time.monotonic() + 10
    while group.exists() and time.monotonic() < deadline:
        for folder in sorted((each for each in group.rglob("*") if each.is_dir()), reverse=True):
            _remove(folder)
        _remove(group)
        time.sleep(0.1)


def _remove(group: Path) -> None:
    try:
        group.rmdir()
    except OSError:
        return  # a process is still in it

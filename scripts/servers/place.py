"""The servers' folders, the notes about them in servers.json, and how a step of their set-up is run.

Knows neither Redmine nor Trac. Only the owner may read the files with keys that it writes.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOME = Path(os.environ.get("INTEROFFICE_SERVERS") or ROOT / "var" / "servers")
"""The folder of all servers' data; a test names a folder of its own."""
NOTES = HOME / "servers.json"
TABLE = HERE / "table.yaml"


Entry = Mapping[str, Any]
"""What is known about one server, as in servers.json: address, process, users with their keys."""


class Stop(Exception):
    """Something that a person has to put right; its text says what."""


def say(text: str) -> None:
    """One line of progress, at once."""
    print(f"servers: {text}", flush=True)


def shown(path: Path) -> str:
    """A path as people read it: from the project's folder where it lies there."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def table() -> dict[str, Any]:
    """What the servers are set up with: table.yaml, as plain values."""
    return json.loads(json.dumps(YAML(typ="safe").load(TABLE.read_text("utf-8"))))


def digest(*paths: Path) -> str:
    """The SHA-256 of some files together."""
    together = hashlib.sha256()
    for path in paths:
        together.update(path.read_bytes())
    return together.hexdigest()


def notes() -> dict[str, Any]:
    """What servers.json says, by server; empty where it is absent."""
    try:
        return json.loads(NOTES.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as problem:
        raise Stop(f"{shown(NOTES)} cannot be read ({problem}); remove {shown(HOME)} to begin anew") from None


def write_down(name: str, entry: Entry) -> None:
    """Put what is known about one server into servers.json, readable by its owner only."""
    write_secret(NOTES, json.dumps({**notes(), name: dict(entry)}, indent=1))


def write_secret(path: Path, text: str) -> None:
    """Write a file in one step, readable by its owner only from its first byte on."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Lock the folder against another `make servers`; wait for one that is at work."""
    HOME.parent.mkdir(0o700, parents=True, exist_ok=True)  # `var` of the project is a state folder
    HOME.mkdir(0o700, exist_ok=True)
    HOME.chmod(0o700)  # the databases hold keys as well, and an older folder may be open
    with (HOME / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another make is at work on the servers; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def step(
    command: Sequence[str | Path],
    what: str,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> str:
    """Run one step with its output in install.log; what it printed. Raises Stop with its last lines."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=None if environment is None else dict(environment),
        cwd=folder or HOME,
        text=True,
        errors="replace",
        check=False,
    )
    with (HOME / "install.log").open("a", encoding="utf-8") as log:
        log.write(f"$ {what}\n{done.stdout}\n")
    if done.returncode:
        last = "\n  ".join(done.stdout.strip().splitlines()[-8:])
        raise Stop(
            f"{what} failed (exit {done.returncode}):\n  {last}\n  all of it: {shown(HOME / 'install.log')}"
        )
    return done.stdout


def plain_environment(**more: str) -> dict[str, str]:
    """An environment without the variables that a shell, a virtual environment or Prefect set in ours."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "USER", "LOGNAME", "TMPDIR") if name in os.environ
    }
    beside = str(Path(sys.executable).parent)
    kept["PATH"] = os.pathsep.join(
        part for part in kept.get("PATH", os.defpath).split(os.pathsep) if part != beside
    )
    return {**kept, "LANG": "C.UTF-8", "TZ": "UTC", **more}

"""Flows run by the command `interoffice run ... --local`, one after the other in one process that starts Prefect once.

Each start of Prefect takes ten seconds of a processor; a command alone starts it each time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import main

ASIDE = """
import contextlib, io, json, sys
from pathlib import Path
from cli.main import main

given, told = json.loads(sys.argv.pop()), []
for command in given["commands"]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main([*command, "--local"])
    if code:
        sys.exit(f"{command}: {code}: {said.getvalue()}")
    told.append([said.getvalue(), Path(given["file"]).read_bytes().hex()])
Path(given["told"]).write_text(json.dumps(told))
"""


@dataclass(frozen=True)
class Ran:
    """What a run printed, and the file that is looked at as it stood after it."""

    said: str
    left: bytes


class Replaced(BaseException):
    """The command would go on in another process, in this environment."""


def local_runs(
    commands: Sequence[Sequence[str]], file: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Ran]:
    """Run these commands, in the clean environment in which the first one goes on; `place` is an own folder."""
    given = json.dumps({"commands": commands, "file": str(file), "told": str(place / "told.json")})
    ran = subprocess.run(
        [sys.executable, "-P", "-c", ASIDE, *commands[0], given],
        capture_output=True, text=True, check=False, timeout=600, env=_environment(commands[0], monkeypatch),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = json.loads((place / "told.json").read_text())
    return [Ran(said, bytes.fromhex(left)) for said, left in told]


def _environment(command: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    def replaced(_path: str, _command: list[str], environment: dict[str, str]) -> None:
        raise Replaced(environment)

    with monkeypatch.context() as patched:
        patched.setattr(os, "execve", replaced)
        with pytest.raises(Replaced) as found:
            main([*command, "--local"])
    return found.value.args[0]

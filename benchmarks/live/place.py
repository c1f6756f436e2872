"""Where the benchmarks on the real Redmine take place: the server and its projects.

Refuses to start a server: `make servers` does.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(HERE.parent / "peers")]

import installed  # noqa: E402 - found by the line above

from scripts.servers import fill, many, processes  # noqa: E402 - found by the line above
from scripts.servers import place as servers  # noqa: E402
from scripts.servers import redmine as server  # noqa: E402

Absent = installed.Absent
peers = installed.peers

LARGE = "bench-of-10000"
COUNT = 10_000


def redmine() -> Mapping[str, Any]:
    """What is noted of the running Redmine. Raises Absent where none runs."""
    entry = servers.notes().get(server.NAME)
    if entry is None or not server.running(entry):
        raise Absent("no Redmine runs here; `make servers` starts it (Debian's packages, root or sudo)")
    return entry


def large_project(entry: Mapping[str, Any]) -> int:
    """The number of the project with ten thousand issues, made the first time and then kept."""
    headers = {"X-Redmine-API-Key": entry["users"]["admin"]["key"]}
    status, told = processes.ask(f"{entry['url']}/projects/{LARGE}.json", headers=headers)
    if status == 200 and isinstance(told, dict):
        return int(told["project"]["id"])
    number = fill.redmine_project(entry, LARGE, "Ten thousand issues")
    many.redmine_issues(entry, number, COUNT)
    return number


@contextlib.contextmanager
def new_project(entry: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """A project that is gone afterwards; its identifier and its number."""
    identifier = f"bench-{secrets.token_hex(5)}"
    number = fill.redmine_project(entry, identifier, "A plan of two hundred tasks")
    planner = entry["users"]["planner"]["id"]
    first = {
        "project_id": number,
        "tracker_id": entry["kinds"]["Task"],
        "subject": "The office's own",
        "assigned_to_id": planner,
    }
    fill.ask_redmine(entry, "POST", "/issues.json", {"issue": first}, "planner")
    try:
        yield identifier, number
    finally:
        fill.remove_redmine_project(entry, identifier)


def outcome(program: str, python: str | Path, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What one program did and cost, in a process of its own, which is told all that it needs."""
    done = subprocess.run(
        [python, HERE / f"{program}.py"],
        input=json.dumps(dict(asked)),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        raise SystemExit(f"{program} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)

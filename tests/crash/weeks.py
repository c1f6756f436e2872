"""The weeks of `up`: one of its processes killed while a run is at work, and what must be so in the end.

Counted outside: in the offices' workbooks, in Prefect's database, and in the processes of the machine.
"""

from __future__ import annotations

import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Collection
from pathlib import Path

import openpyxl

from runtime.folder import StateFolder
from tests.crash.tally import Tally
from tests.servers.conftest import BEGUN, Up, copied, end_state

VICTIMS = ("worker", "flow", "what the worker takes for the flow", "server", "up")
WEEKS = ("--once", "--weeks", "3")


def prefect_rows(state: Path, asked: str) -> list[tuple]:
    with sqlite3.connect(StateFolder(state).prefect / "prefect.db") as database:
        return database.execute(asked).fetchall()


def runs_left_open(state: Path) -> list[tuple]:
    return prefect_rows(
        state, "select name from flow_run where state_type in ('RUNNING', 'PENDING', 'CANCELLING')"
    )


def keys_twice(state: Path) -> list[str]:
    """Keys of ours that stand twice in one workbook."""
    twice = []
    for path in sorted((state / "organization" / "workbooks").glob("*.xlsx")):
        book = openpyxl.load_workbook(path, read_only=True)
        seen = [
            cell.value
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value.startswith(("adopt/", "task/"))
        ]
        book.close()
        twice += [f"{path.name} {key}" for key in set(seen) if seen.count(key) > 1]
    return twice


def killed(up: Up, victim: str, before: Collection[int] = ()) -> int:
    """Kill one of its processes while a run is at work that is none of those before; that run's process."""
    flow = up.until_at_work(before)
    process = {
        "flow": lambda: flow,
        "what the worker takes for the flow": lambda: up.carriers()[0],
        "up": lambda: up.process,
    }.get(victim, lambda: up.program(victim))()
    process.send_signal(signal.SIGKILL)
    if victim == "up":
        up.process.wait()
    return flow.pid


def ended(state: Path, *weeks: str) -> Up:
    """The weeks played to their end."""
    up = Up(state, *weeks)
    if up.end():
        raise AssertionError(up.said)
    return up


def weeks_killed(folder: Path) -> Tally:
    """Each of the processes killed in a job of its own; the job is started again at once, and waits or goes on."""
    folder = Path(tempfile.mkdtemp(dir=folder))
    begun = ended(folder / "begun", "--once", "--weeks", str(BEGUN)).folder.root
    alone = copied(begun, folder / "alone")
    ended(alone, *WEEKS)
    wanted = end_state(alone)
    tally = Tally(f"weeks: kill -9 in the middle of a week, {len(VICTIMS)} kinds of process")
    for victim in VICTIMS:
        state = copied(begun, folder / str(tally.points))
        up = Up(state, *WEEKS)
        try:
            killed(up, victim)
            again = ended(state, *WEEKS)
        finally:
            up.stop()
        tally.points, tally.attempted = tally.points + 1, tally.attempted + 1
        tally.duplicated += len(keys_twice(state))
        tally.unexpected += end_state(state) != wanted
        tally.recovered += end_state(state) == wanted
        tally.expect(runs_left_open(state) == [], f"{victim}: runs are left open")
        tally.expect(again.left() == [], f"{victim}: processes are left")
        shutil.rmtree(state)
    return tally

"""Take a step on stores, each in a process that SIGKILL ends at its Nth commit; for tests that start it.

`python -m tests.tasks.killed STEP FILE:COMMIT ...`, where STEP is sweep, advance or simulate; commit 0 is never.
The stores are those of tests/tasks/grown.py; few projects are written at once.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event

from tasks import advancing, context, rolling, sweeping
from tasks.transactions import short
from tests.tasks.grown import Grown, opened

CHUNK = 9


def run(made: Grown, step: str) -> None:
    """Take the step, as its task does."""
    if step == "sweep":
        sweeping.sweep(short(made.store), made.clock, made.rulebook, "newest")
    elif step == "advance":
        advancing._advance(short(made.store), made.clock, (made.plan,), made.rulebook)
    else:
        rolling._simulated(short(made.store), made.clock, made.rulebook, made.plan)


def main(step: str, *each: str) -> None:
    """Take the step on each store in a process of its own, and say how that ended."""
    sweeping.CHUNK = advancing.CHUNK = CHUNK
    for file, commit in (one.rsplit(":", 1) for one in each):
        if not (child := os.fork()):
            take(step, Path(file), int(commit))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.waitstatus_to_exitcode(status):
            sys.exit(f"{step} on {file} failed")
        print("killed" if os.WIFSIGNALED(status) else "ended", flush=True)  # noqa: T201 - a command


def take(step: str, file: Path, commit: int) -> None:
    """Take the step, until its Nth commit ends this process."""
    made, left = opened(file), [commit]

    def ending(connection: object) -> None:
        if connection.get_execution_options().get("reads_only"):
            return
        left[0] -= 1
        if left[0] == 0:
            context.KEPT.forget()  # its evaluator ends with it
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(made.store._engine, "commit", ending)
    run(made, step)
    made.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

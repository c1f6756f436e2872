"""A process that is killed between two steps of what it does: at a commit, at a file, at a call that writes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from sqlalchemy import event

from connectors.http.client import Call, Http, Reply
from tasks import context
from tests.tasks.conftest import forget


def dies_at(point: int, act: Callable[[], object]) -> str:
    """Act in a process that is killed at that step, the first is 1; how it ended.

    A step is right before a commit, right before a file is put into its place, right before a writing call, and
    right after one, when its answer is there and nothing is noted yet.
    """
    if child := os.fork():
        _, status = os.waitpid(child, 0)
        return "killed" if os.WIFSIGNALED(status) else f"ended {os.waitstatus_to_exitcode(status)}"
    left = [point]

    def step() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        forget()
        store = context.current_application().store
        event.listen(store._engine, "commit", lambda each: _writes(each) and step())
        sys.addaudithook(lambda name, _: step() if name in ("os.rename", "os.link") else None)
        Http.call = _around(Http.call, step)  # type: ignore[method-assign] # in this process alone
        act()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - the child never comes back into pytest
        os._exit(3)


def _writes(connection: object) -> bool:
    return not connection.get_execution_options().get("reads_only")  # type: ignore[attr-defined]


def _around(call: Callable[[Http, Call], Reply], step: Callable[[], None]) -> Callable[[Http, Call], Reply]:
    def stepping(http: Http, asked: Call) -> Reply:
        if asked.writing:
            step()
        reply = call(http, asked)
        if asked.writing:
            step()
        return reply

    return stepping

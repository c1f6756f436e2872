"""The main job on an organization of one's own outlives the loss of a run's process or host."""

from __future__ import annotations

import asyncio

import pytest

from runtime.main_job import OwnOffices
from runtime.problem import Gone
from runtime.runs import Ended

GOOD, CRASHED = Ended("r-3", "Completed", "done", good=True), Ended("r-2", "Crashed", "It died.", good=False)
FAILED = Ended("r-4", "Failed", "Refused: no", good=False)


class RunsOnPaper:
    """Runs that come to what is written down, one after the other."""

    def __init__(self, *ends: Ended | Gone) -> None:
        self.ends = list(ends)

    async def start(self, flow, parameters):
        return (flow, parameters)

    async def wait(self, _run):
        end = self.ends.pop(0)
        if isinstance(end, Gone):
            raise end
        return end


def job(*ends: Ended | Gone) -> tuple[OwnOffices, list[str]]:
    said: list[str] = []
    return OwnOffices(None, None, RunsOnPaper(*ends), said.append), said


def test_a_run_that_was_lost_is_started_again_and_one_that_was_refused_is_not() -> None:
    own, said = job(Gone("the process of run r-1 is gone"), CRASHED, GOOD)
    assert asyncio.run(own._run("run-cycle", {})) == GOOD
    assert said == [
        "the process of run r-1 is gone; starting run-cycle again",
        "run-cycle crashed (It died); starting it again",
    ]
    own, said = job(FAILED)
    assert (asyncio.run(own._run("run-cycle", {})), said) == (FAILED, [])


def test_a_run_that_is_lost_every_time_ends_the_command_with_a_reason() -> None:
    own, _ = job(Gone("1"), Gone("2"), Gone("3"))
    with pytest.raises(Gone, match="3"):
        asyncio.run(own._run("run-cycle", {}))

"""The sample's main job goes by what its runs came to, whatever their sentences say."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from config.settings import read_settings
from config.wiring import wire
from examples.harbor_group.job import TRIES, Job
from runtime.folder import StateFolder
from runtime.place import Place
from runtime.problem import Problem
from runtime.runs import Ended
from tests.domain.outcomes.examples import APPROVED, PUBLISHED, READ, SIMULATED

NOT_READ = replace(READ, not_read=("hamburg", "lima"))
MISLEADING = "not read: nobody. digest " + "f" * 64 + "."


@dataclass
class RunsOnPaper:
    """Runs that come to what is written down for their flow, the last of it again and again."""

    outcomes: dict[str, list]
    crashes: list[str] = field(default_factory=list)
    started: list[tuple[str, dict]] = field(default_factory=list)

    async def start(self, flow, parameters, key=None):
        del key
        self.started.append((flow, dict(parameters)))
        return flow

    async def wait(self, run):
        if self.crashes:
            return Ended("r-0", "Crashed", self.crashes.pop(0), good=False)
        written = self.outcomes.get(run, [None])
        outcome = written.pop(0) if len(written) > 1 else written[0]
        return Ended(f"r-{len(self.started)}", "Completed", MISLEADING, good=True, outcome=outcome)


def on_paper(**changed):
    kept = {
        "publish-standard": [PUBLISHED],
        "sync-offices": [READ],
        "simulate-standard": [SIMULATED],
        "roll-out-standard": [APPROVED],
    }
    return RunsOnPaper(kept | changed)


@pytest.fixture
def job(copy, tmp_path, monkeypatch):
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(copy))
    settings = read_settings()
    application = wire(settings)
    said: list[str] = []

    def with_runs(runs):
        return Job(Place(StateFolder(settings.state), settings), application, runs, said.append), said

    yield with_runs
    application.store.close()


def test_the_digest_that_was_simulated_is_approved(job):
    runs = on_paper()
    asyncio.run(job(runs)[0].play(0))
    approved = [parameters for flow, parameters in runs.started if flow == "roll-out-standard"]
    assert [each["digest"] for each in approved] == [SIMULATED.digest]


def test_offices_that_were_not_read_are_read_again(job):
    runs = on_paper(**{"sync-offices": [NOT_READ, NOT_READ, READ]})
    found, said = job(runs)
    asyncio.run(found.play(0))
    assert [flow for flow, _ in runs.started].count("sync-offices") == TRIES == 3
    assert [line for line in said if line.startswith("not read: hamburg")] == [
        "not read: hamburg, lima (1 of 3)",
        "not read: hamburg, lima (2 of 3)",
    ]


def test_nothing_begins_while_offices_cannot_be_read(job):
    runs = on_paper(**{"sync-offices": [NOT_READ]})
    with pytest.raises(Problem, match="some offices cannot be read"):
        asyncio.run(job(runs)[0].play(0))
    assert "roll-out-standard" not in [flow for flow, _ in runs.started]


def test_a_simulation_of_which_nothing_is_known_any_more_is_run_again(job):
    runs = on_paper(**{"simulate-standard": [None, SIMULATED]})
    asyncio.run(job(runs)[0].play(0))
    assert [flow for flow, _ in runs.started].count("simulate-standard") == 2
    assert [each["digest"] for flow, each in runs.started if flow == "roll-out-standard"] == [
        SIMULATED.digest
    ]


@pytest.mark.parametrize("left", [None, READ], ids=["nothing", "another kind"])
def test_a_simulation_that_left_no_such_outcome_is_not_approved(job, left):
    runs = on_paper(**{"simulate-standard": [left]})
    with pytest.raises(Problem, match="left no outcome -> look into the run in Prefect"):
        asyncio.run(job(runs)[0].play(0))
    assert "roll-out-standard" not in [flow for flow, _ in runs.started]


def test_a_run_that_crashed_is_started_again_and_why_is_said(job):
    runs = on_paper()
    runs.crashes = ["The process of this run is gone; the next run does what is left."]
    found, said = job(runs)
    asyncio.run(found.again())
    assert [flow for flow, _ in runs.started] == ["run-cycle", "run-cycle"]
    assert said == [
        (
            "run-cycle crashed (The process of this run is gone; the next run does what is left);"
            " starting it again (1 of 3)"
        )
    ]

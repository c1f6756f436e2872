"""Ways to make a worker run foreign code, with access to Prefect's API: each leaves a file where it is run.

They are tried with the operator's own password, so that only the worker stands in their way.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.servers.ways import Ask

ENTRYPOINT = "flows.report.report_network"
OURS = ("report-network", "run-cycle", "advance-rollouts", "sync-offices", "sweep-compliance")
"""Deployments of Interoffice whose form needs a reason only."""
WHY = {"parameters": {"why": "a test"}}
EVIL = """from pathlib import Path

from prefect import flow

Path({file!r}).touch()


@flow(name="mine")
def evil():
    pass


@flow(name="report-network")
def alike():
    pass
"""
OPEN_TEMPLATE = {
    "job_configuration": {"command": "{{ command }}", "env": "{{ env }}", "working_dir": "{{ working_dir }}"},
    "variables": {
        "type": "object",
        "properties": {name: {} for name in ("command", "env", "working_dir")},
    },
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: where its code lies, the file that shows that it ran, and how the server is asked."""

    ask: Ask
    folder: Path
    file: Path
    ours: str
    """The id of a deployment of Interoffice."""
    pool: str

    @classmethod
    def begun(cls, ask: Ask, place: Path, ours: str, pool: str) -> Attempt:
        """A try with code in a folder of its own."""
        folder = place / f"evil{uuid.uuid4().hex[:8]}"
        folder.mkdir(parents=True)
        file = folder / "it-ran"
        (folder / "evil.py").write_text(EVIL.format(file=str(file)))
        (folder / "sitecustomize.py").write_text(f"open({str(file)!r}, 'w').close()\n")
        return cls(ask, folder, file, ours, pool)

    def touch(self) -> str:
        return f"touch {self.file}"

    def made(self, flow: str = "mine", **more: object) -> str:
        """A deployment of the stranger's own; its id."""
        of = self.ask("POST", "/flows/", {"name": flow})["id"]
        there = {"name": f"mine-{uuid.uuid4().hex[:6]}", "flow_id": of, "work_pool_name": self.pool}
        return self.ask("POST", "/deployments/", {**there, **more})["id"]

    def run(self, deployment: str, **more: object) -> str:
        """A run of it; its id."""
        return self.ask("POST", f"/deployments/{deployment}/create_flow_run", more)["id"]

    def changed(self, **more: object) -> str:
        """A run of ours, after its deployment was changed."""
        self.ask("PATCH", f"/deployments/{self.ours}", more)
        return self.run(self.ours, **WHY)

    def template(self, **more: object) -> None:
        self.ask("PATCH", f"/work_pools/{self.pool}", {"base_job_template": {**OPEN_TEMPLATE, **more}})


def _constant(attempt: Attempt, **configuration: object) -> str:
    """The template itself says what is run; the run brings nothing along."""
    whole = {"command": None, "env": {}, "working_dir": None, **configuration}
    attempt.template(job_configuration=whole, variables={"type": "object", "properties": {}})
    return attempt.run(attempt.ours, **WHY)


def _by_variables(attempt: Attempt, **variables: object) -> str:
    attempt.template()
    return attempt.run(attempt.ours, **WHY, job_variables=variables)


def _variables_of_deployment(attempt: Attempt) -> str:
    attempt.template()
    return attempt.changed(job_variables={"command": attempt.touch()})


SHELL = "prefect.deployments.steps.run_shell_script"
WAYS: Mapping[str, Callable[[Attempt], str]] = {
    "a deployment of code in a folder": lambda a: a.run(a.made(entrypoint="evil.py:evil", path=str(a.folder))),
    "a deployment of code by its whole path": lambda a: a.run(
        a.made(entrypoint=f"{a.folder}/evil.py:evil", path=str(a.folder))
    ),
    "a deployment with a pull step": lambda a: a.run(
        a.made(entrypoint=ENTRYPOINT, pull_steps=[{SHELL: {"script": a.touch()}}])
    ),
    "a deployment under our names": lambda a: a.run(
        a.made("report-network", name="report-network-again", entrypoint="evil.py:alike", path=str(a.folder))
    ),
    "our deployment with another entrypoint": lambda a: a.changed(entrypoint="evil.py:alike", path=str(a.folder)),
    "our deployment with a pull step": lambda a: a.changed(pull_steps=[{SHELL: {"script": a.touch()}}]),
    "a command of a run": lambda a: _by_variables(a, command=a.touch()),
    "an environment of a run": lambda a: _by_variables(
        a, env={"PYTHONPATH": str(a.folder)}
    ),
    "a command of a deployment": _variables_of_deployment,
    "a command of the pool": lambda a: _constant(a, command=a.touch()),
    "an environment of the pool": lambda a: _constant(
        a, env={"PYTHONPATH": str(a.folder)}
    ),
}  # fmt: skip
BY_THE_POOL = frozenset(
    what for what in WAYS if what.endswith(("of a run", "of a deployment", "of the pool"))
)
"""The ways that change the template of the pool first."""
NOT_SEEN = frozenset(what for what in WAYS if what.endswith("of the pool"))
"""What our worker never looks at: the run is ours, and ends as it does."""

"""Only flows of prefect.yaml are run, by their own entrypoints; whatever a run brings along is refused by name."""

import asyncio
import uuid
from datetime import UTC, datetime

import pytest
from prefect.client.schemas.objects import Flow as ServerFlow
from prefect.client.schemas.objects import FlowRun, WorkPool
from prefect.client.schemas.responses import DeploymentResponse

from runtime.deployments import load_flow
from runtime.manifest import read_manifest
from runtime.permitted import Foreign, permitted
from runtime.prefect_worker import ENTRYPOINT, Forked

MANIFEST = read_manifest()
FLOWS = {each.entrypoint: load_flow(each.entrypoint).name for each in MANIFEST.deployments}
MAY = permitted(MANIFEST, FLOWS)
SYNC = "flows.sync.sync_offices"


def flow(name: str = "sync-offices") -> ServerFlow:
    return ServerFlow(id=uuid.uuid4(), name=name)


def deployment(of: ServerFlow, **changes: object) -> DeploymentResponse:
    there = {
        "id": uuid.uuid4(),
        "name": "sync-offices",
        "flow_id": of.id,
        "entrypoint": SYNC,
        "job_variables": {},
    }
    return DeploymentResponse.model_validate({**there, **changes})


def run(of: ServerFlow, **changes: object) -> FlowRun:
    there = {"id": uuid.uuid4(), "flow_id": of.id, "name": "a run", "expected_start_time": datetime.now(UTC)}
    return FlowRun.model_validate({**there, **changes})


def test_a_run_of_ours_has_the_entrypoint_of_the_manifest() -> None:
    of = flow()
    assert MAY.entrypoint(run(of), deployment(of), of) == SYNC
    assert set(MAY.entrypoints.values()) == {each.entrypoint for each in MANIFEST.deployments}


@pytest.mark.parametrize(
    "changes",
    [
        {"entrypoint": "os.system"},
        {"entrypoint": "flows.sync.sync_offices:x"},
        {"entrypoint": "flows/sync.py:sync_offices"},
        {"entrypoint": "flows.publish.publish_standard"},
        {"entrypoint": None},
        {"name": "mine"},
        {"name": "publish-standard"},
        {"flow_id": uuid.uuid4()},
        {"pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": "id"}}]},
        {"path": "/srv/elsewhere"},
        {"job_variables": {"command": "id"}},
        {"job_variables": {"env": {"PYTHONPATH": "/srv"}}},
        {"job_variables": {"working_dir": "/srv"}},
        {"storage_document_id": uuid.uuid4()},
        {"infrastructure_document_id": uuid.uuid4()},
    ],
)
def test_a_deployment_that_is_not_as_the_manifest_says_is_refused(changes) -> None:
    of = flow()
    with pytest.raises(Foreign, match=" -> "):
        MAY.entrypoint(run(of), deployment(of, **changes), of)


@pytest.mark.parametrize(
    "changes", [{"job_variables": {"command": "id"}}, {"infrastructure_document_id": uuid.uuid4()}]
)
def test_a_run_that_brings_something_along_is_refused(changes) -> None:
    of = flow()
    with pytest.raises(Foreign, match="it brings along"):
        MAY.entrypoint(run(of, **changes), deployment(of), of)


def test_a_run_of_no_deployment_or_of_a_foreign_flow_is_refused() -> None:
    of, foreign = flow(), flow("mine")
    with pytest.raises(Foreign, match="no deployment"):
        MAY.entrypoint(run(of), None, of)
    with pytest.raises(Foreign, match=r"not in prefect\.yaml"):
        MAY.entrypoint(run(foreign), deployment(foreign), foreign)


class Server:
    """What the worker reads of a run: a deployment and a flow, as Prefect's client gives them."""

    def __init__(self, there: DeploymentResponse, of: ServerFlow) -> None:
        self.there, self.of = there, of

    async def read_deployment(self, _identity: uuid.UUID) -> DeploymentResponse:
        return self.there

    async def read_flow(self, _identity: uuid.UUID) -> ServerFlow:
        return self.of


def test_command_and_entrypoint_are_ours_whatever_the_pool_s_template_says(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Forked, "may", MAY, raising=False)
    of = flow()
    there = deployment(of)
    template = {
        "job_configuration": {"command": "id", "env": {"PYTHONPATH": "/srv"}, "working_dir": "/srv"},
        "variables": {"type": "object", "properties": {}},
    }
    pool = WorkPool(id=uuid.uuid4(), name="interoffice", type="process", base_job_template=template)
    made = asyncio.run(
        Forked.resolve_for_flow_run(
            run(of, deployment_id=there.id), client=Server(there, of), work_pool=pool, worker_name="w"
        )
    )
    assert made.command.endswith(f"flow_process.py {tmp_path} prefect.engine")
    assert made.env[ENTRYPOINT] == SYNC
    assert made.env.get("PYTHONPATH") != "/srv"
    assert made.working_dir is None

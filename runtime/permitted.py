"""What our worker may run: the flows of prefect.yaml by their own entrypoints, and nothing else.

Whoever reaches Prefect's API can write commands, environments, folders, pull steps and entrypoints into
runs, deployments and work pools. None of these is ever used; a run that has any of them is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runtime.manifest import Manifest

if TYPE_CHECKING:  # a check of the files needs no Prefect, which takes a second to import
    from prefect.client.schemas.objects import Flow as ServerFlow
    from prefect.client.schemas.objects import FlowRun
    from prefect.client.schemas.responses import DeploymentResponse

TEMPLATE: Mapping[str, Any] = {
    "job_configuration": {"stream_output": True},
    "variables": {"type": "object", "properties": {}, "additionalProperties": False},
}
"""The work pool's template: it offers nothing to set, so Prefect's server refuses job variables by itself.

An empty `job_configuration` is refused by the server, so one field stays, which nobody can set.
"""


class Foreign(Exception):
    """A run that has settings which are not ours; its text says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Permitted:
    """The entrypoints that may be run, by deployment, and the names of their flows."""

    entrypoints: Mapping[str, str]
    flows: Mapping[str, str]

    def entrypoint(self, run: FlowRun, deployment: DeploymentResponse | None, flow: ServerFlow) -> str:
        """The entrypoint of ours for that run. Raises Foreign."""
        if deployment is None:
            raise Foreign("it belongs to no deployment -> start it from a deployment of Interoffice")
        ours = self.entrypoints.get(deployment.name)
        if ours is None or flow.name != self.flows[deployment.name]:
            raise Foreign("its flow and deployment are not in prefect.yaml -> start one that is")
        if deployment.entrypoint != ours or deployment.flow_id != flow.id:
            raise Foreign("its deployment runs other code than prefect.yaml says -> run `interoffice setup`")
        brought = _brought(run, deployment)
        if brought:
            raise Foreign(f"it brings along {', '.join(brought)} -> leave it out, or run `interoffice setup`")
        return ours


def permitted(manifest: Manifest, flows: Mapping[str, str]) -> Permitted:
    """What may be run by the manifest; `flows` has the name of the flow at each entrypoint."""
    by_name = {each.name: each.entrypoint for each in manifest.deployments}
    return Permitted(by_name, {name: flows[entrypoint] for name, entrypoint in by_name.items()})


def _brought(run: FlowRun, deployment: DeploymentResponse) -> list[str]:
    """The names of the settings of a run or its deployment that are not ours."""
    there = {
        "job variables of its own": run.job_variables,
        "job variables of its deployment": deployment.job_variables,
        "pull steps": deployment.pull_steps,
        "a path": deployment.path not in (None, "", "."),
        "a storage": deployment.storage_document_id,
        "an infrastructure": deployment.infrastructure_document_id or run.infrastructure_document_id,
    }
    return [name for name, value in there.items() if value]

"""A flow run in this process, with a temporary Prefect server that ends with the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from prefect.utilities.callables import parameter_schema

from config.wiring import Application
from runtime.deployments import load_flow
from runtime.manifest import read_manifest
from runtime.offered import choices_of
from runtime.runs import Ended


def schema_of(application: Application, flow: str) -> dict[str, Any]:
    """The JSON schema of the flow's form, with the choices of the organization's files in it.

    People and simulations are no choices in it: commands may name them otherwise, see runtime/entered.py.
    """
    choices = replace(choices_of(application), simulations=(), persons={})
    return choices.in_form(parameter_schema(_flow(flow)).model_dump_for_openapi(), flow)


async def run_here(flow: str, parameters: Mapping[str, object]) -> Ended:
    """Run the flow to its end, with these parameters."""
    state: Any = await _flow(flow)(**parameters, return_state=True)
    good = state.is_completed()
    outcome = await state.aresult() if good else None
    return Ended(str(state.state_details.flow_run_id), state.name, state.message or "", good, outcome)


def _flow(name: str) -> Any:  # noqa: ANN401 - whatever its parameters are
    return load_flow(read_manifest().deployment(name).entrypoint)

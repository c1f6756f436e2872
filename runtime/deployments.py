"""Makes a Prefect server hold the deployments that it should: what is as it should be is left alone.

An operator's own pause of a schedule stays. A schedule is known by its slug, so that none is ever there
twice. It deletes no deployment and touches none of another name.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import (
    DeploymentScheduleCreate,
    DeploymentUpdate,
    WorkPoolCreate,
    WorkPoolUpdate,
)
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.exceptions import ObjectNotFound
from prefect.utilities.callables import parameter_schema

from runtime.choices import Choices
from runtime.manifest import DeploymentShape, Manifest, ScheduleShape
from runtime.permitted import TEMPLATE
from runtime.problem import Problem


@dataclass(slots=True)
class Reconciled:
    """What a setup changed, in names of deployments; `ids` are the ids of all of them by name."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def found(self) -> Mapping[str, UUID]:
        """Those that were there before."""
        return {name: there for name, there in self.ids.items() if name not in self.created}

    def __str__(self) -> str:
        """The counts, for people."""
        return f"{len(self.created)} created, {len(self.updated)} updated, {len(self.same)} the same"


def load_flow(entrypoint: str) -> Flow[Any, Any]:
    """The flow at a module entrypoint. Raises Problem where there is none."""
    module, _, name = entrypoint.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ModuleNotFoundError as problem:
        raise Problem(f"{entrypoint} cannot be imported: {problem} -> correct prefect.yaml") from None
    if not isinstance(found, Flow):
        raise Problem(f"{entrypoint} is no flow -> correct prefect.yaml")
    return found


def description_of(flow: Flow[Any, Any]) -> str:
    """What a deployment's page shows: the flow's paragraphs as whole lines, without the helps of its form."""
    text = (flow.description or "").partition("\nArgs:")[0]
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n")).strip()


async def reconcile(
    client: PrefectClient, manifest: Manifest, choices: Choices, *, paused: bool
) -> Reconciled:
    """Make the server hold what the manifest says; new deployments begin paused where that is asked for."""
    outcome = Reconciled()
    for pool in sorted({each.work_pool.name for each in manifest.deployments}):
        await _pool(client, pool)
    for wanted in manifest.deployments:
        flow = load_flow(wanted.entrypoint)
        values = _values(wanted, flow, choices)
        try:
            there = await client.read_deployment_by_name(f"{flow.name}/{wanted.name}")
        except ObjectNotFound:
            outcome.ids[wanted.name] = await _create(client, wanted, flow, values, paused=paused)
            outcome.created.append(wanted.name)
            continue
        outcome.ids[wanted.name] = there.id
        changed = await _update(client, there, values)
        changed |= await _schedules(client, there, wanted.schedules)
        (outcome.updated if changed else outcome.same).append(wanted.name)
    return outcome


async def renew_forms(client: PrefectClient, manifest: Manifest, choices: Choices) -> list[str]:
    """Offer these choices in the forms that are there; the deployments whose form changed."""
    changed = []
    for wanted in manifest.deployments:
        flow = load_flow(wanted.entrypoint)
        try:
            there = await client.read_deployment_by_name(f"{flow.name}/{wanted.name}")
        except ObjectNotFound:
            continue
        if await _update(client, there, _values(wanted, flow, choices)):
            changed.append(wanted.name)
    return changed


async def pause(client: PrefectClient, ids: Mapping[str, UUID], *, paused: bool) -> None:
    """Resume the schedules, or pause them: either way Prefect drops the runs that they have planned already.

    So those that go on, perhaps because another host serves, are not resumed again.
    """
    for deployment in ids.values():
        if paused:
            await client.request("POST", "/deployments/{id}/pause_deployment", path_params={"id": deployment})
        elif (await client.read_deployment(deployment)).paused:
            await client.resume_deployment(deployment)


def _values(wanted: DeploymentShape, flow: Flow[Any, Any], choices: Choices) -> dict[str, Any]:
    limit = wanted.concurrency_limit
    schema = parameter_schema(flow).model_dump_for_openapi()
    return {
        "entrypoint": wanted.entrypoint,
        "description": description_of(flow),
        "tags": list(wanted.tags),
        "parameters": dict(wanted.parameters),
        "work_pool_name": wanted.work_pool.name,
        "pull_steps": [],
        "job_variables": {},
        "path": None,
        "enforce_parameter_schema": True,
        "parameter_openapi_schema": choices.in_form(schema, wanted.name),
        "concurrency_limit": limit.limit if limit else None,
        "concurrency_options": ConcurrencyOptions(
            collision_strategy=ConcurrencyLimitStrategy(limit.collision_strategy),
            grace_period_seconds=limit.grace_period_seconds,
        )
        if limit
        else None,
    }


async def _create(
    client: PrefectClient,
    wanted: DeploymentShape,
    flow: Flow[Any, Any],
    values: dict[str, Any],
    *,
    paused: bool,
) -> UUID:
    flow_id = await client.create_flow(flow)
    schedules = [_schedule(each) for each in wanted.schedules]
    return await client.create_deployment(
        flow_id=flow_id, name=wanted.name, schedules=schedules, paused=paused, **values
    )


async def _update(client: PrefectClient, there: DeploymentResponse, values: dict[str, Any]) -> bool:
    limit = there.global_concurrency_limit
    found = {name: getattr(there, name, None) for name in values}
    found["concurrency_limit"] = limit.limit if limit else None
    found["pull_steps"] = there.pull_steps or []
    found["enforce_parameter_schema"] = there.enforce_parameter_schema
    differing = {name: value for name, value in values.items() if not _alike(found[name], value)}
    if not differing:
        return False
    # What is not named here is reset by the server, so everything is.
    await client.update_deployment(there.id, DeploymentUpdate(**values))
    return True


def _alike(found: object, wanted: object) -> bool:
    if isinstance(found, ConcurrencyOptions) and isinstance(wanted, ConcurrencyOptions):
        return (found.collision_strategy, found.grace_period_seconds) == (
            wanted.collision_strategy,
            wanted.grace_period_seconds,
        )
    return found == wanted


async def _schedules(
    client: PrefectClient, there: DeploymentResponse, wanted: Sequence[ScheduleShape]
) -> bool:
    changed = False
    found = {each.slug: each for each in there.schedules}
    for shape in wanted:
        new, old = _schedule(shape), found.pop(shape.slug, None)
        if old is None:
            await client.create_deployment_schedules(there.id, [new])
        elif _same_schedule(old.schedule, new.schedule) and old.parameters == new.parameters:
            continue
        else:
            await client.update_deployment_schedule(
                there.id, old.id, schedule=new.schedule, parameters=new.parameters
            )
        changed = True
    for left in found.values():
        if left.slug is not None:  # a schedule without a slug was made by an operator, in the UI
            await client.delete_deployment_schedule(there.id, left.id)
            changed = True
    return changed


def _same_schedule(old: object, new: object) -> bool:
    if isinstance(old, CronSchedule) and isinstance(new, CronSchedule):
        return (old.cron, old.timezone) == (new.cron, new.timezone)
    if isinstance(old, IntervalSchedule) and isinstance(new, IntervalSchedule):
        return (old.interval, old.timezone) == (new.interval, new.timezone)
    return False


def _schedule(shape: ScheduleShape) -> DeploymentScheduleCreate:
    when = (
        CronSchedule(cron=shape.cron, timezone=shape.timezone)
        if shape.cron is not None
        else IntervalSchedule(interval=timedelta(seconds=shape.interval or 0), timezone=shape.timezone)
    )
    return DeploymentScheduleCreate(
        schedule=when, active=shape.active, parameters=dict(shape.parameters), slug=shape.slug
    )


async def _pool(client: PrefectClient, name: str) -> None:
    try:
        there = await client.read_work_pool(name)
    except ObjectNotFound:
        template = dict(TEMPLATE)
        await client.create_work_pool(WorkPoolCreate(name=name, type="process", base_job_template=template))
        return
    if there.type != "process":
        raise Problem(f"the work pool {name} is of type {there.type} -> rename it, ours is a process pool")
    if there.base_job_template != TEMPLATE:
        await client.update_work_pool(name, WorkPoolUpdate(base_job_template=dict(TEMPLATE)))
    if there.is_paused:
        await client.update_work_pool(name, WorkPoolUpdate(is_paused=False))

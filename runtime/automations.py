"""Ready-made automations as they should be in a Prefect server: made once, by name, and kept as written here.

What operators switched off stays off, and the actions that they added stay. It touches no automation of
another name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from prefect.automations import AutomationCore
from prefect.client.orchestration import PrefectClient
from prefect.events.actions import ActionTypes, RunDeployment
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectNotFound

from domain.outcomes.failures import Trouble

if TYPE_CHECKING:
    from runtime.deployments import Reconciled

REAPS, REPORTS, NOTIFIES = "reap-runs", "report-network", "notify-failure"
OF_OURS = ("name", "description", "trigger", "actions")
"""The fields that are kept as they are written here, except for actions that operators added."""
OF_OPERATORS = ("enabled", "tags", "actions_on_trigger", "actions_on_resolve")
"""The fields that stay as operators left them."""


def automations(ids: Mapping[str, UUID]) -> tuple[AutomationCore, ...]:
    """The automations that there should be, for the deployments with these ids."""
    watched = sorted(name for name in ids if name not in (REAPS, NOTIFIES))
    ours = [{"prefect.resource.role": "flow", "prefect.resource.name": watched}]
    return (
        AutomationCore(
            name="Interoffice: a run failed",
            description="A run of ours failed or crashed: what its process left open is closed, and one"
            " message is sent to the addresses of INTEROFFICE_ALERTS.",
            trigger=_when(
                {"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
                {"prefect.resource.id": "prefect.flow-run.*"},
                ours,
            ),
            actions=[RunDeployment(deployment_id=ids[REAPS], parameters={}), _notify(ids, Trouble.FAILED)],
        ),
        AutomationCore(
            name="Interoffice: a run is late",
            description="A run of ours did not begin when it was due: one message is sent to the addresses of"
            " INTEROFFICE_ALERTS, as soon as runs begin again.",
            trigger=_when({"prefect.flow-run.Late"}, {"prefect.resource.id": "prefect.flow-run.*"}, ours),
            actions=[_notify(ids, Trouble.LATE)],
        ),
        AutomationCore(
            name="Interoffice: an office was escalated",
            description="What an office is late with went to somebody above it: the reports are written anew."
            " Add a notification to be told.",
            trigger=_when({"interoffice.escalated"}, {"prefect.resource.id": "interoffice.office.*"}, []),
            actions=[
                RunDeployment(deployment_id=ids[REPORTS], parameters={"why": "an office was escalated"})
            ],
        ),
    )


def _notify(ids: Mapping[str, UUID], trouble: Trouble) -> RunDeployment:
    """Tell people of the run that the event is about."""
    run = {"__prefect_kind": "jinja", "template": "{{ flow_run.id }}"}
    return RunDeployment(deployment_id=ids[NOTIFIES], parameters={"run": run, "trouble": str(trouble)})


async def reconcile_automations(client: PrefectClient, outcome: Reconciled) -> None:
    """Make the server hold these automations; what was done is added to the outcome of the deployments."""
    for wanted in automations(outcome.ids):
        found = await client.read_automations_by_name(wanted.name)
        if not found:
            await client.create_automation(wanted)
            outcome.created.append(wanted.name)
            continue
        there = found[0]
        more = added(there.actions, wanted.actions, await _gone(client, there.actions))
        whole = wanted.model_copy(update={"actions": [*wanted.actions, *more]})
        if _ours(there) == _ours(whole):
            outcome.same.append(wanted.name)
            continue
        theirs = {name: getattr(there, name) for name in OF_OPERATORS}
        ours = {name: getattr(whole, name) for name in OF_OURS}
        await client.update_automation(there.id, AutomationCore(**theirs, **ours))
        outcome.updated.append(wanted.name)


def added(
    there: Sequence[ActionTypes], ours: Sequence[ActionTypes], gone: Collection[UUID]
) -> list[ActionTypes]:
    """The actions that operators added: all but ours, each of which is left out once, in its new or old form.

    The old form of one of ours is the first action that runs the same deployment. An action that names a
    `gone` deployment does nothing any more: it may be one of ours from before its deployment was made anew.
    """
    left = [each for each in there if _runs(each) not in gone]
    for own in ours:
        same = [each for each in left if each == own] or [each for each in left if _runs(each) == _runs(own)]
        if same:
            left.remove(same[0])
    return left


def _runs(action: ActionTypes) -> UUID | None:
    """The deployment that an action runs; None where it does anything else."""
    return action.deployment_id if isinstance(action, RunDeployment) else None


async def _gone(client: PrefectClient, actions: Sequence[ActionTypes]) -> set[UUID]:
    """The deployments that these actions name and that are no longer there."""
    found = set()
    for deployment in {_runs(each) for each in actions}:
        if deployment is None:
            continue
        try:
            await client.read_deployment(deployment)
        except ObjectNotFound:
            found.add(deployment)
    return found


def _when(
    events: set[str], resource: Mapping[str, str], related: Sequence[Mapping[str, Any]]
) -> EventTrigger:
    return EventTrigger(
        expect=events,
        match=ResourceSpecification.model_validate(resource),
        match_related=[ResourceSpecification.model_validate(each) for each in related],
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
    )


def _ours(automation: AutomationCore) -> Mapping[str, Any]:
    """The fields that are compared."""
    told: Mapping[str, Any] = AutomationCore.model_validate(automation.model_dump()).model_dump(mode="json")
    return {name: _sorted(told[name]) for name in OF_OURS}


def _sorted(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The value with its lists sorted, as the order of sets may differ, and without the server's ids."""
    if isinstance(value, dict):
        return {name: _sorted(each) for name, each in value.items() if name != "id"}
    if isinstance(value, list):
        return sorted((_sorted(each) for each in value), key=repr)
    return value

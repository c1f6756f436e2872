"""distribute-plan: an office's local plan goes into its own tool, task by task, and is the office's there."""

from __future__ import annotations

from dataclasses import replace

from prefect import flow
from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State

from domain.delivery.distribution import Pace
from domain.outcomes.distributing import PlanDistributed, how_far
from flows.outcome import answering, done
from flows.tables import of_certificate
from tasks.context import current_application
from tasks.distributing import PartPut, foresee, put_part


@flow(name="distribute-plan", flow_run_name="distribute {derivation}")
@answering("distribute-plan")
async def distribute_plan(
    derivation: str, person: str, why: str, dry_run: bool = True
) -> State[PlanDistributed]:
    """Put an office's local plan into the project of its tool that the office named, or into a new one.

    Run it when the office has localized a template and looked at the plan.

    The dry run says first what the tool cannot hold, how many calls it takes, and how long they take by the
    tool's limits or at the pace at which it answered. A new project is made first, where the tool lets us;
    then come the tasks, their links last. Needs access write. Run again it goes on and puts nothing there
    twice. From then on the tasks are the office's: what it edits or deletes stays so.

    Args:
        derivation: The local plan, as office/template/number.
        person: The head of the office, recorded as entered by an operator; see `interoffice person list`.
        why: Why it is put there now; recorded.
        dry_run: Only say what would be put there. Off: the tasks are put into the office's tool.
    """
    person = person.strip()
    if dry_run:
        foreseen = foresee(derivation, person, why)
        await _certificate(foreseen)
        return done(foreseen)
    machine = current_application().machine
    begun, created, linked, calls, steps = machine.now(), 0, 0, 0, 0
    part = put_part(derivation, person, why, ())
    starts = part.outcome.starts
    while part.more:
        created, linked = created + part.outcome.created, linked + part.outcome.linked
        calls, steps = calls + part.outcome.calls, steps + part.steps_done
        await _progress(part, steps, (machine.now() - begun).total_seconds())
        part = put_part(derivation, person, why, part.refused)
    if steps:
        await _progress(part, steps + part.steps_done, (machine.now() - begun).total_seconds())
    outcome = replace(
        part.outcome, starts=starts, created=created + part.outcome.created,
        linked=linked + part.outcome.linked, calls=calls + part.outcome.calls,
    )  # fmt: skip
    await _certificate(outcome)
    return done(outcome)


async def _progress(part: PartPut, done: int, seconds: float) -> None:
    """How far the whole plan is, and how long the rest takes at the pace of this run."""
    at, pace = part.outcome, Pace(part.steps, part.steps_left, done, seconds)
    await acreate_progress_artifact(
        progress=pace.percent, key="distribution", description=f"{at.derivation}: {how_far(at, pace)}"
    )


async def _certificate(at: PlanDistributed) -> None:
    """What the tool does not keep, by field; counts only."""
    await acreate_table_artifact(
        key="certificate",
        table=of_certificate(at),
        description=f"{at.derivation}: what the tool cannot hold as it is meant, by field.",
    )

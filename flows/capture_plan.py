"""capture-plan: a draft of a template from an office's plan, without what is the office's own."""

from __future__ import annotations

from prefect import flow
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State

from domain.outcomes.templates import PlanCaptured
from flows.outcome import answering, done
from flows.tables import of_capture
from tasks.capturing import capture_draft


@flow(name="capture-plan", flow_run_name="capture {template}")
@answering("capture-plan")
async def capture_plan(
    plan: str, template: str, why: str, confirm: str = "", person: str = "", dry_run: bool = True
) -> State[PlanCaptured]:
    """Capture an office's plan as a draft of a template that other offices can start from.

    Run it when a deployment has gone well at one office, or while it still runs: open parts are marked.

    Takes out persons, addresses, phones, credentials, comments and links to elsewhere, keeps how long tasks
    took as evidence, and runs the checks of GAO and DCMA. The plan is not changed. Releasing comes after.
    `interoffice plan capture` shows the texts that are taken out; this run shows counts.

    Args:
        plan: OFFICE/PROJECT as it was last read, or OFFICE/FILE with a file in the organization's folder.
        template: The template's id, such as finance-system.
        why: Why it is captured; recorded.
        confirm: Proposed links (12>14, or all), words that are no names, assignees that are roles, and which
            milestone is go-live or the end of early-life support: go_live=Go-live, support_end=Support ended;
            how large the deployment was, by which savings are compared: size=420 users.
        person: Who confirms that; `interoffice person list` says who is who.
        dry_run: Only say what would be captured. Off: the draft is stored; no tool is written.
    """
    captured = capture_draft(plan, template, why, confirm, person.strip(), dry_run=dry_run)
    await acreate_table_artifact(
        key="capture",
        table=of_capture(captured),
        description="What was taken out, and what the checks found.",
    )
    return done(captured)

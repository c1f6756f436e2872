"""recall-template: a released version is marked with a correction or a stop."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.templates import TemplateRecalled
from domain.plans.templates.template import RecallKind
from flows.outcome import answering, done
from tasks.releasing import recall_version


@flow(name="recall-template", flow_run_name="recall {released}")
@answering("recall-template")
async def recall_template(
    released: str, recall: RecallKind, person: str, why: str, dry_run: bool = True
) -> State[TemplateRecalled]:
    """Recall a released version of a template: its text stays, and a mark says what to do.

    Run it when a version turns out to be wrong. A correction: go on and take over what is said. A stop: begin
    nothing more by it. Writes nothing into any tool.

    Args:
        released: The version, as template/number.
        recall: What whoever took the version has to do.
        person: Who recalls it, recorded as entered by an operator; `interoffice person list` says who is who.
        why: What is wrong with it and what to do, for everybody who took it; a person is not named in it.
        dry_run: Only say what would happen. Off: the version is marked in our record.
    """
    return done(recall_version(released, recall, person.strip(), why, dry_run=dry_run))

"""Take the last update of an office's plan back, through the same merge: what the office did since stays.

The version that was taken back is not offered again; a newer one is. Refuses to undo what was not written.
"""

from __future__ import annotations

from prefect import task

from config.permitting import permitted as may
from domain.ids import Subject, TemplateVersionId
from domain.organization.actions import Action
from domain.outcomes.updating import PlanUpdated, UpdateState, UpdateUndone
from tasks.answering import actor_of, reason_of
from tasks.context import current_application
from tasks.plan_targets import derivation_of
from tasks.recording import entry, record
from tasks.updating import Updating


@task(name="undo-update", task_run_name="undo {derivation}")
def undo_update_of(derivation: str, person: str, why: str, *, dry_run: bool) -> UpdateUndone:
    """Take the last update of a plan back.

    Raises LookupError for a plan that is not there, ValueError where it was never updated, PermissionError
    for a person who may not, and the tool's errors.
    """
    application = current_application()
    organization = application.organization
    with application.store.read() as unit:
        reason = reason_of(unit, organization.sources, why)
        actor = actor_of(unit, organization.sources, person, {})
        found = derivation_of(unit, derivation)
    office = organization.offices[found.id.office]
    by = may(
        organization, application.store, application.clock, actor, Action.UNDO_UPDATE, leader=office,
        concerned=office.id, subject=str(found.id), why=reason, dry_run=dry_run,
    )  # fmt: skip
    updating = Updating(application)
    with application.store.read() as unit:
        update = updating.undo_of(unit, found)
    told = PlanUpdated(str(found.id), office.id, UpdateState.UPDATED, found.version, update.version)
    if dry_run:
        return UpdateUndone(updating.foreseen(update, told), by, dry_run)
    done = updating.carried(update, told)
    if done.state is UpdateState.UPDATED:
        detail = {"version": done.version, "before": done.before, "changed": done.changed, **entry(actor, by)}
        with application.store.begin() as unit:
            record(
                unit, application.clock, "plan_undo", str(Subject(office.id, str(found.id))), detail=detail,
                person=actor.person, why=reason,
                version=str(TemplateVersionId(update.source.template or found.id.template, done.version)),
            )  # fmt: skip
            unit.commit()
    return UpdateUndone(done, by, dry_run)

"""Take the last update of an office's plan back, through the same merge: what the office did since stays.

The version that was taken back is not offered again; a newer one is. Refuses to undo what was not written.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from prefect import task

from config.local_plans import offered
from config.permitting import permitted as may
from config.standing_templates import standing_templates
from config.wiring import Application
from domain.ids import Subject, TemplateVersionId
from domain.organization.actions import Action
from domain.outcomes.updating import PlanUpdated, UpdateState, UpdateUndone
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import connector, current_application
from tasks.plan_merging import PlanUpdate
from tasks.plan_targets import PlanTarget, derivation_of
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
    with application.store.read() as unit:
        today = office.calendar.local_date(application.clock.now())
        update = _undoing(application, unit, PlanTarget(found, connector(office.id)), today)
    told = PlanUpdated(str(found.id), office.id, UpdateState.UPDATED, found.version, update.version)
    if dry_run:
        return UpdateUndone(Updating(application).foreseen(update, told), by, dry_run)
    done = Updating(application).carried(update, told)
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


def _undoing(application: Application, unit: Unit, target: PlanTarget, today: date) -> PlanUpdate:
    """The inverse of the last update. Raises ValueError where there is none."""
    found = target.derivation
    standing = unit.plan_updates.standing(found.id)
    if standing is None or standing.before is None:
        raise ValueError(
            f"{found.id}: there is no update to undo; only the last one can be undone, and only once"
        )
    before = standing.before
    version, digest, source, ground = before.footing.version, found.digest, before.footing.source, None
    if source.template != standing.footing.source.template:
        text = str(TemplateVersionId(source.template or found.id.template, version))
        known = standing_templates(application.templates, unit).versions.get(TemplateVersionId.read(text))
        digest = known.value.digest if known is not None else digest
        with suppress(LookupError):  # where it is not shared any more, as it is noted now
            ground = offered(application, unit, found.id.office, text).ground
    return PlanUpdate(
        target, standing, version, digest, before.ours, today, undoing=True, source=source, ground=ground
    )

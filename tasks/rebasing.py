"""An office's plan goes over to another template: what is the same is found or asked, then it is one update.

The head of the office decides, and the template has to be shared with the office. Refuses to guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from prefect import task

from config.permitting import permitted as may
from config.rebasing import matching_of, other_release
from domain.organization.actions import Action
from domain.outcomes.updating import PlansUpdated, PlanUpdated, UpdateState
from domain.plans.localization.derivation import Derivation
from domain.plans.templates.template import Release
from domain.plans.updates.rebasing import Unmatchable, asked, said_of
from domain.plans.updates.standing import first
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import current_application
from tasks.plan_merging import PlanUpdate, choices_of
from tasks.plan_targets import derivation_of
from tasks.updating import IN_THE_WAY, Updating, in_the_way


@task(name="re-base-plan", task_run_name="take {derivation} over to {onto}")
def rebase_plan(
    derivation: str, onto: str, same: str, person: str, why: str, *, dry_run: bool
) -> PlansUpdated:
    """Take a plan over to a version of another template, and update it to that.

    Raises LookupError for a plan or template that is not there or not shared, Unmatchable for what was said
    of tasks and does not fit, PermissionError for a person who may not.
    """
    application = current_application()
    organization, store = application.organization, application.store
    with store.read() as unit:
        reason = reason_of(unit, organization.sources, why)
        actor = actor_of(unit, organization.sources, person, {})
        found = derivation_of(unit, derivation)
        release = other_release(application, unit, found.id.office, onto)
    office = organization.offices[found.id.office]
    by = may(
        organization, store, application.clock, actor, Action.RE_BASE, leader=office, concerned=office.id,
        subject=str(found.id), why=reason, dry_run=dry_run,
    )  # fmt: skip
    told = PlanUpdated(str(found.id), office.id, UpdateState.NOT_STARTED, found.version, release.version)
    if found.project:
        updating = Updating(application)
        try:
            with store.read() as unit:
                update, told = _going_over(updating, unit, (found, release), said_of(same), told)
            if update is not None:
                told = updating.foreseen(update, told) if dry_run else updating.carried(update, told)
        except IN_THE_WAY as problem:
            told = in_the_way(told, problem)
    return PlansUpdated(release.template.id, release.version, (told,), by, dry_run)


def _going_over(
    updating: Updating,
    unit: Unit,
    over: tuple[Derivation, Release],
    said: Mapping[str, str],
    told: PlanUpdated,
) -> tuple[PlanUpdate | None, PlanUpdated]:
    """What is merged, None where the plan follows that version already; the outcome with its counts."""
    found, release = over
    template = release.template.id
    if (found.template.template, found.version) == (template, release.version):
        return None, replace(told, state=UpdateState.UNCHANGED)
    if found.template.template == template:
        raise Unmatchable(f"onto: {found.id} follows {template} already; run update-plans")
    if choices_of(unit, unit.plan_updates.conflicts(found.id)):
        raise Unmatchable(f"derivation: answers of {found.id} are not written yet; run update-plans first")
    standing = unit.plan_updates.standing(found.id) or first(found)
    matching, source = matching_of(updating.application, unit, (found, standing), release, said)
    update = updating.rebase_of(unit, found, standing, source, release.version)
    told = replace(
        told, onto=template, same=len(matching.same), unsure=len(matching.unsure),
        own=sum(task.uid in matching.left for task in standing.footing.last.tasks),
        problem=asked(matching.unsure) if matching.unsure else "",
    )  # fmt: skip
    return update, told

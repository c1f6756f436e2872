"""Bring what offices changed for good in their plans back to the owner of the template, as a notice.

Plans are read from the offices' tools; a tool that does not answer is counted and left for the next run.
Refuses to change the template.
"""

from __future__ import annotations

from dataclasses import replace

from prefect import task

from config.permitting import permitted as may
from config.standing_templates import standing_templates
from connectors.errors import ToolError
from connectors.unforeseen import one_offices
from domain.delivery.plan_updates import as_stated
from domain.deployments.proposed import proposed
from domain.organization.actions import Action
from domain.outcomes.updating import ImprovementsProposed
from domain.plans.localization.derivation import Derivation
from domain.plans.project import Reading
from domain.plans.templates.names import names
from domain.plans.updates.ours import as_merged_last, is_own
from domain.plans.updates.proposals import LocalPlanNow, named, proposals
from domain.plans.updates.standing import PlanStanding, first
from store.errors import StoreError
from tasks.answering import actor_of, reason_of
from tasks.context import connector, current_application
from tasks.plan_targets import ours
from tasks.recording import entry, record
from tasks.releasing import owning


@task(name="propose-improvements", task_run_name="propose improvements of {template}")
def propose_improvements_of(template: str, person: str, why: str, *, dry_run: bool) -> ImprovementsProposed:
    """Tell the owner what offices changed for good in their plans from a template; the same once.

    Raises LookupError for a template that is not there, PermissionError for a person who may not.
    """
    application = current_application()
    organization, store, clock = application.organization, application.store, application.clock
    with store.read() as unit:
        reason = reason_of(unit, organization.sources, why)
        actor = actor_of(unit, organization.sources, person, {})
        newest = standing_templates(application.templates, unit).version(template.strip())
        found = unit.derivations.of_template(newest.template.id)
        standings = [unit.plan_updates.standing(each.id) or first(each) for each in found]
    owner, key = newest.template.owner, newest.template.id
    by = may(
        organization, store, clock, actor, Action.PROPOSE, leader=owning(organization, owner),
        concerned=owner, subject=key, why=reason, dry_run=dry_run,
    )  # fmt: skip
    plans, silent = [], 0
    for each, standing in zip(found, standings, strict=True):
        try:
            with one_offices(each.id.office, passing=StoreError):
                if each.project:
                    plans.append(_now(each, standing, connector(each.id.office).read()))
        except ToolError:
            silent += 1
    made = proposals(plans)
    known = names(each.name for each in organization.people.values())
    notice = proposed(key, newest.version, owner, made, known, organization, clock.now())
    new = False
    if notice is not None and not dry_run:
        with store.begin() as unit:
            if new := unit.notices.add(notice):
                detail = {"proposals": len(made), "plans": len(plans), **entry(actor, by)}
                record(unit, clock, "proposals", key, detail=detail, person=actor.person, why=reason)
                unit.commit()
    counts = {str(kind): count for kind, count in named(made).items() if count}
    return ImprovementsProposed(key, owner, len(plans), silent, counts, by, dry_run, new)


def _now(derivation: Derivation, standing: PlanStanding, reading: Reading) -> LocalPlanNow:
    footing = standing.footing
    there = ours(derivation, reading)
    there = replace(there, tasks=tuple(map(as_stated, there.tasks)))
    left = frozenset(footing.source.left)
    live = as_merged_last(there, footing.last)
    own = frozenset(task.uid for task in live.tasks if is_own(task.uid) or task.uid in left)
    return LocalPlanNow(footing.theirs, footing.last, live, own)

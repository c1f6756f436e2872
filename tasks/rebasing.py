"""An office's plan goes over to another template: what is the same is found or asked, then it is one update.

The head of the office decides, and the template has to be shared with the office. Refuses to guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from prefect import task

from config.local_plans import offered
from config.permitting import permitted as may
from config.standing_templates import standing_templates
from config.wiring import Application
from connectors.errors import ToolError
from domain.delivery.plan_tasks import UnplaceablePlan
from domain.ids import TemplateVersionId
from domain.organization.actions import Action
from domain.outcomes.updating import PlansUpdated, PlanUpdated, UpdateState
from domain.plans.localization.derivation import Derivation
from domain.plans.localization.lacks import NotLocalizable
from domain.plans.merge.sides import Unmergeable
from domain.plans.templates.template import RecallKind, Release
from domain.plans.updates.rebasing import Matching, Unmatchable, asked, in_plan_uids, matched, said_of
from domain.plans.updates.standing import PlanStanding, first
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import current_application
from tasks.plan_targets import derivation_of
from tasks.updating import Updating


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
    rebasing = _Rebasing(application)
    with store.read() as unit:
        reason = reason_of(unit, organization.sources, why)
        actor = actor_of(unit, organization.sources, person, {})
        found = derivation_of(unit, derivation)
        release = rebasing.offered(unit, found.id.office, onto)
    office = organization.offices[found.id.office]
    by = may(
        organization, store, application.clock, actor, Action.RE_BASE, leader=office, concerned=office.id,
        subject=str(found.id), why=reason, dry_run=dry_run,
    )  # fmt: skip
    told = PlanUpdated(str(found.id), office.id, UpdateState.NOT_STARTED, found.version, release.version)
    if found.project:
        told = rebasing.rebased(found, release, said_of(same), told, dry_run=dry_run)
    return PlansUpdated(release.template.id, release.version, (told,), by, dry_run)


@dataclass(frozen=True, slots=True)
class _Rebasing:
    """Plans that go over to another template."""

    application: Application

    def rebased(
        self,
        found: Derivation,
        release: Release,
        said: Mapping[str, str],
        told: PlanUpdated,
        *,
        dry_run: bool,
    ) -> PlanUpdated:
        """What it does to one plan; what is unsure, or in the way, is said in the outcome."""
        template = release.template.id
        if (found.template.template, found.version) == (template, release.version):
            return replace(told, state=UpdateState.UNCHANGED)
        if found.template.template == template:
            raise Unmatchable(f"onto: {found.id} follows {template} already; run update-plans")
        updating = Updating(self.application)
        try:
            with self.application.store.read() as unit:
                standing = unit.plan_updates.standing(found.id) or first(found)
                matching = self._matching(unit, found, standing, release, said)
                told = replace(
                    told, onto=template, same=len(matching.same), unsure=len(matching.unsure),
                    own=sum(task.uid in matching.left for task in standing.footing.last.tasks),
                )  # fmt: skip
                if matching.unsure:
                    return replace(told, state=UpdateState.QUESTIONS, problem=asked(matching.unsure))
                source = matching.source(template)
                update = updating.rebase_of(unit, found, standing, source, release.version)
            return updating.foreseen(update, told) if dry_run else updating.carried(update, told)
        except NotLocalizable as lacks:
            problem = "; ".join(map(str, lacks.lacks))
            return replace(told, state=UpdateState.QUESTIONS, left=len(lacks.lacks), problem=problem)
        except (ToolError, LookupError, Unmergeable, UnplaceablePlan) as problem:
            if type(problem) in (KeyError, IndexError):
                raise
            return replace(told, state=UpdateState.UNREACHABLE, problem=str(problem))

    def offered(self, unit: Unit, office: str, onto: str) -> Release:
        """The version of the other template, whole. Raises LookupError where it is not shared, or stopped."""
        known = standing_templates(self.application.templates, unit)
        found = offered(self.application, unit, office, onto)
        if found.recall is not None and found.recall.kind is RecallKind.STOP:
            raise LookupError(
                f"onto: {onto[:80]} is recalled: {found.recall.text}; wait for the next version"
            )
        return known.version(str(TemplateVersionId(found.release.template.id, found.release.version)))

    def _matching(
        self, unit: Unit, found: Derivation, standing: PlanStanding, release: Release, said: Mapping[str, str]
    ) -> Matching:
        known, source = standing_templates(self.application.templates, unit), standing.footing.source
        mine = in_plan_uids(known.version(str(found.template)).template, source)
        return matched(mine, standing.footing.base, source.left, release.template, said)

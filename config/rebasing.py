"""What an office's plan may go over to: a version of another template that is shared with it.

It finds what is the same there. Refuses to write: a task does.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.local_plans import offered
from config.standing_templates import standing_templates
from config.wiring import Application
from domain.ids import TemplateVersionId
from domain.plans.localization.derivation import Derivation
from domain.plans.templates.template import RecallKind, Release
from domain.plans.updates.rebasing import Matching, earlier, in_plan_uids, matched
from domain.plans.updates.standing import PlanStanding, Source
from store.unit import Unit


def other_release(application: Application, unit: Unit, office: str, onto: str) -> Release:
    """The version of the other template, whole. Raises LookupError where it is not shared, or stopped."""
    known = standing_templates(application.templates, unit)
    found = offered(application, unit, office, onto)
    if found.recall is not None and found.recall.kind is RecallKind.STOP:
        raise LookupError(f"onto: {onto[:80]} is recalled: {found.recall.text}; wait for the next version")
    return known.version(str(TemplateVersionId(found.release.template.id, found.release.version)))


def matching_of(
    application: Application,
    unit: Unit,
    plan: tuple[Derivation, PlanStanding],
    release: Release,
    said: Mapping[str, str],
) -> tuple[Matching, Source]:
    """Which tasks of that version are the plan's, and what the plan follows then.

    Raises Unmatchable for what was said and does not fit.
    """
    found, standing = plan
    known, source = standing_templates(application.templates, unit), standing.footing.source
    before = known.version(str(found.template)).template
    followed = earlier(source, before)
    matching = matched(
        in_plan_uids(before, source), standing.footing.base, source.left, release.template, said,
        followed.get(release.template.id),
    )  # fmt: skip
    return matching, matching.source(release.template.id, followed)

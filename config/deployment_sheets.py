"""Deployments as a person sees them: what is stored, folded with the organization's files as they are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.deploying import leading
from config.standing_in import entitled_now
from config.standing_templates import StandingTemplates, standing_templates
from config.wiring import Application
from domain.deployments.deployment import Deployment
from domain.deployments.peers import PeerQuestion
from domain.deployments.progress import LocalStanding, local_standing, pilot_standing
from domain.deployments.redacting import redacted
from domain.deployments.sharing import (
    Basis,
    Deployments,
    Redaction,
    Share,
    Shared,
    shared_with,
)
from domain.deployments.sheet import OWNS, DeploymentSheet, sheet
from domain.ids import ProjectKey, TemplateVersionId
from domain.organization.office import Organization
from domain.plans.localization.derivation import Derivation, GroundKind
from domain.plans.project import Plan
from domain.plans.templates.template import Recall, Release
from store.unit import Unit


@dataclass(frozen=True, slots=True)
class DeploymentSeen:
    """A deployment as a person sees it, with what they may see of its template and of questions on it."""

    sheet: DeploymentSheet
    release: Release | None
    """The newest version, where it is shared with an office of the reader, or is the reader's to share."""
    kept_back: Mapping[Redaction, int]
    shared: bool
    """Whether the template is shared under this deployment."""
    owns: bool
    """Whether the reader may share it, and answer what is asked."""
    questions: tuple[PeerQuestion, ...]
    recall: Recall | None = None


def deployments_seen(
    application: Application, unit: Unit, organization: Organization, person: str, only: str = ""
) -> Iterator[DeploymentSeen]:
    """Every deployment of which a person sees anything, or the one of that id; those that are open first."""
    known, templates = unit.deployments.all(), standing_templates(application.templates, unit)
    there = entitled_now(unit, organization, application.clock)
    at = application.clock.now()
    for each in sorted(known.deployments, key=lambda d: (not d.is_open(at), d.id)):
        if only and each.id != only:
            continue
        plans = dict(_plans(unit, each, templates, there, application)) if each.is_open(at) else {}
        leaders = (leading(application, each).id, each.pilot)
        found = sheet(each, person, known, plans, there, leaders, at)
        if found is not None:
            yield _seen(application, unit, found, known, templates, there)


def _seen(
    application: Application, unit: Unit, found: DeploymentSheet, known: Deployments,
    templates: StandingTemplates, organization: Organization,
) -> DeploymentSeen:  # fmt: skip
    """With what the reader may see of the template: by the offices for which they see the deployment."""
    release, at = templates.newest(found.deployment.template), application.clock.now()
    if release is None or not found.is_open:
        return DeploymentSeen(found, None, {}, shared=False, owns=False, questions=())
    owner = organization.offices.get(release.template.owner)
    owns = owner is not None and any(found.person in owner.roles.get(role, ()) for role in OWNS)
    under = _share(known, found.deployment, release)
    has = [shared_with(each, release.template, known, organization, at) for each in found.offices]
    got = next((each for each in has if isinstance(each, Shared)), None)
    others = under.redacted if under is not None else frozenset()
    kept = others if owns or got is None else got.redacted
    recall = templates.recalls.get(TemplateVersionId(release.template.id, release.version))
    sees = got is not None or owns
    return DeploymentSeen(
        found,
        release if sees else None,
        redacted(release.template, kept)[1],
        under is not None,
        owns,
        unit.deployments.questions(release.template.id) if sees else (),
        recall if sees else None,
    )


def _share(known: Deployments, deployment: Deployment, release: Release) -> Share | None:
    return next(
        (
            each
            for each in known.shares
            if (each.template, each.giver) == (release.template.id, release.template.owner)
            and (each.basis, each.under) == (Basis.DEPLOYMENT, deployment.id)
        ),
        None,
    )


def _plans(
    unit: Unit, deployment: Deployment, templates: StandingTemplates, organization: Organization,
    application: Application,
) -> Iterator[tuple[str, LocalStanding]]:  # fmt: skip
    """How each office that accepted stands: the pilot by its template, others by their plan under it."""
    newest, accepted = templates.newest(deployment.template), set(deployment.accepted())
    if deployment.pilot in accepted:
        yield deployment.pilot, pilot_standing(newest.standing if newest is not None else None)
    for each in unit.derivations.of_template(deployment.template):
        office = organization.offices.get(each.id.office)
        under = each.ground.kind is GroundKind.DEPLOYMENT and each.ground.by == deployment.id
        release = templates.versions.get(each.template)
        if office is None or office.id not in accepted or not under or release is None:
            continue
        today = office.calendar.local_date(application.clock.now())
        yield office.id, local_standing(each, release.value.template, read_plan(unit, each), today)


def read_plan(unit: Unit, derivation: Derivation) -> Plan | None:
    """The project that holds the plan, as it was read last; None where none was."""
    if not derivation.project:
        return None
    key = str(ProjectKey(derivation.id.office, derivation.project))
    return next((s.plan for s in unit.plans.current(derivation.id.office) if s.plan.project.key == key), None)

"""Release a draft of a template as a version, and recall one: by a named person of the owning office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prefect import task

from config.permitting import permitted
from config.standing_templates import standing_templates
from config.wiring import Clock
from domain.deployments.notices import of_recall, of_release
from domain.deployments.peers import with_lessons
from domain.ids import DraftId, TemplateVersionId
from domain.organization.actions import Action, Actor, Permission
from domain.organization.office import Office, Organization
from domain.organization.webhooks import Source
from domain.outcomes.templates import TemplateRecalled, TemplateReleased
from domain.plans.templates.capture import private_in
from domain.plans.templates.lint import lint
from domain.plans.templates.names import names
from domain.plans.templates.release import actuals, release
from domain.plans.templates.scrubbing import scrubbed
from domain.plans.templates.template import Recall, RecallKind, Standing, Template
from domain.questions.question import Notice
from store import Store
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import current_application
from tasks.recording import entry, record


@task(name="release-draft", task_run_name="release {draft}")
def release_draft(
    draft: str, person: str, why: str, standing: Standing, *, dry_run: bool
) -> TemplateReleased:
    """Release the draft of that id, of a template's id alone its newest draft.

    Raises LookupError and store.errors.Unknown for one that is not there, ValueError for one that cannot be
    released, PermissionError for a person who may not.
    """
    application = current_application()
    organization, store, clock = application.organization, application.store, application.clock
    with store.read() as unit:
        found = unit.templates.draft(DraftId.find(draft.strip()) or draft.strip())
        previous = standing_templates(application.templates, unit).newest(found.template.id)
        template = with_lessons(found.template, unit.deployments.questions(found.template.id))
        reason, actor = _asked(unit, organization.sources, person, why, {"draft": draft.strip()})
    owner = previous.template.owner if previous else found.template.owner
    key = TemplateVersionId(found.template.id, previous.version + 1 if previous else 1)
    asked = (actor, Action.RELEASE, owner, str(key), reason)
    by = _permitted(organization, store, clock, *asked, dry_run=dry_run)
    findings, done, new = lint(template), actuals(template), True
    version = release(template, findings, standing, previous, clock.now().date())
    if not dry_run:
        with store.begin() as unit:
            new = unit.templates.release(version, clock.now())
            if new:
                detail = {
                    "digest": version.digest, "standing": str(version.standing), "stated": version.stated,
                    "finished": done.finished, "of": done.of,
                    "checks": [str(each.check) for each in findings], **entry(actor, by),
                }  # fmt: skip
                record(unit, clock, "release", str(key), detail=detail, person=actor.person, why=reason)
                _tell(unit, of_release(template, str(key), unit.deployments.all(), organization, clock.now()))
            unit.commit()
    return TemplateReleased(
        str(key), str(DraftId(found.template.id, found.digest)), version.digest, str(version.standing),
        version.stated, done.finished, done.of, by, dry_run,
        {str(each.check): str(each) for each in findings}, version.changelog,
        _private(organization, template), new,
    )  # fmt: skip


@task(name="recall-version", task_run_name="recall {released}")
def recall_version(
    released: str, kind: RecallKind, person: str, why: str, *, dry_run: bool
) -> TemplateRecalled:
    """Mark a released version with a correction or a stop; the same mark again changes nothing.

    Raises LookupError for a version that is not there, ValueError for an empty text or one with something
    private in it, PermissionError for a person who may not.
    """
    application = current_application()
    organization, store, clock = application.organization, application.store, application.clock
    with store.read() as unit:
        known = standing_templates(application.templates, unit)
        found = known.version(released.strip())
        reason, actor = _asked(unit, organization.sources, person, why, {"recall": str(kind)})
    key = TemplateVersionId(found.template.id, found.version)
    text = " ".join(reason.split())
    if not text:
        raise ValueError("why: it is empty; say what is wrong with the version, and what to do")
    if taken := scrubbed(text, names(each.name for each in organization.people.values()))[1]:
        raise ValueError(
            f"why: it holds a {taken[0].kind}, and everybody who took the version reads it; write it without"
        )
    owner = found.template.owner
    by = _permitted(
        organization, store, clock, actor, Action.RECALL, owner, str(key), reason, dry_run=dry_run
    )
    recall = Recall(found.template.id, found.version, kind, clock.now().date(), text)
    there = known.recalls.get(key)
    new = there is None or (there.kind, there.text) != (kind, text)
    if new and not dry_run:
        with store.begin() as unit:
            new = unit.templates.recall(recall, clock.now())
            detail = {"recall": str(kind), "digest": found.digest, **entry(actor, by)}
            record(unit, clock, "recall", str(key), detail=detail, person=actor.person, why=reason)
            if new:
                _tell(
                    unit, of_recall(found.template, recall, unit.deployments.all(), organization, clock.now())
                )
            unit.commit()
    return TemplateRecalled(str(key), str(kind), new, by, dry_run)


def _tell(unit: Unit, notices: Iterable[Notice]) -> None:
    """Tell every office that has the template; each once."""
    for notice in notices:
        unit.notices.add(notice)


def _asked(
    unit: Unit, sources: Mapping[str, Source], person: str, why: str, asks: Mapping[str, str]
) -> tuple[str, Actor]:
    """The reason in full, and who decides; a message is cited only for what it asks."""
    return reason_of(unit, sources, why), actor_of(unit, sources, person, asks)


def _permitted(
    organization: Organization,
    store: Store,
    clock: Clock,
    actor: Actor,
    action: Action,
    owner: str,
    subject: str,
    why: str,
    *,
    dry_run: bool,
) -> Permission:
    """By which role of the owning office; that office itself leads what its templates are about."""
    return permitted(
        organization, store, clock, actor, action, leader=owning(organization, owner), concerned=owner,
        subject=subject, why=why, dry_run=dry_run,
    )  # fmt: skip


def _private(organization: Organization, template: Template) -> int:
    """How many places of a template's texts may hold something private, by the people there are now."""
    return len(list(private_in(template, names(each.name for each in organization.people.values()))))


def owning(organization: Organization, office: str) -> Office:
    """The office that owns a template. Raises LookupError where it is none of the organization."""
    found = organization.offices.get(office)
    if found is None:
        known = ", ".join(sorted(organization.offices))
        raise LookupError(f"there is no office {office[:60]!r}; give one of {known}")
    return found

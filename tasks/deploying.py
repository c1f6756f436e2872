"""Open, change, accept and close deployments, share templates, take questions on them, as forms ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from prefect import task

from config.deploying import (
    Done,
    change_deployment,
    close_deployment,
    open_deployment,
    reply,
)
from config.sharing import answer_peer, ask_owner, share_template
from domain.deployments.charged import stated_of
from domain.deployments.invited import Invited, invited
from domain.deployments.redacting import redactions
from domain.organization.actions import Actor
from domain.organization.webhooks import Source
from domain.outcomes.deployments import DeploymentMoved, PeerQuestioned, PlanShared
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.choosing import person_of
from tasks.context import current_application


@task(name="open-deployment", task_run_name="open a deployment by {template}")
def open_deployment_of(
    system: str, template: str, receivers: str, person: str, why: str, *, dry_run: bool
) -> DeploymentMoved:
    """Open a deployment; the same again changes nothing.

    Raises ValueError for what could not begin, LookupError for a template that is not there, PermissionError
    for a person who may not.
    """
    application = current_application()
    invited(receivers)
    with application.store.read() as unit:
        offices, actor, reason = _asked(
            unit, application.organization.sources, receivers, person, why, {"system": system}
        )
    wanted = (system, template.strip())
    done = open_deployment(application, wanted, offices, actor, reason, dry_run=dry_run)
    return _moved(application.clock.now().date(), done, "opened", dry_run=dry_run)


@task(name="change-deployment", task_run_name="change {deployment}")
def change_deployment_of(
    deployment: str,
    receivers: str,
    person: str,
    why: str,
    stated: str = "",
    *,
    dry_run: bool,
) -> DeploymentMoved:
    """Add, change or take out receiving offices, and keep what is stated for the savings.

    Raises as the task that opens one does.
    """
    application = current_application()
    said = stated_of(stated)
    if receivers.strip() or not stated.strip():
        invited(receivers)
    with application.store.read() as unit:
        offices, actor, reason = _asked(
            unit, application.organization.sources, receivers, person, why, {"deployment": deployment}
        )
    done = change_deployment(application, deployment, offices, actor, reason, dry_run=dry_run, stated=said)
    return _moved(application.clock.now().date(), done, "changed", dry_run=dry_run)


@task(name="accept-deployment", task_run_name="accept {deployment} for {office}")
def reply_to_deployment(
    deployment: str, office: str, person: str, why: str, *, accepts: bool, dry_run: bool
) -> DeploymentMoved:
    """Accept or decline for an office. Raises as the task that opens one does."""
    application = current_application()
    with application.store.read() as unit:
        _, actor, reason = _asked(
            unit, application.organization.sources, "", person, why, {"deployment": deployment}
        )
    done = reply(application, deployment, office.strip(), actor, reason, accepts=accepts, dry_run=dry_run)
    return _moved(
        application.clock.now().date(),
        done,
        "accepted" if accepts else "declined",
        dry_run=dry_run,
        office=office.strip(),
    )


@task(name="close-deployment", task_run_name="close {deployment}")
def close_deployment_of(deployment: str, person: str, why: str, *, dry_run: bool) -> DeploymentMoved:
    """Close a deployment; one that is closed stays as it is. Raises as the task that opens one does."""
    application = current_application()
    with application.store.read() as unit:
        _, actor, reason = _asked(
            unit, application.organization.sources, "", person, why, {"deployment": deployment}
        )
    done = close_deployment(application, deployment, actor, reason, dry_run=dry_run)
    return _moved(application.clock.now().date(), done, "closed", dry_run=dry_run)


@task(name="share-template", task_run_name="share {template}")
def share_template_of(
    template: str, under: str, keep_back: str, person: str, why: str, *, dry_run: bool
) -> PlanShared:
    """Share a released template; the same again changes nothing. Raises as the task that opens one does."""
    application = current_application()
    with application.store.read() as unit:
        _, actor, reason = _asked(unit, application.organization.sources, "", person, why, {"under": under})
    given = share_template(
        application, template.strip(), under, redactions(keep_back), actor, reason, dry_run=dry_run
    )
    kept_back = {str(kind): count for kind, count in given.kept_back.items()}
    return PlanShared(
        given.share.template, given.version, given.share.under, str(given.share.basis), given.offices,
        given.new, given.by, dry_run, kept_back,
    )  # fmt: skip


@task(name="ask-owner", task_run_name="ask about {template}")
def ask_owner_of(template: str, office: str, question: str, person: str, *, dry_run: bool) -> PeerQuestioned:
    """Ask the owner of a template for an office. Raises as the task that opens one does."""
    application = current_application()
    with application.store.read() as unit:
        _, actor, text = _asked(
            unit, application.organization.sources, "", person, question, {"question": question}
        )
    asked, new = ask_owner(application, template.strip(), office.strip(), text, actor, dry_run=dry_run)
    return PeerQuestioned(str(asked.id), asked.template, "asked", new, dry_run)


@task(name="answer-peer", task_run_name="answer {question}")
def answer_peer_of(question: str, answer: str, person: str, *, dry_run: bool) -> PeerQuestioned:
    """Answer a question for the owner of its template. Raises as the task that opens one does."""
    application = current_application()
    with application.store.read() as unit:
        _, actor, text = _asked(
            unit, application.organization.sources, "", person, answer, {"answer": answer}
        )
    found, new = answer_peer(application, question, text, actor, dry_run=dry_run)
    return PeerQuestioned(str(found.id), found.template, "answered", new, dry_run)


def _asked(
    unit: Unit,
    sources: Mapping[str, Source],
    receivers: str,
    person: str,
    why: str,
    asks: Mapping[str, str],
) -> tuple[tuple[Invited, ...], Actor, str]:
    """The receiving offices with the people to call by their own ids, who decides, and the reason in full.

    `asks` is what is asked for: a message of another system is cited for nothing else.
    """
    entries = invited(receivers) if receivers.strip() else ()
    offices = tuple(replace(each, contact=person_of(unit, each.contact)) for each in entries)
    return offices, actor_of(unit, sources, person, asks), reason_of(unit, sources, why)


def _moved(now: date, done: Done, moved: str, *, dry_run: bool, office: str = "") -> DeploymentMoved:
    there = done.deployment
    accepted = set(there.accepted())
    ahead = [each.go_live for each in there.receivers if each.go_live >= now]
    return DeploymentMoved(
        there.id, moved, len(there.receivers), sum(each.office in accepted for each in there.receivers),
        done.new, done.by, dry_run, office, str(min(ahead, default="")),
    )  # fmt: skip

"""Publish a version: from the organization's files into the store, where it never changes again."""

from __future__ import annotations

from prefect import task

from config.fact_tables import table_of
from config.leading import leader_about
from config.permitting import permitted
from domain.organization.actions import Action
from domain.outcomes.standards import Published
from domain.questions.needed_facts import gaps
from tasks.answering import actor_of, reason_of
from tasks.context import current_application
from tasks.network import participants
from tasks.recording import entry, record


def something_is_published() -> bool:
    """Whether there is a version by which the network can be judged."""
    with current_application().store.read() as unit:
        return bool(unit.versions.all())


@task(name="publish-version", task_run_name="publish {version}")
def publish_version(version: str, why: str, person: str, *, dry_run: bool) -> Published:
    """Publish `standard/version`. The same content again changes nothing; other content is refused.

    `person` decided; or it refers to a message, whose source publishes by itself where it names nobody.
    Raises LookupError for a version that the organization's files do not hold, PermissionError for a person
    or source that may not publish, and store.errors.Changed for a version published with other content.
    """
    application = current_application()
    organization, store, clock = application.organization, application.store, application.clock
    found = application.versions.get(version)
    if found is None:
        known = ", ".join(sorted(application.versions)) or "none"
        raise LookupError(f"the organization holds no version {version}; it holds {known}")
    with store.read() as unit:
        why = reason_of(unit, organization.sources, why)
        actor = actor_of(unit, organization.sources, person, {"version": version})
    leader = leader_about(application, Action.PUBLISH, found.id)
    by = permitted(
        organization, store, clock, actor, Action.PUBLISH, leader=leader, subject=found.id, why=why,
        dry_run=dry_run,
    )  # fmt: skip
    with store.begin() as unit:
        new = unit.versions.publish(found, clock.now())
        if new:
            detail = {"digest": found.digest, "rules": len(found.rules), **entry(actor, by)}
            record(
                unit, clock, "version", found.id, detail=detail, person=actor.person, why=why,
                version=found.id,
            )  # fmt: skip
        if not dry_run:
            unit.commit()
    offices = [office.id for office in participants(organization, clock.now().date())]
    missing = gaps(table_of(found, organization, offices))
    return Published(found.id, len(found.rules), found.digest, new, by, dry_run, missing)

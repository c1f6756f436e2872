"""Publish a version: from the organization's files into the store, where it never changes again."""

from __future__ import annotations

from collections.abc import Mapping

from prefect import task

from config.fact_tables import table_of
from config.leading import leader_about
from config.permitting import permitted
from domain.drafts.draft import Clearance, Draft, Ground, Said
from domain.drafts.moving import published
from domain.drafts.publishing import clearance
from domain.organization.actions import Action
from domain.outcomes.standards import Published
from domain.questions.needed_facts import gaps
from domain.standards.standard import Version
from tasks.answering import actor_of, reason_of
from tasks.context import current_application
from tasks.draft_steps import keep
from tasks.looking_after_drafts import settle_decision
from tasks.network import participants
from tasks.recording import entry, record
from tasks.requesting import Room


def something_is_published() -> bool:
    """Whether there is a version by which the network can be judged."""
    with current_application().store.read() as unit:
        return bool(unit.versions.all())


@task(name="publish-version", task_run_name="publish {version}")
def publish_version(version: str, why: str, person: str, *, dry_run: bool) -> Published:
    """Publish `standard/version`. The same content again changes nothing; other content is refused.

    `person` decided; or it refers to a message, whose source publishes by itself where it names nobody.
    Raises LookupError for a version that the organization's files do not hold, PermissionError for a person
    or source that may not publish, ValueError for one whose consultation is not over and approved, and
    store.errors.Changed for a version published with other content.
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
        room = Room(unit, clock, application.rulebook)
        clear = _clear(room, found)
        new = unit.versions.publish(found, clock.now())
        if new:
            _end_draft(room, clear.draft, actor.person)
            _record(room, found, {**entry(actor, by), "consultation": str(clear.ground)}, actor.person, why)
        if not dry_run:
            unit.commit()
    offices = [office.id for office in participants(organization, clock.now().date())]
    missing = gaps(table_of(found, organization, offices))
    return Published(
        found.id, len(found.rules), found.digest, new, by, dry_run, missing,
        not_consulted=new and clear.ground is Ground.NO_PERIOD,
    )  # fmt: skip


def _record(room: Room, version: Version, origin: Mapping[str, object], person: str, why: str) -> None:
    """The entry of a version that is published; `origin` says by whom and on which ground."""
    detail = {"digest": version.digest, "rules": len(version.rules), **origin}
    record(
        room.unit, room.clock, "version", version.id, detail=detail, person=person, why=why,
        version=version.id,
    )  # fmt: skip


def _end_draft(room: Room, draft: Draft | None, person: str) -> None:
    """The draft whose version is published."""
    if draft is not None:
        keep(room, draft, published(draft, Said(room.now, person, draft.owner)))


def _clear(room: Room, version: Version) -> Clearance:
    """On which ground the version may be published. Raises ValueError where it may not, saying what to do."""
    drafts = [each for each in room.unit.drafts.of_version(version.id) if each.is_open]
    draft = settle_decision(room, drafts[-1]) if drafts else None
    found = clearance(version, set(room.unit.versions.published()), draft)
    if found.ground is None:
        raise ValueError(found.why)
    return found

"""Start a project in an office's tool: the project itself through an intent, then its first items.

What was begun is completed by running it again with the same values; nothing is put there twice.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from prefect import task

from config.permitting import permitted as may
from config.prepared import in_force
from config.wiring import Clock
from connectors.errors import Refused, TryLater
from connectors.protocol import Connector
from domain.compliance.network import NO_TOOL
from domain.delivery.starting import first_items, under, wanted_project
from domain.delivery.wanted import Wanted, WantedKind
from domain.ids import ProjectKey, StartKey, Subject
from domain.organization.actions import Action, Actor, Permission
from domain.organization.office import Office, Organization
from domain.outcomes.starting import ProjectStarted
from domain.plans.facts import Facts, facts_of
from domain.standards.standard import Version
from store import Store
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import connector, current_application
from tasks.delivering import Delivery, deliver_besides
from tasks.keeping import SoleWriter, sole_writer
from tasks.network import participants
from tasks.new_projects import NewProject, check_access
from tasks.recording import entry, record
from tasks.versions import choose

LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be started where, by which versions, and in whose name."""

    office: Office
    wanted: Wanted
    items: tuple[Wanted, ...]
    actor: Actor
    why: str = field(repr=False)

    @property
    def versions(self) -> str:
        """The ids of the versions, for people."""
        return str(self.wanted.values["versions"])


@task(name="start-project", task_run_name="start {office}/{project}")
def start_project_at(
    office: str, project: str, start: date, person: str, why: str, *, dry_run: bool
) -> ProjectStarted:
    """Start a project of that id in the office's tool, by the versions in force for it.

    Raises LookupError, ValueError and PermissionError for what cannot be started so, and the tool's errors;
    each says what to do, and what was begun is completed by the next run.
    """
    application = current_application()
    organization, store, clock = application.organization, application.store, application.clock
    at = _office(organization, office, clock.now().date())
    with store.read() as unit:
        why, actor = (
            reason_of(unit, organization.sources, why),
            actor_of(unit, organization.sources, person, {}),
        )
        key = ProjectKey(office, _own_id(project))
        versions = _versions(unit, organization, at, key, at.calendar.local_date(clock.now()))
        facts = _facts(unit, at, key, clock.now())
    wanted = wanted_project(office, key.own, _first_day(at, start), versions)
    asked = Asked(at, wanted, first_items(wanted, versions, at.calendar, facts), actor, why)
    by = may(
        organization, store, clock, actor, Action.START,
        leader=organization.leader_of(office, clock.now().date()), concerned=office, subject=wanted.key,
        why=why, dry_run=dry_run,
    )  # fmt: skip
    tool = connector(office)
    check_access(organization, tool, WantedKind.PROJECT, "start it by hand")
    with nullcontext() if dry_run else sole_writer(store, application.machine, office) as writer:
        return Starting(tool, asked, writer, store, clock, application.machine).done(by)


def _office(organization: Organization, office: str, today: date) -> Office:
    """The office, which takes part and plans in a tool. Raises LookupError."""
    known = {each.id: each for each in participants(organization, today)}
    if office in known:
        return known[office]
    if office not in organization.offices:
        raise LookupError(f"offices.yaml: there is no office {office!r}; give one of {', '.join(known)}")
    if organization.partition(office) is None:
        raise LookupError(f"tools.yaml: {office} has no partition of a tool; add one, then start the project")
    raise LookupError(f"agreements.yaml: {office} takes no part now; agree with it, or start it by hand")


def _own_id(project: str) -> str:
    own = project.strip()
    if not own or len(own) > LONGEST_ID or not own.isprintable() or own != " ".join(own.split()):
        shown = project[:LONGEST_ID]
        raise ValueError(f"project: {shown!r} is no id of a project; write the office's own, such as GY-17")
    return own


def _first_day(office: Office, start: date) -> date:
    if office.calendar.is_business_day(start):
        return start
    following = office.calendar.add_business_days(start, 0)
    raise ValueError(f"start: {start} is no business day of {office.id}; give {following}, the next one")


def _versions(
    unit: Unit, organization: Organization, office: Office, project: ProjectKey, on: date
) -> tuple[Version, ...]:
    """The versions in force for the office; a project that was begun before keeps those of that time."""
    begun = unit.intents.get(str(StartKey(str(project))))
    if begun is not None:
        return tuple(choose(unit, version, on) for version in under(begun.wanted))
    found = in_force(unit.versions.all(), organization, office.id, on)
    if not found:
        raise LookupError(
            f"no version is in force for {office.id} on {on}: run publish-standard, or wait for the day from "
            "which one is effective"
        )
    return found


def _facts(unit: Unit, office: Office, project: ProjectKey, now: datetime) -> Facts:
    """The facts of the project as it was last read; none before it is there."""
    found = unit.plans.digests([str(project)]).get(str(project))
    return facts_of(unit.plans.by_digest(found), office, NO_TOOL, now) if found is not None else {}


@dataclass(frozen=True, slots=True)
class Starting:
    """One project that is being started; without a writer it is a dry run."""

    tool: Connector
    asked: Asked
    writer: SoleWriter | None
    store: Store
    clock: Clock
    """The organization's time."""
    machine: Clock
    """The machine's time: for what a call may still be doing."""

    @property
    def _project(self) -> NewProject:
        return NewProject(self.tool, self.asked.wanted, self.writer, self.store, self.clock, self.machine)

    def done(self, by: Permission) -> ProjectStarted:
        """Put the project there, record who started it, and put its first items there."""
        asked, wanted = self.asked, self.asked.wanted
        new, by_hand = self._project.put()
        if new:
            self._record(by, by_hand=by_hand)
        outcome = ProjectStarted(
            asked.office.id, str(wanted.project), asked.versions, new, by_hand, len(asked.items), by,
            dry_run=self.writer is None, undated=sum("due" not in each.values for each in asked.items),
        )  # fmt: skip
        if self.writer is None and new and not by_hand:
            return outcome  # its items cannot be tried in a project that is not there
        delivery = Delivery(self.tool, self.store, self.clock, self.machine, calendar=asked.office.calendar)
        done = deliver_besides(delivery, asked.items, self.writer)
        if done.problem:
            raise TryLater(
                f"{wanted.project} is there, and not all its items: {done.problem}; run this again"
            )
        if done.held and done.holding:
            why = done.holding[0].why
            raise Refused(
                f"{wanted.project} is there, {done.held} of its items not: {why}; then run this again"
            )
        there = done.same + done.update
        return replace(outcome, put=done.create, there=there, held=done.held, waiting=done.waiting)

    def _record(self, by: Permission, *, by_hand: bool) -> None:
        """The project stands there: note that, and who started it for which office."""
        asked, wanted, writer = self.asked, self.asked.wanted, self.writer
        if writer is None:
            return
        with self.store.begin() as unit:
            writer.check(unit)
            self._project.note(unit)
            detail = {"by_hand": by_hand, "items": len(asked.items), "content": wanted.digest}
            record(
                unit, self.clock, "start", str(Subject(asked.office.id, wanted.key)),
                detail={**detail, **entry(asked.actor, by)}, person=asked.actor.person, why=asked.why,
                version=asked.versions,
            )  # fmt: skip
            unit.commit()

"""The new project that an office names for its local plan: made in its tool before the plan's first task.

Refuses a project that is there already and is not ours; says what to make where the tool lets us make none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from config.prepared import in_force
from config.wiring import Clock
from connectors.unforeseen import one_offices
from domain.delivery.delivery import IntentState
from domain.delivery.starting import NotStartable, wanted_project
from domain.delivery.wanted import Wanted, WantedKind
from domain.ids import StartKey, Subject
from domain.organization.actions import Actor, Permission
from domain.organization.office import Organization
from store import Store
from store.unit import Unit
from tasks.keeping import SoleWriter
from tasks.new_projects import NewProject, check_access
from tasks.plan_targets import PlanTarget
from tasks.recording import entry, record


@dataclass(frozen=True, slots=True)
class Asked:
    """In whose name a plan is put there, by which right, and why."""

    actor: Actor
    by: Permission
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlanProject:
    """The project that takes one local plan."""

    target: PlanTarget
    organization: Organization
    store: Store
    clock: Clock
    """The organization's time."""
    machine: Clock
    """The machine's time: for what a call may still be doing."""

    def foreseen(self) -> bool:
        """Whether the project would be made. Raises what `made` raises."""
        wanted = self._wanted()
        if wanted is None or self._put(self._new(wanted, None)):
            return False
        with one_offices(self.target.project.office):
            return self.target.tool.started(self.target.project.own) is None

    def made(self, writer: SoleWriter, asked: Asked) -> bool:
        """Whether the project is made by this run; it is made once, and noted with who had it made.

        Raises NotStartable for one that is there already, Refused where nothing may be made, with what to
        do, and the tool's errors; what was begun is completed by the next run.
        """
        wanted = self._wanted()
        if wanted is None:
            return False
        new = self._new(wanted, writer)
        if self._put(new):
            return False
        target = self.target
        with self.store.begin() as unit:
            writer.check(unit)
            new.note(unit)
            detail = {"by_hand": False, "items": 0, "content": wanted.digest}
            record(
                unit, self.clock, "start", str(Subject(target.project.office, wanted.key)),
                detail={**detail, "plan": str(target.derivation.id), **entry(asked.actor, asked.by)},
                person=asked.actor.person, why=asked.why, version=str(wanted.values["versions"]),
            )  # fmt: skip
            unit.commit()
        return True

    def _put(self, new: NewProject) -> bool:
        """Put it there; whether people did, as the tool lets us make none."""
        try:
            return new.put()[1]
        except NotStartable as wrong:
            raise NotStartable(f"{wrong}, or localize with it as an existing one") from None

    def _new(self, wanted: Wanted, writer: SoleWriter | None) -> NewProject:
        tool = self.target.tool
        check_access(self.organization, tool, WantedKind.PROJECT, "make it by hand")
        return NewProject(tool, wanted, writer, self.store, self.clock, self.machine)

    def _wanted(self) -> Wanted | None:
        """The project that is to be there; None where the office named an existing one, and once it is."""
        if not self.target.is_new:
            return None
        with self.store.read() as unit:
            begun = unit.intents.get(str(StartKey(str(self.target.project))))
            if begun is None:
                known = {each.key for each in self.target.fitted.wanted}
                if any(each.wanted.key in known for each in unit.intents.of(self.target.project.office)):
                    return None  # tasks of the plan were put there before: somebody made it
                return self._first(unit)
            return None if begun.state is IntentState.DONE else begun.wanted

    def _first(self, unit: Unit) -> Wanted:
        """The project as it is made: from the plan's first day, under the versions in force, if any."""
        key, derivation = self.target.project, self.target.derivation
        office = self.organization.offices[key.office]
        today = office.calendar.local_date(self.clock.now())
        versions = in_force(unit.versions.all(), self.organization, key.office, today)
        begins = derivation.base.start
        start = begins.date() if begins is not None else derivation.answers.anchor.on
        return wanted_project(key.office, key.own, start, versions)

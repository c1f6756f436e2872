"""The main job of the sample: two versions published, one rolled out, and its weeks played as real runs.

A step that was played to its end is not played again, an interrupted one is; so the job continues where a
killed one stopped. It writes nothing itself: the player changes the offices' workbooks, flows do the rest.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from ruamel.yaml import YAML

from config.deployment_reports import deployment_report
from config.deployment_sheets import deployments_seen
from config.wiring import Application, wire
from domain.language import ENGLISH
from domain.organization.office import Role
from domain.outcomes.network import OfficesRead
from domain.outcomes.outcome import Outcome
from domain.outcomes.rollouts import Simulated
from examples.harbor_group.player import play
from examples.harbor_group.script import Action, OfficeWeek, PlanEdit
from reports.deployments.page import headline
from reports.deployments.report_page import savings_line
from runtime.place import Place
from runtime.problem import Gone, Problem
from runtime.record import Record
from runtime.runs import Ended, Runs

WEEKS = 12
TRIES = 3
WHY = "the sample's main job"
OutcomeT = TypeVar("OutcomeT", bound=Outcome)


@dataclass(slots=True)
class Job:
    """The job on one copy of the sample."""

    place: Place
    application: Application
    runs: Runs
    say: Callable[[str], None]
    weeks: int = WEEKS
    elsewhere: Mapping[str, Callable[[OfficeWeek], None]] = field(default_factory=dict)
    """The functions that the player calls for offices that keep no workbook."""
    plans_elsewhere: Mapping[str, Callable[[Sequence[PlanEdit]], None]] = field(default_factory=dict)
    """Those for agencies that keep the deployment's plan neither in a workbook nor in a file."""
    decided: Callable[[Sequence[Action]], Sequence[Action]] = tuple
    """Has decisions among an operator's actions made in a tool, and returns the actions that are left."""
    outside: str = ""
    """The servers that are written to, a line each."""
    schedules_may_go: bool = True

    async def do(self) -> bool:
        """Play what is left; where nothing is, one more cycle."""
        ended = await self.play(self.weeks) or await self.again()
        for line in deployed(wire(self.place.settings)):  # at the time that is reached
            self.say(line)
        return ended.good

    @property
    def touched(self) -> str:
        """What outside the state folder was written to."""
        rest = f"outside {self.place.folder.root} was touched."
        return f"{self.outside}\nNothing else {rest}" if self.outside else f"Nothing {rest}"

    async def play(self, weeks: int) -> Ended | None:
        """Play what is left of the first `weeks` weeks; the last run, None when nothing was left."""
        last = await self._begin()
        for week in range(1, weeks + 1):
            if f"week {week}" not in self.record.done():
                last = await self._week(week, weeks)
        return last

    async def again(self) -> Ended:
        """One more cycle at the as-of date that is reached; it finds nothing to change."""
        return await self._run("run-cycle", {"why": WHY, "dry_run": False}, key=None)

    @property
    def record(self) -> Record:
        """The stored record of the steps that are done."""
        return Record(self.application)

    async def _begin(self) -> Ended | None:
        """Week 0: the versions are published, the rollout is simulated on what was read, and approved."""
        if "week 0" in self.record.done():
            return None
        began = time.monotonic()
        await asyncio.gather(self._publish(), self._read())
        for plan in self.application.rollouts:
            version = f"{plan.standard}/{plan.version}"
            simulated = await self._outcome(
                Simulated, f"simulate {plan.id}", "simulate-standard", version=version
            )
            self.say(simulated.sentence)
            digest = simulated.digest
            approver = {"digest": digest, "approved_by": self._holder(Role.APPROVER)}
            last = await self._step(f"approve {plan.id} {digest}", "roll-out-standard", **approver)
            self.say(f"{last.message} ({time.monotonic() - began:.0f} s)")
        last = await self._run("run-cycle", {"why": WHY, "dry_run": False}, key="week 0")
        self.record.finish("week 0")
        return last

    async def _read(self) -> None:
        """Read every office, as one that is not read now would be left out of the rollout. Raises Problem."""
        for attempt in range(1, TRIES + 1):
            read = await self._outcome(OfficesRead, f"read {attempt}", "sync-offices", office="all")
            if not read.not_read:
                return
            self.say(f"not read: {', '.join(read.not_read)} ({attempt} of {TRIES})")
        raise Problem("some offices cannot be read -> see why with `interoffice check`")

    async def _publish(self) -> None:
        """Publish every version, the oldest first."""
        for version in sorted(self.application.versions, key=_age(self.application)):
            owner = {"version": version, "person": self._holder(Role.STANDARDS_OWNER)}
            published = await self._step(f"publish {version}", "publish-standard", **owner)
            self.say(published.message)

    async def _week(self, week: int, weeks: int) -> Ended:
        began = time.monotonic()
        copy = self.place.settings.organization
        actions = await asyncio.to_thread(play, copy, week, self.elsewhere, self.plans_elsewhere)
        for together in _together(await asyncio.to_thread(self.decided, actions)):
            for steered in await asyncio.gather(*(self._act(week, *each) for each in together)):
                self.say(f"   {steered.message}")
        parameters = {"why": WHY, "dry_run": False}
        ended = await self._run("run-cycle", parameters, key=f"week {week}")
        self.record.finish(f"week {week}")
        day = as_of_date(copy)
        self.say(f"week {week:2} of {weeks}  {day}  {ended.message} ({time.monotonic() - began:.1f} s)")
        return ended

    async def _act(self, week: int, number: int, action: Action) -> Ended:
        """What an operator starts in that week."""
        return await self._run(action.flow, dict(action.parameters), key=f"week {week} action {number}")

    async def _outcome(self, kind: type[OutcomeT], key: str, flow: str, **parameters: object) -> OutcomeT:
        """The outcome of a step; a step whose outcome is no longer stored is played again. Raises Problem."""
        ended = await self._step(key, flow, **parameters)
        if ended.outcome is None:
            ended = await self._step(None, flow, **parameters)
        if not isinstance(ended.outcome, kind):
            raise Problem(f"run {ended.run} of {flow} left no outcome -> look into the run in Prefect")
        return ended.outcome

    async def _step(self, key: str | None, flow: str, **parameters: object) -> Ended:
        writes = flow in ("publish-standard", "roll-out-standard")
        given = {**parameters, "why": WHY, **({"dry_run": False} if writes else {})}
        return await self._run(flow, given, key=key)

    async def _run(self, flow: str, parameters: Mapping[str, object], key: str | None) -> Ended:
        """Run a flow to its good end; one whose process died is started again. Raises Problem otherwise."""
        named = f"{self.record.story()}/{key}" if key else None
        for attempt in range(1, TRIES + 1):
            try:
                ended = await self.runs.wait(await self.runs.start(flow, parameters, named))
            except Gone as problem:
                self.say(f"{problem}; starting {flow} again")
                continue
            if ended.good:
                return ended
            if ended.state != "Crashed":
                raise Problem(f"{flow} ended as {ended.state}: {ended.message}")
            self.say(
                f"{flow} crashed ({ended.message.rstrip('.')}); starting it again ({attempt} of {TRIES})"
            )
        raise Gone(f"{flow} did not come to an end in {TRIES} tries -> look into the run in Prefect")

    def _holder(self, role: Role) -> str:
        """The first person in that role of the office that leads. Raises Problem where it is vacant."""
        today = self.application.clock.now().date()
        found = self.application.organization.leader_of_all(today).roles.get(role)
        if not found:
            raise Problem(f"nobody is {role} of the strategic office -> name one in offices.yaml")
        return found[0]


def _together(actions: Sequence[Action]) -> list[list[tuple[int, Action]]]:
    """The actions with their numbers, those that begin beside each other together."""
    found: list[list[tuple[int, Action]]] = []
    for number, action in enumerate(actions):
        if action.beside and found:
            found[-1].append((number, action))
        else:
            found.append([(number, action)])
    return found


def deployed(application: Application) -> Iterator[str]:
    """Each deployment as its sponsor sees it, with the command for their link, and what it saved so far."""
    day = application.clock.now().date()
    with application.store.read() as unit:
        organization = application.organization
        sponsors = {person for o in organization.offices.values() for person in o.roles.get(Role.SPONSOR, ())}
        seen: dict[str, str] = {}
        for person in sorted(sponsors):
            for each in deployments_seen(application, unit, organization, person):
                if each.sheet.steers:
                    said = headline(each.sheet, ENGLISH, day)
                    found = deployment_report(application, unit, each)
                    saved = f"\n  savings: {savings_line(found, ENGLISH)}" if found and found.compared else ""
                    seen[each.sheet.deployment.id] = (
                        f"{each.sheet.deployment.system}: {said}"
                        f" (its page: interoffice link --person {person}){saved}"
                    )
    yield from seen.values()


def as_of_date(organization: Path) -> str:
    """The sample's as-of date, from its clock."""
    clock = YAML(typ="safe").load(organization / "clock.yaml")
    return f"{clock['as_of']:%Y-%m-%d}"


def _age(application: Application) -> Callable[[str], tuple[object, ...]]:
    """A sort key that orders versions by the day on which they take effect."""
    return lambda key: (application.versions[key].effective_from, key)

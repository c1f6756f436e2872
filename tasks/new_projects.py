"""A project that is made in an office's tool, once: its intent is stored before the call.

What was begun is completed by the next run, which looks first. Where the tool lets us make none, people make
it. Refuses a project that somebody else has put there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from config.wiring import Clock
from connectors.errors import Refused, ToolError, TryLater
from connectors.protocol import Connector, Done, permitted
from connectors.unforeseen import one_offices
from domain.delivery.delivery import Intent, IntentState, Step
from domain.delivery.starting import NotStartable, decide_start
from domain.delivery.wanted import Wanted, WantedKind
from domain.organization.office import Organization
from store import Store
from store.errors import StoreError
from store.unit import Unit
from tasks.keeping import SoleWriter


def check_access(organization: Organization, tool: Connector, what: WantedKind, instead: str) -> None:
    """Raises Refused where the office's access does not permit it, with what to grant or to do `instead`."""
    if reason := permitted(tool.access, what):
        part = organization.partition(tool.office)
        withheld = f" ({part.withheld.why})" if part and part.withheld else ""
        raise Refused(f"tools.yaml: {reason}{withheld}; grant `write` to us there, or {instead}")


@dataclass(frozen=True, slots=True)
class NewProject:
    """One project on its way into an office's tool; without a writer it is a dry run."""

    tool: Connector
    wanted: Wanted
    writer: SoleWriter | None
    store: Store
    clock: Clock
    """The organization's time."""
    machine: Clock
    """The machine's time: for what a call may still be doing."""

    def put(self) -> tuple[bool, bool]:
        """Whether the project is new to us, and whether people put it there, as we make none in its tool.

        Raises NotStartable, and the tool's errors, each with what to do.
        """
        wanted, tool = self.wanted, self.tool
        project = str(wanted.project)
        with self.store.read() as unit:
            intent = unit.intents.get(wanted.key)
        with one_offices(wanted.office):
            why_not, found = tool.startable(project), tool.started(project)
        by_hand = bool(why_not) and found is not None
        if by_hand and intent is None:
            return True, True
        wait = tool.spec.read_lag + tool.in_flight
        decision = decide_start(wanted, intent, found, self.machine.now(), wait)
        if decision.step is Step.SAME:
            return intent is not None and intent.state is not IntentState.DONE, by_hand
        if decision.step is Step.WAIT:
            raise TryLater(f"{project}: {decision.why}; run this again in some minutes")
        if decision.step is Step.HOLD:
            raise NotStartable(f"project: {project}: {decision.why}; give another id")
        if why_not:
            raise Refused(why_not)
        if self.writer is None:
            with one_offices(wanted.office):
                tool.start(wanted, dry_run=True)
        else:
            self._keep(IntentState.STORED, self.writer)
            self._send(self.writer)
        return True, False

    def note(self, unit: Unit) -> None:
        """Note in that unit that the project stands there."""
        wanted = self.wanted
        intent = unit.intents.get(wanted.key)
        intent = intent or Intent(wanted, wanted.digest, IntentState.STORED, self.clock.now())
        unit.intents.save(replace(intent, state=IntentState.DONE))

    def _send(self, writer: SoleWriter) -> None:
        """Let the tool make the project; raises its error where it did not, for the next run."""
        wanted = self.wanted
        try:
            with one_offices(wanted.office, passing=StoreError):
                result = self.tool.start(wanted, writer)
        except ToolError:
            self._keep(IntentState.STORED, writer)
            raise
        if result.done is Done.UNKNOWN:
            raise TryLater(f"{wanted.project}: {result.why}; run this again in some minutes, it looks first")
        if result.done is not Done.CREATED:
            self._keep(IntentState.STORED, writer)
            raise Refused(f"{wanted.project}: {result.why}")

    def _keep(self, state: IntentState, writer: SoleWriter) -> None:
        """Store the intent before the call, or that the call came to nothing."""
        wanted = self.wanted
        with self.store.begin() as unit:
            writer.check(unit)
            unit.intents.save(Intent(wanted, wanted.digest, state, self.clock.now()))
            unit.commit()

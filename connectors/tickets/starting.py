"""How a project is started in a tool of tickets: its container, with our key in the creating call.

Where tickets of one type are the projects, and where the tool makes no containers by its interface, people
make the project, and its first items go there all the same. Refuses to start what tools.yaml does not name.
"""

from __future__ import annotations

from connectors.errors import OutcomeUnknown, Refused, ToolError, TryLater
from connectors.protocol import Done, Guard, Put, permitted, unguarded
from connectors.tickets.lines import apart, together
from connectors.tickets.preparation import Preparing
from domain.delivery.wanted import Wanted
from domain.plans.project import Placed

KEY = "key"
FORBIDDEN = 403


def described_by(key: str) -> str:
    """The description of a project that bears our key."""
    return together("", {KEY: key})


def key_in(description: str) -> str:
    """Our key in a project's description; empty where there is none."""
    return apart(description)[1].get(KEY, "")


def _status(problem: ToolError) -> int:
    return int(getattr(problem, "status", 0))


class Starting(Preparing):
    """The base of every tool of tickets, as far as projects are started there."""

    def startable(self, project: str) -> str:
        """Why we start no project of that id there; see `Connector.startable`."""
        part, kind = self.settings.projects, self.spec.kind
        if part.type:
            return (
                f"projects there are tickets of the type {part.type!r}: make one, and give the id that it "
                "gets as the project"
            )
        if project not in part.within:
            return (
                f"tools.yaml, projects.within of {self.office} does not name {project!r}: add it there; or "
                f"give one that it names: {', '.join(part.within)}"
            )
        if self.kit.start is None:
            return f"projects of {kind} are made by its administrators: have {project!r} made, then run this"
        return ""

    def started(self, project: str) -> Placed | None:
        """Where that project stands now; see `Connector.started`."""
        if self.kit.start is None or self.settings.projects.type:
            return self._found_by_reading(project)
        found = self.kit.start.there(self, project)
        return None if found is None else Placed(found.key, found.ref, {})

    def _found_by_reading(self, project: str) -> Placed | None:
        there = self._pulled().projects.get(project)
        return None if there is None else Placed("", there.ref, {})

    def start(self, wanted: Wanted, guard: Guard = unguarded, *, dry_run: bool = False) -> Put:
        """Put a project there; see `Connector.start`."""
        project = str(wanted.project)
        reason = permitted(self._access, wanted.kind) or self.startable(project)
        if reason or self.kit.start is None:
            raise Refused(reason)
        call = self.kit.start.call(self, wanted)
        if dry_run:
            return Put(wanted.key, Done.CREATED, why=str(call))
        try:
            with guard([wanted.key]):
                self.send(call)
        except OutcomeUnknown as unknown:
            return Put(wanted.key, Done.UNKNOWN, why=unknown.text)
        except TryLater as later:
            return Put(wanted.key, Done.LATER, why=later.text)
        except ToolError as refusal:
            by_hand = f"; or have {project!r} made there, and run this again" * (
                _status(refusal) == FORBIDDEN
            )
            return Put(wanted.key, Done.REFUSED, why=f"{refusal.text}{by_hand}")
        self.forget()
        there = self.kit.start.there(self, project)
        if there is None or there.key != wanted.key:
            return Put(wanted.key, Done.REFUSED, why=f"{project} does not show our key, though it was sent")
        return Put(wanted.key, Done.CREATED, there.ref)

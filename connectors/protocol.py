"""The one protocol that every connector implements, and what a connector says of itself.

A connector reads one office's part of a tool into domain values and puts our things there; it enforces the
access level itself. Refuses to judge, to decide what is wanted, and to read configuration: it
receives its settings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol, TypeAlias

from connectors.errors import Refused
from connectors.preparation import NOTHING_DEMANDED, Demands, Made, Making, Step
from domain.delivery.delivery import Decision
from domain.delivery.wanted import Wanted, WantedKind
from domain.organization.office import Access
from domain.plans.limits import PlanLimits
from domain.plans.mirror import Mirror
from domain.plans.project import Placed, Reading

Guard: TypeAlias = Callable[[Collection[str]], AbstractContextManager[None]]
"""Entered around each write, with the keys that it writes: records that they are sent, and raises when the
right to write has ended or when that cannot be recorded. Without the record nothing is written."""


def unguarded(keys: Collection[str]) -> AbstractContextManager[None]:
    """A guard that lets everything through: for tools that nobody else writes to."""
    del keys
    return nullcontext()


class Capability(StrEnum):
    """What a connector can do beyond reading everything."""

    CHANGES = "changes"
    """Can say cheaply that nothing changed since a reading, by its digest."""
    ITEMS = "items"
    QUESTIONS = "questions"
    ANSWERS = "answers"
    HOOKS = "hooks"
    LINKS = "links"
    """Holds which item follows which."""
    PARENTS = "parents"
    """Holds which item is part of which."""
    LOCKS = "locks"
    """Refuses a write to what was changed since it was read."""
    AUTHORS = "authors"
    """Says from its own record who wrote and changed what in a ticket of ours, and when."""
    DELETIONS = "deletions"
    """Reports what was removed; without it all ids are read once a day."""


class Proof(StrEnum):
    """What a connector was tried against, the strongest first."""

    SERVER = "server"
    """The real thing: a server or the files themselves."""
    SPEC = "spec"
    """The vendor's own description, on a stand-in that keeps the documented rules."""
    MEMORY = "memory"
    """Nothing outside: it is kept in memory, for tests."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a connector says of itself, as data."""

    kind: str
    capabilities: frozenset[Capability]
    proof: Proof
    key_place: str
    """Where our key stands in the tool, for people."""
    page: int | None = None
    """Most items in one reading's page; None: all at once."""
    batch: int | None = None
    """Most items in one write; None: no limit."""
    read_lag: timedelta = timedelta()
    """How long after a write a reading may not show it yet."""
    webhook: str | None = None
    """The name of its webhook scheme; None where the tool sends none."""
    limits: str = ""
    """The tool's documented limits, in words."""
    plan: Mapping[str, str] = field(default_factory=dict)
    """Which parts of an item's plan (`ItemPlan`) it reads from the tool itself, each with its place there."""
    exempt: Mapping[str, str] = field(default_factory=dict)
    """Calls that the vendor's description lacks: `GET /path` and the page that documents them."""


class Done(StrEnum):
    """What became of one wanted thing, or in a dry run would become."""

    CREATED = "created"
    UPDATED = "updated"
    SAME = "same"
    HELD = "held"
    """Our key stands there more than once, or somebody removed it: a question for a person."""
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """It was sent and no answer came: the next reading shows whether it was carried out."""
    LATER = "later"
    """It was not sent: the tool asks to wait, or its parent or predecessor is not there yet."""


@dataclass(frozen=True, slots=True)
class Put:
    """What became of one wanted thing, where it stands, and why where that needs an explanation."""

    key: str
    done: Done
    ref: str = ""
    why: str = ""
    fields: tuple[str, ...] = ()
    """The fields that were written, by our names."""
    conflicts: tuple[str, ...] = ()
    """The fields of ours that the office had changed, as read right before writing."""


class Keeping(StrEnum):
    """How well a tool can hold a field of ours."""

    KEPT = "kept"
    APPROXIMATED = "approximated"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Hold:
    """How one field of ours is held in the tool, and where or why."""

    field: str
    keeping: Keeping
    how: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The result of one `put`: an answer per decision, in their order."""

    results: tuple[Put, ...]
    digest: str
    """The digest of what stands in the tool now, for the next `put` as `expected`."""
    dry_run: bool = False
    calls: tuple[str, ...] = ()
    """The calls that were made, or in a dry run would be made, as text, in their order."""
    seconds: float = 0.0
    """The least seconds that these calls need, by the tool's documented limits; 0 where there are none."""
    pace: float = 0.0
    """The seconds that a call of this tool took so far, on average; 0 where that is not measured."""

    def count(self, done: Done) -> int:
        """How many of the results are `done`."""
        return sum(result.done is done for result in self.results)


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found: whether the tool can be read and written, and every remark with what to do."""

    readable: bool
    writable: bool
    remarks: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    """What is good to know and asks for nothing: what was left out by kind, how letters are written."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a connector gets from its caller, as it reads no configuration, clock or environment itself."""

    folder: Path
    """The organization's folder."""
    secret: Callable[[], str]
    """The tool's credential; raises `Refused` naming what to set where it is missing."""
    now: Callable[[], datetime]
    """The machine's time, aware."""
    mirror: Mirror
    uploaded: Callable[[], Path | None] | None = None
    """The file that the office uploaded last, None where there was none. None: it is not known here."""


class Connector(Protocol):
    """One office's part of a tool. Every method raises only errors of `connectors.errors`."""

    spec: ClassVar[Spec]

    @property
    def office(self) -> str:
        """The id of the office whose part this is."""
        ...

    @property
    def access(self) -> Access:
        """What we may do there; enforced by the connector itself."""
        ...

    @property
    def in_flight(self) -> timedelta:
        """How long a write that got no answer may still be carried out; zero where a write is immediate."""
        ...

    @property
    def plan_limits(self) -> PlanLimits:
        """What of a plan's links, levels and dates it holds; of the fields `holds` tells. Makes no call."""
        ...

    def check(self) -> Health:
        """Whether the tool answers and its content fits the settings; never raises, never writes."""
        ...

    def lacking(self, demands: Demands = NOTHING_DEMANDED) -> tuple[Step, ...]:
        """What is missing there for what its access, its settings and a version demand; writes nothing.

        Empty where all is there, `Making` steps for what `make` can make. Raises what `read` raises.
        """
        ...

    def make(self, steps: Sequence[Making]) -> tuple[Made, ...]:
        """Make these steps of `lacking`, and say what became of each, in their order.

        What stands there meanwhile is not made twice. Raises `Refused` where the access is `observe`.
        """
        ...

    def changed(self, digest: str) -> bool:
        """Whether the tool's content differs from the reading with that digest; cheap."""
        ...

    def read(self) -> Reading:
        """Everything at once: projects, items, answers, what is ours there, what could not be understood."""
        ...

    def find(self, keys: Collection[str]) -> Mapping[str, tuple[Placed, ...]]:
        """The places of our keys now; a key that is not there has an empty tuple, a copied one several."""
        ...

    def fit(self, wanted: Wanted) -> Wanted:
        """The wanted thing as it would be read back: without fields that have no place there."""
        ...

    def holds(self, kind: WantedKind) -> tuple[Hold, ...]:
        """How each field of such a thing is held there: kept, approximated or lost."""
        ...

    def put(
        self, decisions: Sequence[Decision], expected: str, guard: Guard = unguarded, *, dry_run: bool = False
    ) -> Written:
        """Carry out what was decided, only our fields; `expected` is the digest of the reading behind it.

        What changed there since is decided on once more (`Decision.again`), never by the connector.

        Parents come before their children and links last. A tool that is one file is written once: `put`
        raises `TryLater` and writes nothing when the file is no longer the one that was read. Elsewhere each
        thing is written separately.
        """
        ...

    def startable(self, project: str) -> str:
        """Why we start no project of that id there, and what people do; empty where we do. Makes no call."""
        ...

    def started(self, project: str) -> Placed | None:
        """Where the project of that id stands now; under our key where the tool shows that we started it."""
        ...

    def start(self, wanted: Wanted, guard: Guard = unguarded, *, dry_run: bool = False) -> Put:
        """Put a project there that is not there; nothing of it is written ever again.

        Raises `TryLater` where nothing was done, and `Refused` where it cannot be done.
        """
        ...

    def hook(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """The references in a verified webhook's body: what is worth reading again."""
        ...


def may_prepare(access: Access) -> None:
    """Raises `Refused` where the office lets us only look."""
    if not access.may_ask:
        raise Refused(
            "access is observe: nothing is made there; grant `ask` or `write` in tools.yaml, or have it made "
            "by hand"
        )


def permitted(access: Access, kind: WantedKind) -> str:
    """Empty when that access permits that kind of thing, else the reason why not."""
    if kind in (WantedKind.ITEM, WantedKind.TASK, WantedKind.PROJECT):
        return "" if access.may_write else f"access is {access}: {kind}s are not put there"
    return "" if access.may_ask else f"access is {access}: nothing is put there"

"""An application around the real path of delivery, in a process that may be killed at any call to the outside.

The store is a real file, the lock, the intents and the decisions are the product's own; only what is wanted is
given: a plan of tasks below phases, with links.
"""

import json
import os
import shutil
import signal
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from config.settings import Settings
from config.wiring import Application, FixedClock, StoredMirror
from connectors.http.calls import Call, Reply
from connectors.http.client import Http
from connectors.protocol import Connector, Surroundings
from connectors.tickets.settings import TicketSettings
from domain.delivery.delivery import IntentState
from domain.delivery.wanted import ItemFields, Wanted
from domain.organization.office import Access, Conflict, Organization, Partition
from domain.plans.mirror import Mirror
from store import Store
from tasks.delivering import Delivered, Delivery, deliver
from tasks.keeping import SoleWriter, sole_writer
from tests.connectors.deciding import linked
from tests.connectors.workbook import books
from tests.contract.memory import SETTINGS, SPEC, Memory
from tests.crash.world import BEGIN, PAGE
from tests.standins.plain import PlainStandIn

OFFICE = books.OFFICE
TOKEN = PlainStandIn().token
BEFORE, AFTER = "before", "after"


def plan(tasks: int, project: str = "P-1") -> list[Wanted]:
    """So many tasks in phases of ten; in each phase the third to fifth follow the one before them."""
    wanted = []
    for number in range(tasks):
        phase, place = divmod(number, 10)
        values: dict[str, Any] = {
            "title": f"Phase {phase}" if place == 0 else f"Schritt {phase}.{place}",
            "project": project,
            "due": date(2027, 2, 1) + timedelta(days=7 * number),
            "role": "reporter",
            "standing": "open",
        }
        if place:
            values["parent"] = f"plan/{phase * 10}"
        if 2 < place < 6:
            values["after"] = f"plan/{number - 1} +1d"
        wanted.append(Wanted(f"plan/{number}", OFFICE, ItemFields(**linked(values))))
    return wanted


@dataclass
class Trap:
    """Where the process is to end: before or after its call (or its write) of that number, the first is 1."""

    number: int = 0
    side: str = BEFORE
    writes: bool = False
    act: Callable[[], None] | None = None
    """What happens there instead of the end."""


@dataclass
class Machine:
    """The machine's clock of one process: it moves on by a millisecond with each call, as the world's does."""

    start: datetime = BEGIN
    calls: int = 0

    def now(self) -> datetime:
        """The time."""
        return self.start + timedelta(milliseconds=self.calls)


class Trapped(Http):
    """The way out, on which the process is killed where the trap says."""

    trap = Trap()
    machine = Machine()
    written = 0

    def call(self, call: Call) -> Reply:
        self.machine.calls += 1
        self.written += call.writing
        self._spring(call, BEFORE)
        reply = super().call(call)
        self._spring(call, AFTER)
        return reply

    def _spring(self, call: Call, side: str) -> None:
        number = self.written if self.trap.writes else self.machine.calls
        if (number, side) == (self.trap.number, self.trap.side) and (call.writing or not self.trap.writes):
            if self.trap.act is None:
                os.kill(os.getpid(), signal.SIGKILL)
            else:
                self.trap.act()


class Plain(Memory):
    """The plain tool as the world outside is: pages of many, one ticket in a call."""

    spec = replace(SPEC, kind="plain", page=PAGE, batch=1)


class Blind(Plain):
    """The negative control: it does not look, so what it knows nothing of it creates."""

    def page(self, since, token):
        return replace(super().page(since, token), tickets=(), token="", total=0)

    def look(self, keys):
        del keys
        return ()


@dataclass
class Job:
    """One run of a delivery in a process of its own."""

    url: str
    database: str
    wanted: list[Wanted]
    make: type[Memory] = Plain
    trap: Trap = field(default_factory=Trap)
    start: datetime = BEGIN
    read_lag: float = 0.0
    in_flight: float = 120.0
    """Seconds for which a call without an answer is taken to be on its way."""
    timeout: tuple[float, float] = (5.0, 30.0)
    patience: float = 20.0
    before: Callable[[], None] | None = None
    """Done in the process, before it begins."""
    told: int = -1
    """Where the process says what our store has acknowledged as sent, a key to a line; a file descriptor."""

    def application(self) -> tuple[Application, Machine]:
        """The application of the process."""
        machine = Machine(self.start)
        partition = Partition(OFFICE, "plain", Access.WRITE, conflict=Conflict.OURS)
        settings = Settings(database_url=SecretStr(self.database))
        return Application(
            settings=settings,
            organization=Organization("crash", "Crash", {}, partitions=(partition,)),
            versions={},
            rollouts=(),
            store=Store(self.database, patience=self.patience),
            clock=FixedClock(self.start),
            machine=machine,
        ), machine

    def tool(self, application: Application, machine: Machine, mirror: Mirror | None = None) -> Connector:
        """The connector, with the trap on its line."""
        mirror = mirror or StoredMirror(application.store, f"{OFFICE}/plain")
        around = Surroundings(Path(), lambda: TOKEN, machine.now, mirror)
        way = Trapped(
            self.url,
            auth=lambda: {"Authorization": f"Bearer {TOKEN}"},
            now=machine.now,
            allow=("127.0.0.1",),
            timeout=self.timeout,
            pause=lambda _: None,
        )
        way.trap, way.machine, way.deadline = self.trap, machine, self.in_flight
        tool = self.make(way, Access.WRITE, around, TicketSettings.model_validate(SETTINGS))
        tool.spec = replace(tool.spec, read_lag=timedelta(seconds=self.read_lag))
        return tool

    def act(self) -> dict[str, Any]:
        """Deliver, as a flow's task does; what it came to."""
        application, machine = self.application()
        tool = self.tool(application, machine)
        if self.before:
            self.before()
        with sole_writer(application.store, machine, OFFICE) as writer:
            telling = Telling(**vars(writer), way=self.told)
            done = deliver(delivery_of(application, tool), self.wanted, telling)
        application.store.close()
        return told(done)


def delivery_of(application: Application, tool: Connector) -> Delivery:
    """A delivery into the tool, by what the application knows of its office."""
    part = application.organization.partition(tool.office)
    ways = tool, application.store, application.clock, application.machine
    return Delivery(*ways, part.conflict, withheld=part.withheld)


@dataclass
class Telling(SoleWriter):
    """A writer that says what it let through, a key to a line, where anybody listens."""

    way: int = -1

    @contextmanager
    def __call__(self, keys: Collection[str]) -> Iterator[None]:
        with super().__call__(keys):
            if self.way >= 0:
                os.write(self.way, "".join(f"{key}\n" for key in keys).encode())
            yield


def told(done: Delivered) -> dict[str, Any]:
    """A delivery in counts."""
    names = ("create", "update", "same", "held", "waiting", "problem")
    return {name: getattr(done, name) for name in names}


@dataclass(frozen=True)
class Ended:
    """How a process ended: by which signal, or with what it came to, or with the error that it raised."""

    signal: int = 0
    done: dict[str, Any] = field(default_factory=dict)
    error: str = ""


def in_a_process(act: Callable[[], Any], follow: Callable[[int], None] | None = None) -> Ended:
    """Do something in a process of its own, which may be killed; it shares nothing with this one.

    `follow` is given its number while it runs.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        told: dict[str, Any] = {}
        try:
            told = {"done": act()}
        except BaseException as problem:  # noqa: BLE001 - the parent is told of every error
            last = traceback.extract_tb(problem.__traceback__)[-1]
            told = {"error": f"{type(problem).__name__}: {problem} ({last.name})"}
        with os.fdopen(writing, "w") as way:
            json.dump(told, way)
            way.flush()
            os._exit(0)
    os.close(writing)
    if follow:
        follow(child)
    with os.fdopen(reading) as way:
        said = way.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Ended(signal=os.WTERMSIG(status))
    told = json.loads(said)
    return Ended(done=told.get("done") or {}, error=told.get("error", ""))


def template(folder: Path) -> Path:
    """An empty store, to be copied."""
    path = folder / "template.db"
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    return path


def fresh(source: Path, target: Path) -> str:
    """A copy of a store; its address."""
    for left in target.parent.glob(f"{target.name}*"):
        left.unlink()
    shutil.copy(source, target)
    return f"sqlite:///{target}"


def states(database: str) -> dict[str, IntentState]:
    """How far each intent has come, as the store remembers it."""
    store = Store(database)
    with store.read() as unit:
        found = {intent.wanted.key: intent.state for intent in unit.intents.of(OFFICE)}
    store.close()
    return found

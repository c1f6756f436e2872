"""Two sides that change at the same time, and one reading that reconciles them: a random state machine.

The office changes, adds, copies and removes; we change what is wanted, read and deliver. Hooks, which only
hint that a reading is worth while, are lost, doubled and mixed; pages hold older states than are known.
"""

import atexit
import json
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from connectors.tickets.ticket import Ticket, kept, ticket_of
from connectors.tickets.tracker import CONTAINER
from connectors.tickets.typed import understood
from domain.delivery.wanted import Wanted
from tasks.delivering import deliver
from tasks.keeping import sole_writer
from tests.connectors.workbook import books
from tests.contract import memory
from tests.contract.memory import Memory
from tests.contract.remembered import Remembered
from tests.crash.application import Job, delivery_of, template

KEYS = [f"k/{n}" for n in range(5)]
TITLES = st.sampled_from(["Gate-Prüfung", "Bericht", "日本語", "=1+1", ""])
DAYS = st.sampled_from([date(2027, 1, 29), date(2027, 2, 28), date(2027, 3, 28)])
PLACE = st.integers(0, 30)
MEMORY = next((each for each in ("/dev/shm",) if Path(each).is_dir()), None)  # noqa: S108 - not of ours
"""Where the stores of the machines are, so that they need not wait for a disk."""
BEGIN = datetime(2027, 1, 4, 9, tzinfo=UTC)


@cache
def _template() -> Path:
    """An empty store, to be copied."""
    folder = tempfile.TemporaryDirectory(prefix="io-sides-")
    atexit.register(folder.cleanup)
    return template(Path(folder.name))


def bodies(mirror: Remembered) -> dict[str, str]:
    """What a memory holds, by ref."""
    return {thing.ref: thing.body for thing in mirror.things() if not thing.ref.startswith(CONTAINER)}


class Sides(RuleBasedStateMachine):
    """Random edits on both sides; in the end one full scan, and the sides are equal."""

    make: type[Memory] = Memory

    def __init__(self) -> None:
        super().__init__()
        self.standin = memory.furnished()
        self.now = BEGIN
        self.folder = tempfile.TemporaryDirectory(prefix="io-sides-", dir=MEMORY)
        shutil.copy(_template(), f"{self.folder.name}/store.db")
        self.application, self.machine = Job("", f"sqlite:///{self.folder.name}/store.db", []).application()
        self.mirror = Remembered()
        self.tool = memory.connector(self.standin, make=self.make, mirror=self.mirror, now=lambda: self.now)
        self.wanted: dict[str, Wanted] = {}
        self.hooks: list[int] = []
        self.stamps: dict[str, str] = {}
        self.past: list[Ticket] = []
        self.echo: list[Ticket] = []
        real = self.tool.page

        def page(since: datetime | None, token: str) -> Any:
            found = real(since, token)
            stale, self.echo = tuple(self.echo), []
            return type(found)(
                (*found.tickets, *stale), found.token, found.total, steady=found.steady or bool(stale)
            )

        self.tool.page = page  # type: ignore[method-assign]
        self.read()

    # The office's side.

    def _some(self, place: int) -> int | None:
        numbers = [ticket["number"] for ticket in self.standin.tickets()]
        return numbers[place % len(numbers)] if numbers else None

    @rule(place=PLACE, title=TITLES, due=DAYS)
    def the_office_changes(self, place, title, due):
        if number := self._some(place):
            self.standin.pass_time(seconds=1)
            self.standin.change(number, title=title or "-", due=due.isoformat())
            self.hooks.append(number)

    @rule(place=PLACE, text=TITLES)
    def the_office_says(self, place, text):
        if number := self._some(place):
            self.standin.pass_time(seconds=1)
            self.standin.comment(number, text or "...")
            self.hooks.append(number)

    @rule(title=TITLES)
    def the_office_adds(self, title):
        self.standin.pass_time(seconds=1)
        self.hooks.append(self.standin.add("P-1", title or "-", due="2027-01-29"))

    @rule(place=PLACE)
    def the_office_removes(self, place):
        if number := self._some(place):
            self.standin.pass_time(seconds=1)
            self.standin.remove(number)
            self.hooks.append(number)

    @rule(place=PLACE)
    def the_office_copies(self, place):
        if number := self._some(place):
            self.standin.pass_time(seconds=1)
            self.hooks.append(self.standin.copy_of(number))

    # Our side.

    @rule(key=st.sampled_from(KEYS), title=TITLES, due=DAYS, standing=st.sampled_from(["open", "late"]))
    def we_want(self, key, title, due, standing):
        self.wanted[key] = books.item(key, title=title, due=due, standing=standing)

    @rule()
    def read(self):
        self.past += [ticket_of(thing) for thing in self.mirror.things() if thing.ref[:1] != CONTAINER][:3]
        self.tool.read()

    @rule(chance=st.integers(0, 2**16))
    def hooks_come_as_they_like(self, chance):
        random = Random(chance)
        sent = [number for number in self.hooks for _ in range(random.choice((0, 1, 1, 2)))]
        random.shuffle(sent)
        self.hooks = []
        for number in sent[:3]:
            body = json.dumps({"tickets": [number]}).encode()
            if self.tool.hook({}, body):
                self.tool.read()

    @rule(place=PLACE)
    def a_page_brings_what_is_older(self, place):
        if self.past:
            self.echo.append(self.past[place % len(self.past)])
            self.tool.read()

    @rule()
    def deliver(self):
        """As a flow's task does: read, decide, store what is intended, put, note."""
        self.machine.start = self.now
        delivery = delivery_of(self.application, self.tool)
        with sole_writer(delivery.store, delivery.machine, books.OFFICE) as writer:
            told = deliver(delivery, tuple(self.wanted.values()), writer)
        assert not told.problem

    # What always holds, and what holds in the end.

    @invariant()
    def older_never_replaces_newer(self):
        for thing in self.mirror.things():
            assert thing.stamp >= self.stamps.get(thing.ref, ""), f"{thing.ref} went back in time"
            self.stamps[thing.ref] = thing.stamp

    def teardown(self):
        try:
            self._all_holds_in_the_end()
        finally:
            self.application.store.close()
            self.folder.cleanup()

    def _all_holds_in_the_end(self):
        self.echo = []
        self.now += timedelta(hours=25)
        self.standin.pass_time(hours=25)
        self.deliver()
        self.tool.read()
        other = Remembered()
        memory.connector(self.standin, mirror=other, now=lambda: self.now).read()
        assert bodies(self.mirror) == bodies(other), "the copy is not what stands there"
        before = self.standin.writes()
        self.deliver()
        assert self.standin.writes() == before, "an echo: a write though nothing had changed"
        for key, wanted in self.wanted.items():
            if len(self.standin.bearing(key)) == 1:
                (place,) = self.tool.find([key])[key]
                assert dict(place.values) | dict(self.tool.fit(wanted).values) == dict(place.values)


class Stamping(Memory):
    """It takes its own clock for the server's, so what came late looks new."""

    def _shaped(self, ticket):
        return replace(super()._shaped(ticket), updated=self._now())


class Echoing(Memory):
    """It reads back something else than it wrote."""

    def _placed(self, ticket, tickets):
        place = super()._placed(ticket, tickets)
        return replace(place, values={**place.values, "standing": f"{place.values.get('standing')} "})


class Sweepless(Memory):
    """It never looks for what was removed."""

    def _sweep_due(self, cursor):
        del cursor
        return False


class StampingSides(Sides):
    make = Stamping


class EchoingSides(Sides):
    make = Echoing


class SweeplessSides(Sides):
    make = Sweepless


FAULTS: dict[str, type[Sides]] = {
    "an echo": EchoingSides,
    "is not what stands there": StampingSides,
    "the copy is not": SweeplessSides,
}
"""The negative controls, by a part of what is said when they are caught."""


def a_day_without_hooks(edits: int, chance: int) -> tuple[int, int]:
    """Edits, additions and removals of a day without one hook; how many things differ after one scan, of all."""
    random = Random(chance)
    standin, mirror, now = memory.furnished(page=50), Remembered(), [BEGIN]
    for n in range(60):
        standin.add(f"P-{1 + n % 2}", f"Bestand {n}", due="2027-01-29")
    tool = memory.connector(standin, mirror=mirror, now=lambda: now[0])
    books.put(tool, *(books.item(key) for key in KEYS))
    for _ in range(edits):
        standin.pass_time(minutes=24 * 60 / edits)
        numbers = [ticket["number"] for ticket in standin.tickets()]
        what = random.random()
        if what < 0.7:
            standin.change(random.choice(numbers), title=f"geändert {random.random()}")
        elif what < 0.85:
            standin.add("P-2", "neu", due="2027-02-26")
        else:
            standin.remove(random.choice(numbers))
    now[0] += timedelta(hours=25)
    tool.read()
    real = {f"#{t['number']}": kept(understood(t, tool._ticket)).body for t in standin.tickets()}
    found = {
        ref: kept(ticket).body
        for ref, ticket in (
            (thing.ref, ticket_of(thing)) for thing in mirror.things() if not thing.ref.startswith(CONTAINER)
        )
    }
    return len({ref for ref in real | found if real.get(ref) != found.get(ref)}), len(real)

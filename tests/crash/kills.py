"""F1 and F2: kill -9 before and after calls to the outside, and a search that does not show writes at once.

One chain over the large plan: each process is killed at its next write, first before it and the next time after
it, until the plan stands. And a small plan is killed at each call, reads too, each time anew.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import Any

from domain.delivery.wanted import Wanted
from tests.crash.application import (
    AFTER,
    BEFORE,
    Blind,
    Job,
    Trap,
    fresh,
    in_a_process,
    plan,
    states,
    template,
)
from tests.crash.tally import Tally
from tests.crash.world import BEGIN, Outside

SOON = timedelta(seconds=1)
LANDED = timedelta(seconds=121)
"""After that nothing is on its way any more."""
ROUNDS = 8


@dataclass
class Bench:
    """A world outside, and a store for each point."""

    outside: Outside
    folder: Path

    def __post_init__(self) -> None:
        self.template = template(self.folder)

    def job(self, wanted: list[Wanted], lag: float = 0.0, **more: Any) -> Job:
        """A delivery into a world and a store that begin anew."""
        self.outside.reset(lag)
        return Job(self.outside.url, fresh(self.template, self.folder / "point.db"), wanted, **more)

    def undisturbed(self, wanted: list[Wanted]) -> dict[str, Any]:
        """What stands there, and which calls were made, when nothing goes wrong."""
        done = in_a_process(self.job(wanted).act)
        assert done.done.get("create") == len(wanted), done
        return dict(self.outside.tell())

    def calm(self, job: Job, start=BEGIN + LANDED, step: timedelta = LANDED) -> None:
        """Deliver again and again, as the cycle does, until nothing is left to do."""
        for number in range(ROUNDS):
            at = start + number * step
            self.outside.at(at)
            done = in_a_process(replace(job, trap=Trap(), start=at).act)
            assert not done.error, done
            if not (done.done["waiting"] or done.done["problem"]):
                return


def sides(calls: Iterable[int]) -> Iterator[Trap]:
    """Both sides of each call."""
    for number in calls:
        yield Trap(number, BEFORE)
        yield Trap(number, AFTER)


def each_call(bench: Bench, tasks: int, calls: Iterable[int] | None = None) -> Tally:
    """Killed before and after each call of a plan, reads too; once restarted, it is all there once."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    every = range(1, whole["calls"] + 1) if calls is None else calls
    tally = Tally(f"F1 kill -9 at every call, {tasks} tasks")
    for trap in sides(every):
        job = bench.job(wanted, trap=trap)
        ended = in_a_process(job.act)
        tally.expect(ended.signal == SIGKILL, f"{trap}: it was not killed but {ended}")
        bench.calm(job)
        tally.count(wanted, bench.outside.tell()["there"], states(job.database), whole["there"])
    tally.recovered = tally.points - len(tally.wrong) if tally.good else 0
    return tally


def chain(bench: Bench, tasks: int) -> Tally:
    """One plan, written by processes of which each is killed at its next write, before it and then after it."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F1 kill -9 at every write, {tasks} tasks")
    job = bench.job(wanted)
    kills = 0
    for number in range(2 * whole["writes"]):
        side = (BEFORE, AFTER)[number % 2]
        at = BEGIN + number * LANDED
        bench.outside.at(at)
        ended = in_a_process(replace(job, trap=Trap(1, side, writes=True), start=at).act)
        tally.expect(ended.signal == SIGKILL, f"kill {number}: it was not killed but {ended}")
        kills += ended.signal == SIGKILL
    tally.notes["writes killed"] = kills
    bench.calm(job, at + timedelta(hours=1))
    tally.count(wanted, bench.outside.tell()["there"], states(job.database), whole["there"])
    tally.points, tally.recovered = kills, kills if tally.good else 0
    return tally


def blind(bench: Bench, tasks: int) -> Tally:
    """The control: who does not look creates again what was created."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F1 control: create without a look, {tasks} tasks", control=True)
    creates = [number for number, call in enumerate(whole["log"], 1) if call == ["POST", "/tickets"]]
    job = bench.job(wanted, trap=Trap(creates[-1], AFTER), in_flight=0)
    tally.expect(in_a_process(job.act).signal == SIGKILL, "it was not killed")
    in_a_process(replace(job, trap=Trap(), make=Blind, start=BEGIN + SOON).act)
    tally.count(wanted, bench.outside.tell()["there"], states(job.database), whole["there"])
    tally.unexpected = 0  # its second things lack what the first ones have: they count as duplicates
    tally.expect(tally.duplicated == tasks, f"{tally.duplicated} duplicates instead of {tasks}")
    return tally


def lagging(
    bench: Bench, tasks: int, lag: float, *, declared: float, calls: Iterable[int] | None = None
) -> Tally:
    """The same while a search shows what was written only `lag` seconds ago."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    control = declared < lag
    name = f"F2 {'control: undeclared' if control else 'declared'} search lag of {lag:g} s, {tasks} tasks"
    tally = Tally(name, control=control)
    writes = [number for number, (method, _) in enumerate(whole["log"], 1) if method != "GET"]
    traps = [Trap(number, AFTER) for number in writes] if control else list(sides(writes))
    for trap in traps if calls is None else (Trap(number, AFTER) for number in calls):
        flight = 0.0 if control else lag
        job = bench.job(wanted, lag, trap=trap, read_lag=declared, in_flight=flight)
        ended = in_a_process(job.act)
        tally.expect(ended.signal == SIGKILL, f"{trap}: it was not killed but {ended}")
        before = tally.duplicated
        bench.calm(job, start=BEGIN + SOON, step=timedelta(seconds=lag / 2 + 1))
        tally.count(wanted, bench.outside.tell()["there"], states(job.database), whole["there"])
        if control:
            tally.expect(tally.duplicated > before, f"{trap}: the control made no duplicate")
            tally.unexpected = 0
    tally.recovered = tally.points if tally.good and not control else 0
    return tally


def longer_than_declared(bench: Bench, tasks: int) -> Tally:
    """A lag longer than declared makes duplicates; the next full scan names every one of them."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F2 lag longer than declared (60 s, not 5 s), {tasks} tasks", control=True)
    creates = [number for number, call in enumerate(whole["log"], 1) if call == ["POST", "/tickets"]]
    job = bench.job(wanted, 60.0, trap=Trap(creates[-1], AFTER), read_lag=5.0, in_flight=0)
    tally.expect(in_a_process(job.act).signal == SIGKILL, "it was not killed")
    at = BEGIN + timedelta(seconds=10)
    bench.outside.at(at)
    in_a_process(replace(job, trap=Trap(), start=at).act)
    late = BEGIN + timedelta(minutes=10)
    bench.outside.at(late)

    def scan() -> list[str]:
        application, machine = replace(job, trap=Trap(), start=late).application()
        reading = replace(job, trap=Trap()).tool(application, machine).read()
        return sorted({each.text for each in reading.unreadable if "twice" in each.problem})

    there = bench.outside.tell()["there"]
    named = set(in_a_process(scan).done)
    doubled = {key for key, each in there.items() if len(each) > 1}
    tally.count(wanted, there, states(job.database), whole["there"])
    tally.unexpected = 0
    tally.notes |= {"doubled": len(doubled), "named by the next full scan": len(named & doubled)}
    tally.expect(doubled, "there was no duplicate to be found")
    tally.expect(named == doubled, f"{len(doubled - named)} duplicates were not named")
    held = in_a_process(replace(job, trap=Trap(), start=late + SOON).act).done
    tally.expect(held.get("held") == len(doubled), f"{held} instead of every duplicate held for a person")
    return tally


def some(random: Random, calls: int, number: int) -> list[int]:
    """So many calls by chance, in their order."""
    return sorted(random.sample(range(1, calls + 1), min(number, calls)))

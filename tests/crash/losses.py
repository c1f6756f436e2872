"""F4 and F5: answers that are lost after the call was carried out, and a finished plan that is run again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.delivery.wanted import Wanted
from store import Store
from store.errors import Changed
from tests.connectors.deciding import but, decided
from tests.crash.application import Job, Trap, in_a_process, plan, states
from tests.crash.kills import LANDED, SOON, Bench
from tests.crash.tally import Tally
from tests.crash.world import BEGIN

LOSSES: dict[str, tuple[dict[str, Any], dict[str, Any] | None]] = {
    "cut": ({}, None),
    "timeout": ({"slow": 0.3}, None),
    "502": ({}, {"status": 502, "body": {"message": "bad gateway"}}),
}
"""How an answer gets lost: what is added to the fault, and what is answered instead."""
BRIEF = (5.0, 0.1)
"""Seconds to connect and to wait for an answer, where answers are lost by keeping silent."""


def lost_replies(bench: Bench, tasks: int, ways: Iterable[str] = LOSSES) -> Tally:
    """Each call of a plan, carried out and its answer lost, in these ways; each as a point of its own."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F4 lost answer at every call, {tasks} tasks")
    reported = 0
    for how in ways:
        more, answer = LOSSES[how]
        for number, (method, path) in enumerate(whole["log"], 1):
            job = bench.job(wanted, timeout=BRIEF if how == "timeout" else (5.0, 30.0))
            bench.outside.fault(answer, first=number, applied=True, **more)
            done = in_a_process(job.act)
            tally.expect(not done.error, f"{how} at {method} {path}: {done.error}")
            known = done.done.get("waiting") or done.done.get("problem")
            tally.expect(known or method == "GET", f"{how} at {method} {path} was not reported: {done}")
            reported += bool(known)
            tally.expect(bench.outside.tell()["fired"] == [1], f"{how} at {method} {path} never fired")
            bench.calm(replace(job, timeout=(5.0, 30.0)))
            tally.count(wanted, bench.outside.tell()["there"], states(job.database), whole["there"])
    tally.recovered = tally.points if tally.good else 0
    tally.notes |= {"reported as waiting": reported, "reads repeated": tally.points - reported}
    return tally


def every_reply_lost(bench: Bench, tasks: int, ways: Iterable[str] = ("cut", "502")) -> Tally:
    """Every write is carried out and not one is answered, until it all stands there."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F4 every answer to a write lost, {tasks} tasks")
    for how in ways:
        more, answer = LOSSES[how]
        job = bench.job(wanted)
        bench.outside.fault(answer, method="POST", times=1_000_000, applied=True, **more)
        bench.calm(job)
        told = bench.outside.tell()
        tally.expect(told["fired"] == [whole["writes"]], f"{how}: {told['fired']} of {whole['writes']} fired")
        tally.count(wanted, told["there"], states(job.database), whole["there"])
        tally.recovered += told["fired"][0]
    return tally


def late_writes(bench: Bench, tasks: int, in_flight: float = LANDED.total_seconds() - 1) -> Tally:
    """Each create of a plan gets no answer and is carried out only after a minute and a half.

    The control does not know that a call may be on its way, and creates again what is.
    """
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    control = not in_flight
    tally = Tally(
        f"F4 {'control: ' if control else ''}each create comes late, {tasks} tasks", control=control
    )
    for number in range(1, tasks + 1):
        job = bench.job(wanted, in_flight=in_flight)
        bench.outside.fault(None, path="^/tickets$", method="POST", first=number, late=90.0)
        done = in_a_process(job.act)
        tally.expect(not done.error and done.done["waiting"], f"create {number}: {done}")
        bench.calm(job, BEGIN + LANDED / 2, LANDED / 2)
        bench.calm(job, BEGIN + 4 * LANDED)
        told = bench.outside.tell()
        tally.expect(told["fired"] == [1], f"create {number} was not late")
        tally.count(wanted, told["there"], states(job.database), whole["there"])
    if control:
        tally.unexpected = 0
        tally.expect(tally.duplicated >= tasks, f"{tally.duplicated} duplicates, fewer than {tasks}")
    tally.recovered = tally.points if tally.good and not control else 0
    return tally


class Hasty:
    """The control: a create without an answer is sent again."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def act(self) -> dict[str, Any]:
        """Deliver so."""
        application, machine = self.job.application()
        tool = self.job.tool(application, machine)
        real = tool.send

        def send(call):
            try:
                return real(call)
            except Exception:  # noqa: BLE001 - that is what makes it hasty
                return real(call)

        tool.send = send
        reading = tool.read()
        written = tool.put(decided(*[tool.fit(each) for each in self.job.wanted]), reading.digest)
        return {"create": len(written.results)}


def resent(bench: Bench, tasks: int) -> Tally:
    """Who sends again what was not answered makes duplicates."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F4 control: sent again without a look, {tasks} tasks", control=True)
    job = bench.job(wanted)
    creates = [number for number, call in enumerate(whole["log"], 1) if call == ["POST", "/tickets"]]
    for number in range(len(creates)):  # each fault sees the calls that no earlier one met
        bench.outside.fault(None, path="^/tickets$", method="POST", first=number + 1, applied=True)
    in_a_process(Hasty(job).act)
    told = bench.outside.tell()
    tally.expect(set(told["fired"]) == {1}, f"not every fault fired: {told['fired']}")
    tally.count(wanted, told["there"], {}, whole["there"])
    tally.expect(tally.duplicated == tasks, f"{tally.duplicated} duplicates instead of {tasks}")
    tally.unexpected = 0
    return tally


def second_run(bench: Bench, tasks: int) -> Tally:
    """A finished plan run again writes nothing, and the store refuses the same key with other content."""
    wanted = plan(tasks)
    whole = bench.undisturbed(wanted)
    tally = Tally(f"F5 second run, {tasks} tasks")
    job = bench.job(wanted)
    in_a_process(job.act)
    before = bench.outside.tell()["writes"]
    again = in_a_process(replace(job, start=BEGIN + SOON).act).done
    after = bench.outside.tell()
    told = {name: again.get(name) for name in ("create", "update", "same")}
    tally.expect(told == {"create": 0, "update": 0, "same": tasks}, f"the second run came to {told}")
    tally.expect(after["writes"] == before, f"the second run made {after['writes'] - before} writes")
    tally.notes |= {"second run": told, "writes seen outside": after["writes"] - before}
    tally.expect(refused(job, wanted[0]), "the same key with other content was not refused with both hashes")
    tally.count(wanted, after["there"], states(job.database), whole["there"])
    return tally


def refused(job: Job, wanted: Wanted) -> bool:
    """Whether the store refuses other content under a stored key, and names both hashes."""
    other = but(wanted, title="other content")
    store = Store(job.database)
    try:
        with store.begin() as unit:
            intent = unit.intents.get(wanted.key)
            assert intent
            unit.intents.save(replace(intent, wanted=other, digest=other.digest))
    except Changed as problem:
        return intent.digest in str(problem) and other.digest in str(problem)
    finally:
        store.close()
    return False


def rewritten(bench: Bench, tasks: int) -> Tally:
    """The control of F5: a plan that the office changed is written again, and that is seen."""
    wanted = plan(tasks)
    tally = Tally(f"F5 control: a plan of which half was changed, {tasks} tasks", control=True)
    job = bench.job(wanted)
    in_a_process(job.act)
    moved = [but(each, due=each.values["due"] + timedelta(days=1)) for each in wanted[::2]]
    before = bench.outside.tell()["writes"]
    again = in_a_process(replace(job, wanted=[*moved, *wanted[1::2]], start=BEGIN + SOON, trap=Trap()).act)
    tally.points, tally.attempted = 1, len(wanted)
    tally.unexpected = bench.outside.tell()["writes"] - before
    tally.expect(again.done.get("update") == tally.unexpected == len(moved), f"{again} with {before}")
    return tally

"""Act: make an office's tool hold what we want there, through stored intents; never blind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from prefect import task

from config.wiring import House
from connectors.base import Connector, Done, Guard, Put, Written, permitted
from connectors.errors import ToolError
from domain.canonical import digest
from domain.delivery import Decision, Intent, IntentState, Step, Wanted, decide
from domain.project import Placed, Reading
from store.unit import Unit
from tasks.keeping import sole_writer
from tasks.memory import connector, house, record
from tasks.wanting import wanted_of

NOTHING = Written((), "")
ACTING = frozenset({Step.CREATE, Step.UPDATE})


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a delivery to one office came to, in counts; `problem` is empty when the tool took it."""

    office: str
    create: int = 0
    update: int = 0
    same: int = 0
    held: int = 0
    not_permitted: int = 0
    dry_run: bool = False
    problem: str = ""
    held_keys: tuple[str, ...] = field(default=())


@task(name="deliver-office", task_run_name="deliver {office}", retries=3, retry_delay_seconds=[1, 3, 9])
def deliver_office(office: str, *, dry_run: bool) -> Delivered:
    """Bring what we want in the office's tool to stand there; a second delivery finds it all the same.

    A tool that refuses is reported, and nothing is lost: the next delivery goes on. Raises TryLater only
    while another living run writes to the same office.
    """
    home = house()
    if dry_run:
        return _deliver(home, office, None)
    with sole_writer(home, office) as guard:
        return _deliver(home, office, guard)


def _deliver(home: House, office: str, guard: Guard | None) -> Delivered:
    tool = connector(office)
    with home.store.read() as unit:
        wanted = wanted_of(home, unit, office)
    allowed = [w for w in wanted if not permitted(tool.access, w.kind)]
    refused = len(wanted) - len(allowed)
    if not allowed:
        return Delivered(office, not_permitted=refused, dry_run=guard is None)
    try:
        reading = tool.read()
        decisions = _decide(home, tool, allowed, reading)
        return replace(_act(home, tool, decisions, reading, guard), not_permitted=refused)
    except ToolError as problem:
        return Delivered(office, not_permitted=refused, dry_run=guard is None, problem=str(problem))


def _decide(home: House, tool: Connector, wanted: Iterable[Wanted], reading: Reading) -> tuple[Decision, ...]:
    placed: dict[str, list[Placed]] = {}
    for each in reading.placed:
        placed.setdefault(each.key, []).append(each)
    with home.store.read() as unit:
        intents = {intent.wanted.key: intent for intent in unit.intents.of(tool.office)}
    now, lag = home.clock.now(), tool.spec.read_lag
    return tuple(decide(tool.fit(w), intents.get(w.key), placed.get(w.key, ()), now, lag) for w in wanted)


def _act(
    home: House,
    tool: Connector,
    decisions: Sequence[Decision],
    reading: Reading,
    guard: Guard | None,
) -> Delivered:
    """Store the intents, write, and note what became of them; in a dry run only ask what would be written."""
    acting = [d for d in decisions if d.step in ACTING]
    held = tuple(d.wanted.key for d in decisions if d.step is Step.HOLD)
    same = sum(d.step is Step.SAME for d in decisions)
    if guard is None:
        written = tool.put([d.wanted for d in acting], reading.digest, dry_run=True)
    else:
        with home.store.begin() as unit:
            _store_intents(unit, decisions, home.clock.now())
            unit.commit()
        written = tool.put([d.wanted for d in acting], reading.digest, guard) if acting else NOTHING
        with home.store.begin() as unit:
            _note_results(home, unit, written.results, tool.office)
            tally = (written.count(Done.CREATED), written.count(Done.UPDATED), same)
            unit.tallies.add(tool.office, *tally, home.clock.now())
            unit.commit()
    return Delivered(
        tool.office,
        create=written.count(Done.CREATED),
        update=written.count(Done.UPDATED),
        same=same + written.count(Done.SAME),
        held=len(held) + written.count(Done.HELD) + written.count(Done.REFUSED),
        dry_run=guard is None,
        held_keys=held,
    )


def _store_intents(unit: Unit, decisions: Iterable[Decision], now: datetime) -> None:
    """Every write has its intent before the call; what is found as wanted is done, whoever sent it."""
    for decision in decisions:
        wanted, before = decision.wanted, unit.intents.get(decision.wanted.key)
        if decision.step in ACTING:
            after = Intent(wanted, digest(wanted.values), IntentState.SENT, now, now)
        elif decision.step is Step.SAME and (before is None or before.state is not IntentState.DONE):
            after = Intent(wanted, digest(wanted.values), IntentState.DONE, now, now, "found in the tool")
        elif decision.step is Step.HOLD and before is not None and before.state is not IntentState.HELD:
            after = replace(before, note=decision.why) if before.note != decision.why else before
        else:
            continue
        if before is None or before.digest == after.digest:
            unit.intents.save(after)
        else:
            unit.intents.renew(after)


def _note_results(home: House, unit: Unit, results: Iterable[Put], office: str) -> None:
    for result in results:
        intent = unit.intents.get(result.key)
        if intent is None:
            continue
        held = result.done in (Done.HELD, Done.REFUSED)
        state = IntentState.HELD if held else IntentState.DONE
        unit.intents.save(replace(intent, state=state, note=result.why))
        detail = {"done": str(result.done), "content": intent.digest}
        record(home, unit, "delivery", f"{office}: {result.key}", detail=detail)

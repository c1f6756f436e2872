"""Act: make an office's tool hold what we want there, through stored intents; it reads before it writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from prefect import task

from config.wiring import Clock
from connectors.errors import Skip, ToolError
from connectors.protocol import Connector, Done, Keeping, Put, Written, permitted
from connectors.unforeseen import one_offices
from domain.delivery.delivery import Decision, Intent, IntentState, Step, decide
from domain.delivery.held import Held
from domain.delivery.wanted import Wanted, WantedKind
from domain.ids import Subject
from domain.organization.calendar import PLAIN, Calendar
from domain.organization.office import Conflict, Withheld
from domain.plans.project import Placed, Reading
from domain.words import counted
from store import Store
from store.errors import StoreError
from store.unit import Unit
from tasks.context import connector, current_application
from tasks.holding import not_granted, not_there, note_placed, unplaced
from tasks.keeping import SoleWriter, sole_writer
from tasks.network import load_office
from tasks.recording import record
from tasks.side_by_side import side_by_side
from tasks.wanting import wanted_in_tool

NOTHING = Written((), "")
ACTING = frozenset({Step.CREATE, Step.UPDATE})


@dataclass(frozen=True, slots=True)
class Delivered:
    """The result of a delivery to one office, in counts; `problem` is empty when the tool took it."""

    office: str
    create: int = 0
    update: int = 0
    same: int = 0
    held: int = 0
    not_permitted: int = 0
    dry_run: bool = False
    problem: str = ""
    holding: tuple[Held, ...] = field(default=(), repr=False)
    """What does not stand in the tool as it should, though it was tried."""
    waiting: int = 0
    """Sent without an answer, or not sent yet: the next delivery reads the tool first and goes on."""
    conflicts: int = 0
    """Things of ours of which the office changed a field."""
    calls: tuple[str, ...] = ()
    """The calls that were made, or in a dry run would be."""
    seconds: float = 0.0
    """The seconds that these calls take at least, by the tool's limits."""
    pace: float = 0.0
    """The seconds that a call took so far, on average; 0 where that is not measured."""
    holds: tuple[str, ...] = ()
    """How the tool holds each field of ours that is wanted there: kept, approximated or lost, and why."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a delivery into one office's tool works with."""

    tool: Connector
    store: Store
    clock: Clock
    """The organization's time: for intents, figures and the ledger."""
    machine: Clock
    """The machine's time: for what a call may still be doing."""
    conflict: Conflict = Conflict.OURS
    """What is done with a field of ours that the office changed."""
    calendar: Calendar = PLAIN
    """The office's own."""
    withheld: Withheld | None = None
    """Why the tool's access is less than the office grants."""
    on_page: frozenset[str] = frozenset()
    """The questions that the office opened on its own page: they need no place in its tool."""

    def not_permitted(self, kind: WantedKind) -> str:
        """Why that kind of thing is not put there; empty where it is."""
        reason = permitted(self.tool.access, kind)
        if not reason or self.withheld is None:
            return reason
        return permitted(self.withheld.granted, kind) or self.withheld.why


@task(name="deliver-offices", task_run_name="deliver {offices}", retries=3, retry_delay_seconds=[1, 3, 9])
def deliver_offices(offices: tuple[str, ...], *, dry_run: bool) -> tuple[Delivered, ...]:
    """Write what we want into the tools of some offices, each as `deliver_office` does.

    Raises TryLater when all of them were tried and another living run writes to one of them.
    """
    return side_by_side(partial(deliver_office, dry_run=dry_run), offices)


def deliver_office(office: str, *, dry_run: bool) -> Delivered:
    """Write what we want into the office's tool; a second delivery finds everything as wanted.

    A tool that refuses is reported, and nothing is lost: the next delivery goes on. Raises TryLater only
    while another living run writes to the same office.
    """
    application = current_application()
    store, clock, machine = application.store, application.clock, application.machine
    organization = application.organization
    writing = nullcontext() if dry_run else sole_writer(store, machine, office)
    with writing as writer:
        with store.read() as unit:
            network = load_office(unit, application.rulebook, clock.now(), office)
            all_wanted = wanted_in_tool(unit, network, office)
            on_page = frozenset(k for k, page in unit.page_questions.of(office).items() if page.opened)
        try:
            tool = connector(office)
        except ToolError as problem:
            holding = _all_held(store, clock, all_wanted, problem)
            done = Delivered(office, dry_run=dry_run, problem=problem.text, holding=holding)
            return _kept(store, writer, done)
        wanted = tuple(w for w in all_wanted if w.kind is not WantedKind.REMARK or _says(tool))
        part, calendar = organization.partition(office), organization.offices[office].calendar
        policy, withheld = (part.conflict, part.withheld) if part else (Conflict.OURS, None)
        delivery = Delivery(tool, store, clock, machine, policy, calendar, withheld, on_page)
        return deliver(delivery, wanted, writer)


def _says(tool: Connector) -> bool:
    """Whether the tool has a place for how a request of the office's own stands."""
    held = {hold.field: hold.keeping for hold in tool.holds(WantedKind.REMARK)}
    return held.get("standing", Keeping.LOST) is not Keeping.LOST


def deliver(delivery: Delivery, wanted: Collection[Wanted], writer: SoleWriter | None) -> Delivered:
    """Write these into an office's tool, each through an intent; without a writer it is a dry run.

    What does not stand there afterwards is stored with the reason, until it does.
    """
    reasons = {w.key: delivery.not_permitted(w.kind) for w in wanted}
    allowed = [w for w in wanted if not reasons[w.key]]
    done = _delivered_of(delivery, allowed, writer)
    missed = [w for w in wanted if reasons[w.key] and w.key not in delivery.on_page]
    withheld = not_granted(delivery.clock.now(), missed, reasons)
    done = replace(done, not_permitted=len(missed), holding=(*withheld, *done.holding))
    return _kept(delivery.store, writer, done)


def deliver_besides(
    delivery: Delivery, wanted: Sequence[Wanted], writer: SoleWriter | None, reading: Reading | None = None
) -> Delivered:
    """Write these, which the office permits, besides what a cycle wants there; what is held stays held.

    They are written over the `reading`; without one the tool is read.
    """
    return _delivered_of(delivery, wanted, writer, reading)


def deliver_on(
    delivery: Delivery, wanted: Sequence[Wanted], reading: Reading, writer: SoleWriter
) -> Delivered:
    """Write these over what one reading showed; where the tool is one file that was edited since, nothing."""
    if not wanted:
        return Delivered(delivery.tool.office)
    try:
        with one_offices(delivery.tool.office, passing=StoreError):
            return _act(delivery, _decide(delivery, wanted, reading), reading, writer)
    except ToolError as problem:
        return Delivered(delivery.tool.office, problem=problem.text)


def _kept(store: Store, writer: SoleWriter | None, done: Delivered) -> Delivered:
    """The same, with what is held stored where it was no dry run; a plan's tasks that are held stay so."""
    if writer is not None:
        with store.begin() as unit:
            writer.check(unit)
            tasks = [each for each in unit.held.of(done.office) if each.kind is WantedKind.TASK]
            if unit.held.replace(done.office, (*tasks, *done.holding)):
                unit.commit()
    return done


def _all_held(store: Store, clock: Clock, wanted: Collection[Wanted], problem: ToolError) -> tuple[Held, ...]:
    """What is not in a tool to which nothing could be written."""
    with store.read() as unit:
        return not_there(unit, clock.now(), wanted, problem)


def _delivered_of(
    delivery: Delivery, wanted: Sequence[Wanted], writer: SoleWriter | None, reading: Reading | None = None
) -> Delivered:
    """Write these, which the office permits; a tool that refuses them all or is silent is reported."""
    tool = delivery.tool
    if not wanted:
        return Delivered(tool.office, dry_run=writer is None)
    try:
        with one_offices(tool.office, passing=StoreError):
            reading = tool.read() if reading is None else reading
            done = _act(delivery, _decide(delivery, wanted, reading), reading, writer)
            return replace(done, holds=(*done.holds, *_cut_titles(tool, wanted)))
    except ToolError as problem:
        holding = _all_held(delivery.store, delivery.clock, wanted, problem)
        return Delivered(tool.office, dry_run=writer is None, problem=str(problem), holding=holding)


def _decide(delivery: Delivery, wanted: Iterable[Wanted], reading: Reading) -> tuple[Decision, ...]:
    tool = delivery.tool
    placed: dict[str, list[Placed]] = {}
    for each in reading.placed:
        placed.setdefault(each.key, []).append(each)
    with delivery.store.read() as unit:
        intents = {intent.wanted.key: intent for intent in unit.intents.of(tool.office)}
    wanted = tuple(wanted)
    unseen = [w.key for w in wanted if w.key in intents and w.key not in placed]
    for key, places in tool.find(unseen).items():
        placed[key] = list(places)
    now, waits = delivery.machine.now(), (tool.spec.read_lag, tool.in_flight)

    def decided(each: Wanted) -> Decision:
        try:
            fitted = tool.fit(each)
        except Skip as unfit:
            return Decision(each, Step.HOLD, unfit.text)
        return decide(fitted, intents.get(each.key), placed.get(each.key, ()), now, *waits, delivery.conflict)

    return tuple(map(decided, wanted))


def _act(
    delivery: Delivery, decisions: Sequence[Decision], reading: Reading, writer: SoleWriter | None
) -> Delivered:
    """Store the intents, write, and note the results; in a dry run only find out what would be written."""
    tool, clock = delivery.tool, delivery.clock
    asked = [d for d in decisions if d.step in ACTING]
    same = sum(d.step is Step.SAME for d in decisions)
    if writer is None:
        written = tool.put(asked, reading.digest, dry_run=True)
        return _delivered(delivery, decisions, written)
    with delivery.store.begin() as unit:
        writer.check(unit)
        _store_intents(unit, decisions, clock.now())
        unit.commit()
    written = tool.put(asked, reading.digest, writer) if asked else NOTHING
    decisions = _as_carried_out(decisions, written)
    with delivery.store.begin() as unit:
        writer.check(unit)
        _note_results(unit, clock, delivery.machine, written.results, tool.office)
        _note_conflicts(unit, clock, decisions, tool.office)
        note_placed(unit, delivery.calendar.local_date(clock.now()), decisions, written)
        tally = (written.count(Done.CREATED), written.count(Done.UPDATED), same)
        unit.tallies.add(tool.office, *tally, clock.now())
        unit.commit()
    return _delivered(delivery, decisions, written)


def _delivered(delivery: Delivery, decisions: Sequence[Decision], written: Written) -> Delivered:
    """The results of decisions and their writes, in counts."""
    tool = delivery.tool
    steps = Counter(decision.step for decision in decisions)
    done = Counter(result.done for result in written.results)
    return Delivered(
        tool.office,
        create=done[Done.CREATED],
        update=done[Done.UPDATED],
        same=steps[Step.SAME] + done[Done.SAME],
        held=steps[Step.HOLD] + done[Done.HELD] + done[Done.REFUSED],
        dry_run=written.dry_run,
        problem=next((r.why for r in written.results if r.done is Done.LATER), ""),
        holding=unplaced(delivery.clock.now(), decisions, written),
        waiting=steps[Step.WAIT] + done[Done.LATER] + done[Done.UNKNOWN],
        conflicts=sum(bool(d.conflicts) for d in decisions),
        calls=written.calls,
        seconds=written.seconds,
        pace=written.pace,
        holds=_holds(tool, decisions),
    )


def _holds(tool: Connector, decisions: Sequence[Decision]) -> tuple[str, ...]:
    """How the tool holds what is wanted there, a text per field."""
    kinds = sorted({decision.wanted.kind for decision in decisions})
    return tuple(
        f"{kind} {hold.field}: {hold.keeping}{f' ({hold.how})' if hold.how else ''}"
        for kind in kinds
        for hold in tool.holds(kind)
    )


def _cut_titles(tool: Connector, wanted: Iterable[Wanted]) -> tuple[str, ...]:
    """How many titles are longer than the tool holds, as a text; none where none is."""
    titles = [each for each in wanted if each.values.get("title")]
    cut = sum(_is_cut(tool, each) for each in titles)
    how = next((hold.how for hold in tool.holds(WantedKind.ITEM) if hold.field == "title"), "")
    return (f"{counted(cut, 'title')} of {len(titles)}: {how or 'the rest is cut'}",) if cut else ()


def _is_cut(tool: Connector, wanted: Wanted) -> bool:
    """Whether the tool holds only the beginning of the title; white space apart."""
    try:
        there = str(tool.fit(wanted).values.get("title", ""))
    except Skip:
        return False
    return len(there) < len(" ".join(str(wanted.values["title"]).split()))


def _store_intents(unit: Unit, decisions: Iterable[Decision], now: datetime) -> None:
    """Store an intent for every write before the call; what is found as wanted is done, whoever sent it."""
    for decision in decisions:
        wanted, before = decision.wanted, unit.intents.get(decision.wanted.key)
        if decision.step in ACTING:
            sent_at = before.sent_at if before else None
            state = IntentState.SENT if before and before.state is IntentState.SENT else IntentState.STORED
            base = before.base if before else None
            after = Intent(wanted, wanted.digest, state, now, sent_at, delivered=base)
        elif decision.step is Step.SAME and (before is None or before.state is not IntentState.DONE):
            after = Intent(wanted, wanted.digest, IntentState.DONE, now, now, "found in the tool")
        elif decision.step is Step.HOLD and before is not None and before.state is not IntentState.HELD:
            after = replace(before, note=decision.why) if before.note != decision.why else before
        else:
            continue
        if before is None or before.digest == after.digest:
            unit.intents.save(after)
        else:
            unit.intents.renew(after)


def _note_results(unit: Unit, clock: Clock, machine: Clock, results: Iterable[Put], office: str) -> None:
    for result in results:
        intent = unit.intents.get(result.key)
        if intent is None:
            continue
        if result.done is Done.UNKNOWN:  # it may be carried out as late as now
            unit.intents.save(replace(intent, note=result.why, sent_at=machine.now()))
            continue
        if result.done is Done.LATER:
            unsent = intent if result.ref else replace(intent, state=IntentState.STORED, sent_at=None)
            unit.intents.save(replace(unsent, note=result.why))
            continue
        held = result.done in (Done.HELD, Done.REFUSED)
        state = IntentState.HELD if held else IntentState.DONE
        unit.intents.save(replace(intent, state=state, note=result.why))
        detail = {"done": str(result.done), "content": intent.digest}
        record(unit, clock, "delivery", str(Subject(office, result.key)), detail=detail)


def _as_carried_out(decisions: Sequence[Decision], written: Written) -> tuple[Decision, ...]:
    """The decisions with the conflicts seen right before writing: an edit after the reading is one too."""
    last = {result.key: result for result in written.results if result.conflicts}
    return tuple(
        replace(
            each,
            conflicts=last[each.key].conflicts,
            changes={name: each.wanted.values[name] for name in last[each.key].fields},
        )
        if each.key in last
        else each
        for each in decisions
    )


def _note_conflicts(unit: Unit, clock: Clock, decisions: Iterable[Decision], office: str) -> None:
    """Record a conflict, once for the state in which it was seen."""
    for decision in decisions:
        intent = unit.intents.get(decision.wanted.key) if decision.conflicts else None
        note = f"the office changed {', '.join(decision.conflicts)}"
        if intent is None or intent.note == note:
            continue
        unit.intents.save(replace(intent, note=note))
        detail = {"fields": list(decision.conflicts), "written": sorted(decision.changes)}
        record(unit, clock, "conflict", str(Subject(office, decision.wanted.key)), detail=detail)

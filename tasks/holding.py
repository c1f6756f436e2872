"""What a delivery could not place, and why: by access, by the tool as a whole, and thing by thing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from connectors.errors import Refused, ToolError
from connectors.protocol import Done, Written
from domain.delivery.delivery import Decision, Intent, IntentState, Step
from domain.delivery.held import Cause, Held, is_missed
from domain.delivery.wanted import Wanted, WantedKind, values_of
from store.unit import Unit

OF_STEPS = {Step.HOLD: Cause.UNCLEAR, Step.WAIT: Cause.WAITING}
OF_RESULTS = {
    Done.HELD: Cause.UNCLEAR,
    Done.REFUSED: Cause.REFUSED,
    Done.LATER: Cause.WAITING,
    Done.UNKNOWN: Cause.WAITING,
}
"""Why something is held, by what was decided and by what became of it."""
ASKED = (WantedKind.QUESTION, WantedKind.DECISION)
STANDS = frozenset({Done.CREATED, Done.UPDATED, Done.SAME, Step.SAME})
"""What says that a thing stands in its tool."""


def not_granted(now: datetime, wanted: Iterable[Wanted], reasons: Mapping[str, str]) -> tuple[Held, ...]:
    """What the office's access does not permit, with the reason by its key (empty: it is permitted)."""
    return tuple(
        _held(now, each, Cause.NOT_GRANTED, reasons[each.key])
        for each in wanted
        if reasons[each.key] and is_missed(each, delivered=False)
    )


def not_there(unit: Unit, now: datetime, wanted: Collection[Wanted], problem: ToolError) -> tuple[Held, ...]:
    """What, by what is stored, is not in a tool as it is wanted now, where nothing could be done there."""
    office = next((each.office for each in wanted), "")
    intents = {intent.wanted.key: intent for intent in unit.intents.of(office)}
    cause = Cause.REFUSED if isinstance(problem, Refused) else Cause.WAITING
    missed = (each for each in wanted if not _is_there(each, intents.get(each.key)))
    return tuple(_held(now, each, cause, problem.text) for each in missed)


def _is_there(wanted: Wanted, intent: Intent | None) -> bool:
    """Whether it stands there with that standing, or came to its end before it was put there."""
    if intent is None or intent.base is None:
        return not is_missed(wanted, delivered=False)
    standing = values_of(intent.base).get("standing")
    return intent.state is IntentState.DONE and standing in (None, wanted.values.get("standing"))


def unplaced(now: datetime, decisions: Sequence[Decision], written: Written) -> tuple[Held, ...]:
    """What does not stand in the tool as it should after these decisions and their writes."""
    results = {result.key: result for result in written.results}
    found = []
    for each in decisions:
        result = results.get(each.key)
        cause = OF_STEPS.get(each.step) if result is None else OF_RESULTS.get(result.done)
        if cause is not None and is_missed(each.wanted, delivered=each.base is not None):
            found.append(_held(now, each.wanted, cause, each.why if result is None else result.why))
    return tuple(found)


def note_placed(unit: Unit, today: date, decisions: Sequence[Decision], written: Written) -> None:
    """The time of a question begins on the day on which it is found to stand in its tool."""
    results = {result.key: result.done for result in written.results}
    asked = [each for each in decisions if each.wanted.kind in ASKED]
    stands = {each.key for each in asked if results.get(each.key, each.step) in STANDS}
    for question in unit.questions.of(asked[0].wanted.office) if stands else ():
        if question.id in stands and question.placed is None:
            unit.questions.save(replace(question, placed=today))


def _held(now: datetime, wanted: Wanted, cause: Cause, why: str) -> Held:
    return Held(wanted.key, wanted.office, wanted.kind, cause, why, now)

"""The timeline of one deviation: what was done with it, when and by whom, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.decisions.request import Channel, Choice, Vote
from domain.deviations.deviation import Deviation, State
from domain.deviations.force import state_at


class Step(StrEnum):
    """What happened."""

    ASKED = "asked"
    SUBMITTED = "submitted"
    APPROVES = "approves"
    DECLINES = "declines"
    RETURNS = "returns"
    GRANTED = "granted"
    RECORDED = "recorded"
    """Granted without a decision, as it is below significance."""
    PUT_IN_FORCE = "put_in_force"
    BEGINS = "begins"
    ENDS = "ends"
    """Its last day is over, or will be."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Moment:
    """One step: when, what, by whom (empty where nobody did it), and whether an operator entered it."""

    at: datetime
    step: Step
    person: str = ""
    entered: bool = False
    why: str = ""


SAID = {Choice.APPROVE: Step.APPROVES, Choice.DECLINE: Step.DECLINES, Choice.RETURN: Step.RETURNS}


def timeline(deviation: Deviation, votes: Iterable[Vote], now: datetime) -> tuple[Moment, ...]:
    """Every step up to its end, also those still to come, by time."""
    return tuple(sorted(_moments(deviation, votes, now), key=lambda each: each.at))


def _moments(deviation: Deviation, votes: Iterable[Vote], now: datetime) -> Iterator[Moment]:
    yield Moment(deviation.asked.at, Step.ASKED, deviation.asked.person)
    if deviation.submitted is not None and deviation.submitted != deviation.asked.at:
        yield Moment(deviation.submitted, Step.SUBMITTED, deviation.asked.person)
    for vote in votes:
        yield Moment(vote.at, SAID[vote.choice], vote.person, vote.channel is Channel.ENTERED)
    if deviation.decided is not None and deviation.state is not State.REJECTED:
        yield Moment(deviation.decided, Step.GRANTED if deviation.needs_decision else Step.RECORDED)
    if deviation.activated is not None:
        yield Moment(deviation.activated, Step.PUT_IN_FORCE)
        yield Moment(max(deviation.span.begins, deviation.activated), Step.BEGINS)
    if deviation.ending is not None:
        end = deviation.ending
        yield Moment(end.at, Step.ENDED, end.person, why=str(end.cause))
    elif deviation.activated is not None or state_at(deviation, now) is State.EXPIRED:
        yield Moment(deviation.span.ends, Step.ENDS)

"""Whether a deviation is in force: the one function behind gate, sweep, report, form, command and message.

It follows from the deviation and the time alone. Refuses to look at facts: what they end is noted as an
ending first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from domain.deviations.deviation import Deviation, State


class Force(StrEnum):
    """Whether a deviation has effect at a time."""

    NONE = "none"
    INTERIM = "interim"
    """Law demands it, and it is not decided yet."""
    FULL = "in_force"


EXPIRING_DAYS = 15
"""So many days before its end a deviation is shown as ending soon."""


def force(deviation: Deviation, at: datetime) -> Force:
    """Whether it is in force at that instant (aware), in full or until it is decided.

    In full from its first day, but not before it was put in force, to the end of its last day in its office's
    zone, and never after it ended. In the interim from when it was submitted, where law demands it.
    """
    if deviation.ending is not None and at >= deviation.ending.at:
        return Force.NONE
    if not deviation.span.begins <= at < deviation.span.ends:
        return Force.NONE
    if deviation.activated is not None and at >= deviation.activated:
        return Force.FULL
    demanded = bool(deviation.citation) and deviation.submitted is not None
    if not demanded or deviation.submitted is None or at < deviation.submitted:
        return Force.NONE
    undecided = deviation.decided is None or at < deviation.decided
    return Force.INTERIM if undecided and deviation.state is not State.DRAFT else Force.NONE


def in_force(deviation: Deviation, at: datetime) -> bool:
    """Whether it changes verdicts at that instant, in full or in the interim."""
    return force(deviation, at) is not Force.NONE


def state_at(deviation: Deviation, at: datetime) -> State:
    """How it stands now, at `at`: the stored state, with what follows from the time."""
    if deviation.ending is not None:
        return deviation.state
    if deviation.state is not State.DRAFT and at >= deviation.span.ends:
        return State.EXPIRED
    if deviation.state is not State.SCHEDULED or not in_force(deviation, at):
        return deviation.state
    soon = at >= deviation.span.ends - timedelta(days=EXPIRING_DAYS)
    return State.EXPIRING if soon else State.ACTIVE


class Seen(StrEnum):
    """What people see of a state, of which there are more than they need."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    ENDING_SOON = "ending_soon"
    ENDED = "ended"


SEEN: Mapping[State, Seen] = {
    State.DRAFT: Seen.DRAFT,
    State.PROPOSED: Seen.WAITING,
    State.UNDER_REVIEW: Seen.WAITING,
    State.RETURNED: Seen.WAITING,
    State.APPROVED: Seen.APPROVED,
    State.SCHEDULED: Seen.APPROVED,
    State.ACTIVE: Seen.IN_FORCE,
    State.EXPIRING: Seen.ENDING_SOON,
    State.EXPIRED: Seen.ENDED,
    State.REVOKED: Seen.ENDED,
    State.SUPERSEDED: Seen.ENDED,
    State.ORPHANED: Seen.ENDED,
    State.WITHDRAWN: Seen.ENDED,
    State.REJECTED: Seen.ENDED,
}


def seen_at(deviation: Deviation, at: datetime) -> Seen:
    """The one of six words that people see."""
    return SEEN[state_at(deviation, at)]

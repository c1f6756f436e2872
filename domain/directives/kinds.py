"""The words of directives: how one ended, how an addressee stands, its clocks, its steps; they are stored."""

from __future__ import annotations

from enum import StrEnum


class EndingKind(StrEnum):
    """How a directive ended. The names are stored."""

    FULFILLED = "fulfilled"
    """Every addressee fulfilled it."""
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    """Another directive takes its place."""


class AddresseeState(StrEnum):
    """How an addressee stands."""

    SENT = "sent"
    """It stands in no tool of theirs yet: no clock runs."""
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    KEPT = "kept"
    """The fact is within its limit, and the last day is not over yet."""
    FULFILLED = "fulfilled"
    OBJECTION = "objection"
    """Neither late nor fulfilled, until the objection is agreed or decided."""
    LEFT = "left"
    """It is not addressed any more."""
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class ClockKind(StrEnum):
    """What an addressee has the turn for. The names are stored."""

    ACKNOWLEDGE = "acknowledge"
    FULFIL = "fulfil"


class LeftCause(StrEnum):
    """Why somebody is not addressed any more. The names are stored."""

    OFFICES = "offices"
    """The organization's files say it otherwise now."""
    RELEASED = "released"
    """Whoever issued it released the office from it."""


class StepKind(StrEnum):
    """What was done. The names are stored."""

    ISSUED = "issued"
    ADDRESSED = "addressed"
    """An office came to it later."""
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ATTESTED = "attested"
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    FULFILLED = "fulfilled"
    OBJECTED = "objected"
    OBJECTION_OVER = "objection_over"
    LEFT = "left"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    """Every addressee fulfilled it."""


class NotPossible(ValueError):
    """What cannot be done with a directive as it stands; the text says what to do instead."""

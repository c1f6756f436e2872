"""A later last day: asked for while a deviation holds, decided by a request of its own, once by default.

The last day that was first granted is kept. Refuses to extend what is over: that is asked for anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from domain.deviations.asking import add_months
from domain.deviations.deviation import Deviation, Extension, State
from domain.deviations.flaws import Flaw, Flawed
from domain.deviations.force import state_at
from domain.deviations.weighing import Policy
from domain.language import Message

ANEW = Message("ask anew for another one")
EXTENDED = frozenset({State.SCHEDULED, State.ACTIVE, State.EXPIRING})


def extension_asked(deviation: Deviation, last: date, at: datetime, policy: Policy) -> Deviation:
    """The deviation with a later last day asked for. Raises Flawed with what is wrong and what to do."""
    longest = add_months(deviation.span.last, policy.months)
    flaw = None
    if state_at(deviation, at) not in EXTENDED:
        flaw = Flaw("deviation", Message("{id} does not hold"), ANEW, id=deviation.id)
    elif len(deviation.extensions) >= policy.extensions:
        flaw = Flaw("deviation", Message("{id} was extended already"), ANEW, id=deviation.id)
    elif last <= deviation.span.last:
        flaw = Flaw(
            "last",
            Message("{id} lasts until {last} already"),
            Message("give a later day"),
            id=deviation.id,
            last=deviation.span.last,
        )
    elif last > longest:
        flaw = Flaw(
            "last",
            Message("{last} is more than {months} months later"),
            Message("give {longest} or before"),
            last=last,
            months=policy.months,
            longest=str(longest),
        )
    if flaw is not None:
        raise Flawed((flaw,))
    return replace(deviation, wanted_last=last)


def extended(deviation: Deviation, asked: datetime, at: datetime) -> Deviation:
    """The deviation with the last day that was asked for; it keeps the one that was first granted."""
    last = deviation.wanted_last or deviation.span.last
    extension = Extension(last, deviation.span.last, asked, at)
    return replace(
        deviation,
        span=replace(deviation.span, last=last),
        original_last=deviation.original_last or deviation.span.last,
        extensions=(*deviation.extensions, extension),
        wanted_last=None,
    )


def not_extended(deviation: Deviation) -> Deviation:
    """The deviation after its extension was declined: its last day stays."""
    return replace(deviation, wanted_last=None)

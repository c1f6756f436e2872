"""What does not stand in an office's tool as it should, by reason; refuses keys, which name projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.delivery.held import CAUSES, REMEDIES, THINGS, Held
from domain.language import Language


@dataclass(frozen=True, slots=True)
class HeldGroup:
    """How many things of a kind do not stand in an office's tool as they should for one reason."""

    count: int
    things: str
    """The kind with the count: `2 questions`."""
    cause: str
    why: str
    remedy: str


def held_groups(held: Sequence[Held], office: str, says: Language) -> tuple[HeldGroup, ...]:
    """What is held of one office, by reason, said in a language."""
    counts = Counter((h.kind, h.cause, h.why) for h in held if h.office == office)
    return tuple(
        HeldGroup(
            count,
            says.message(THINGS[kind], n=count),
            says.message(CAUSES[cause]),
            why,
            says.message(REMEDIES[cause]),
        )
        for (kind, cause, why), count in sorted(counts.items())
    )

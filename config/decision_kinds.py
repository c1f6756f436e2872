"""The kinds of decisions and how a request of each is shown: one registry for pages, letters and desks.

A kind is shown by a function that makes a card from a request, as it was and as it is now. A new kind gets a
line in `KINDS`. Refuses a request of a kind that nobody can show: it is decided in the tool.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from config.deviation_card import deviation_card
from config.draft_card import draft_card
from config.rollout_card import rollout_card
from domain.decisions.card import Card, Reader
from domain.decisions.request import DecisionKind, Request
from store.unit import Unit


class NotShown(LookupError):
    """A request that cannot be shown; the text says why, by ids."""


Show: TypeAlias = Callable[[Unit, Request, Reader], Card]
KINDS: dict[DecisionKind, Show] = {
    DecisionKind.ROLLOUT: rollout_card,
    DecisionKind.DEVIATION: deviation_card,
    DecisionKind.DRAFT: draft_card,
}


def card_of(unit: Unit, request: Request, reader: Reader) -> Card:
    """The request as that person is shown it. Raises NotShown."""
    show = KINDS.get(request.kind)
    if show is None:
        raise NotShown(f"nothing shows a decision on a {request.kind}: it is made in the tool")
    try:
        return show(unit, request, reader)
    except LookupError as missing:
        raise NotShown(f"{request.id} cannot be shown: {missing}") from None

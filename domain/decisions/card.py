"""What an approver is shown of a request, in their language: one value for every kind of decision.

The kind's own subject makes it. Refuses nothing and knows no store: whoever makes it leaves out what the
reader may not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.language import Language
from domain.organization.office import Organization


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a card: the person, their language, the organization as it is now, and the time."""

    person: str
    language: Language
    organization: Organization
    now: datetime


@dataclass(frozen=True, slots=True)
class FactShown:
    """One fact, when the decision was asked for and now; `now` is empty where that is not known."""

    name: str
    then: str
    now: str

    @property
    def changed(self) -> bool:
        """Whether it is known to be another one now."""
        return bool(self.now) and self.now != self.then


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision does, in words, and to which things, as far as the reader may see them."""

    what: str
    named: tuple[str, ...] = ()
    more: int = 0
    """How many more there are that are not named."""


@dataclass(frozen=True, slots=True)
class Card:
    """A request as it is shown: all texts in the reader's language."""

    title: str
    """What is asked, as a question."""
    asks: str
    """Who asks, in words; a sentence where that is not known."""
    why: str
    """The reason in the words of whoever asks; empty where none was given."""
    facts: tuple[FactShown, ...] = ()
    yes: tuple[Effect, ...] = ()
    no: tuple[Effect, ...] = ()

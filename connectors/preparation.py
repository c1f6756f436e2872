"""What an office's tool lacks for its work with us, as steps: those we can make, and those that people do.

A connector says what is missing and makes what its tool permits. Refuses to make anything that a person has
not asked for, and to guess where a name that is nearly the same stands there already.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.language import ENGLISH, Language, Languages


@dataclass(frozen=True, slots=True)
class Demands:
    """What a version asks of a kind of tool, and in which language we name what we make.

    Fields by our names, and statuses; `version` is the version's id.
    """

    version: str = ""
    fields: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    language: Language = ENGLISH
    """In which the sheets and columns are named that we make."""
    languages: Languages = Languages()
    """What was made in another one of them before stays as it is."""


NOTHING_DEMANDED = Demands()


class Whose(StrEnum):
    """Who can do a step that we cannot make."""

    OFFICE = "the office"
    ADMINISTRATOR = "the tool's administrator"
    FILES = "whoever keeps tools.yaml"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is missing: what, and how it comes to be there."""

    what: str
    how: str


@dataclass(frozen=True, slots=True)
class Told(Step):
    """A step that a person does, whose it is."""

    whose: Whose = Whose.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class Making(Step):
    """A step that the connector makes; `how` is the change or the call. Each kind of tool has its own."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a step that was to be made: why it was not, or empty."""

    step: Making
    problem: str = ""

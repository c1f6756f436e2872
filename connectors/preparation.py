"""What an office's tool lacks for its work with us, as steps: those we can make, and those that people do.

A connector says what is missing and makes what its tool permits. Refuses to make anything that a person has
not asked for, and to guess where a name that is nearly the same stands there already.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Demands:
    """What a version asks of a kind of tool: fields by our names, statuses; `version` is its id."""

    version: str = ""
    fields: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


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

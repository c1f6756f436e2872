"""What a plan's dates are counted from: its start, its finish, or a gate's date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class FromStart:
    """All begins as early as it can, from here on."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ToFinish:
    """All begins as late as it can, so that the plan ends by then."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ToGate:
    """The task with that uid ends then: what leads to it is placed late, all else early."""

    gate: str
    at: datetime


Anchor: TypeAlias = FromStart | ToFinish | ToGate

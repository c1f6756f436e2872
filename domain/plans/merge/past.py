"""What earlier merges of a plan left behind: the plan, what the office removed and what it declined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.plans.merge.place import Place
from domain.plans.whole_plan import WholePlan


@dataclass(frozen=True, slots=True)
class Past:
    """What a merge has to know of those before it.

    `last` is the plan as it was merged last, None before the first time (then it is the base); `tombstones`
    are uids of tasks that the office removed; `declined` has the template's value by the place at which the
    office chose its own (of a whole task the task, None where the template removes it).
    """

    last: WholePlan | None = None
    tombstones: frozenset[str] = frozenset()
    declined: Mapping[Place, object] = field(default_factory=dict)

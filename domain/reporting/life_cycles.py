"""How many projects stand in which phase of which life cycle, and what is overdue or missing at their gates.

Pure. Restricted projects are counted like the others: a line names none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain.compliance.sweep import Judged
from domain.standards.position import Unplaced, cycle_named, phase_of
from domain.standards.standard import Version


@dataclass(frozen=True, slots=True)
class CycleLine:
    """Projects that stand at one place of one life cycle, or in none for one reason.

    `phase` and `gate` are empty after the last gate, and where there is no life cycle. `overdue` counts the
    projects whose next gate was due before today, `missing` what is due there and not kept, over all of them.
    `order` is the place of the line: the life cycle's in its version, and the gates reached.
    """

    order: tuple[int, int]
    life_cycle: str
    phase: str
    gate: str
    unplaced: Unplaced | None
    projects: int
    overdue: int
    missing: int


def cycle_line(judged: Judged, version: Version | None, today: date) -> CycleLine | None:
    """The line of one project on a day of its office; None where it was judged without life cycles."""
    at = judged.position
    if at is None or version is None:
        return None
    cycle, phase = cycle_named(version, at.life_cycle), phase_of(version, at)
    place = (len(version.life_cycles), 0)
    if cycle is not None:
        place = (version.life_cycles.index(cycle), len(at.passed) + len(at.left_out))
    return CycleLine(
        place,
        cycle.name if cycle is not None else "",
        phase.name if phase is not None else "",
        at.gate,
        at.unplaced,
        projects=1,
        overdue=int(at.due is not None and at.due < today),
        missing=len(at.missing),
    )


def summed(lines: Iterable[CycleLine | None]) -> tuple[CycleLine, ...]:
    """The lines of several projects, those of one place as one, in the order of life cycles and phases."""
    found: dict[CycleLine, list[CycleLine]] = {}
    for line in lines:
        if line is not None:
            found.setdefault(replace(line, projects=0, overdue=0, missing=0), []).append(line)
    return tuple(
        replace(
            place,
            projects=sum(each.projects for each in some),
            overdue=sum(each.overdue for each in some),
            missing=sum(each.missing for each in some),
        )
        for place, some in sorted(found.items(), key=lambda item: (item[0].order, str(item[0])))
    )

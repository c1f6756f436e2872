"""Who must do what after a sweep: what is not kept, by office, role and rule, without a person's name.

Pure counts of a report's rows. A restricted project has no findings in its row and is counted by its office
alone: it refuses to say what one lacks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.compliance.findings import Finding
from domain.standards.verdict import OPEN_RESULTS


class Row(Protocol):
    """What is asked of a report's row."""

    @property
    def office(self) -> str:
        """The office that answers for the project."""
        ...

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the project does not keep."""
        ...


@dataclass(frozen=True, slots=True)
class Duty:
    """What a role of an office has to put right.

    `findings` is how many rules are not kept in how many `projects`; `most` is the title of the rule that is
    not kept most often, `remedy` what has to be done about it, in `most_in` projects. `by` is the first day
    on which something is due, None while nothing is bound.
    """

    office: str
    role: str
    findings: int
    projects: int
    most: str
    remedy: str
    most_in: int
    by: date | None
    overdue: bool


def duties(rows: Iterable[Row], today: date) -> tuple[Duty, ...]:
    """One for each office and role that has something to put right; overdue first, then by day and number."""
    found: dict[tuple[str, str], list[list[Finding]]] = {}
    for row in rows:
        own: dict[str, list[Finding]] = {}
        for each in row.findings:
            if each.result in OPEN_RESULTS:
                own.setdefault(each.role, []).append(each)
        for role, some in own.items():
            found.setdefault((row.office, role), []).append(some)
    made = [_duty(office, role, projects, today) for (office, role), projects in found.items()]
    return tuple(sorted(made, key=lambda d: (not d.overdue, d.by or date.max, -d.findings, d.office, d.role)))


def _duty(office: str, role: str, projects: list[list[Finding]], today: date) -> Duty:
    flat = [each for some in projects for each in some]
    counts = Counter(each.rule for each in flat)
    rule = min(counts, key=lambda uid: (-counts[uid], uid))
    first = next(each for each in flat if each.rule == rule)
    by = min((each.by for each in flat if each.by is not None), default=None)
    overdue = by is not None and by < today
    return Duty(office, role, len(flat), len(projects), first.title, first.remedy, counts[rule], by, overdue)

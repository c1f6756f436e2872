"""Where a project stands in its life cycle: the gates that it passed, and what is missing at the next one.

Pure. Refuses to choose a life cycle for a project whose class is not reported, or has none: it says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.organization.calendar import Calendar
from domain.plans.facts import Facts
from domain.standards.life_cycle import LifeCycle, Phase
from domain.standards.standard import DatedPart, Rule, Version
from domain.standards.verdict import OPEN_RESULTS, Result


class Unplaced(StrEnum):
    """Why a project is in no life cycle. The names are stored."""

    NOT_REPORTED = "not_reported"
    """Its class is not reported."""
    NO_LIFE_CYCLE = "no_life_cycle"
    """Its class is none that has a life cycle."""


@dataclass(frozen=True, slots=True)
class Position:
    """The life cycle of a project by its uid, or why it has none; its gates, and what the next one lacks.

    `passed`, `left_out` and `to_come` are all gates of the life cycle, each once, in order. A gate that was
    left out has no day, and one after it was passed.
    """

    life_cycle: str = ""
    unplaced: Unplaced | None = None
    passed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    to_come: tuple[str, ...] = ()
    due: date | None = None
    """The day on which the next gate is planned; None where nothing says it."""
    missing: tuple[str, ...] = ()
    """The rules due at the next gate that are not kept now."""

    @property
    def gate(self) -> str:
        """The next gate; empty after the last one."""
        return self.to_come[0] if self.to_come else ""


def life_cycle_of(version: Version, facts: Facts) -> LifeCycle | Unplaced:
    """The one life cycle of a project, by the class that it reports; or why it has none."""
    root, _, name = version.project_class.partition(".")
    said = facts.get(root, {}).get(name)
    if said is None:
        return Unplaced.NOT_REPORTED
    return next((each for each in version.life_cycles if said in each.classes), Unplaced.NO_LIFE_CYCLE)


def position_of(
    version: Version,
    facts: Facts,
    now: datetime,
    ahead: Mapping[str, Result],
    calendar: Calendar,
) -> Position:
    """Where a project stands at `now` (aware).

    `ahead` are the results of what is due at gates, by rule, as if each gate were reached. The next gate is
    due on the day that the tool has for it, else so many business days of `calendar` after the start.
    """
    cycle = life_cycle_of(version, facts)
    if isinstance(cycle, Unplaced):
        return Position(unplaced=cycle)
    days = {gate: on for gate, on in facts.get("gates", {}).items() if isinstance(on, datetime)}
    passed = [gate for gate in cycle.gates if gate in days and days[gate] <= now]
    reached = cycle.gates.index(passed[-1]) + 1 if passed else 0
    found = Position(
        cycle.uid,
        passed=tuple(passed),
        left_out=tuple(gate for gate in cycle.gates[:reached] if gate not in passed),
        to_come=cycle.gates[reached:],
    )
    if not found.gate:
        return found
    phase = cycle.phases[reached]
    due = days[phase.gate].date() if phase.gate in days else _planned(phase, facts, calendar)
    missing = tuple(due.rule for due in phase.deliverables if ahead.get(due.rule) in OPEN_RESULTS)
    return replace(found, due=due, missing=missing)


def _planned(phase: Phase, facts: Facts, calendar: Calendar) -> date | None:
    """The day of a gate by the life cycle; None where it says none, or the project has no start."""
    start = facts.get("project", {}).get("start")
    if phase.days is None or not isinstance(start, datetime):
        return None
    return calendar.add_business_days(start.date(), phase.days)


def phase_of(version: Version, position: Position) -> Phase | None:
    """The phase in which a project is; None after the last gate, and in no life cycle."""
    cycle = cycle_named(version, position.life_cycle)
    phases = cycle.phases if cycle is not None else ()
    return next((phase for phase in phases if phase.gate == position.gate), None)


def cycle_named(version: Version, uid: str) -> LifeCycle | None:
    """The life cycle of that uid; None where the version has none."""
    return next((each for each in version.life_cycles if each.uid == uid), None)


def part_id(cycle: LifeCycle, phase: Phase) -> str:
    """The id of the piece of plan that a phase is."""
    return f"{cycle.uid}.{phase.gate}"


def plan_parts(version: Version, cycle: LifeCycle) -> tuple[DatedPart, ...]:
    """The phases of a life cycle as pieces of plan: what is due at each gate, and the gate itself."""
    titles: Mapping[str, Rule] = {rule.uid: rule for rule in version.rules}
    return tuple(
        DatedPart(
            part_id(cycle, phase),
            phase.name,
            tuple(titles[due.rule].title for due in phase.deliverables if due.rule in titles),
            phase.days,
            phase.gate,
        )
        for phase in cycle.phases
    )

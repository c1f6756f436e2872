"""What becomes of a plan on its way into a file: kept, approximated, lost, added; by field.

The plan that was meant is compared with the plan that is read back, so nothing is promised that is not so.
Refuses to know formats.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan

OF_PLAN = ("title", "calendar", "start", "finish", "status_date")
OF_CALENDAR = ("week", "special_hours", "special_reason", "special_name")
OF_TASK = tuple(each.name for each in fields(PlanTask))
OF_LINK = ("type", "lag")
FIELDS = (
    *(f"plan.{name}" for name in OF_PLAN),
    *(f"calendar.{name}" for name in OF_CALENDAR),
    *(f"task.{name}" for name in OF_TASK),
    "task.order",
    *(f"link.{name}" for name in OF_LINK),
)
"""All that a plan may state, by the names that a certificate has."""
MOST_EXAMPLES = 3


class Fate(StrEnum):
    """What became of one stated fact."""

    KEPT = "kept"
    APPROXIMATED = "approximated"
    """Another value stands there."""
    LOST = "lost"
    ADDED = "added"
    """Nothing was stated, and a value stands there."""


@dataclass(frozen=True, slots=True)
class Example:
    """One fact that did not stay: whose, what was stated and what is there; None for nothing."""

    about: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class FieldFate:
    """What became of one field: how often it is stated, and how often each fate; the first that differ."""

    field: str
    kept: int = 0
    approximated: int = 0
    lost: int = 0
    added: int = 0
    examples: tuple[Example, ...] = ()

    @property
    def stated(self) -> int:
        """How often the plan states it."""
        return self.kept + self.approximated + self.lost


@dataclass(frozen=True, slots=True)
class Certificate:
    """The fate of every field that is stated before or after, in the order of `FIELDS`."""

    fields: tuple[FieldFate, ...]

    @property
    def whole(self) -> bool:
        """Whether everything is kept and nothing is added."""
        return not any(each.approximated or each.lost or each.added for each in self.fields)

    def total(self, fate: Fate) -> int:
        """How many facts have that fate."""
        return sum(int(getattr(each, fate)) for each in self.fields)

    def counts(self, fate: Fate) -> Mapping[str, int]:
        """How many facts of each field have that fate; fields without one are left out."""
        found = {each.field: int(getattr(each, fate)) for each in self.fields}
        return {name: count for name, count in found.items() if count}

    def lost_of(self, mandated: Collection[str]) -> tuple[FieldFate, ...]:
        """The mandated fields of which something is lost."""
        return tuple(each for each in self.fields if each.lost and each.field in mandated)


def certificate(meant: WholePlan, found: WholePlan, *, ordered: bool = True) -> Certificate:
    """The certificate of a plan that is `meant`, by the plan that was `found` where it was written.

    `ordered`: an order of the tasks is held there.
    """
    before, after = dict(facts(meant)), dict(facts(found))
    before |= _ranks(meant, found)
    after |= _ranks(found, meant) if ordered else {}
    counts: dict[str, dict[Fate, int]] = {}
    examples: dict[str, list[Example]] = {}
    for key in dict.fromkeys((*before, *after)):
        field, about = key
        fate = _fate(key, before, after)
        by_fate = counts.setdefault(field, dict.fromkeys(Fate, 0))
        by_fate[fate] += 1
        shown = examples.setdefault(field, [])
        if fate is not Fate.KEPT and len(shown) < MOST_EXAMPLES:
            shown.append(Example(about, before.get(key), after.get(key)))
    return Certificate(
        tuple(
            FieldFate(
                name,
                **{str(fate): count for fate, count in counts[name].items()},
                examples=tuple(examples[name]),
            )
            for name in FIELDS
            if name in counts
        )
    )


def _fate(
    key: tuple[str, str], before: Mapping[tuple[str, str], object], after: Mapping[tuple[str, str], object]
) -> Fate:
    if key not in before:
        return Fate.ADDED
    if key not in after:
        return Fate.LOST
    return Fate.KEPT if before[key] == after[key] else Fate.APPROXIMATED


def facts(plan: WholePlan) -> Iterator[tuple[tuple[str, str], object]]:
    """All that a plan states: the field and whose it is, and the value. What is not stated is not there."""
    for name in OF_PLAN:
        if (value := getattr(plan, name)) not in (None, ""):
            yield (f"plan.{name}", "the plan"), value
    for calendar in plan.calendars:
        yield ("calendar.week", calendar.name), calendar.week
        for day, special in calendar.special.items():
            about = f"{calendar.name} {day}"
            yield ("calendar.special_hours", about), special.hours
            yield ("calendar.special_reason", about), special.reason
            if special.name:
                yield ("calendar.special_name", about), special.name
    for task in plan.tasks:
        for name in OF_TASK:
            value = getattr(task, name)
            if not (value is None or value is False or value in ((), "")):
                yield (f"task.{name}", task.uid), value
    yield from _links(plan)


def _links(plan: WholePlan) -> Iterator[tuple[tuple[str, str], object]]:
    seen: dict[str, int] = {}
    for link in sorted(plan.links):
        ends = f"{link.predecessor} -> {link.successor}"
        seen[ends] = seen.get(ends, 0) + 1
        about = ends if seen[ends] == 1 else f"{ends} ({seen[ends]})"
        yield ("link.type", about), link.type
        if link.lag.amount:
            yield ("link.lag", about), link.lag


def _ranks(plan: WholePlan, other: WholePlan) -> dict[tuple[str, str], object]:
    """The place of each task among those that both plans have."""
    shared = {task.uid for task in other.tasks}
    common = [task.uid for task in plan.tasks if task.uid in shared]
    return {("task.order", uid): place for place, uid in enumerate(common, 1)}

"""One office's deployment beside the pilot's, task by task: what counts, what does not, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """What is compared; each by itself, never added up."""

    EFFORT = "effort"
    """Hours of work."""
    DURATION = "duration"
    """Working days from start to finish."""
    COST = "cost"
    """Money in one currency at one set of rates."""


class Kind(StrEnum):
    """What a task of a deployment is."""

    REUSED = "reused"
    """Of the template."""
    LOCAL = "local"
    """Added by the office; charged against the saving."""
    BUILT_ONCE = "built_once"
    """Done for all by the pilot and not again, so it is no saving of the offices; left out."""


Amounts = Mapping[Measure, Decimal]
"""What is known of each measure; what is not known is absent."""


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """A task of an office: the pilot's actual, the template's estimate, the office's actual."""

    uid: str
    kind: Kind
    pilot: Amounts = field(default_factory=dict)
    template: Amounts = field(default_factory=dict)
    actual: Amounts = field(default_factory=dict)
    changed: bool = False
    """Whether the office changed it; what was not changed was reused as it came."""
    name: str = ""
    as_given: frozenset[Measure] = frozenset()
    """Of what the office's plan still states the amount that the template gave it."""


class Missing(StrEnum):
    """Why an office is not compared."""

    SIZE = "size"
    """No size driver is stated, or it is not above 0."""
    ACTUAL = "actual"
    """A task that was done has no actual, of the pilot or of the office."""
    NOTHING = "nothing"
    """Nothing was done by both."""
    UNREAD = "unread"
    """The plan is in no tool yet, or was not read from it."""
    UNFINISHED = "unfinished"
    """Not every task of the plan is finished."""
    PILOT = "pilot"
    """The plan came from another pilot than the one that is compared with."""
    RATE = "rate"
    """Costs are in several currencies, and no rate for one of them is known."""


@dataclass(frozen=True, slots=True)
class SizeDriver:
    """What a deployment's size is measured by (users, companies, interfaces), of the pilot and the office."""

    name: str
    pilot: Decimal
    office: Decimal


@dataclass(frozen=True, slots=True)
class Deployment:
    """An office's deployment. `wave` counts from 1; `central` is the central effort charged to this office.

    `before` is what the office expected of the whole plan before it saw the template's figures.

    The overall durations are working days of the whole plans, without what is built once: those of tasks do
    not add up, as tasks overlap.
    """

    office: str
    wave: int
    tasks: Sequence[TaskFigures]
    size: SizeDriver | None = None
    central: Amounts = field(default_factory=dict)
    pilot_duration: Decimal | None = None
    duration: Decimal | None = None
    template_duration: Decimal | None = None
    """Working days from start to finish that the template gave the office; None: not known."""
    before: Amounts = field(default_factory=dict)
    currency: str = ""
    """Of its costs; empty where it has none."""
    kept: Mapping[Measure, Missing] = field(default_factory=dict)
    """Measures that are not compared, and why, whatever the tasks say."""
    unfinished: int = 0
    """How many of its tasks are not finished."""


@dataclass(frozen=True, slots=True)
class Compared:
    """An office beside the pilot for one measure; `ratio` is None where it is not compared, see `missing`.

    `pilot` is in proportion to the office's size, except for durations, which do not grow with it;
    `office_total` has local additions and central effort charged. `tasks` are the uids that the figures come
    from; `without` those of which an actual is missing.
    """

    office: str
    wave: int
    measure: Measure
    pilot: Decimal
    office_total: Decimal
    local: Decimal
    central: Decimal
    ratio: float | None
    missing: Missing | None
    tasks: tuple[str, ...]
    without: tuple[str, ...] = ()
    as_given: int = 0
    """Of how many of the tasks the office's plan still states the amount that the template gave."""


ZERO = Decimal(0)


def reuse(deployment: Deployment) -> float | None:
    """Which share of the office's tasks came from the template and was not changed; None without tasks."""
    known = [task for task in deployment.tasks if task.kind is not Kind.BUILT_ONCE]
    kept = [task for task in known if task.kind is Kind.REUSED and not task.changed]
    return len(kept) / len(known) if known else None


def compared(deployment: Deployment, measure: Measure) -> Compared:
    """An office beside the pilot: what both did, without what is built once, with what the office added."""
    both = [task for task in deployment.tasks if task.kind is Kind.REUSED]
    local = [task for task in deployment.tasks if task.kind is Kind.LOCAL]
    used = (*both, *local)
    lacking = [task.uid for task in both if measure not in task.pilot or measure not in task.actual]
    lacking += [task.uid for task in local if measure not in task.actual]
    added = sum((task.actual.get(measure, ZERO) for task in local), ZERO)
    central = deployment.central.get(measure, ZERO)
    if measure is Measure.DURATION:
        pilot, mine, added, central = deployment.pilot_duration, deployment.duration, ZERO, ZERO
        whole = pilot is not None and mine is not None
        lacking = [] if whole else lacking or [task.uid for task in used]
        pilot, mine = pilot or ZERO, mine or ZERO
    else:
        pilot = sum((task.pilot.get(measure, ZERO) for task in both), ZERO)
        mine = sum((task.actual.get(measure, ZERO) for task in both), ZERO) + added + central
    size = deployment.size
    missing = deployment.kept.get(measure) or _missing(size, lacking, pilot, mine, deployment.unfinished)
    if size is not None and min(size.pilot, size.office) > 0 and measure is not Measure.DURATION:
        pilot = pilot * size.office / size.pilot
    return Compared(
        deployment.office,
        deployment.wave,
        measure,
        pilot,
        mine,
        added,
        central,
        float(mine / pilot) if missing is None else None,
        missing,
        tuple(task.uid for task in used),
        tuple(lacking),
        sum(measure in task.as_given for task in both),
    )


def _missing(
    size: SizeDriver | None, lacking: Sequence[str], pilot: Decimal, mine: Decimal, unfinished: int
) -> Missing | None:
    if size is None or size.pilot <= 0 or size.office <= 0:
        return Missing.SIZE
    if unfinished:
        return Missing.UNFINISHED
    if lacking:
        return Missing.ACTUAL
    return Missing.NOTHING if pilot <= 0 or mine <= 0 else None


def estimated(deployment: Deployment, measure: Measure) -> tuple[Decimal | None, Decimal | None]:
    """The template's estimate over the tasks that both did, and the office's own before, of its whole plan.

    None for the template's where a task has none. Durations do not add up: they are those of the whole plan.
    """
    if measure is Measure.DURATION:
        return deployment.template_duration, deployment.before.get(measure)
    known = [task.template for task in deployment.tasks if task.kind is Kind.REUSED]
    whole = known and all(measure in each for each in known)
    theirs = sum((each[measure] for each in known), ZERO) if whole else None
    return theirs, deployment.before.get(measure)

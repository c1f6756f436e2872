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
    """A task of an office: the pilot's actual, the template's estimate, the office's own, its actual."""

    uid: str
    kind: Kind
    pilot: Amounts = field(default_factory=dict)
    template: Amounts = field(default_factory=dict)
    before: Amounts = field(default_factory=dict)
    actual: Amounts = field(default_factory=dict)
    changed: bool = False
    """Whether the office changed it; what was not changed was reused as it came."""


@dataclass(frozen=True, slots=True)
class SizeDriver:
    """What a deployment's size is measured by (users, companies, interfaces), of the pilot and the office."""

    name: str
    pilot: Decimal
    office: Decimal


@dataclass(frozen=True, slots=True)
class Deployment:
    """An office's deployment. `wave` counts from 1; `central` is the central effort charged to this office.

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


class Missing(StrEnum):
    """Why an office is not compared."""

    SIZE = "size"
    """No size driver is stated, or it is not above 0."""
    ACTUAL = "actual"
    """A task that was done has no actual, of the pilot or of the office."""
    NOTHING = "nothing"
    """Nothing was done by both."""


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
        lacking = [task.uid for task in used] if pilot is None or mine is None else []
        pilot, mine = pilot or ZERO, mine or ZERO
    else:
        pilot = sum((task.pilot.get(measure, ZERO) for task in both), ZERO)
        mine = sum((task.actual.get(measure, ZERO) for task in both), ZERO) + added + central
    size = deployment.size
    missing = _missing(size, lacking, pilot, mine)
    if size is not None and missing is not Missing.SIZE and measure is not Measure.DURATION:
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
    )


def _missing(
    size: SizeDriver | None, lacking: Sequence[str], pilot: Decimal, mine: Decimal
) -> Missing | None:
    if size is None or size.pilot <= 0 or size.office <= 0:
        return Missing.SIZE
    if lacking:
        return Missing.ACTUAL
    return Missing.NOTHING if pilot <= 0 or mine <= 0 else None


def estimated(deployment: Deployment, measure: Measure) -> tuple[Decimal | None, Decimal | None]:
    """The template's estimate and the office's own before, over the same tasks; None where one lacks it."""
    tasks = [task for task in deployment.tasks if task.kind is Kind.REUSED]
    sums = []
    for known in ([task.template for task in tasks], [task.before for task in tasks]):
        whole = known and all(measure in each for each in known)
        sums.append(sum((each[measure] for each in known), ZERO) if whole else None)
    return sums[0], sums[1]

"""A template's report once more, plainly: ratios, intervals, waves and learning from the figures of each office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import exp, gamma, log, pi, sqrt

from domain.deployments.report import OfficeState
from domain.plans.savings.office import Deployment

MEASURES = ("effort", "duration", "cost")
AMOUNTS = {"effort": "effort", "duration": "time", "cost": "cost"}
WHY = {
    "size": "no size is stated: of the pilot in the template, or of the office in its answers",
    "actual": "a task has no actual figure, of the pilot or of the office",
    "nothing": "nothing was done by both",
    "unread": "the plan is in no tool yet, or was not read from it",
    "unfinished": "not every task of the plan is finished",
    "pilot": "the plan came from another pilot",
    "rate": "a cost is in a currency without a rate",
}
STANDINGS = {
    "live": "live", "running": "running", "not_started": "not started", "not_reported": "not reported",
    "invited": "its head has not accepted yet", "declined": "its head declined", "accepted": "takes part",
}  # fmt: skip
KINDS = {
    "reused": "of the template", "local": "added by the office", "built_once": "done once by the pilot, not counted",
}  # fmt: skip
PLAN_ITSELF = ("unread", "unfinished")
"""Reasons that tell how far a plan is and nothing of its figures."""
TOGETHER, FEWEST = 3, 5


def written(value: Decimal | Fraction | None) -> str:
    """An amount as English writes it, to one place; nothing for one that is not known."""
    if value is None:
        return ""
    text = f"{round(_decimal(value), 1):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_given(count: int) -> str:
    """Of how many tasks the office's plan states what it was given; empty for none."""
    if not count:
        return ""
    return several(count, "task") + (
        " still states what the template gave it"
        if count == 1
        else " still state what the template gave them"
    )


def size_line(found: Deployment) -> str:
    """Both sizes, and which share of the tasks was reused; what is not known is left out."""
    counted = [task for task in found.tasks if task.kind != "built_once"]
    kept = sum(task.kind == "reused" and not task.changed for task in counted)
    text = f"Size (users): pilot {found.size.pilot}, here {found.size.office}. " if found.size else ""
    if not counted:
        return text
    share = round(100 * kept / len(counted))
    return f"{text}{share} % of the tasks came from the template and kept their name and place."


def several(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def student(t: float, freedom: int) -> float:
    """The probability that Student's t is at most `t`: the density summed up by Simpson's rule."""
    factor = gamma((freedom + 1) / 2) / (sqrt(freedom * pi) * gamma(freedom / 2))
    steps = 400
    width = t / steps
    heights = [factor * (1 + (n * width) ** 2 / freedom) ** (-(freedom + 1) / 2) for n in range(steps + 1)]
    return 0.5 + width / 3 * (heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2]))


@lru_cache
def bound(freedom: int) -> float:
    """Beyond which Student's t lies in one of twenty, found by halving."""
    low, high = 0.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if student(middle, freedom) < 0.95 else (low, middle)
    return low


@dataclass(frozen=True)
class Beside:
    """An office beside the pilot in one measure; `why` is why it is not compared, empty where it is."""

    office: str
    wave: int
    pilot: Fraction
    mine: Fraction
    local: Fraction
    central: Fraction
    why: str
    lacking: int
    as_given: int

    @property
    def ratio(self) -> float:
        return float(self.mine / self.pilot)


def beside(found: Deployment, measure: str) -> Beside:
    """One office: what both did against the pilot's amount, with what the office added and its central part."""
    both = [task for task in found.tasks if str(task.kind) == "reused"]
    added = [task for task in found.tasks if str(task.kind) == "local"]
    lacking = sum(measure not in task.pilot or measure not in task.actual for task in both)
    lacking += sum(measure not in task.actual for task in added)
    local = central = Fraction(0)
    if measure == "duration":
        pilot, mine = Fraction(found.pilot_duration or 0), Fraction(found.duration or 0)
        known = found.pilot_duration is not None and found.duration is not None
        lacking = 0 if known else lacking or len(both) + len(added)
    else:
        local = sum((Fraction(task.actual.get(measure, 0)) for task in added), Fraction(0))
        central = Fraction(found.central.get(measure, 0))
        pilot = sum((Fraction(task.pilot.get(measure, 0)) for task in both), Fraction(0))
        mine = sum((Fraction(task.actual.get(measure, 0)) for task in both), local + central)
    size = found.size
    sized = size is not None and size.pilot > 0 and size.office > 0
    why = next(
        (
            said
            for said, holds in (
                ("size", not sized), ("unfinished", found.unfinished > 0), ("actual", lacking > 0),
                ("nothing", pilot <= 0 or mine <= 0),
            )
            if holds
        ),
        "",
    )  # fmt: skip
    why = str(found.kept.get(measure, why))
    if sized and measure != "duration":
        pilot = pilot * Fraction(size.office) / Fraction(size.pilot)
    given = sum(measure in task.as_given for task in both)
    return Beside(found.office, found.wave, pilot, mine, local, central, why, lacking, given)


class Saved:
    """What all offices needed beside the pilot in one measure, as one reader may see it."""

    def __init__(self, figures: Sequence[Deployment], measure: str, open_to: set[str]) -> None:
        self.measure, self.all = measure, len(figures)
        self.offices = [beside(each, measure) for each in figures]
        self.known = [each for each in self.offices if not each.why]
        self.open_to = open_to
        numbers = sorted({each.wave for each in self.known})
        there = {wave: [each for each in self.known if each.wave == wave] for wave in numbers}
        self.waves = {
            wave: exp(sum(log(each.ratio) for each in some) / len(some))
            for wave, some in there.items()
            if self._may_be_told(some)
        }
        self.whole = len(self.waves) == len(there)
        self.there = there

    def _may_be_told(self, some: Sequence[Beside]) -> bool:
        hidden = sum(each.office not in self.open_to for each in some)
        return not 0 < hidden < TOGETHER

    @property
    def shown(self) -> bool:
        """Whether there is a percentage that the reader may know."""
        return len(self.known) >= FEWEST and self._may_be_told(self.known)

    def words(self) -> str:
        """What was saved, with the interval."""
        count = len(self.known)
        if count < FEWEST:
            return f"{count} of {self.all} offices can be compared; there is a percentage from {FEWEST} on"
        if not self.shown:
            return "not shown, as the figures of single offices would follow from it"
        logs = [log(each.ratio) for each in self.known]
        middle = sum(logs) / count
        spread = sqrt(sum((each - middle) ** 2 for each in logs) / (count - 1))
        half = bound(count - 1) * spread / sqrt(count)
        saved, low, high = (round(100 * (1 - exp(each))) for each in (middle, middle + half, middle - half))
        noun = AMOUNTS[self.measure]
        if 1 - exp(middle + half) > 0:
            return f"{saved} % less {noun} than the pilot ({low} to {high} %)"
        if 1 - exp(middle - half) < 0:
            return f"{abs(saved)} % more {noun} than the pilot ({abs(high)} to {abs(low)} %)"
        return f"no saving of {noun} shown ({low} to {high} %)"

    def not_compared(self) -> str:
        """How many offices are left out, and why; of offices with hidden figures only how far their plans are."""
        told = [each for each in self.offices if each.office in self.open_to or each.why in PLAN_ITSELF]
        counts = sorted(Counter(each.why for each in told if each.why).items())
        return "; ".join(
            f"{several(n, 'office')} {'is' if n == 1 else 'are'} not compared: {WHY[why]}"
            for why, n in counts
        )

    def learned(self) -> str:
        """What each doubling of the offices took less: a line through the logarithms."""
        if len(self.there) < 2 or not self.whole or not self.shown:
            return ""
        done, points = 1, []
        for some in self.there.values():
            at = log(done + (len(some) + 1) / 2)
            points += [(at, log(each.ratio)) for each in some]
            done += len(some)
        n, xs, ys = len(points), sum(x for x, _ in points), sum(y for _, y in points)
        slope = (n * sum(x * y for x, y in points) - xs * ys) / (n * sum(x * x for x, _ in points) - xs * xs)
        less = round(100 * (1 - 2**slope))
        return (
            f"each doubling of the offices took {abs(less)} % {'less' if less > 0 else 'more'}"
            if less
            else ""
        )


@dataclass
class SlowReport:
    """A template's report for one reader."""

    offices: Sequence[OfficeState]
    figures: Sequence[Deployment]
    open_to: set[str]
    measures: Sequence[str]
    newest: int

    def __post_init__(self) -> None:
        self.saved = {
            each: Saved(self.figures, each, self.open_to) for each in MEASURES if each in self.measures
        }

    def headline(self) -> str:
        there = [each for each in self.offices if each.standing is not None and not each.pilot]
        text = several(len(there), "office")
        versions = Counter(each.plan.version for each in self.offices if each.plan.version)
        parts = [f"{n} on version {version}" for version, n in sorted(versions.items(), reverse=True)]
        without = sum(not each.plan.version for each in there)
        parts += [f"{without} without a plan"] if without else []
        text += f": {', '.join(parts)}" if parts else ""
        conflicts = sum(each.plan.conflicts > 0 for each in self.offices)
        text += f"; {conflicts} with conflicts" if conflicts else ""
        effort = self.saved.get("effort")
        return text + (f"; {effort.words()}" if effort is not None and effort.shown else "") + "."

    def savings(self) -> list[str]:
        """What stands of each measure; nothing where no plan is beside the pilot's."""
        if not self.figures:
            return []
        found = []
        for each in self.saved.values():
            learned, why = each.learned(), each.not_compared()
            rest = f"{f'; {learned}' if learned else ''}{f' ({why})' if why else ''}"
            found.append(f"{each.measure} {each.words()}{rest}")
        return found

    def waves(self) -> list[str]:
        """The table of waves: shown where a measure has two of them."""
        if not self.figures or not any(len(each.waves) > 1 for each in self.saved.values()):
            return []
        numbers = sorted({wave for each in self.saved.values() for wave in each.waves})
        return [
            f"wave {n} " + " ".join(
                f"{round(100 * each.waves[n])} %" for each in self.saved.values() if n in each.waves)
            for n in numbers
        ]  # fmt: skip

    def rows(self) -> list[str]:
        """The table of offices."""
        return list(map(self._row, self.offices))

    def _row(self, each: OfficeState) -> str:
        plan = each.plan
        text = f"{each.office.upper()}{' pilot' if each.pilot else ''}"
        if plan.version:
            newest = f" {self.newest} is the newest" if plan.version < self.newest else ""
            text += f" {plan.version}{newest} {plan.conflicts}"
        standing = each.standing.standing if each.standing is not None else each.membership
        text += f" {STANDINGS[str(standing)]}"
        if any(f.office == each.office for f in self.figures) and each.office in self.open_to:
            text += " figures and tasks"
        return text + (" plan, update and conflicts" if each.own and plan.version else "")

    def raw(self) -> list[str]:
        """The figures of single offices: each with its size and reuse, then a row for each measure."""
        by_office = {each.office: each for each in self.figures if each.office in self.open_to}
        there = [by_office[each.office] for each in self.offices if each.office in by_office]
        return [row for found in there for row in self._raw(found)]

    def _raw(self, found: Deployment) -> Iterator[str]:
        yield f"{found.office.upper()} {size_line(found)}"
        for measure, saved in self.saved.items():
            each = next(each for each in saved.offices if each.office == found.office)
            template, before = self.estimates(found, measure)
            pilot, mine = ("", "") if each.why else (written(each.pilot), written(each.mine))
            unit = {"effort": "hours of work", "duration": "working days"}.get(measure, found.currency)
            given = "" if each.why else as_given(each.as_given)
            yield (
                f"{measure} {unit} {pilot} {written(template)} {written(before)} {mine} {given} "
                f"{WHY.get(each.why, '')}"
            )

    def of_office(self, found: Deployment) -> list[str]:
        """The rows of an office's figures, then its tasks."""
        return [*self._measures(found), *self._tasks(found)]

    def _measures(self, found: Deployment) -> Iterator[str]:
        for measure, saved in self.saved.items():
            each = next(each for each in saved.offices if each.office == found.office)
            template, before = self.estimates(found, measure)
            unit = {"effort": "hours of work", "duration": "working days"}.get(measure, found.currency)
            if each.why:
                lacks = several(each.lacking, "task") + (" lacks" if each.lacking == 1 else " lack")
                yield (
                    f"{measure} {unit} Not compared: {WHY[each.why]}."
                    f"{f' {lacks} it.' if each.lacking else ''}"
                    f"{f' The template says {written(template)}.' if template is not None else ''}"
                    f"{f' The office expected {written(before)}.' if before is not None else ''}"
                )
                continue
            parts = [written(each.local), written(each.central)] if measure != "duration" else []
            yield (
                f"{measure} {unit} {written(each.pilot)} {written(template)} {written(before)} "
                f"{written(each.mine)} {as_given(each.as_given)} {' '.join(parts)} "
                f"{round(100 * each.ratio)} %"
            )

    def estimates(self, found: Deployment, measure: str) -> tuple[Decimal | None, Decimal | None]:
        """What the template and the office expected."""
        if measure == "duration":
            return found.template_duration, found.before.get(measure)
        both = [task for task in found.tasks if str(task.kind) == "reused"]
        whole = bool(both) and all(measure in task.template for task in both)
        theirs = sum((task.template[measure] for task in both), Decimal(0)) if whole else None
        return theirs, found.before.get(measure)

    def _tasks(self, found: Deployment) -> Iterator[str]:
        shown = ("effort", "duration", "cost") if "cost" in self.saved else ("effort", "duration")
        for task in found.tasks:
            changed = " changed by the office" if task.changed and str(task.kind) != "built_once" else ""
            pairs = " ".join(f"{written(task.pilot.get(m))} {written(task.actual.get(m))}" for m in shown)
            yield f"{task.name}{changed} {KINDS[str(task.kind)]} {pairs}"

    def table(self) -> list[list[str]]:
        """The rows of the CSV."""
        found = []
        for state in self.offices:
            standing = state.standing.standing if state.standing is not None else state.membership
            head = [state.office.upper(), str(state.plan.version or ""), str(state.plan.conflicts),
                    STANDINGS[str(standing)]]  # fmt: skip
            figures = next((f for f in self.figures if f.office == state.office), None)
            if figures is None or state.office not in self.open_to or not self.saved:
                found.append([*head, *[""] * 10])
                continue
            for measure, saved in self.saved.items():
                each = next(each for each in saved.offices if each.office == state.office)
                unit = {"effort": "hours of work", "duration": "working days"}.get(measure, figures.currency)
                template, before = self.estimates(figures, measure)
                known = not each.why
                cells = [each.pilot if known else None, template, before, each.mine if known else None,
                         each.local if known else None, each.central if known else None]  # fmt: skip
                texts = ["" if c is None else f"{round(_decimal(c), 2):f}" for c in cells]
                ratio = f"{each.ratio:.4f}" if known else ""
                found.append([*head, measure, unit, *texts, ratio, WHY.get(each.why, "")])
        return found


def _decimal(value: Fraction | Decimal) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else value

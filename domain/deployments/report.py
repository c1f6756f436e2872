"""A template in its offices, as one reader may see it: which version each has, what is asked, what it saved.

How an office's plan stands is for those who see it by the law of sharing. The figures of one office are its
own, and of whoever it agreed with about measures; others see what all offices needed together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import exp, log
from statistics import fmean

from domain.deployments.deployment import Membership
from domain.deployments.progress import LocalStanding
from domain.organization.office import Organization
from domain.plans.savings.interval import Interval, Shown
from domain.plans.savings.office import Compared, Deployment, Measure, Missing, compared
from domain.plans.savings.savings import Avoided, Saving, Savings, savings

MEASURES = "measures"
"""What an agreement has to share, so that the figures of one office are shown to another."""
HOW_FAR = frozenset({Missing.UNREAD, Missing.UNFINISHED})
"""What may be said of a hidden office: how its plan stands, which all that take part see."""
TOGETHER = 3
"""From so many hidden offices on, an interval or a mean over them tells nothing of a single one."""


@dataclass(frozen=True, slots=True)
class PlanState:
    """An office's plan of the template: the version it follows (0: it has none), and open conflicts."""

    version: int = 0
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class OfficeState:
    """One office of a report. `standing` is None where nothing of it may be shown."""

    office: str
    standing: LocalStanding | None
    plan: PlanState = PlanState()
    membership: Membership = Membership.ACCEPTED
    pilot: bool = False
    own: bool = False
    """Whether it is an office of the reader's, whose tasks the reader may see."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a report is made of: offices as the reader sees them, and figures of all, hidden ones too."""

    offices: tuple[OfficeState, ...]
    figures: tuple[Deployment, ...] = ()
    avoided: tuple[Avoided, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """A template in its offices as one reader may see it."""

    template: str
    newest: int
    """Its newest version; 0: none is released."""
    offices: tuple[OfficeState, ...]
    savings: Savings
    """`Saving.offices` has the figures of those offices alone that the reader may see."""
    figures: Mapping[str, Deployment]
    """By office, of those that the reader may see."""
    compared: int
    """Offices whose plans are beside the pilot's, hidden ones too."""
    missing: Mapping[Measure, Mapping[Missing, int]] = field(default_factory=dict)
    """How many offices are not compared, and why; of hidden ones only how far their plans are."""

    @property
    def versions(self) -> Mapping[int, int]:
        """How many offices have which version, the newest first; those without a plan are not in it."""
        counts = Counter(each.plan.version for each in self.offices if each.plan.version)
        return dict(sorted(counts.items(), reverse=True))

    @property
    def without_plan(self) -> int:
        """Offices that take part and have no plan yet, without the pilot, which needs none."""
        there = (each for each in self.offices if each.standing is not None and not each.pilot)
        return sum(not each.plan.version for each in there)

    @property
    def in_conflict(self) -> int:
        """Offices with open conflicts."""
        return sum(bool(each.plan.conflicts) for each in self.offices)


def report(
    template: str, newest: int, found: Gathered, open_to: Collection[str], measures: Collection[Measure]
) -> TemplateReport:
    """The report for a reader: `open_to` are offices whose figures they may see, `measures` those shown."""
    whole = savings(found.figures, found.avoided)
    shown = {
        measure: _shown(each, found.figures, open_to)
        for measure, each in whole.measures.items()
        if measure in measures
    }
    figures = {each.office: each for each in found.figures if each.office in open_to}
    missing = {measure: _missing(whole.measures[measure], open_to) for measure in shown}
    return TemplateReport(
        template, newest, found.offices, Savings(shown, whole.avoided), figures, len(found.figures), missing
    )


def _missing(saving: Saving, open_to: Collection[str]) -> Mapping[Missing, int]:
    return Counter(
        each.missing
        for each in saving.offices
        if each.missing is not None and (each.office in open_to or each.missing in HOW_FAR)
    )


def _shown(saving: Saving, figures: Sequence[Deployment], open_to: Collection[str]) -> Saving:
    """A saving without the figures of hidden offices, and without waves from which one would follow."""
    waves: dict[int, list[Compared]] = {}
    for each in (compared(one, saving.measure) for one in figures):
        if each.ratio is not None:
            waves.setdefault(each.wave, []).append(each)
    kept = {
        wave: exp(fmean(log(each.ratio) for each in there if each.ratio))
        for wave, there in sorted(waves.items())
        if _may_be_told(there, open_to)
    }
    offices = tuple(each for each in saving.offices if each.office in open_to)
    learning = saving.learning if len(kept) == len(waves) else None
    interval = saving.interval
    if interval.saved is not None and not _may_be_told([e for each in waves.values() for e in each], open_to):
        interval = Interval(Shown.KEPT_BACK, interval.offices)
    return replace(saving, interval=interval, offices=offices, waves=kept, learning=learning)


def _may_be_told(figures: Sequence[Compared], open_to: Collection[str]) -> bool:
    """Whether what follows from these together may be said: of how many the reader may not see each."""
    hidden = sum(each.office not in open_to for each in figures)
    return hidden == 0 or hidden >= TOGETHER


def figures_open(office: str, readers: Collection[str], organization: Organization, on: date) -> bool:
    """Whether people of these offices may see the figures of one office: it is theirs, or it agreed."""
    agreed = (
        each.taker in readers and each.in_force(on) and MEASURES in each.shares
        for each in organization.agreements
        if each.giver == office
    )
    return office in readers or any(agreed)

"""The terms of a draft as its owner writes them: `limit=100; effective=2027-06-01; office=porto`.

Everything that is wrong is named at once, with what to do. Refuses to guess a limit, a day or an office.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.deviations.entries import Entries, entries
from domain.deviations.flaws import Flaw, Flawed
from domain.deviations.terms import as_scalar
from domain.plans.project import Scalar

ONCE = ("limit", "rule", "effective", "days", "step")
SEVERAL = ("office",)
EXAMPLE = "limit=100; effective=2027-06-01"
LONGEST_DAYS = 250


class Step(StrEnum):
    """What is done with the draft: it is put to the offices, kept for its owner, or taken back."""

    OPEN = "open"
    KEEP = "keep"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the owner says; None and empty where nothing is said."""

    limit: Scalar | None = None
    rule: str = ""
    effective: date | None = None
    days: int | None = None
    offices: tuple[str, ...] = ()
    step: Step = Step.OPEN

    @property
    def edits(self) -> bool:
        """Whether they change the content."""
        return self.limit is not None or self.effective is not None or bool(self.days or self.offices)


def terms_of(text: str, offices: Collection[str], today: date) -> Terms:
    """What a text says. Raises Flawed with everything that is wrong with it."""
    read = entries(text, ONCE, SEVERAL, EXAMPLE)
    effective, days, step = read.day("effective"), _days(read), _step(read)
    if effective is not None and effective < today:
        read.flaws.append(Flaw("effective", f"{effective} is over", "give a day from today on"))
    for office in read.several["office"]:
        if office not in offices:
            read.flaws.append(
                Flaw("office", f"there is no office {office[:60]!r}", "give an id of offices.yaml")
            )
    limit, rule = as_scalar(read.once.get("limit", "")), read.once.get("rule", "")
    if rule and limit is None:
        read.flaws.append(Flaw("rule", "a rule is named and no limit", "add limit=..., or leave it out"))
    if read.flaws:
        raise Flawed(tuple(read.flaws))
    offices_ = tuple(dict.fromkeys(read.several["office"]))
    return Terms(limit, rule, effective, days, offices_, step)


def _days(read: Entries) -> int | None:
    text = read.once.get("days")
    if text is None:
        return None
    if text.isdecimal() and 1 <= int(text) <= LONGEST_DAYS:
        return int(text)
    read.flaws.append(
        Flaw(
            "days",
            f"{text[:20]!r} is no number of business days",
            f"give 1 to {LONGEST_DAYS}; 0 only stands in the version's file, `consultation: {{days: 0}}`",
        )
    )
    return None


def _step(read: Entries) -> Step:
    text = read.once.get("step", Step.OPEN.value)
    try:
        return Step(text)
    except ValueError:
        known = ", ".join(each.value for each in Step)
        read.flaws.append(Flaw("step", f"{text[:40]!r} is none", f"there are {known}"))
        return Step.OPEN

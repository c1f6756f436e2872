"""How Microsoft Project's XML writes numbers, times, durations and lags; both ways.

Refuses, with file and line, what is none of these. The formats are those of Microsoft's schema mspdi_pj12.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from connectors.errors import Refused
from connectors.plan_files.found import NotCarried
from connectors.plan_files.shapes import MOST_MINUTES
from connectors.plan_files.xml_elements import Element
from domain.organization.calendar import DAY
from domain.plans.link import Lag, LagMeasure
from domain.plans.task import ConstraintKind, Duration

LENGTH = re.compile(r"P(?:(\d{1,12})D)?(?:T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d+)?)S)?)?")
ELAPSED = frozenset(("4", "6", "8", "10", "12", "36", "38", "40", "42", "44"))
PERCENT, ELAPSED_PERCENT = frozenset(("19", "51")), frozenset(("20", "52"))
IN_MINUTES, IN_HOURS, IN_DAYS, IN_PERCENT = "3", "5", "7", "19"
ELAPSED_MINUTES, ELAPSED_HOURS, ELAPSED_DAYS = "4", "6", "8"
WORKDAY = 480
"""Minutes of a day as durations are shown."""
WORK_DAYS = {"MinutesPerDay": WORKDAY, "MinutesPerWeek": 5 * WORKDAY, "DaysPerMonth": 20}
"""How a file says so."""
TENTHS = 10
"""A lag is counted in tenths of minutes."""
CONSTRAINTS = {
    "1": ConstraintKind.AS_LATE_AS_POSSIBLE,
    "2": ConstraintKind.MUST_START_ON,
    "3": ConstraintKind.MUST_FINISH_ON,
    "4": ConstraintKind.START_NO_EARLIER_THAN,
    "5": ConstraintKind.START_NO_LATER_THAN,
    "6": ConstraintKind.FINISH_NO_EARLIER_THAN,
    "7": ConstraintKind.FINISH_NO_LATER_THAN,
}
LINKS = {"0": "FF", "1": "FS", "2": "SF", "3": "SS"}
NOTHING = ("", "NA")
TRUE = ("1", "true")


@dataclass(slots=True)
class Source:
    """The file that is read: its name for messages, and what of it is not carried."""

    name: str
    passed: dict[str, tuple[int, str]] = field(default_factory=dict)

    def refused(self, element: Element, what: str) -> Refused:
        """The refusal of an element, with its line."""
        return Refused(f"{self.name}, line {element.line}: {what}")

    def passes(self, what: str, element: Element) -> None:
        """Note that something is not carried."""
        count, where = self.passed.get(what, (0, f"line {element.line}"))
        self.passed[what] = count + 1, where

    def takes(self, what: str, element: Element) -> None:
        """Note what is taken where the file lacks something."""
        self.passed[what] = 0, f"line {element.line}"

    @property
    def remarks(self) -> tuple[NotCarried, ...]:
        """All that is not carried."""
        return tuple(NotCarried(what, count, where) for what, (count, where) in sorted(self.passed.items()))

    def number(self, element: Element, name: str, otherwise: int) -> int:
        """The whole number of an element in this one; `otherwise` where there is none."""
        found = element.kid(name)
        text = found.text.strip() if found else ""
        if found is None or not text:
            return otherwise
        if not re.fullmatch(r"-?[0-9]{1,18}", text):
            raise self.refused(found, f"{name} is {shortened(text)}, which is no whole number; correct it")
        return int(text)

    def decimal(self, element: Element, name: str) -> Decimal | None:
        """The number of an element in this one; None where there is none."""
        found = element.kid(name)
        text = found.text.strip() if found else ""
        if found is None or text in NOTHING:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number.adjusted()) > 30:
            raise self.refused(found, f"{name} is {shortened(text)}, which is no number; correct it")
        return number

    def moment(self, element: Element, name: str) -> datetime | None:
        """The time of an element in this one; None where there is none."""
        found = element.kid(name)
        text = found.text.strip() if found else ""
        if found is None or text in NOTHING:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = None
        if at is None or "T" not in text:
            raise self.refused(
                found, f"{name} is {shortened(text)}, which is no time; give one such as 2027-03-01T08:00:00"
            )
        if at.tzinfo is not None:
            self.passes("time zones of times", found)
        return at.replace(tzinfo=None)

    def duration(self, element: Element, name: str, form: str) -> Duration | None:
        """The duration of an element in this one, elapsed by its format; None where there is none."""
        found = element.kid(name)
        text = found.text.strip() if found else ""
        if found is None or text in NOTHING:
            return None
        said = LENGTH.fullmatch(text)
        if said is None or text in ("P", "PT"):
            negative = (
                "a duration below 0; give 0 or more" if text.startswith("-") else "no duration; correct it"
            )
            raise self.refused(found, f"{name} is {shortened(text)}, {negative}")
        days, hours, minutes = (int(said[place] or 0) for place in (1, 2, 3))
        exact = Decimal(days * DAY + hours * 60 + minutes) + Decimal(said[4] or 0) / 60
        whole = round(exact)
        if whole > MOST_MINUTES:
            raise self.refused(found, f"{name} is {shortened(text)}, longer than 950 years; correct it")
        if whole != exact:
            self.passes("seconds of durations", found)
        return Duration(whole, form in ELAPSED)

    def lag(self, link: Element) -> Lag:
        """The lag of a link."""
        form, tenths = link.said("LagFormat"), self.decimal(link, "LinkLag") or Decimal(0)
        if abs(tenths) > MOST_MINUTES * TENTHS:
            raise self.refused(link, "its lag is longer than 950 years; correct it")
        if not tenths:
            return Lag()
        if form in ELAPSED_PERCENT:
            self.passes("lags in elapsed percent, taken as percent", link)
        if form in PERCENT | ELAPSED_PERCENT:
            return Lag(_whole(tenths), LagMeasure.PERCENT)
        return Lag(_whole(tenths / TENTHS), LagMeasure.ELAPSED if form in ELAPSED else LagMeasure.WORKING)


def _whole(number: Decimal) -> float:
    return int(number) if number == int(number) else float(number)


def shortened(text: str) -> str:
    """A text in quotes, cut off where it is long."""
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def written_moment(at: datetime) -> str:
    """A time as the format has it, without parts of seconds."""
    return at.replace(microsecond=0).isoformat()


def written_length(minutes: int) -> str:
    """A duration as the format has it."""
    return f"PT{minutes // 60}H{minutes % 60}M0S"


def form_of(minutes: float, *, elapsed: bool) -> str:
    """The format in which so many minutes are shown: days, hours or minutes."""
    if not minutes % (DAY if elapsed else WORKDAY):
        return ELAPSED_DAYS if elapsed else IN_DAYS
    if not minutes % 60:
        return ELAPSED_HOURS if elapsed else IN_HOURS
    return ELAPSED_MINUTES if elapsed else IN_MINUTES


def written_lag(lag: Lag) -> tuple[str, str]:
    """A lag's number and format."""
    if lag.measure is LagMeasure.PERCENT:
        return f"{round(lag.amount)}", IN_PERCENT
    return f"{round(lag.amount * TENTHS)}", form_of(lag.amount, elapsed=lag.measure is LagMeasure.ELAPSED)

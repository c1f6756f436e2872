"""How a pack's values are written for people, the same in each file; refuses to write a gap as a number.

Texts of offices are made harmless here once: on one line, of limited length, without control and directional
characters. What people read is rounded; the values in the workbook, the CSV and the JSON are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from zoneinfo import ZoneInfo

from domain.ids import VersionId
from domain.organization.office import Role
from domain.reporting.figures import ChangeCause, Figure, Gap, GapReason, Value
from domain.reporting.pack import Pack
from domain.standards.formats import Total, Unit
from domain.words import counted
from reports.words import clean, long_day

MOST_NAME = 90
MOST_CELL = 1000
"""Characters of a text in a cell; a sheet's cell may have 32,767."""
ROUGH: Mapping[Unit, int] = {Unit.PERCENT: 1, Unit.MONEY: 2}
"""Decimal places that people read; two for what is not here."""
NOUNS: Mapping[Unit, str] = {
    Unit.PROJECTS: "project",
    Unit.ITEMS: "item",
    Unit.OFFICES: "office",
    Unit.DAYS: "day",
    Unit.WEEKS: "week",
    Unit.HOURS: "hour",
}
GAPS: Mapping[GapReason, str] = {
    GapReason.FACT: "not reported",
    GapReason.OFFICE: "office not read",
    GapReason.RATE: "no rate",
    GapReason.FIELD: "not in this version",
    GapReason.FORMULA: "could not be computed",
    GapReason.NOTHING: "no projects",
}
CAUSES: Mapping[ChangeCause, str] = {
    ChangeCause.PROJECT: "The project",
    ChangeCause.NEW: "New project",
    ChangeCause.DELETED: "Deleted project",
    ChangeCause.VERSION: "The version",
    ChangeCause.MISSING: "Missing data",
    ChangeCause.LEEWAY: "Leeway",
    ChangeCause.DEVIATION: "Deviation",
    ChangeCause.CONNECTOR: "The connection to the tool",
    ChangeCause.REPORTED: "Reported since",
    ChangeCause.RESTATED: "Late data",
    ChangeCause.RATE: "The rates",
}
ROLES: Mapping[Role, str] = {
    Role.HEAD: "Head",
    Role.STANDARDS_OWNER: "Standards owner",
    Role.APPROVER: "Approver",
    Role.REPORTER: "Reporter",
    Role.SPONSOR: "Sponsor",
    Role.PROGRAM_MANAGER: "Program manager",
}
RISKY = re.compile(r"\s*[=+\-@＝＋－＠]")  # noqa: RUF001 - the wide ones count in some programs
"""How a text begins that a spreadsheet program takes for a formula."""
RESTRICTED = "a restricted project"
BAND = "by the standard"
NEW, GONE, DELETED = "new", "gone", "deleted"


def shown(value: Value | Gap | None, unit: Unit, currency: str = "") -> str:
    """`4 projects`, `25 %`, `CHF 1,200.50`, `31 March 2027`; a gap in its short words; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Gap):
        return GAPS[value.reason]
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, date):
        return long_day(value)
    return _measured(Decimal(value), unit, currency)


def bare(value: Value | Gap, unit: Unit, currency: str = "") -> str:
    """As `shown`, without the noun of what is counted: for where its heading says it."""
    if isinstance(value, int | Decimal) and unit in NOUNS:
        return number(Decimal(value), unit)
    return shown(value, unit, currency)


def added(value: Value | Gap, figure: Figure, currency: str = "") -> str:
    """What one project adds to a figure: whether it is counted as `yes` or `no`, else its value."""
    if figure.total in (Total.COUNT, Total.SHARE) and isinstance(value, int | Decimal):
        return "yes" if value else "no"
    return bare(value, figure.unit, currency)


def number(value: Decimal, unit: Unit) -> str:
    """`1,234.5`, with a real minus, rounded to what people read."""
    places = ROUGH.get(unit, 2)
    with localcontext() as exact:
        exact.prec = max(60, value.adjusted() + 20)
        rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    text = f"{rounded:,f}"
    whole = unit is not Unit.MONEY or text.endswith(".00")
    text = re.sub(r"\.?0+$", "", text) if whole and "." in text else text
    return text.replace("-", "−") if text.strip("-0.") else "0"  # noqa: RUF001 - a real minus


def difference(now: Value | Gap, before: Value | Gap | None, unit: Unit, currency: str, day: str) -> str:
    """`2 more than on 5 February`; what was said then where the two do not compare; empty for no before."""
    if before is None:
        return ""
    if now == before or (isinstance(now, Gap) and isinstance(before, Gap)):
        return f"as on {day}"
    if not isinstance(now, int | Decimal) or not isinstance(before, int | Decimal):
        return f"{shown(before, unit, currency)} on {day}"
    by = Decimal(now) - Decimal(before)
    if unit is Unit.PERCENT:
        amount = f"{number(abs(by), unit)} points"
    else:
        amount = shown(abs(by), Unit.MONEY, currency) if unit is Unit.MONEY else number(abs(by), unit)
    return f"{amount} {'more' if by > 0 else 'less'} than on {day}"


def signed(by: Decimal | None, unit: Unit, currency: str) -> str:
    """`+2`, `−CHF 3.50`, or nothing where it does not add up."""  # noqa: RUF002 - a real minus
    if by is None:
        return ""
    sign = "+" if by > 0 else "−" if by < 0 else "±"  # noqa: RUF001 - a real minus
    return sign + bare(abs(by), unit, currency)


def version_words(pack: Pack, version: str) -> str:
    """The version as people say it, by its standard's title: `River works 2.0`."""
    return clean(f"{clean(pack.head.standard, 36)} {VersionId.read(version).version}", MOST_NAME)


def instant(at: datetime, zone: str) -> str:
    """`5 March 2027, 17:00 (Europe/Zurich)`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{long_day(local.date())}, {local:%H:%M} ({zone})"


def later_words(pack: Pack) -> str:
    """That a pack was made after its time, and what counts in it; empty for one that was made in time."""
    head = pack.head
    if head.known is None:
        return ""
    made, until = (instant(at, head.time_zone) for at in (head.as_of, head.known))
    return f"Made later, on {made}, from what was known until {until}."


def names(pack: Pack) -> dict[str, str]:
    """The offices' names by id."""
    return {office.id: clean(office.name or office.id, MOST_NAME) for office in pack.offices}


def owner(gap: Gap, offices: Mapping[str, str]) -> str:
    """`Head, Ufficio Po`; empty where nobody alone can say it."""
    return f"{ROLES[gap.role]}, {offices.get(gap.office, clean(gap.office, MOST_NAME))}" if gap.office else ""


def projects_words(count: int) -> str:
    """`1 project`, `1,200 projects`."""
    return counted(count, "project") if count < 1000 else f"{count:,} projects"


def standard_words(pack: Pack) -> str:
    """The standard's title with the versions by which offices reported: `River works 1.0, 2.0`."""
    versions = ", ".join(VersionId.read(each).version for each in pack.head.versions)
    return clean(f"{clean(pack.head.standard, MOST_NAME)} {versions}".strip(), 160)


def restricted_words(pack: Pack) -> str:
    """How many projects are restricted, and that they are counted without being named."""
    return f"{projects_words(pack.restricted)} restricted: counted in every figure, and not named."


def _measured(value: Decimal, unit: Unit, currency: str) -> str:
    text = number(value, unit)
    if unit is Unit.MONEY:
        amount = text.lstrip("−")  # noqa: RUF001 - a real minus
        return f"{'−' if amount != text else ''}{clean(currency, 12)} {amount}".strip()  # noqa: RUF001 - a real minus
    if unit is Unit.PERCENT:
        return f"{text} %"
    if unit not in NOUNS:
        return text
    return f"{text} {counted(1 if text == '1' else 2, NOUNS[unit]).partition(' ')[2]}"

"""How a pack's values are written for people, the same in each file; refuses to write a gap as a number.

Texts of offices are made harmless here once: on one line, of limited length, without control and directional
characters. What people read is rounded; the values in the workbook, the CSV and the JSON are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.compliance.sweep import FlipCause
from domain.ids import VersionId
from domain.language import ENGLISH, Language, Message
from domain.organization.office import Role
from domain.reporting.amounts import COUNTED, MINUS, number, worded
from domain.reporting.figures import ChangeCause, Figure, Gap, GapReason, Value
from domain.standards.formats import Total, Unit
from reports import words
from reports.pack.spoken_pack import SpokenPack
from reports.words import clean

MOST_NAME = 90
MOST_CELL = 1000
"""Characters of a text in a cell; a sheet's cell may have 32,767."""
GAPS: Mapping[GapReason, Message] = {
    GapReason.FACT: Message("not reported", about="gap"),
    GapReason.OFFICE: Message("office did not report", about="gap"),
    GapReason.RATE: Message("no rate", about="gap"),
    GapReason.FIELD: Message("not in this version", about="gap"),
    GapReason.FORMULA: Message("could not be computed", about="gap"),
    GapReason.NOTHING: Message("no projects", about="gap"),
}
CAUSES: Mapping[ChangeCause, Message] = {
    ChangeCause.PROJECT: words.CAUSES[FlipCause.PROJECT],
    ChangeCause.NEW: Message("New project", about="cause"),
    ChangeCause.DELETED: Message("Deleted project", about="cause"),
    ChangeCause.VERSION: words.CAUSES[FlipCause.VERSION],
    ChangeCause.MISSING: words.CAUSES[FlipCause.MISSING_DATA],
    ChangeCause.LEEWAY: words.CAUSES[FlipCause.LEEWAY],
    ChangeCause.DEVIATION: words.CAUSES[FlipCause.DEVIATION],
    ChangeCause.CONNECTOR: words.CAUSES[FlipCause.CONNECTOR],
    ChangeCause.REPORTED: Message("Reported since", about="cause"),
    ChangeCause.RESTATED: Message("Late data", about="cause"),
    ChangeCause.RATE: Message("The rates", about="cause"),
}
ROLES = words.ROLES
RISKY = re.compile(r"\s*[=+\-@＝＋－＠]")  # noqa: RUF001 - the wide ones count in some programs
"""How a text begins that a spreadsheet program takes for a formula."""
RESTRICTED = Message("a restricted project")
BAND = Message("by the standard", about="change")
NEW, GONE = Message("new", about="change"), Message("gone", about="change")
DELETED = Message("deleted", about="change")
RESTATED, INCOMPLETE = Message("restated", about="figure"), Message("incomplete", about="figure")
NOW = Message("now", about="need")
TOGETHER = Message("Together", about="figures")


def shown(value: Value | Gap | None, unit: Unit, currency: str = "", says: Language = ENGLISH) -> str:
    """`4 projects`, `25 %`, `CHF 1,200.50`, `31 March 2027`; a gap in its short words; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Gap):
        return says.message(GAPS[value.reason])
    return clean(value) if isinstance(value, str) else worded(value, unit, clean(currency, 12), says)


def bare(value: Value | Gap, unit: Unit, currency: str = "", says: Language = ENGLISH) -> str:
    """As `shown`, without the noun of what is counted: for where its heading says it."""
    if isinstance(value, int | Decimal) and unit in COUNTED:
        return number(Decimal(value), unit, says)
    return shown(value, unit, currency, says)


def added(value: Value | Gap, figure: Figure, currency: str = "", says: Language = ENGLISH) -> str:
    """What one project adds to a figure: whether it is counted as `yes` or `no`, else its value."""
    if figure.total in (Total.COUNT, Total.SHARE) and isinstance(value, int | Decimal):
        return says.name("fact", "yes") if value else says.name("fact", "no")
    return bare(value, figure.unit, currency, says)


def difference(
    now: Value | Gap,
    before: Value | Gap | None,
    unit: Unit,
    currency: str,
    day: str,
    says: Language = ENGLISH,
) -> str:
    """`2 more than on 5 February`; what was said then where the two do not compare; empty for no before."""
    if before is None:
        return ""
    if now == before or (isinstance(now, Gap) and isinstance(before, Gap)):
        return says.say("as on {day}", day=day)
    if not isinstance(now, int | Decimal) or not isinstance(before, int | Decimal):
        return says.say("{value} on {day}", value=shown(before, unit, currency, says), day=day)
    by = Decimal(now) - Decimal(before)
    if unit is Unit.PERCENT:
        amount = says.say("{amount} points", amount=number(abs(by), unit, says))
    elif unit is Unit.MONEY:
        amount = shown(abs(by), unit, currency, says)
    else:
        amount = number(abs(by), unit, says)
    if by > 0:
        return says.say("{amount} more than on {day}", amount=amount, day=day)
    return says.say("{amount} less than on {day}", amount=amount, day=day)


def signed(by: Decimal | None, unit: Unit, currency: str, says: Language = ENGLISH) -> str:
    """`+2`, `−CHF 3.50`, or nothing where it does not add up."""  # noqa: RUF002 - a real minus
    if by is None:
        return ""
    sign = "+" if by > 0 else MINUS if by < 0 else "±"
    return sign + bare(abs(by), unit, currency, says)


def version_words(pack: SpokenPack, version: str) -> str:
    """The version as people say it, by its standard's title: `River works 2.0`."""
    return clean(f"{clean(pack.head.standard, 36)} {VersionId.read(version).version}", MOST_NAME)


def short_version(version: str) -> str:
    """The version's number alone, where it stands beside others of the same standard: `2.0`."""
    return clean(VersionId.read(version).version, MOST_NAME)


def instant(at: datetime, zone: str, says: Language = ENGLISH) -> str:
    """`5 March 2027, 17:00 (Europe/Zurich)`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{says.long_day(local.date())}, {local:%H:%M} ({zone})"


def later_words(pack: SpokenPack) -> str:
    """That a pack was made after its time, and what counts in it; empty for one that was made in time."""
    head = pack.head
    if head.known is None:
        return ""
    made, until = (instant(at, head.time_zone, pack.says) for at in (head.as_of, head.known))
    return pack.says.say("Made later, on {made}, from what was known until {until}.", made=made, until=until)


def ledger_words(pack: SpokenPack) -> str:
    """`Ledger head 5d41… (entry 412)`."""
    head, says = pack.head, pack.says
    shown = head.ledger_head or says.say("none")
    return says.say("Ledger head {head} (entry {n})", head=shown, n=head.ledger_entry)


def names(pack: SpokenPack) -> dict[str, str]:
    """The offices' names by id."""
    return {office.id: clean(office.name or office.id, MOST_NAME) for office in pack.offices}


def owner(gap: Gap, offices: Mapping[str, str], says: Language) -> str:
    """`Head, Ufficio Po`; empty where nobody alone can say it."""
    if not gap.office:
        return ""
    return f"{role(gap.role, says)}, {offices.get(gap.office, clean(gap.office, MOST_NAME))}"


def role(of: Role, says: Language) -> str:
    """`Head`."""
    return says.message(ROLES[of])


def cause(of: ChangeCause, says: Language) -> str:
    """`Late data`."""
    return says.message(CAUSES[of])


def gap_words(gap: Gap, says: Language) -> str:
    """`not reported`: the gap in its short words."""
    return says.message(GAPS[gap.reason])


def projects_words(count: int, says: Language = ENGLISH) -> str:
    """`1 project`, `1,200 projects`."""
    return says.count(count, "{amount} project", "{amount} projects", amount=says.whole(count))


def offices_words(count: int, says: Language) -> str:
    """`1 office`, `12 offices`."""
    return says.count(count, "{amount} office", "{amount} offices", amount=says.whole(count))


def standard_words(pack: SpokenPack) -> str:
    """The standard's title with the versions by which offices reported: `River works 1.0, 2.0`."""
    versions = ", ".join(VersionId.read(each).version for each in pack.head.versions)
    return clean(f"{clean(pack.head.standard, MOST_NAME)} {versions}".strip(), 160)


def restricted_words(pack: SpokenPack) -> str:
    """How many projects are restricted, and that they are counted without being named."""
    return pack.says.count(
        pack.restricted,
        "{amount} project restricted: counted in every figure, and not named.",
        "{amount} projects restricted: counted in every figure, and not named.",
        amount=pack.says.whole(pack.restricted),
    )


def harmless(text: str) -> str:
    """The text on one line; it begins with an apostrophe where it would be taken for a formula."""
    plain = clean(text, MOST_CELL)
    return f"'{plain}" if RISKY.match(plain) else plain

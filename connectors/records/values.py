"""The values of the fields of records, and their conversion to what we need; nothing is guessed.

A blank field is None. What cannot be understood in one way raises `Unclear` with what to write instead: error
values, formulas without a stored result, ambiguous dates and numbers, percentages whose unit is not declared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from connectors.records.dates import Unclear, from_text
from domain.plans.project import Scalar

DAY_HOURS = 8
WEEK_DAYS = 5
UNIT_HOURS = {"hours": 1, "days": DAY_HOURS, "weeks": WEEK_DAYS * DAY_HOURS}
"""The hours of a unit of work."""
NUMBERS = frozenset({"number", "date", "duration", "percent"})
"""The kinds that hold a number."""
INVISIBLE = ("Cf", "Cc")
MARKS = "\u061c\u200f\u200e"
"""Marks of the direction of writing."""
CODE = re.compile("[A-Z]{3}")
SIGNS = dict(
    each.split("=")
    for each in "€=EUR zł=PLN r$=BRL ₺=TRY ₪=ILS kč=CZK ft=HUF ₴=UAH ₽=RUB ₹=INR ₩=KRW".split()
)
"""Signs that only one currency has, folded."""
PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
MONEY_MARKS = re.compile(r"^(?:[A-Z]{3}|[^\w\s.,+-]|R\$|zł|kr)\s*|\s*(?:[A-Z]{3}|[^\w\s.,+-]|zł|kr)$")
WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        "h hr hrs hour hours std stunden heures horas ore uur godz saat tim timmar timer".split(), "hours"
    ),
    **dict.fromkeys(
        "d day days tag tage jours jour dia dias día días giorni dagen dag dagar dage dni dzień gün".split(),
        "days",
    ),
    **dict.fromkeys(
        "w wk week weeks woche wochen semaine semaines semana semanas settimana settimane weken "
        "vecka veckor v uge uger uke uker tydz tyg tydzień tygodnie tygodni hafta".split(),
        "weeks",
    ),
}
"""What units of work are called. Not `t`, which is a day (Tag) here and an hour (time) there."""
WORK = re.compile(r"([\d.,\s]+?)\s*([^\W\d_]+)\.?")


Kind: TypeAlias = Literal[
    "number",
    "date",
    "month",
    "moment",
    "duration",
    "percent",
    "text",
    "bool",
    "error",
    "unsaved",
    "lost",
    "joint",
]


class Value(NamedTuple):
    """The content of a field of a record, by its type there: a number, a date, a text, an error, ...

    A percentage of 50 % is 0.5, a duration of an hour 1/24. `unsaved` is a formula without a stored result,
    `moment` a date and time that bears a time zone, `month` a date shown without its day, `lost` what is
    missing in the file, as its text says, `joint` an amount of several records together.
    """

    kind: Kind
    number: float = 0.0
    text: str = ""
    """The content as text, of whatever kind."""
    padded: str = ""
    """A number or text as it is displayed, where that is more than itself: 00042, 2.0, PRJ-0042."""
    day: date | None = None
    """The date, also that of a text; None where the tool keeps dates as numbers, which its table can count
    (`Counted`)."""


Counted: TypeAlias = Callable[[float], date]
"""Which day a number is, where a tool keeps dates as numbers. Raises `Unclear` where it is no day."""


def never_counted(number: float) -> date:
    """The `Counted` of tools that keep dates as dates: no number is a day."""
    raise Unclear(f"{number:g} is a number, not a date")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Text for comparing names: one normal form, case folded, invisible marks and double spaces gone."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()).lower()
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(
        " " if c.isspace() else c for c in normal if c.isspace() or unicodedata.category(c) not in INVISIBLE
    )
    return unicodedata.normalize("NFKC", " ".join(seen.split()).casefold())


def known(value: Value) -> Value:
    """The value itself; raises `Unclear` for an error, or where it was never calculated."""
    if value.kind == "error":
        raise Unclear(f"the cell shows the error {value.text}; repair its formula")
    if value.kind == "unsaved":
        raise Unclear("the formula has no stored result; open the workbook in its program and save it once")
    if value.kind == "lost":
        raise Unclear(f"{value.text} in the file; open the workbook in its program and save it once")
    if value.kind == "joint":
        raise Unclear(f"{value.text} stands in cells merged over several rows; write what is each row's own")
    return value


def raw(value: Value) -> str:
    """The content as text, for people; never raises."""
    return _shown(value) if value.kind in NUMBERS else value.text or "(formula without a stored result)"


def _shown(value: Value) -> str:
    """A number as text, as it is displayed: 00042, 2.0 and PRJ-0042 stay as they are."""
    if value.padded or value.day:
        return value.padded or value.text
    return (
        str(int(value.number))
        if value.number.is_integer() and abs(value.number) < 1e15
        else repr(value.number)
    )


def as_text(value: Value) -> str:
    """A text without white space around it; `Unclear` for a date (2.0 may have become the 2nd of January)."""
    value = known(value)
    if value.kind in ("date", "month", "duration", "moment"):
        raise Unclear("the cell holds a date, where a text is expected; format it as text and write it anew")
    if value.kind in NUMBERS:
        return _shown(value)
    return (value.padded or value.text).strip()


def undressed(value: Value) -> str:
    """A value without what its format adds to it: 42 for PRJ-0042; empty for what has none to be known by."""
    if value.kind == "text":
        return value.text.strip() if value.padded else ""
    return _shown(value._replace(padded="")) if value.kind == "number" else ""


def as_said(value: Value, *, counted: Counted = never_counted) -> str:
    """An answer as text: dates as 2027-01-31, percentages as 94 %, everything else unchanged."""
    value = known(value)
    if value.kind == "date":
        return _day(value, counted).isoformat()
    if value.kind == "percent":
        return f"{round(value.number * 100, 6):g} %"
    return value.text if value.kind in ("moment", "month") else as_text(value)


def as_date(value: Value, *, counted: Counted = never_counted) -> date:
    """A date: a date, a number that counts days, or text that can be read in one way only."""
    value = known(value)
    if value.kind in ("date", "number"):
        return _day(value, counted)
    if value.kind == "month":
        raise Unclear(
            f"the cell shows a month without a day ({value.text}), so which day is meant is not to be seen; "
            "write the day, in a format that shows it"
        )
    if value.kind in ("duration", "percent"):
        raise Unclear(f"{value.text} is formatted as a duration or a percentage, not as a date")
    if value.kind == "bool":
        raise Unclear(f"{value.text} is not a date")
    return value.day or from_text(value.text)


def _day(value: Value, counted: Counted) -> date:
    return value.day or counted(value.number)


def number(text: str) -> float:
    """A number written as text; `Unclear` when a separator can be read in two ways (1.234)."""
    said = unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-")
    said = re.sub(r"(?<=\d)[\s'\u2019](?=\d{3}(?!\d))", "", said)
    points, commas = said.count("."), said.count(",")
    if points and commas:
        decimal = max(said.rfind("."), said.rfind(","))
        said = said[:decimal].replace(".", "").replace(",", "") + "." + said[decimal + 1 :]
    elif points + commas == 1:
        mark = "." if points else ","
        before, _, after = said.partition(mark)
        if len(after) == 3 and before.lstrip("+-") not in ("", "0") and len(before.lstrip("+-")) <= 3:
            raise Unclear(f"{text!r} can be read as two numbers; enter it as a number, not as text")
        said = f"{before}.{after}"
    elif points + commas > 1:
        said = _grouped(said, "." if points else ",", text)
    if not PLAIN_NUMBER.fullmatch(said):
        raise Unclear(f"{text!r} is not a number; enter a number")
    try:
        return float(Decimal(said))
    except InvalidOperation:
        raise Unclear(f"{text!r} is not a number; enter a number") from None


def _grouped(said: str, mark: str, text: str) -> str:
    groups = said.split(mark)
    if any(len(group) != 3 for group in groups[1:]):
        raise Unclear(f"{text!r} is not a number; enter a number")
    return "".join(groups)


def as_money(value: Value, unit: str) -> float:
    """An amount in ones; `unit` 1000 is a column of thousands, 1000000 one of millions."""
    value = known(value)
    if value.kind in ("bool", "date", "moment", "duration", "percent"):
        raise Unclear(f"{raw(value)} is a date, a percentage or a truth, not an amount")
    amount = value.number if value.kind == "number" else number(MONEY_MARKS.sub("", value.text.strip()))
    return round(amount * int(unit), 6)


def as_currency(value: Value) -> str:
    """The ISO 4217 code of a currency, of its code or of a sign that only one has; kr and $ have several."""
    said = as_text(value)
    code = SIGNS.get(said.casefold(), said.upper())
    if not CODE.fullmatch(code):
        raise Unclear(f"{said!r} is no code of a currency (ISO 4217); write one, such as EUR")
    return code


def signed(value: Value) -> bool:
    """Whether a value is shown with a percent sign that belongs to it as it stands: 94 % is 94."""
    shown = value.text if value.kind == "text" else value.padded if value.kind == "number" else ""
    return shown.strip().strip(MARKS).endswith(("%", "٪", "%"))


def as_percent(value: Value, unit: str | None) -> float:
    """A percentage of 0 to 100: by its percent format or sign, else by the declared unit."""
    value = known(value)
    if value.kind in ("bool", "date", "moment", "duration"):
        raise Unclear(f"{raw(value)} is not a percentage")
    if value.kind == "text" and signed(value):
        found = number(value.text.strip().strip(MARKS)[:-1])
    elif signed(value):
        found = value.number
    else:
        stated = value.number if value.kind in NUMBERS else number(value.text)
        if value.kind == "percent" or unit == "fraction":
            found = stated * 100
        elif unit is None and 0 < stated <= 1:
            raise Unclear(
                f"{stated:g} can be read as {stated:g} % or {stated * 100:g} %; declare the column's unit"
            )
        else:
            found = stated
    found = round(found, 6)
    if not 0 <= found <= 100:
        raise Unclear(
            f"{raw(value)} gives {found:g} %, which is not between 0 and 100; mend it or the column's unit"
        )
    return found


def as_work(value: Value, unit: str) -> float:
    """Work in hours (a day has 8, a week 5 days): by its format or written unit, else by the declared one."""
    value = known(value)
    if value.kind == "duration":
        return _positive(value.number * 24, value)
    if value.kind in ("bool", "date", "moment", "percent"):
        raise Unclear(f"{raw(value)} is a date, a percentage or a truth, not work")
    if value.kind == "number":
        return _positive(value.number * UNIT_HOURS[unit], value)
    match = WORK.fullmatch(unicodedata.normalize("NFKC", value.text).strip())
    if match is None:
        return _positive(number(value.text) * UNIT_HOURS[unit], value)
    found = WORDS.get(match[2].casefold())
    if found is None:
        raise Unclear(f"{value.text!r}: {match[2]!r} is neither hours (h) nor days (d) nor weeks (w)")
    return _positive(number(match[1]) * UNIT_HOURS[found], value)


def _positive(hours: float, value: Value) -> float:
    if hours < 0:
        raise Unclear(f"{raw(value)} is less than no work")
    return round(hours, 6)


def as_scalar(value: Value, *, counted: Counted = never_counted) -> Scalar:
    """One of the office's own fields as it is: a date, a number, a truth value or a text."""
    value = known(value)
    if value.kind == "bool":
        return bool(value.number)
    if value.kind in ("text", "month"):
        return value.text.strip()
    if value.kind == "date":
        return _day(value, counted)
    if value.kind == "moment":
        return from_text(value.text)
    if value.kind == "percent":
        return round(value.number * 100, 6)
    whole = value.number.is_integer() and not PLAIN_NUMBER.fullmatch(value.padded)
    return int(value.number) if whole else value.number

"""In which unit the numbers of a column are, by its header and its values: thousands, days, percent.

Refuses to choose where neither shows it, or where they show two.
"""

from __future__ import annotations

from connectors.records.values import Value, folded, signed

PERCENT_FIELDS = frozenset({"percent_complete", "percent"})
MONEY_FIELDS = frozenset({"budget", "actual_cost", "forecast_cost", "cost"})
THOUSANDS = tuple(
    (
        "t€ k€ t$ k$ t£ k£ teur keur tusd kusd tkr tsek tnok tdkk tys. tys '000 (000) tsd miles bin 千円 千元"
    ).split()
)
MILLIONS = tuple("mln mkr mnkr mio m€ m$ m£ milh million millones miljon 百万".split())
DAY_WORDS = tuple("tage days day jours días dias giorni dagen dagar dager dni gün 人日 (d) pt".split())
HOUR_WORDS = tuple("hour (h) [h] std stunde heure hora (ore) uren uur godz timm saat".split())
WEEK_WORDS = tuple("week woche semaine semana settiman veck uker tyg hafta".split())
LENGTH_WORDS = {"hours": HOUR_WORDS, "days": DAY_WORDS, "weeks": WEEK_WORDS}


def unit_of(field: str, header: str, values: list[Value]) -> str:
    """The unit that the values or the header show; empty where neither does."""
    name = folded(header)
    if field in PERCENT_FIELDS:
        return _share_unit(values)
    if field in MONEY_FIELDS:
        millions = any(mark in name for mark in MILLIONS)
        return "1000000" if millions else "1000" if any(mark in name for mark in THOUSANDS) else "1"
    if field == "work":
        if any(word in name for word in WEEK_WORDS):
            return "weeks"
        return "days" if any(word in name for word in DAY_WORDS) else "hours"
    return _length_unit(name, values) if field == "duration" else ""


def _length_unit(name: str, values: list[Value]) -> str:
    """The unit of plain numbers in a column of durations, by its header; empty where there are none."""
    if not any(value.kind == "number" for value in values):
        return ""
    found = {unit for unit, words in LENGTH_WORDS.items() if any(word in name for word in words)}
    return found.pop() if len(found) == 1 else ""


def _share_unit(values: list[Value]) -> str:
    """The unit of a column of percentages; empty where its plain numbers show none, or both."""
    plain = [
        value.number for value in values if value.kind == "number" and not signed(value) and value.number
    ]
    shown = any(value.kind == "percent" for value in values)
    if any(number > 1 for number in plain):
        return "" if shown or any(number < 1 for number in plain) else "percent"
    return "fraction" if shown or len(set(plain)) > 1 else ""

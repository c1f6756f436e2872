"""Reads cells of predecessors and of durations: `12FS+2d; T-4`, `12EA+2t`, `5 Tage`, `1,5 j`.

Several predecessors stand apart by semicolons, commas or lines; a text that is an item's id as a whole is
that item, whatever it ends in. Refuses to guess: what means two things, or nothing, raises `Unclear`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from connectors.records import values as cells
from connectors.records.dates import Unclear
from connectors.records.plan_words import ABBREVIATIONS, LANGUAGES, link_type, speaking, unit
from connectors.records.values import Value
from domain.plans.item_plan import Span
from domain.plans.predecessor import LagUnit, LinkType

_TYPES = "|".join(sorted(ABBREVIATIONS))
_NUMBER = r"\d+(?:[.,]\d+)?"
_ENTRY = re.compile(
    rf"(?P<ref>.*?)\s*(?P<type>{_TYPES})?\s*(?:(?P<sign>[+-])\s*(?P<amount>{_NUMBER})\s*(?P<unit>%|[^\W\d_]+\.?)?)?",
    re.DOTALL | re.IGNORECASE,
)
_DECIMAL = re.compile(
    rf"(?P<before>[+-]\s*\d+),(?=\d+\s*(?:%|(?!(?:{_TYPES})\b)[^\W\d_]+\.?)\s*(?:[,;\n]|$))", re.IGNORECASE
)
_BETWEEN = re.compile(r"[;,\n]")
_LENGTH = re.compile(rf"(?P<amount>[+-]?{_NUMBER})\s*(?P<unit>[^\W\d_]+\.?)?")
LONGEST = 4000
"""Letters of a cell of predecessors that are read."""
Known = Callable[[str], str | None]
"""The key of the item that a text names; None where it names none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One predecessor as it is written; empty where a part is not there."""

    ref: str
    type: str = ""
    amount: float = 0
    unit: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Lagged:
    """A predecessor as it is meant: what the text names, the type of the link, the lag."""

    ref: str
    type: LinkType
    lag: float
    unit: LagUnit


def entries(value: Value, known: Known) -> tuple[Entry, ...]:
    """The predecessors that a cell names, as they are written; `Unclear` for a number with a fraction."""
    if value.kind == "number" and not value.number.is_integer():
        raise Unclear(
            f"{cells.raw(value)} is one number with a fraction; write the predecessors as text: 12; 13"
        )
    text = _plain(cells.as_text(value))
    if len(text) > LONGEST:
        raise Unclear(f"it has {len(text)} letters; at most {LONGEST} are read")
    if known(text) is not None:
        return (Entry(text, text=text),)
    pieces = (piece.strip() for piece in _BETWEEN.split(_DECIMAL.sub(r"\g<before>.", text)))
    return tuple(_entry(piece, known) for piece in pieces if piece)


def _plain(text: str) -> str:
    """A text with every kind of dash and width alike."""
    normal = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2013", "-")
    return normal.strip()


def _entry(piece: str, known: Known) -> Entry:
    """One predecessor; `Unclear` where nothing stands before the type and the lag."""
    if known(piece) is not None:
        return Entry(piece, text=piece)
    found = _ENTRY.fullmatch(piece)
    if found is None or not found["ref"].strip():
        raise Unclear(f"{piece!r} names no predecessor; write an id, and behind it FS+2d or the like")
    if found["sign"] and not found["unit"] and not found["type"]:
        return Entry(piece, text=piece)  # A-3 is an id that is not there
    amount = float(found["amount"].replace(",", ".")) if found["sign"] else 0.0
    signed = -amount if found["sign"] == "-" else amount
    if found["sign"] and not found["unit"] and amount:
        raise Unclear(f"{piece!r} has a lag without a unit; write {piece}d for working days")
    return Entry(found["ref"].strip(), found["type"] or "", signed, found["unit"] or "", piece)


def languages_of(told: Iterable[Entry], declared: str | None) -> frozenset[str]:
    """The languages in which a whole column of predecessors can be written."""
    if declared:
        return frozenset((declared,))
    told = tuple(told)
    types = {each.type for each in told if each.type}
    for speak in (speaking(types), frozenset(LANGUAGES)):
        fit = {
            lang
            for lang in speak
            if all(link_type(word, lang) for word in types)
            and all(each.unit in ("", "%") or unit(each.unit, lang) for each in told)
        }
        if fit:
            return frozenset(fit)
    return speaking(types)


def languages_of_lengths(told: Iterable[Value], declared: str | None) -> frozenset[str]:
    """The languages in which a whole column of durations can be written."""
    if declared:
        return frozenset((declared,))
    found = (_LENGTH.fullmatch(_plain(each.text).rstrip("?").strip()) for each in told if each.kind == "text")
    words = {each["unit"] for each in found if each and each["unit"]}
    known = {word for word in words if any(unit(word, lang) for lang in LANGUAGES)}
    fit = {lang for lang in LANGUAGES if all(unit(word, lang) for word in known)}
    return frozenset(fit or LANGUAGES)


def meant(entry: Entry, languages: frozenset[str]) -> Lagged:
    """What a predecessor means in these languages; `Unclear` where that is nothing, or several things."""
    found = {
        (kind, measure)
        for lang in languages
        if (kind := link_type(entry.type, lang) if entry.type else LinkType.FINISH_TO_START)
        and (measure := _measure(entry.unit, lang))
    }
    if len(found) == 1:
        kind, measure = next(iter(found))
        return Lagged(entry.ref, kind, entry.amount, measure)
    if not found:
        raise Unclear(
            f"{entry.text!r} is no link that is known; write the id, FS, SS, FF or SF, and the lag: 12FS+2d"
        )
    several = " or ".join(sorted(f"{kind} {entry.amount:+g}{measure}" for kind, measure in found))
    raise Unclear(f"{entry.text!r} can mean {several}; say the `language` of the column in the settings")


def _measure(word: str, language: str) -> LagUnit | None:
    if word == "%":
        return LagUnit.PERCENT
    return unit(word, language) if word else LagUnit.WORKING_DAYS


def as_span(value: Value, declared: LagUnit | None, languages: Iterable[str] = LANGUAGES) -> Span:
    """A duration: by its format or written unit, else by the column's; `Unclear` for one without a unit."""
    value = cells.known(value)
    if value.kind == "duration":
        return _positive(value.number * 24, LagUnit.WORKING_HOURS, value)
    if value.kind in ("bool", "date", "month", "moment", "percent"):
        raise Unclear(f"{cells.raw(value)} is a date, a percentage or a truth, not a duration")
    text = _plain(cells.as_text(value)).rstrip("?").strip()
    found = _LENGTH.fullmatch(text)
    if found is None and value.kind == "text":
        raise Unclear(f"{value.text!r} is no duration; write a number and its unit, such as 5d or 40h")
    if found is None or not found["unit"]:
        amount = value.number if value.kind == "number" else cells.number(text)
        if declared is None and amount:
            raise Unclear(
                f"{cells.raw(value)} has no unit; write 5d, or say the column's `unit` in the settings"
            )
        return _positive(amount, declared or LagUnit.WORKING_DAYS, value)
    measures = {measure for lang in languages if (measure := unit(found["unit"], lang))}
    if not measures:
        raise Unclear(f"{value.text!r}: {found['unit']!r} is no unit of time; write d, h, w or min")
    if len(measures) > 1:
        several = " or ".join(sorted(measures))
        raise Unclear(f"{value.text!r}: {found['unit']!r} can be {several}; say the column's `language`")
    return _positive(cells.number(found["amount"]), measures.pop(), value)


def _positive(amount: float, measure: LagUnit, value: Value) -> Span:
    if amount < 0:
        raise Unclear(f"{cells.raw(value)} is less than no time")
    return Span(round(amount, 6), measure)

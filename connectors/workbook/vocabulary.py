"""What offices call things, by language: names of sheets and fields, and the words of rows of totals.

Refuses to know a workbook.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from connectors.records.values import folded

MARKS = re.compile(r"[\W_]+")
FIRST_IDEOGRAPH = 0x2E80
"""From here on words are written without spaces between them."""
YEAR = re.compile(r"(?:19|20)\d\d")


@cache
def _file() -> Mapping[str, Mapping[str, object]]:
    found: Mapping[str, Mapping[str, object]] = YAML(typ="safe").load(
        Path(__file__).with_name("synonyms.yaml").read_text("utf-8")
    )
    return found


@cache
def synonyms() -> tuple[Mapping[str, frozenset[str]], Mapping[str, Mapping[str, frozenset[str]]]]:
    """The names of sheets, and of fields per kind of sheet, folded."""
    data = _file()
    sheets = {part: _folded(names) for part, names in data["sheets"].items()}
    fields = {
        part: {name: _folded(names) for name, names in each.items()}  # type: ignore[attr-defined]
        for part, each in data["fields"].items()
    }
    return sheets, fields


def _folded(names: object) -> frozenset[str]:
    return frozenset(folded(str(each)) for each in (names if isinstance(names, list) else ()))


@cache
def _totals() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The words of totals, the words that may stand beside them, and those written without spaces between."""
    data = _file()["totals"]
    words = (_folded(data[name]) for name in ("words", "beside"))
    total, beside = (frozenset(_bare(each) for each in some) for some in words)
    return total, beside, frozenset(word for word in total if ord(word[0]) >= FIRST_IDEOGRAPH)


def _bare(text: str) -> str:
    return " ".join(MARKS.sub(" ", folded(text)).split())


def is_total(text: str) -> bool:
    """Whether a text says nothing but that a row is a total: Summe, TOTAL GENERAL:, Razem 2027, 合計."""
    if not text.isascii() and ("Σ" in text.upper() or "∑" in text):
        return not any(c.isalnum() for c in text.upper().replace("Σ", ""))
    total, beside, _ = _totals()
    words = _bare(text)
    if words in total:
        return True
    rest = [word for word in words.split() if word not in beside and not YEAR.fullmatch(word)]
    return bool(rest) and all(word in total for word in rest)


@lru_cache(maxsize=8192)
def names_total(text: str) -> bool:
    """Whether a text has a word of totals among others: Total Porto, Ergebnis 2027."""
    total, _, unspaced = _totals()
    words = _bare(text)
    if not total.isdisjoint(words.split()) or is_total(text):
        return True
    return not words.isascii() and any(word in words for word in unspaced)

"""The languages that texts for people are translated into: one catalog each, in `catalogs/`.

A catalog is a gettext file (.po), as translators keep it; days and numbers are written as CLDR says. For it
Portuguese without a region is that of Brazil, and so its catalog is. Refuses to translate what a translator
has not confirmed (an entry that is marked fuzzy): it is said in English.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from domain.language import ENGLISH, ENGLISH_TAG, Language, Languages

CATALOGS = Path(__file__).parent / "catalogs"
PLACES = "#,##0.##########"
"""How a number is written: in groups, with at most ten decimal places."""


@cache
def shipped() -> tuple[str, ...]:
    """The tags of the languages that there are, English first."""
    return (ENGLISH_TAG, *sorted(each.stem for each in CATALOGS.glob("*.po")))


def nearest(tag: str) -> str:
    """The tag of the nearest language that there is: `pt` for pt-BR; English where there is none."""
    parts = tag.casefold().split("-")
    there = {each.casefold(): each for each in shipped()}
    for length in range(len(parts), 0, -1):
        if found := there.get("-".join(parts[:length])):
            return found
    return ENGLISH_TAG


def language(tag: str) -> Language:
    """The nearest language that there is. Texts are said in it; days and numbers are those of the region."""
    found = nearest(tag)
    if found == ENGLISH_TAG:
        return ENGLISH
    return _of(found, tag if _is_locale(tag) else found)


def own_name(tag: str) -> str:
    """What a language is called in itself, such as `português`; the tag where that is not known."""
    try:
        return Locale.parse(tag, sep="-").display_name or tag
    except (UnknownLocaleError, ValueError):
        return tag


LANGUAGES = Languages(language, shipped())


@cache
def catalog(tag: str) -> Catalog:
    """The catalog of one of the languages that there are, but English. Raises OSError without one."""
    with (CATALOGS / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag, abort_invalid=True)


@cache
def _texts(tag: str) -> GNUTranslations:
    binary = BytesIO()
    write_mo(binary, catalog(tag))
    binary.seek(0)
    return GNUTranslations(binary)


@cache
def _of(tag: str, region: str) -> Language:
    locale = Locale.parse(region, sep="-")

    @lru_cache(maxsize=4096)
    def day(on: date) -> str:
        return format_date(on, "long", locale)

    @lru_cache(maxsize=4096)
    def short_day(on: date) -> str:
        return format_skeleton("MMMd", on, locale=locale)

    @lru_cache(maxsize=4096)
    def month_day(on: date) -> str:
        return format_skeleton("MMMMd", on, locale=locale)

    def number(value: float) -> str:
        return format_decimal(value, PLACES, locale)

    def decimal(value: Decimal, least: int) -> str:
        most = max(-int(value.as_tuple().exponent), least)
        with localcontext() as exact:
            exact.prec = max(60, value.adjusted() + most + 20)
            places = f"#,##0.{'0' * least}{'#' * (most - least)}"
            return format_decimal(value, places, locale, decimal_quantization=False)

    return Language(tag, _texts(tag), day, short_day, month_day, number, decimal)


def _is_locale(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True

"""How offices write links and lengths of time, in ten languages: `12FS+2d`, `12EA+2t`, `12FD+2j`, `5 Tage`.

The abbreviations are those that scheduling tools of each language write. Refuses to choose where a text means
two things in two languages: the rest of its column decides, or else the settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from domain.plans.predecessor import LagUnit, LinkType

LinkLanguage: TypeAlias = Literal["en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "tr"]
LANGUAGES: tuple[str, ...] = get_args(LinkLanguage)
_ENDS = tuple(LinkType)
_LINKS = {
    "en": "FS SS FF SF",
    "de": "EA AA EE AE",
    "fr": "FD DD FF DF",
    "es": "FC CC FF CF",
    "pt": "TI II TT IT",
    "it": "FI II FF IF",
    "nl": "EB BB EE BE",
    "pl": "ZR RR ZZ RZ",
    "sv": "AS SS AA SA",
}
"""Finish to start, start to start, finish to finish, start to finish. Turkish ones do not tell start and end
apart (başlangıç, bitiş); the English ones are written there, as in many programs of all ten."""
_MINUTES, _HOURS, _DAYS, _WEEKS, _MONTHS = (
    LagUnit.WORKING_MINUTES,
    LagUnit.WORKING_HOURS,
    LagUnit.WORKING_DAYS,
    LagUnit.WORKING_WEEKS,
    LagUnit.WORKING_MONTHS,
)
_ELAPSED = {
    _MINUTES: LagUnit.ELAPSED_MINUTES,
    _HOURS: LagUnit.ELAPSED_HOURS,
    _DAYS: LagUnit.ELAPSED_DAYS,
    _WEEKS: LagUnit.ELAPSED_WEEKS,
    _MONTHS: LagUnit.ELAPSED_MONTHS,
}
_WORKING = (_MINUTES, _HOURS, _DAYS, _WEEKS, _MONTHS)
_UNITS = {
    "en": "m min mins minute minutes | h hr hrs hour hours | d dy day days | w wk week weeks"
    " | mo mon month months",
    "de": "m min minute minuten | h std stunde stunden | t tg tag tage d | w wo woche wochen"
    " | mon monat monate",
    "fr": "m min minute minutes | h heure heures | j jr jrs jour jours | s sem semaine semaines | ms mois",
    "es": "m min minuto minutos | h hora horas | d día días dia dias | s sem semana semanas | ms mes meses",
    "pt": "m min minuto minutos | h hora horas | d dia dias | s sem semana semanas | mes mês meses",
    "it": "min minuto minuti r | o h ora ore | g gg giorno giorni | s sett settimana settimane | mese mesi",
    "nl": "m min minuut minuten | u uur uren | d dg dgn dag dagen | w wk week weken | mnd maand maanden",
    "pl": "m min minuta minuty minut | g godz godzina godziny godzin h | d dn dzień dni"
    " | t tydz tydzień tygodnie tygodni | mies miesiąc miesiące miesięcy",
    "sv": "m min minut minuter | t tim timme timmar h | d dag dagar | v vecka veckor | mån månad månader",
    "tr": "dk dakika | sa saat | g gün | hafta hf | ay",
}  # fmt: skip
"""Minutes, hours, days, weeks and months of working time, by language."""
_RUNNING = {
    "en": ("e", ""),
    "de": ("f", ""),
    "fr": ("", "e"),
    "es": ("e", ""),
    "pt": ("e", ""),
    "it": ("t", ""),
    "nl": ("e", ""),
    "pl": ("e", ""),
    "sv": ("e", ""),
    "tr": ("e", ""),
}
"""What stands before or behind a unit that is elapsed: `ed`, `ft`, `je`, `tg`."""


def _units_of(language: str) -> dict[str, LagUnit]:
    """The words of a language, and the elapsed forms of its shortest ones."""
    found: dict[str, LagUnit] = {}
    before, behind = _RUNNING[language]
    for unit, words in zip(_WORKING, _UNITS[language].split("|"), strict=True):
        found |= dict.fromkeys(words.split(), unit)
        for word in words.split():
            found.setdefault(f"{before}{word}{behind}", _ELAPSED[unit])
    return found


LINKS: Mapping[str, Mapping[str, LinkType]] = {
    language: dict(zip(_LINKS.get(language, _LINKS["en"]).split(), _ENDS, strict=True))
    for language in LANGUAGES
}
"""The types of links by their abbreviations, by language."""
UNITS: Mapping[str, Mapping[str, LagUnit]] = {language: _units_of(language) for language in LANGUAGES}
"""The units by their words, by language; elapsed ones with what marks them."""
ABBREVIATIONS = frozenset(word for words in LINKS.values() for word in words)
ENGLISH = LINKS["en"]


def link_type(word: str, language: str) -> LinkType | None:
    """The type of link that an abbreviation means in a language; the English ones mean theirs in each.

    None where it is none there. In a language whose own abbreviations include it, it has its own meaning.
    """
    return LINKS[language].get(word.upper()) or ENGLISH.get(word.upper())


def unit(word: str, language: str) -> LagUnit | None:
    """The unit that a word means in a language; None where it is none there."""
    return UNITS[language].get(word.casefold().rstrip("."))


def speaking(words: Iterable[str]) -> frozenset[str]:
    """The languages whose own abbreviations include all of these; all languages where none has all."""
    said = {word.upper() for word in words}
    return frozenset([lang for lang in LANGUAGES if said <= LINKS[lang].keys()] or LANGUAGES)

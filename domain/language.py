"""The language in which somebody outside reads: what every text for people is said through.

The English text stands in the code, where it is said; its translations stand in catalogs, which config reads.
A text that a catalog does not have is said in English. Refuses to read a catalog, and to say a sentence whose
values are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from gettext import NullTranslations

ENGLISH_TAG = "en"


def _short_day(on: date) -> str:
    return f"{on.day} {on:%b}"


def _decimal(value: Decimal, least: int) -> str:
    whole, _, places = f"{value:,f}".partition(".")
    places = places.rstrip("0").ljust(least, "0")
    return f"{whole}.{places}" if places else whole


def _month_day(on: date) -> str:
    return f"{on.day} {on:%B}"


@dataclass(frozen=True, slots=True)
class Message:
    """An English text that is said elsewhere than where it stands, as an entry of a table is.

    `many` is its form for all numbers but one, where it counts something; `about` says what it is said of,
    where one English word has several translations.
    """

    text: str
    many: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its tag (BCP 47), its translations, and how it writes a day and a number.

    Two of the same tag are equal.
    """

    tag: str = ENGLISH_TAG
    texts: NullTranslations = field(default_factory=NullTranslations, compare=False, repr=False)
    day: Callable[[date], str] = field(default=date.isoformat, compare=False, repr=False)
    short_day: Callable[[date], str] = field(default=_short_day, compare=False, repr=False)
    """The day with its month abbreviated and without its year, for tables and axes: `31 Mar`."""
    month_day: Callable[[date], str] = field(default=_month_day, compare=False, repr=False)
    """The day with its month as a word and without its year: `31 March`."""
    number: Callable[[float], str] = field(default="{:.10g}".format, compare=False, repr=False)
    decimal: Callable[[Decimal, int], str] = field(default=_decimal, compare=False, repr=False)
    """A number in groups of three digits, with all its decimal places and at least so many: `1,200.50`."""

    @property
    def is_english(self) -> bool:
        """Whether it says every text as it stands in the code."""
        return self.tag == ENGLISH_TAG

    def say(self, text: str, /, **values: object) -> str:
        """The text with its values; days and fractions as this language writes them.

        Raises KeyError for a value that is missing.
        """
        return self._with(self.texts.gettext(text), values)

    def count(self, n: int, one: str, many: str, /, **values: object) -> str:
        """The text that agrees with the number; both may name it as {n}."""
        return self._with(self.texts.ngettext(one, many, n), {"n": n, **values})

    def name(self, about: str, word: str, /) -> str:
        """A word by itself, of those that are about one thing: "late" of a "standing"."""
        return self.texts.pgettext(about, word)

    def message(self, said: Message, /, **values: object) -> str:
        """A text that stands elsewhere. One that counts needs the value `n`, an int."""
        if said.many:
            n = values.pop("n")
            if not isinstance(n, int):
                raise TypeError(f"{said.text!r} counts {n!r}, which is no whole number")
            return self.count(n, said.text, said.many, **values)
        if said.about:
            return self._with(self.texts.pgettext(said.about, said.text), values)
        return self.say(said.text, **values)

    def long_day(self, on: date) -> str:
        """The day with its month as a word: `31 March 2027`."""
        return f"{_month_day(on)} {on.year}" if self.is_english else self.day(on)

    def near_day(self, on: date, today: date) -> str:
        """`31 March`, with the year where it is another than today's."""
        return self.month_day(on) if on.year == today.year else self.long_day(on)

    def whole(self, number: int) -> str:
        """A large number in groups of three digits: `2,000`."""
        return f"{number:,}" if self.is_english else self.number(number)

    def listed(self, parts: Sequence[str]) -> str:
        """`a`, `a and b`, or `a, b and c`."""
        if len(parts) < 2:
            return "".join(parts)
        return self.say("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])

    def _with(self, text: str, values: dict[str, object]) -> str:
        return text.format_map({name: self._written(value) for name, value in values.items()})

    def _written(self, value: object) -> object:
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, Message):
            return self.message(value)
        return self.number(value) if isinstance(value, float) else value


ENGLISH = Language()


class Worded(ValueError):
    """What cannot be, and what to do: its text is in English, and `said` says the same in any language.

    A text without a message is for those who run the programs, and is said in English alone.
    """

    def __init__(self, message: Message | str, /, **values: object) -> None:
        self.message, self.values = message, values
        super().__init__(self.said(ENGLISH))

    def said(self, says: Language) -> str:
        """What cannot be, and what to do, in that language."""
        if isinstance(self.message, Message):
            return says.message(self.message, **self.values)
        return self.message


def _english(tag: str) -> Language:
    del tag
    return ENGLISH


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages that there are, by tag; `read` gives English for one that there is not."""

    read: Callable[[str], Language] = field(default=_english, compare=False, repr=False)
    tags: tuple[str, ...] = (ENGLISH_TAG,)
    """Of all that there are, English first."""

    def of(self, *tags: str) -> Language:
        """The language of the first tag that is not empty; English where all are."""
        tag = next((each for each in tags if each), ENGLISH_TAG)
        return self.read(tag)

"""Persons' names in free text: found in any order, case, inflection and spelling that people write them in.

A single part of a name is taken for the person too, as nothing tells `Wilk` from a wolf; whoever knows that
it is a word there says so. Refuses to guess at names that nobody named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
"""A word of a text, with its hyphens and apostrophes."""
SHORTEST = 3
"""Shorter parts are no names alone: `de`, `Li`."""
STEM = 5
"""From so many letters on a part is found with any other ending: `Kowalskiego`."""
ENDING = 4
"""So many letters an ending has at most."""
_PLAIN = str.maketrans({
    "ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i",
})  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
PARTICLES = frozenset({
    "van", "von", "der", "den", "del", "della", "dos", "das", "bin", "ibn", "abu", "the", "and", "und", "los",
    "las", "les", "san", "mac", "zum", "zur", "ten", "ter", "dal", "mrs", "miss", "herr", "frau", "prof",
})  # fmt: skip
"""Words that stand in names and are none alone."""
SHORT_ENDINGS = frozenset(
    "s a u y i e o em iem owi ie om in en es ia iu im iego ego emu ow ami ova ovi".split()
)
"""The endings that a short name is found with, also in place of its last vowel."""


def folded(text: str) -> str:
    """A text without case and accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN))
    return "".join(char for char in plain if not unicodedata.combining(char))


def spellings(word: str) -> frozenset[str]:
    """How a word is written: without its accents, and with `ue` for `ü`."""
    cased = unicodedata.normalize("NFC", word.casefold())
    return frozenset({folded(cased), folded(cased.translate(_UMLAUTS))})


@dataclass(frozen=True, slots=True)
class Names:
    """What persons are called, ready to be found in texts.

    `known` are names, each part of which is one; `accounts` are found as they stand; `kept` are words that
    are no names here.
    """

    known: frozenset[str]
    accounts: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    _kept: frozenset[str] = field(init=False, repr=False)
    _words: frozenset[str] = field(init=False, repr=False)
    _stems: frozenset[str] = field(init=False, repr=False)
    _wholes: re.Pattern[str] | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kept = frozenset(_all_spellings(self.kept))
        object.__setattr__(self, "_kept", kept)
        parts = _all_spellings(word for name in self.known for word in _parts(name)) - kept - PARTICLES
        parts = {part for part in parts if len(part) >= SHORTEST}
        object.__setattr__(self, "_words", frozenset(parts))
        object.__setattr__(self, "_stems", frozenset(_stem(part) for part in parts if len(part) >= STEM))
        object.__setattr__(self, "_wholes", _as_they_stand(self.known, self.accounts - self.kept))

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """From where to where persons are named in a text, in order and apart."""
        spans = [match.span() for match in (self._wholes.finditer(text) if self._wholes else ())]
        spans += [match.span() for match in WORD.finditer(text) if self._is_name(match.group())]
        yield from _joined(text, spans)

    def _is_name(self, word: str) -> bool:
        pieces = {word, *re.split(r"['\u2019-]", word)} - {""}
        return any(self._is_part(piece) for piece in pieces)

    def _is_part(self, word: str) -> bool:
        written = spellings(word)
        if written & self._kept:
            return False
        return bool(written & self._words) or (word[:1].isupper() and any(map(self._is_inflected, written)))

    def _is_inflected(self, word: str) -> bool:
        if any(word[:at] in self._stems for at in range(max(4, len(word) - ENDING), len(word))):
            return True
        for at in range(max(SHORTEST, len(word) - 3), len(word)):
            if word[at:] in SHORT_ENDINGS:
                short = (word[:at], *(word[:at] + vowel for vowel in "aeo"))
                if any(each in self._words and len(each) < STEM for each in short):
                    return True
        return False


def names(known: Iterable[str], accounts: Iterable[str] = (), kept: Iterable[str] = ()) -> Names:
    """The names of these persons; empty texts are none."""
    given = (frozenset(each.strip() for each in some if each.strip()) for some in (known, accounts, kept))
    return Names(*given)


def _all_spellings(words: Iterable[str]) -> set[str]:
    return {each for word in words for each in spellings(word)}


def _parts(name: str) -> Iterator[str]:
    """The parts of a name, and the parts of those with hyphens."""
    for word in WORD.findall(name.partition("@")[0].replace("_", " ")):
        yield word
        yield from re.split(r"['\u2019-]", word)


def _stem(part: str) -> str:
    """The beginning of a name that its endings leave as it is; at least four letters."""
    return part[: max(4, len(part) - 2)] if part[-1] in "aeiouy" else part


def _as_they_stand(known: Iterable[str], accounts: Iterable[str]) -> re.Pattern[str] | None:
    """What finds accounts and whole names, also turned around; where no spaces are written, anywhere."""
    turned = (" ".join(reversed(name.split())) for name in known)
    wholes = {each for each in (*known, *accounts, *turned) if len(each) > 1}
    if not wholes:
        return None
    told = [
        rf"{each}" if _unspaced(whole) else rf"(?<![\w@]){each}(?!\w)" for whole, each in _escaped(wholes)
    ]
    return re.compile("|".join(told), re.IGNORECASE)


def _escaped(wholes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The texts, the longest first, with any spaces and commas between their words."""
    for whole in sorted(wholes, key=lambda each: (-len(each), each)):
        yield whole, r"[\s,]+".join(map(re.escape, whole.split()))


def _unspaced(text: str) -> bool:
    """Whether it is in a script that writes no spaces between words."""
    return any(unicodedata.east_asian_width(char) == "W" for char in text)


_JOINT = re.compile(r"(?:[\s,]|\b\w\.|\b(?:van|von|de|der|den|di|da|del|dos|bin|al|el)\b)*")
_INITIAL = re.compile(r"(?:\b[^\W\d_]\.\s*)+$")
_INITIAL_AFTER = re.compile(r"(?:,?\s?\b[^\W\d_]\.)+")


def _joined(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans that belong to one name as one, with the initials around it."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and (start <= merged[-1][1] or _JOINT.fullmatch(text, merged[-1][1], start)):
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    for start, end in merged:
        before = _INITIAL.search(text[:start])
        after = _INITIAL_AFTER.match(text, end)
        yield (before.start() if before else start), (after.end() if after else end)

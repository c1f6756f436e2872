"""How a person is written in texts, and the texts without that person.

An id and an account's name are identifiers: one that could be an ordinary word is replaced only between
delimiters, and never as a word of a sentence. Names, addresses and other spellings are replaced wherever they
stand as whole words, in every escaped form that our files have. It refuses to guess: who is written in
another way has to be named with that spelling.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, quote_plus

SHORTEST = 3
"""Letters of the shortest text that is searched for: a shorter one stands by chance in other words."""
ESCAPED = r"(?:(?<=\\[nrtbf])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9a-fA-F]{2})|(?<=&[a-z]{2};)|(?<=&\#3[49];))"
"""What may stand before a word and is no letter of it: JSON's, URLs' and HTML's escapes."""
OPENS, CLOSES = r"(?:^|(?<=[\"'`/:|,;=&>\[({@]))", r"(?=$|[\"'`/:|,;=&<\])}@?\\])"
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|mailto:", re.IGNORECASE)


class Indistinct(ValueError):
    """A text that would be found by chance; str() says which and what to give instead."""


@dataclass(frozen=True, slots=True)
class Written:
    """How a person is written: `identifiers` (the id, accounts in tools) and `texts` (names, addresses)."""

    identifiers: tuple[str, ...]
    texts: tuple[str, ...]


def written(
    person: str, name: str = "", address: str = "", accounts: Iterable[str] = (), also: Iterable[str] = ()
) -> Written:
    """How the person of that id is written, with the name's other order and the address without its scheme.

    Raises Indistinct for a text of fewer than three letters or digits.
    """
    texts = [*_names(name), *also]
    if address:
        texts += [address, *_bare(address)]
    found = Written(_each((person, *accounts)), _each(texts))
    for text in (*found.identifiers, *found.texts):
        if sum(letter.isalnum() for letter in text) < SHORTEST:
            raise Indistinct(
                f"{text!r} is too short to be found safely -> give a longer one: first and last name"
            )
    return found


def _names(name: str) -> Iterator[str]:
    if name:
        yield name
        first, _, last = name.strip().rpartition(" ")
        if first:
            yield f"{last}, {first}"


def _bare(address: str) -> Iterator[str]:
    """An e-mail address without `mailto:`, and without what stands after it."""
    rest = SCHEME.sub("", address, count=1)
    mail = re.search(r"[^\s/?:;,&=<>]+@[^\s/?:;,&=<>]+", rest)
    if mail:
        yield mail[0]


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


@dataclass(frozen=True)
class Eraser:
    """Puts a pseudonym in the place of a person; safe to use again on what it returned."""

    who: Written
    pseudonym: str

    def text(self, text: str) -> str:
        """The text with the pseudonym wherever the person was written."""
        return self._pattern.sub(self.pseudonym, text) if self._may_have(text) else text

    def places(self, text: str) -> Iterator[tuple[int, str]]:
        """Where the person is written: the character's number from 0, and what stands there."""
        if self._may_have(text):
            for found in self._pattern.finditer(text):
                yield found.start(), found[0]

    def left(self, content: bytes) -> bool:
        """Whether any bytes have the person, in any spelling and at any place, as UTF-8 or UTF-16."""
        text, folded = content.decode(errors="replace").lower(), content.lower()
        return any(each in text for each in self._spelled) or any(each in folded for each in self._wide)

    def _may_have(self, text: str) -> bool:
        """A quick look before the careful one: most texts have no part of any spelling."""
        lower = text.lower()
        return any(hint in lower for hint in self._hints)

    @cached_property
    def _hints(self) -> tuple[str, ...]:
        """The longest run of plain letters and digits of every spelling; empty where one has none."""
        spelled = {
            each.lower() for text in (*self.who.texts, *self.who.identifiers) for each in _spellings(text)
        }
        return tuple({max(re.findall("[a-z0-9]+", each), key=len, default="") for each in spelled})

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = [_flexible(each) for text in self.who.texts for each in _spellings(text)]
        distinct = [text for text in self.who.identifiers if _is_distinct(text)]
        sure = [_flexible(each) for text in distinct for each in _spellings(text)]
        plain = [re.escape(text) for text in self.who.identifiers if not _is_distinct(text)]
        parts = []
        if words or sure:
            longest = "|".join(sorted({*words, *sure}, key=len, reverse=True))
            parts.append(rf"(?:(?<!\w)|{ESCAPED})(?:{longest})(?!\w)")
        if plain:
            parts.append(rf"{OPENS}(?:{'|'.join(sorted(plain, key=len, reverse=True))}){CLOSES}")
        return re.compile("|".join(parts), re.IGNORECASE)

    @cached_property
    def _spelled(self) -> frozenset[str]:
        distinct = [text for text in self.who.identifiers if _is_distinct(text)]
        return frozenset(each.lower() for text in (*self.who.texts, *distinct) for each in _spellings(text))

    @cached_property
    def _wide(self) -> tuple[bytes, ...]:
        return tuple(each.encode("utf-16-le") for each in self._spelled)


def _is_distinct(identifier: str) -> bool:
    """Whether it cannot be a word of a sentence: it has a digit or a sign in it."""
    return not identifier.isalpha()


def _flexible(text: str) -> str:
    """A pattern of the text in which any white space stands for any other."""
    return r"(?:\s|\\u00a0|&nbsp;|&\#160;)+".join(re.escape(part) for part in text.split())


def _spellings(text: str) -> Iterator[str]:
    """The text as it stands in plain text, JSON, HTML and URLs, composed and decomposed."""
    for cased in (text, text.upper(), text.lower()):
        yield from _escaped(unicodedata.normalize("NFC", cased))
        yield from _escaped(unicodedata.normalize("NFD", cased))


def _escaped(plain: str) -> Iterator[str]:
    """A text by itself, and as JSON, HTML and URLs write it."""
    yield plain
    yield json.dumps(plain)[1:-1]
    yield html.escape(plain)
    yield html.escape(plain).replace("&#x27;", "&#39;")
    yield plain.encode("ascii", "xmlcharrefreplace").decode()
    yield quote(plain)
    yield quote_plus(plain)

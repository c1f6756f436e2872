"""Removes the credential from a tool's text, however the tool spells it.

For answers that repeat what was sent. Refuses to show any part of it: also the part of a header after its
scheme, what a Basic credential holds, and each as a URL, JSON, HTML or base64 writes it.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, quote_plus

from connectors.errors import HIDDEN

SHORTEST = 4
"""Shorter words are not taken for credentials: hiding them would make the message unreadable."""
NOTHING = r"(?!)"


class Concealed:
    """The spellings of the credential in those headers."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        words = {word for value in headers.values() for word in _words(value)}
        found = {
            spelling for word in words for spelling in _spellings(word) if len(spelling.strip()) >= SHORTEST
        }
        longest_first = sorted(found, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or NOTHING, re.IGNORECASE)

    def out_of(self, text: str) -> str:
        """The text without the credential."""
        return self._pattern.sub(HIDDEN, text)


def _words(value: str) -> Iterator[str]:
    """A header's value, the part after its scheme, and the name and password inside a Basic credential."""
    yield value
    scheme, _, rest = value.partition(" ")
    if not rest:
        return
    yield rest.strip()
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(rest, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return
        yield pair
        yield pair.partition(":")[2]


def _spellings(word: str) -> Iterator[str]:
    """The spellings of a word: as text, rightly and wrongly encoded, and as URL, JSON, HTML, base64."""
    yield from _written(word)
    yield from _written(word.encode().decode("latin-1"))
    with contextlib.suppress(UnicodeError):
        yield from _written(word.encode("latin-1").decode())


def _written(word: str) -> Iterator[str]:
    yield word
    yield from (quote(word), quote(word, safe=""), quote_plus(word), html.escape(word))
    yield from (json.dumps(word)[1:-1], json.dumps(word)[1:-1].replace("/", "\\/"))
    yield base64.b64encode(word.encode()).decode()

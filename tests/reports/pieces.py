"""A page that we made, in pieces: its tags and its texts, in their order. It repairs nothing: our pages are well formed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

PIECE = re.compile(
    r"<!--.*?-->|<![^>]*>"
    r"|<(?P<raw>style|script)\b[^>]*>(?P<inside>.*?)</(?P=raw)>"
    r"|<(?P<end>/?)(?P<tag>[a-zA-Z][\w:-]*)(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL,
)
"""A comment or declaration, style with what is in it, a tag, or a text."""


class Piece(NamedTuple):
    """A tag with what stands in it, or a text, whose tag is empty."""

    tag: str
    ends: bool = False
    attributes: str = ""
    text: str = ""


def pieces(html: bytes) -> Iterator[Piece]:
    """Every tag and text of the page; what is in style and script, and comments, are left out."""
    for found in PIECE.finditer(html.decode()):
        text, tag = found["text"], found["tag"]
        if text is not None:
            yield Piece("", text=unescape(text) if "&" in text else text)
        elif tag is not None:
            yield Piece(tag.lower(), bool(found["end"]), found["attributes"])

"""How long a title may be, by the tool's own measure, and how a longer one is cut: between whole characters.

A character is what a person sees as one: a letter with its accents, an emoji with its skin, a flag. Tools
count characters of Unicode, or the units of UTF-16, of which an emoji needs two. Refuses to know a tool.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
JOINER = "\N{ZERO WIDTH JOINER}"


class Unit(StrEnum):
    """What a tool counts."""

    CHARACTERS = "characters"
    UTF16 = "UTF-16 units"


@dataclass(frozen=True, slots=True)
class Longest:
    """How much a tool holds of a title."""

    most: int
    unit: Unit = Unit.CHARACTERS

    def of(self, text: str) -> int:
        """How long a text is by this measure."""
        return len(text.encode("utf-16-le")) // 2 if self.unit is Unit.UTF16 else len(text)

    def cut(self, text: str) -> str:
        """The text, or its beginning and an ellipsis where it is too long."""
        if self.of(text) <= self.most:
            return text
        kept, left = [], self.most - self.of(ELLIPSIS)
        for each in characters(text):
            left -= self.of(each)
            if left < 0:
                break
            kept.append(each)
        return f"{''.join(kept).rstrip()}{ELLIPSIS}"

    def __str__(self) -> str:
        return f"{self.most} {self.unit}"


def characters(text: str) -> Iterator[str]:
    """A text in the parts that people see as one character."""
    part = ""
    for sign in text:
        if part and not _goes_with(part, sign):
            yield part
            part = ""
        part += sign
    if part:
        yield part


def _goes_with(part: str, sign: str) -> bool:
    """Whether a sign belongs to the character before it."""
    if part.endswith(JOINER) or sign == JOINER or unicodedata.category(sign) in ("Mn", "Me", "Mc"):
        return True
    code = ord(sign)
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:  # skin tones, and the tags of flags
        return True
    return _flag(sign) and len(part) == 1 and _flag(part)


def _flag(sign: str) -> bool:
    return 0x1F1E6 <= ord(sign) <= 0x1F1FF

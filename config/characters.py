"""Characters that no text of the organization's files may hold: invisible, or making others look different.

They are control characters, directional marks, invisible format characters, surrogates (halves of characters)
and noncharacters. Text of any script is kept: combining marks, either normal form, and the joiners (U+200C,
U+200D) where a script or an emoji needs them. It refuses to remove anything from a text that a person wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

CONTROLS = (
    "NULL,START OF HEADING,START OF TEXT,END OF TEXT,END OF TRANSMISSION,ENQUIRY,ACKNOWLEDGE,ALERT,BACKSPACE,"
    "CHARACTER TABULATION,LINE FEED,LINE TABULATION,FORM FEED,CARRIAGE RETURN,SHIFT OUT,SHIFT IN,"
    "DATA LINK ESCAPE,DEVICE CONTROL ONE,DEVICE CONTROL TWO,DEVICE CONTROL THREE,DEVICE CONTROL FOUR,"
    "NEGATIVE ACKNOWLEDGE,SYNCHRONOUS IDLE,END OF TRANSMISSION BLOCK,CANCEL,END OF MEDIUM,SUBSTITUTE,ESCAPE,"
    "INFORMATION SEPARATOR FOUR,INFORMATION SEPARATOR THREE,INFORMATION SEPARATOR TWO,"
    "INFORMATION SEPARATOR ONE"
).split(",")
CONTROLS_ABOVE = (
    "DELETE,PADDING CHARACTER,HIGH OCTET PRESET,BREAK PERMITTED HERE,NO BREAK HERE,INDEX,NEXT LINE,"
    "START OF SELECTED AREA,END OF SELECTED AREA,CHARACTER TABULATION SET,"
    "CHARACTER TABULATION WITH JUSTIFICATION,LINE TABULATION SET,PARTIAL LINE FORWARD,PARTIAL LINE BACKWARD,"
    "REVERSE LINE FEED,SINGLE SHIFT TWO,SINGLE SHIFT THREE,DEVICE CONTROL STRING,PRIVATE USE ONE,"
    "PRIVATE USE TWO,SET TRANSMIT STATE,CANCEL CHARACTER,MESSAGE WAITING,START OF GUARDED AREA,"
    "END OF GUARDED AREA,START OF STRING,SINGLE GRAPHIC CHARACTER INTRODUCER,SINGLE CHARACTER INTRODUCER,"
    "CONTROL SEQUENCE INTRODUCER,STRING TERMINATOR,OPERATING SYSTEM COMMAND,PRIVACY MESSAGE,"
    "APPLICATION PROGRAM COMMAND"
).split(",")
"""Unicode's formal aliases of control characters, which have no names."""
DIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
JOINERS = frozenset("\u200c\u200d")
SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\u0890\u0891\U000110bd\U000110cd")
"""Format characters that are visible: number signs and the like of Arabic, Syriac and Kaithi."""
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0")
"""Invisible, but not in Unicode's category of format characters: fillers and the like."""
MONGOLIAN_SEPARATOR = "\u180e"
SUSPECT = re.compile(r"[^ -~\n\t]")
"""A character to be checked: any but printable ASCII, line feeds and tabs."""
LINES = "\n"
RETYPE = "delete it, or type the text anew"


class Found(NamedTuple):
    """A character that is not permitted there: its index in the text, its name, and what to do."""

    place: int
    name: str
    instead: str


def unfit(text: str) -> Iterator[Found]:
    """Every character of the text that is not permitted; line feeds and tabs are."""
    for match in SUSPECT.finditer(text):
        instead = _instead(text, match.start())
        if instead:
            yield Found(match.start(), named(match.group()), instead)


def named(char: str) -> str:
    """A character by its number and name, never the character itself: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    code = ord(char)
    if code < 0x20:
        name = CONTROLS[code]
    elif 0x7F <= code <= 0x9F:
        name = CONTROLS_ABOVE[code - 0x7F]
    elif unicodedata.category(char) == "Cs":
        name = "(half of a character)"
    else:
        name = unicodedata.name(char, "(not a character)" if _never(code) else "(without a name)")
    return f"U+{code:04X} {name}"


def visible(text: str, kept: str = "") -> str:
    """The text as a terminal may print it: what no file may hold is shown by its number, `<U+202E>`.

    So are line feeds and tabs, except those in `kept`.
    """
    places = {found.place for found in unfit(text)}
    return "".join(
        f"<U+{ord(char):04X}>" if n in places or (char in "\n\t" and char not in kept) else char
        for n, char in enumerate(text)
    )


def plain(text: str) -> str:
    """The text as a file may hold it: on one line, without characters that are not permitted."""
    line = " ".join(text.split())
    places = {found.place for found in unfit(line)}
    return "".join(char for n, char in enumerate(line) if n not in places)


def _instead(text: str, place: int) -> str:
    """What to do about the character at that place; empty where it is permitted."""
    char = text[place]
    category, code = unicodedata.category(char), ord(char)
    if char in JOINERS or char == MONGOLIAN_SEPARATOR:
        return (
            "" if _joins(text, place) else "delete it: only a script that needs it, or an emoji, may hold it"
        )
    if category == "Cs":
        return "write the whole character"
    if category in ("Zl", "Zp") or char == "\x85":
        return "write an ordinary line break"
    if category == "Cc":
        return RETYPE
    if char in DIRECTIONAL:
        return "delete it: it makes text look different from what it says, and no script needs it here"
    if _never(code):
        return RETYPE
    if (category == "Cf" and char not in SEEN) or char in UNSEEN or _unseen_plane(code):
        return "delete it: nobody sees it"
    return ""


def _never(code: int) -> bool:
    """Whether the code point is one of Unicode's noncharacters."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _unseen_plane(code: int) -> bool:
    """Whether it is a tag, or reserved for invisible characters; variation selectors are neither."""
    return 0xFFF0 <= code <= 0xFFF8 or (0xE0000 <= code <= 0xE0FFF and not 0xE0100 <= code <= 0xE01EF)


def _joins(text: str, place: int) -> bool:
    """Whether the joiner follows no other joiner, and is next to a letter or an emoji that can be joined."""
    before, after = text[max(0, place - 8) : place], text[place + 1 : place + 2]
    if before[-1:] in JOINERS:
        return False
    letter = next((each for each in reversed(before) if not unicodedata.category(each).startswith("M")), "")
    return _has_forms(letter) or _has_forms(after)


def _has_forms(char: str) -> bool:
    """Whether it is a letter of a script whose letters join (such as Arabic and Mongolian), or an emoji."""
    if not char:
        return False
    code, category = ord(char), unicodedata.category(char)
    if category == "So" or 0x1F3FB <= code <= 0x1F3FF:
        return True
    if not category.startswith(("L", "M")):
        return False
    joining = (0x0600, 0x109F), (0x1700, 0x1CFF), (0xA800, 0xABFF), (0xFB50, 0xFEFC), (0x10800, 0x11FFF)
    return any(first <= code <= last for first, last in joining)

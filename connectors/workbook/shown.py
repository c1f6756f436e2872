"""A number as its format displays it: literal text, leading zeros, decimals; people know ids as displayed.

What a program writes by its own language (separators of thousands, decimal commas) is left out. Refuses
dates, fractions and exponents: those give an empty text.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

PIECE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)
CURRENCY = re.compile(r"\[\$([^-\]]*)(?:-[^\]]*)?\]")
COLORS = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]", re.IGNORECASE)
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
COMPARED = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
DIGITS = frozenset("0#?")
PLAIN = frozenset(" -+()$€£¥:!^&'{}<>=~")
"""Characters that stand for themselves without quotes."""
MOST_PLACES = 30


@lru_cache(maxsize=4096)
def shown(number: float, code: str) -> str:
    """The text that a format displays for a number; empty where it is the number's own."""
    sections = _sections(code)
    if sections is None or len(sections) > 4 or abs(number) >= 1e15:
        return ""
    section, negative = _meant(sections, number)
    pieces = _pieces(section)
    if pieces is None or not any(kind == "digit" for kind, _ in pieces):
        return ""
    if all(kind != "literal" for kind, _ in pieces) and _own(pieces):
        return ""
    return _filled(pieces, abs(number) if negative else number).strip()


@lru_cache(maxsize=4096)
def shown_text(text: str, code: str) -> str:
    """What a format displays for a text ("PRJ-"@); empty where it is the text itself."""
    pieces = [PIECE.findall(each) for each in _sections(code) or ()]
    section = next((each for each in reversed(pieces) if "@" in each), None)
    if section is None:
        return ""
    parts = [text if piece == "@" else _literal(piece) for piece in section]
    found = "".join(part for part in parts if part is not None).strip()
    return found if None not in parts and found != text.strip() else ""


def _sections(code: str) -> list[str] | None:
    """The parts of a format for positive, negative and zero; None for one that is not ours to follow."""
    if not code or code.strip().casefold() == "general":
        return None
    found = [""]
    for piece in PIECE.findall(code):
        if piece == ";":
            found.append("")
        else:
            found[-1] += piece
    return found


def _meant(sections: list[str], number: float) -> tuple[str, bool]:
    """The section for a number, by its condition or its sign, and whether it shows the sign itself."""
    conditions = [CONDITION.match(each) for each in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or COMPARED[condition[1]](number, float(condition[2])):
                return CONDITION.sub("", section), False
        return "", False
    negative = number < 0 and len(sections) > 1
    section = sections[1] if negative else sections[2] if number == 0 and len(sections) > 2 else sections[0]
    return section, negative


def _pieces(section: str) -> list[tuple[str, str]] | None:
    """A section as literals, digits and its decimal point; None where it holds anything else."""
    found: list[tuple[str, str]] = []
    for piece in PIECE.findall(section):
        literal = _literal(piece)
        if literal is not None:
            found.append(("literal", literal))
        elif piece in DIGITS:
            found.append(("digit", piece))
        elif piece == "." and ("point", ".") not in found:
            found.append(("point", "."))
        elif piece == "," and found and found[-1][0] == "digit":
            found.append(("group", ""))
        else:
            return None
    if found and found[-1][0] == "group":
        return None  # a number of thousands
    return [each for each in found if each[0] != "group" and each != ("literal", "")]


def _literal(piece: str) -> str | None:
    """The text that a piece of a format stands for; None for digits and what is no text."""
    money = CURRENCY.fullmatch(piece)
    if money is not None:
        return money[1]
    if COLORS.fullmatch(piece):
        return ""
    if len(piece) > 1 and piece[0] in '"\\_*':
        return {'"': piece[1:-1], "\\": piece[1:], "_": " ", "*": ""}[piece[0]]
    return piece if piece in PLAIN else None


def _own(pieces: list[tuple[str, str]]) -> bool:
    """Whether the digits ask for no zeros: then the number is shown as it is."""
    digits = "".join(text for _, text in pieces)
    whole, _, places = digits.partition(".")
    return whole.count("0") <= 1 and not places


def _filled(pieces: list[tuple[str, str]], number: float) -> str:
    """The pieces with the number's digits in their places, from the right."""
    at = next((n for n, (kind, _) in enumerate(pieces) if kind == "point"), len(pieces))
    after = [text for kind, text in pieces[at:] if kind == "digit"]
    places = min(len(after), MOST_PLACES)
    exact = Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(exact):f}".partition(".")
    sign = "-" if exact < 0 else ""
    left = _whole(pieces[:at], whole.lstrip("0"))
    right = _fraction(pieces[at + 1 :], fraction)
    point = "." if any(c.isdigit() for c in right) else ""
    return sign + left + point + right


def _whole(pieces: list[tuple[str, str]], digits: str) -> str:
    out: list[str] = []
    left = list(digits)
    first = next((n for n, (kind, _) in enumerate(pieces) if kind == "digit"), -1)
    for n in range(len(pieces) - 1, -1, -1):
        kind, text = pieces[n]
        if kind == "literal":
            out.append(text)
            continue
        out.append(left.pop() if left else "0" if text == "0" else " " if text == "?" else "")
        if n == first:
            out.append("".join(left))
    return "".join(reversed(out)) if first >= 0 else "".join(reversed([*out, digits]))


def _fraction(pieces: list[tuple[str, str]], digits: str) -> str:
    out = []
    rest = digits
    for kind, text in pieces:
        if kind == "literal":
            out.append(text)
            continue
        digit, rest = rest[:1], rest[1:]
        needed = text == "0" or any(c != "0" for c in digit + rest)
        out.append(digit if needed else "")
    return "".join(out)

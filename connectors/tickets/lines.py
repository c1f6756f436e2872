"""Our fields as lines below a mark in a description, for what a tool has no field of its own for.

What is above the mark is not ours and stays as it is. Refuses to hold a value of several lines: white space
in it is one space.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MARK = "-- interoffice --"
_LINE = re.compile(r"(?P<name>[a-z_]+): ?(?P<value>.*)")


def together(text: str, lines: Mapping[str, str]) -> str:
    """The description: the text, and below the mark a line for each field, in the order of their names."""
    if not lines:
        return text
    block = "\n".join(f"{name}: {' '.join(lines[name].split())}" for name in sorted(lines))
    return f"{text.rstrip()}\n\n{MARK}\n{block}\n" if text.strip() else f"{MARK}\n{block}\n"


def apart(description: str) -> tuple[str, dict[str, str]]:
    """The text of a description, and our lines below the last mark; other lines stay text."""
    whole = description.replace("\r\n", "\n").replace("\r", "\n")
    text, mark, block = whole.rpartition(MARK)
    if not mark:
        return whole, {}
    found: dict[str, str] = {}
    rest = []
    for line in block.strip("\n").split("\n"):
        match = _LINE.fullmatch(line.strip())
        if match:
            found[match["name"]] = match["value"].strip()
        elif line.strip():
            rest.append(line)
    return "\n".join([text.rstrip(), *rest]).rstrip() if rest else text.rstrip(), found

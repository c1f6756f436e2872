"""A field of Trac that names tickets: `12, #14 +2d, 15SS-1d` are those that a ticket follows.

Refuses to guess: what is neither a number, a type of link nor a lag is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectors.tickets.ticket import Link
from domain.plans.predecessor import LagUnit, LinkType

FOLLOWED = re.compile(
    r"#?(?P<number>\d+)(?:\s*(?P<type>FS|SS|FF|SF)(?![^\W\d_]))?"
    r"(?:\s*(?P<lag>[+-]\s*\d+(?:\.\d+)?)\s*(?P<unit>e?min|e?mo|e?h|e?d|e?w|%))?",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"[\s,;]*")
REMEDY = "what is neither a ticket's number nor a link is left out; write it like 12, 14 +2d, 15SS"


def links_in(text: str) -> Iterator[Link]:
    """The tickets that a text names, with the type of the link and the lag."""
    for found in FOLLOWED.finditer(text):
        lag = float((found["lag"] or "0").replace(" ", ""))
        kind = LinkType((found["type"] or LinkType.FINISH_TO_START).upper())
        unit = LagUnit((found["unit"] or LagUnit.WORKING_DAYS).lower())
        yield Link(f"#{found['number']}", int(lag) if lag.is_integer() else lag, "", kind, unit)


def has_more(text: str) -> bool:
    """Whether a text holds more than tickets' numbers, types and lags."""
    return not BETWEEN.fullmatch(FOLLOWED.sub(" ", text))


def written(link: Link) -> str:
    """A predecessor as its field holds it: `14 +2d`, `15SS -1d`."""
    kind = "" if link.type is LinkType.FINISH_TO_START else str(link.type)
    lag = f" {link.lag:+g}{link.unit}" if link.lag else ""
    return f"{link.before.removeprefix('#')}{kind}{lag}"

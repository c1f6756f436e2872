"""Whether our key stands where the tool is to hold it, or only in a line of a description.

A tool may take a new ticket and leave our key out: a field that our role may not write, or that the type does
not have. Until a ticket of a place has shown the key, new ones bear it in a line of the description too, so
that none of them is made twice. Refuses to call a tool.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.errors import Refused
from connectors.tickets.ticket import Ticket

KEY = "key"
"""The line of a description that holds our key."""


class Keyless(Refused):
    """A ticket was created at `ref`, and the tool left our key out."""

    def __init__(self, ref: str, place: str, type_: str, project: str) -> None:
        self.ref = ref
        super().__init__(
            f"{ref} was created without our key, which belongs in {place}: let our user write it for the "
            f"type {type_} in {project}; until then nothing more is created there"
        )


def own_key(held: object, lines: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Our key, and the lines of a description: that of the key is left out where the key has its place."""
    if held not in (None, ""):
        return str(held), {name: said for name, said in lines.items() if name != KEY}
    return lines.get(KEY, ""), dict(lines)


def in_line_only(ticket: Ticket) -> bool:
    """Whether a ticket of a tool with a place for our key has it in its description only."""
    return bool(ticket.key) and ticket.lines.get(KEY) == ticket.key

"""Fields that a tool requires of a new ticket and that are not ours, and the setting `constants` for them.

Refuses to guess a value: a required field without one is told beforehand, with what to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from connectors.errors import Refused
from connectors.tickets.offering import near
from domain.plans.project import Scalar

SHOWN = 10


@dataclass(frozen=True, slots=True)
class TypeField:
    """A field of a type of ticket in one project, as the tool tells of it.

    `required` is without a default of the tool's own; `options` are the only values, where there are such.
    """

    name: str
    id: str
    required: bool = False
    writable: bool = True
    kind: str = ""
    """Its kind of value, in the tool's own word."""
    options: Mapping[str, Any] | None = None
    """What the tool takes for each of the only values, by the words that people see."""

    def chosen(self, value: Scalar) -> Any:  # noqa: ANN401 - each tool has its own
        """What the tool takes for one of the only values; raises `Refused` for any other."""
        options = self.options or {}
        if str(value) not in options:
            raise Refused(f"constants.{self.name}: there is no {str(value)!r}{near(str(value), options)}")
        return options[str(value)]


def plain(value: Scalar) -> str | bool | float:
    """A constant as JSON takes it."""
    return value.isoformat() if isinstance(value, date) else value


def lacking(
    fields: Sequence[TypeField], filled: frozenset[str], constants: Mapping[str, Scalar]
) -> Iterator[str]:
    """Each required field that nothing fills, with what to write; each constant that does not fit."""
    for field in fields:
        given = next((constants[name] for name in (field.name, field.id) if name in constants), None)
        if given is not None and field.options:
            try:
                field.chosen(given)
            except Refused as problem:
                yield problem.text
        elif given is None and field.required and field.writable and not {field.name, field.id} & filled:
            options = list(field.options or ())
            known = f" (one of {', '.join(options[:SHOWN])})" if options else ""
            value = json.dumps(options[0] if options else "VALUE", ensure_ascii=False)
            name = json.dumps(field.name, ensure_ascii=False)
            yield (
                f"the field {field.name!r} is required, and nothing of ours fills it: write `constants: "
                f"{{{name}: {value}}}` beside `items`{known}"
            )


def unknown(fields: Sequence[TypeField], constants: Mapping[str, Scalar]) -> Iterator[str]:
    """Each constant for a field that no type has which we put."""
    names = {name for field in fields for name in (field.name, field.id)}
    for name in constants:
        if name not in names:
            there = {field.name for field in fields}
            yield f"constants: no type that we put has a field {name!r}{near(name, there)}"

"""What a form offers where an office, a version or a rollout is asked for; flows check the answer anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

EVERY_OFFICE = "all"


@dataclass(frozen=True, slots=True)
class Choices:
    """The ids of an organization: its offices that plan in a tool, its versions, its rollouts."""

    offices: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    rollouts: tuple[str, ...] = ()

    def in_form(self, schema: Mapping[str, object]) -> dict[str, object]:
        """A parameter schema with the choices in it; fields that are not there are left out."""
        offered = {"office": self.offices, "version": self.versions, "rollout": self.rollouts}
        properties = schema.get("properties")
        if not isinstance(properties, Mapping):
            return dict(schema)
        return {
            **schema,
            "properties": {
                name: _offering(field, offered.get(name, ())) for name, field in properties.items()
            },
        }


def _offering(field: Mapping[str, object], ids: Iterable[str]) -> dict[str, object]:
    """One field as a select; a default that is no id (every office) stays a choice, and is the first."""
    given = tuple(ids)
    if not given:
        return dict(field)
    default = field.get("default")
    first = (default,) if isinstance(default, str) and default and default not in given else ()
    return {**field, "enum": [*first, *given]}

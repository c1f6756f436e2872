"""What OpenProject tells of the fields of its types: a schema for each project and type.

Refuses to keep more of a schema than its fields.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.tickets.required import TypeField, plain
from connectors.tickets.typed import Typed
from domain.plans.project import Scalar

API = "/api/v3"
CUSTOM = "customField"
NUMBERS = ("Integer", "Float")
OURS = frozenset({"subject", "description", "type", "project", "parent", "startDate", "dueDate", "date"})
"""The fields that a new work package of ours has, or that OpenProject fills itself."""


@dataclass
class Schemas:
    """The types of one OpenProject and their schemas, each read once; `every` reads a collection."""

    every: Callable[..., Iterable[Any]]
    _known: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _types: dict[str, str] = field(default_factory=dict)

    @property
    def types(self) -> Mapping[str, str]:
        """The addresses of the types by their names."""
        if not self._types:
            found = (Typed(each, []) for each in self.every(f"{API}/types"))
            self._types = {
                each.text("name"): each.under("_links").under("self").text("href") for each in found
            }
        return self._types

    def statuses(self) -> set[str]:
        """The names of the statuses."""
        return {Typed(each, []).text("name") for each in self.every(f"{API}/statuses")}

    def of(self, project: str, type_: str) -> Mapping[str, Any]:
        """The schema of a type in a project, by the project's number and the type's name."""
        return self.named(f"{project}-{self.types.get(type_, '').rpartition('/')[2]}")

    def named(self, name: str) -> Mapping[str, Any]:
        """The schema of that name (`12-1`: project and type); empty where there is none."""
        if name not in self._known:
            asked = (("filters", json.dumps([{"id": {"operator": "=", "values": [name]}}])),)
            found = list(self.every(f"{API}/work_packages/schemas", *asked))
            self._known[name] = found[0] if found and isinstance(found[0], Mapping) else {}
        return self._known[name]

    def forget(self) -> None:
        """Read everything anew."""
        self._known, self._types = {}, {}


def fields(schema: Mapping[str, Any]) -> Iterator[TypeField]:
    """All fields that can be written, and the custom ones."""
    for name, each in schema.items():
        if not isinstance(each, Mapping) or "name" not in each or name.startswith("_"):
            continue
        yield TypeField(
            str(each["name"]),
            name,
            bool(each.get("required")) and not each.get("hasDefault") and name not in OURS,
            bool(each.get("writable", True)),
            str(each.get("type") or ""),
            _options(each),
        )


def _options(field: Mapping[str, Any]) -> dict[str, Any] | None:
    """The only values by their titles, where the schema lists them; each as a link."""
    embedded = (field.get("_embedded") or {}).get("allowedValues")
    linked = (field.get("_links") or {}).get("allowedValues")
    found = {}
    for each in embedded if isinstance(embedded, list) else linked if isinstance(linked, list) else ():
        href = each.get("href") or ((each.get("_links") or {}).get("self") or {}).get("href")
        title = each.get("title") or each.get("value") or each.get("name")
        if href and title:
            found[str(title)] = {"href": href}
    return found or None


def written(field: TypeField, value: Scalar) -> tuple[bool, Any]:
    """Whether a constant is a link, and what OpenProject takes for it."""
    if field.options:
        chosen = field.chosen(value)
        return True, [chosen] if field.kind.startswith("[]") else chosen
    if field.kind in NUMBERS and isinstance(value, str):
        return False, float(value) if field.kind == "Float" else int(value)
    if field.kind == "Formattable":
        return False, {"raw": str(value)}
    return False, plain(value)

"""What an organization's process tells: its fields, and a project's types of work item.

Each is read once. Refuses to read work items.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from connectors.azure_devops import fields
from connectors.azure_devops.fields import Field
from connectors.http.cached import cached_property
from connectors.tickets.required import TypeField
from connectors.tickets.typed import Typed


class Process:
    """The process of one organization, as the projects `within` have it; `got` reads the object at a path."""

    def __init__(self, got: Callable[..., Typed], within: Sequence[str]) -> None:
        self._got, self._within = got, within
        self._types: dict[str, frozenset[str]] = {}

    def _all(self, path: str, *params: tuple[str, str]) -> list[Typed]:
        """The objects of a list that is not paged."""
        return [Typed(each, []) for each in self._got(path, *params).all("value")]

    @cached_property
    def all(self) -> Sequence[Typed]:
        """The organization's fields."""
        return self._all(f"{_path(self._within[0])}/fields")

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields by the names that people see."""
        return {each.text("name"): Field(each.text("referenceName"), each.text("type")) for each in self.all}

    def types(self, project: str) -> frozenset[str]:
        """The types of work item that a project has."""
        if project not in self._types:
            told = self._all(f"{_path(project)}/workitemtypes")
            self._types[project] = frozenset(each.text("name") for each in told)
        return self._types[project]

    def all_types(self) -> set[str]:
        """The types of all projects."""
        return {name for project in self._within for name in self.types(project)}

    def states(self) -> set[str]:
        """The states of all types of all projects."""
        return {
            each.text("name")
            for project in self._within
            for type_ in sorted(self.types(project))
            for each in self._all(f"{_path(project)}/workitemtypes/{quote(type_)}/states")
        }

    def type_fields(self, project: str, type_: str) -> Sequence[TypeField]:
        """The fields of a type of work item in a project; none where it does not have it."""
        if type_ not in self.types(project):
            return ()
        known = {each.text("referenceName"): each.found for each in self.all}
        told = self._all(f"{_path(project)}/workitemtypes/{quote(type_)}/fields", ("$expand", "all"))
        return [fields.of_type(each.found, known.get(each.text("referenceName"), {})) for each in told]


def _path(project: str) -> str:
    return f"/{quote(project)}/_apis/wit"

"""What an organization's process tells: its fields, and a project's types of work item.

Each is read once. Refuses to read work items.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

from connectors.azure_devops import fields
from connectors.tickets.required import TypeField


class Process:
    """The process of one organization, as the projects `within` have it; `got` reads the JSON at a path."""

    def __init__(self, got: Callable[..., Any], within: Sequence[str]) -> None:
        self._got, self._within = got, within
        self._types: dict[str, frozenset[str]] = {}

    @cached_property
    def all(self) -> Sequence[Mapping[str, Any]]:
        """The organization's fields."""
        found: Sequence[Mapping[str, Any]] = self._got(f"{_path(self._within[0])}/fields")["value"]
        return found

    @cached_property
    def references(self) -> dict[str, str]:
        """The fields' reference names by the names that people see."""
        return {each["name"]: each["referenceName"] for each in self.all}

    def types(self, project: str) -> frozenset[str]:
        """The types of work item that a project has."""
        if project not in self._types:
            told = self._got(f"{_path(project)}/workitemtypes")["value"]
            self._types[project] = frozenset(each["name"] for each in told)
        return self._types[project]

    def all_types(self) -> set[str]:
        """The types of all projects."""
        return {name for project in self._within for name in self.types(project)}

    def states(self) -> set[str]:
        """The states of all types of all projects."""
        return {
            each["name"]
            for project in self._within
            for type_ in sorted(self.types(project))
            for each in self._got(f"{_path(project)}/workitemtypes/{quote(type_)}/states")["value"]
        }

    def type_fields(self, project: str, type_: str) -> Sequence[TypeField]:
        """The fields of a type of work item in a project; none where it does not have it."""
        if type_ not in self.types(project):
            return ()
        known = {each["referenceName"]: each for each in self.all}
        told = self._got(f"{_path(project)}/workitemtypes/{quote(type_)}/fields", ("$expand", "all"))["value"]
        return [fields.of_type(each, known.get(each["referenceName"], {})) for each in told]


def _path(project: str) -> str:
    return f"/{quote(project)}/_apis/wit"

"""Identifiers of directives in tools; their text form is data, changed by a migration alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from domain.ids import Id, parts


@dataclass(frozen=True, slots=True)
class DirectiveKey(Id):
    """How a directive stands for one addressee, in the tool of the addressee's office."""

    office: str
    role: str
    directive: str

    def __str__(self) -> str:
        return f"directed/{self.office}/{self.role}/{self.directive}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `directed/porto/head/directive-0123456789ab`."""
        return cls(*parts(text, "directed/", 3))

"""Identifiers of cases in tools; their text form is data, changed by a migration alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from domain.ids import Id, parts


@dataclass(frozen=True, slots=True)
class CaseKey(Id):
    """How a case stands, at an office that takes part in it."""

    office: str
    case: str

    def __str__(self) -> str:
        return f"feedback/{self.office}/{self.case}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `feedback/porto/case-0123456789ab`."""
        return cls(*parts(text, "feedback/", 2))

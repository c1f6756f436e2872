"""Identifiers of deviations in questions and tools; text forms are data, changed by a migration alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from domain.ids import Id, parts


@dataclass(frozen=True, slots=True)
class DeviationQuestionId(Id):
    """The question whether a deviation is granted, for what was shown with that digest, by its beginning."""

    deviation: str
    digest: str

    def __str__(self) -> str:
        return f"deviate/{self.deviation}/{self.digest[:16]}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `deviate/dev-012345/0123456789abcdef`; of the digest the beginning."""
        return cls(*parts(text, "deviate/", 2))


@dataclass(frozen=True, slots=True)
class DeviationKey(Id):
    """How a deviation stands, at the office that asked for it."""

    deviation: str

    def __str__(self) -> str:
        return f"deviation/{self.deviation}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `deviation/dev-0123456789ab`."""
        return cls(*parts(text, "deviation/", 1))


@dataclass(frozen=True, slots=True)
class RemarkKey(Id):
    """What is said once at the ticket by which something was asked for; `said` distinguishes the states.

    `about` is the id of the deviation or of the case.
    """

    about: str
    said: str

    def __str__(self) -> str:
        return f"remark/{self.about}/{self.said}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `remark/dev-0123456789ab/0123456789ab`."""
        return cls(*parts(text, "remark/", 2))


@dataclass(frozen=True, slots=True)
class RowKey(Id):
    """The cell that says how what a row asks for stands: the office, and the row's own id."""

    office: str
    row: str

    def __str__(self) -> str:
        return f"asked-row/{self.office}/{self.row}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `asked-row/mersin/7`; an id may have slashes in it."""
        return cls(*parts(text, "asked-row/", 2))

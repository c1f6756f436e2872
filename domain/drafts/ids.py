"""Identifiers of drafts in questions; their text form is data, changed by a migration alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from domain.ids import Id, parts


@dataclass(frozen=True, slots=True)
class DraftDecisionId(Id):
    """The question whether a draft is approved, for what was shown with that digest, by its beginning."""

    draft: str
    digest: str

    def __str__(self) -> str:
        return f"approve-draft/{self.draft}/{self.digest[:16]}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `approve-draft/draft-0123456789ab/0123456789abcdef`."""
        return cls(*parts(text, "approve-draft/", 2))


@dataclass(frozen=True, slots=True)
class ConsultationId(Id):
    """The question to an office in one round of the consultation on a draft."""

    draft: str
    round: int
    office: str

    def __str__(self) -> str:
        return f"draft/{self.draft}/{self.round}/{self.office}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `draft/draft-0123456789ab/1/porto`."""
        draft, number, office = parts(text, "draft/", 3)
        return cls(draft, int(number), office)

"""What an office raises on a page: kept as it was written, until it is a case or it is said why it is none.

Refuses to judge it: whether it can be raised, the law of cases says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.canonical import digest

TERMS = ("cause", "check", "deadline", "citation", "project")
"""The fields of the form that are terms of a case."""


@dataclass(frozen=True, slots=True)
class PageRaising:
    """What somebody raises for an office: about what, by which terms, why, by which link, on which day.

    `case` is what it became; `refused` says why it is none; both are empty while it waits.
    """

    office: str
    person: str
    link: str
    on: date
    about: str
    terms: str
    why: str
    objection: bool
    case: str = ""
    refused: str = ""

    @property
    def id(self) -> str:
        """The same for what is the same: sent twice, it is raised once."""
        said = [self.office, self.person, self.on.isoformat(), self.about, self.terms, self.why]
        return digest([*said, self.objection])[:16]

    @property
    def waits(self) -> bool:
        """Whether nothing became of it yet."""
        return not self.case and not self.refused

    def became(self, case: str) -> PageRaising:
        """The same as a case, whose record has what was written."""
        return replace(self, case=case, terms="", why="")

    def refused_for(self, why: str) -> PageRaising:
        """The same, not taken."""
        return replace(self, refused=why)


def terms_of(fields: Mapping[str, str]) -> str:
    """The terms that a form's fields are; a semicolon or line in one would begin another term."""
    said = {name: " ".join(fields.get(name, "").replace(";", ",").split()) for name in TERMS}
    return "; ".join(f"{name}={text}" for name, text in said.items() if text)

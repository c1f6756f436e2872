"""The pages of cases as HTML: all that a person sees, and the timeline of one; no scripts.

Refuses undefined names, and to load anything from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.cases.sheet import CaseLine, CaseSheet
from domain.language import Language
from reports.render import filled


@dataclass(frozen=True, slots=True)
class CaseReader:
    """Whose pages they are: the name, until when the link lasts, and the path of their pages."""

    person: str
    until: date
    base: str


def cases_html(lines: Sequence[CaseLine], reader: CaseReader, language: Language) -> bytes:
    """The page of all cases: whose turn it is, since when, until when, and what happens otherwise."""
    waiting = sum(each.open for each in lines)
    return filled("cases.html.j2", language, lines=lines, waiting=waiting, reader=reader)


def case_html(sheet: CaseSheet, reader: CaseReader, language: Language) -> bytes:
    """The page of one case."""
    return filled("case.html.j2", language, sheet=sheet, reader=reader)
